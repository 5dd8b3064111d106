//! Certificates, keys and roots: from files and PEM texts.

use std::fs;

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::settings::TlsSettings;
use crate::dial::reason;

/// A certificate chain and its key.
pub(super) struct Pair {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

/// The certificate and key of `settings`, if it has one.
pub(super) fn pair(settings: &TlsSettings) -> Result<Option<Pair>, String> {
    let within = |why: String| format!("failed to load TLS cert and key: {why}");
    if settings.tpm {
        return Err(within("failed to load private key from TPM: TPM is not supported".to_owned()));
    }
    if settings.has_cert() != settings.has_key() {
        return Err(within("for auth via TLS, provide both certificate and key, or neither".to_owned()));
    }
    if !settings.has_cert() {
        return Ok(None);
    }
    let cert = text(&settings.cert_file, settings.cert_pem.reveal()).map_err(within)?;
    let key = text(&settings.key_file, settings.key_pem.reveal()).map_err(within)?;
    parse_pair(&cert, &key)
        .map(Some)
        .map_err(|why| within(format!("failed to load TLS cert and key PEMs: {why}")))
}

/// The roots to trust: those of `settings`, with the system's where it says so; `None` if it names none.
pub(super) fn roots(settings: &TlsSettings) -> Result<Option<RootCertStore>, String> {
    let (pem, place) = if !settings.ca_file.is_empty() {
        let pem = read(&settings.ca_file).map_err(|why| {
            format!("failed to load CA CertPool File: failed to load cert {}: {why}", settings.ca_file)
        })?;
        (pem, "File")
    } else if settings.has_ca() {
        (settings.ca_pem.reveal().as_bytes().to_vec(), "PEM")
    } else {
        return Ok(None);
    };
    let mut store = if settings.include_system_cas { system_roots() } else { RootCertStore::empty() };
    add_roots(&mut store, &pem).map_err(|why| format!("failed to load CA CertPool {place}: {why}"))?;
    Ok(Some(store))
}

/// The roots against which a server checks its clients.
pub(super) fn client_roots(path: &str, include_system: bool) -> Result<RootCertStore, String> {
    let pem = read(path)
        .map_err(|why| format!("failed to load client CA CertPool: failed to load CA {path}: {why}"))?;
    let mut store = if include_system { system_roots() } else { RootCertStore::empty() };
    add_roots(&mut store, &pem)
        .map_err(|_| format!("failed to load client CA CertPool: failed to parse CA {path}"))?;
    Ok(store)
}

/// The system's roots, also from `SSL_CERT_FILE` and `SSL_CERT_DIR`. Certificates that do not parse are skipped and a
/// system without any gives an empty store, with which handshakes fail: Go does both.
pub(super) fn system_roots() -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    store
}

fn add_roots(store: &mut RootCertStore, pem: &[u8]) -> Result<(), String> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect();
    match store.add_parsable_certificates(certificates) {
        (0, _) => Err("failed to parse cert".to_owned()),
        _ => Ok(()),
    }
}

fn parse_pair(cert: &[u8], key: &[u8]) -> Result<Pair, String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(cert)
        .collect::<Result<_, _>>()
        .map_err(|e| format!("tls: failed to parse certificate input: {e}"))?;
    if chain.is_empty() {
        return Err("tls: failed to find any PEM data in certificate input".to_owned());
    }
    // The parser's error does not show what it read.
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_| "tls: failed to find any PEM data in key input".to_owned())?;
    Ok(Pair { chain, key })
}

fn text(file: &str, pem: &str) -> Result<Vec<u8>, String> {
    if file.is_empty() { Ok(pem.as_bytes().to_vec()) } else { read(file) }
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("open {path}: {}", reason(&error)))
}
