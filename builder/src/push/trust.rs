//! Whose word counts that a server is who it says.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::crypto::ring;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig};

use crate::error::{Doing as _, Error};

/// The authorities that are believed, and what we show of ourselves.
pub(super) struct Trust {
    roots: Vec<Certificate<'static>>,
    client: Option<ClientCert>,
}

impl Trust {
    /// This machine's authorities (or `SSL_CERT_FILE`'s, or where there are none Mozilla's), those of `ca_file`, and what
    /// docker's and podman's folders have for `host`.
    pub(super) fn of(host: &str, ca_file: Option<&Path>) -> Result<Self, Error> {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let folders = [
            home.map(|home| home.join(".config/containers/certs.d")),
            Some("/etc/containers/certs.d".into()),
            Some("/etc/docker/certs.d".into()),
        ];
        let folders: Vec<PathBuf> = folders.into_iter().flatten().map(|folder| folder.join(host)).collect();
        let mut trust = Self { roots: system(), client: None };
        if let Some(path) = ca_file {
            trust.roots.extend(certificates(path)?);
        }
        for folder in folders {
            trust.take(&folder)?;
        }
        Ok(trust)
    }

    /// Takes what stands in a folder of docker's form: authorities in `*.crt`, a certificate of ours in `*.cert` and its key
    /// in the `*.key` of the same name.
    fn take(&mut self, folder: &Path) -> Result<(), Error> {
        let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("crt") => self.roots.extend(certificates(&path)?),
                Some("cert") => {
                    let key = path.with_extension("key");
                    let text = fs::read(&key).doing("read", &key)?;
                    let key = PrivateKey::from_pem(&text)
                        .map_err(|_| Error::Other(format!("`{}` holds no key in PEM", key.display())))?;
                    self.client = Some(ClientCert::new_with_certs(&certificates(&path)?, key));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The settings for TLS.
    pub(super) fn into_config(self) -> TlsConfig {
        TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(self.roots)))
            .client_cert(self.client)
            .build()
    }
}

fn system() -> Vec<Certificate<'static>> {
    let native = rustls_native_certs::load_native_certs().certs;
    if native.is_empty() {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        return roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    }
    native.iter().map(|root| Certificate::from_der(root).to_owned()).collect()
}

/// The certificates in a PEM file, at least one.
fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, Error> {
    let text = fs::read(path).doing("read", path)?;
    let items: Result<Vec<_>, _> = ureq::tls::parse_pem(&text).collect();
    let found: Vec<_> = items
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(Error::Other(format!("`{}` holds no certificate in PEM", path.display())));
    }
    Ok(found)
}
