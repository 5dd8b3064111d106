//! A server's TLS.

use std::{io, sync::Arc};

use rustls::{ServerConfig, server::WebPkiClientVerifier};
use slimcol_config::{Problems, Section, Settings};
use slimcol_service::BoxError;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{material, protocol::Protocol, reload::Reloading, settings::TlsSettings};

/// The `tls` section of a server.
#[derive(Clone, Debug, Default)]
pub struct ServerTls {
    shared: TlsSettings,
    client_ca_file: String,
    client_ca_file_reload: bool,
}

/// Does the server's side of handshakes.
#[derive(Debug)]
pub struct Acceptor(Reloading<ServerConfig>);

impl Settings for ServerTls {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            shared: from.squash(),
            client_ca_file: from.get("client_ca_file", String::new()),
            client_ca_file_reload: from.get("client_ca_file_reload", false),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("config", &self.shared);
        if !self.shared.has_cert() && !self.shared.has_key() {
            problems
                .add("", "TLS configuration must include both certificate and key for server connections");
        }
    }
}

impl ServerTls {
    /// Loads the certificates. `protocols` are offered in the handshake (ALPN: `h2`, `http/1.1`).
    ///
    /// # Errors
    /// What is missing, unreadable or unsupported, in the Go collector's words (`failed to load TLS config: …`).
    pub fn acceptor(&self, protocols: &[&str]) -> Result<Acceptor, BoxError> {
        let settings = self.clone();
        let protocols: Vec<Vec<u8>> = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let watched = (self.client_ca_file_reload && !self.client_ca_file.is_empty())
            .then(|| self.client_ca_file.clone());
        let make = Box::new(move || settings.config(&protocols).map(Arc::new));
        Ok(Acceptor(Reloading::new(make, self.shared.reload_interval.std(), watched)?))
    }

    fn config(&self, protocols: &[Vec<u8>]) -> Result<ServerConfig, String> {
        let within = |why: String| format!("failed to load TLS config: {why}");
        // A server has no use for the roots, but a bad `ca_file` stops it in Go too.
        material::roots(&self.shared).map_err(within)?;
        let Some(pair) = material::pair(&self.shared).map_err(within)? else {
            return Err(within("no certificate".to_owned()));
        };
        let Protocol { provider, versions } = Protocol::new(&self.shared).map_err(within)?;
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&versions)
            .map_err(|e| within(e.to_string()))?;
        let builder = if self.client_ca_file.is_empty() {
            builder.with_no_client_auth()
        } else {
            let roots = material::client_roots(&self.client_ca_file, self.shared.include_system_cas)?;
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(|e| format!("failed to load client CA CertPool: {e}"))?;
            builder.with_client_cert_verifier(verifier)
        };
        let mut config = builder.with_single_cert(pair.chain, pair.key).map_err(|e| {
            within(format!("failed to load TLS cert and key: failed to load TLS cert and key PEMs: tls: {e}"))
        })?;
        config.alpn_protocols = protocols.to_vec();
        Ok(config)
    }
}

impl Acceptor {
    /// Does the handshake on a new connection.
    ///
    /// # Errors
    /// Of the connection, of the handshake, or of reloading the certificate.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        let config = self.0.config().map_err(io::Error::other)?;
        TlsAcceptor::from(config).accept(stream).await
    }
}
