//! A client's TLS.

use std::sync::Arc;

use rustls::ClientConfig;
use slimcol_config::{Problems, Secret, Section, Settings};
use slimcol_service::BoxError;

use super::{material, protocol::Protocol, reload::Reloading, settings::TlsSettings, unverified::Unverified};

/// The `tls` section of a client.
#[derive(Clone, Debug, Default)]
pub struct ClientTls {
    shared: TlsSettings,
    insecure: bool,
    insecure_skip_verify: bool,
    server_name_override: String,
}

/// Gives the rustls configuration for each new connection of a client.
#[derive(Debug)]
pub struct Connector {
    configs: Reloading<ClientConfig>,
    server_name: Option<String>,
}

impl Settings for ClientTls {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            shared: from.squash(),
            insecure: from.get("insecure", false),
            insecure_skip_verify: from.get("insecure_skip_verify", false),
            server_name_override: from.get("server_name_override", String::new()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("config", &self.shared);
    }
}

impl ClientTls {
    /// TLS by default settings, but that of all roots only those in `pem` count.
    pub fn trusting(pem: Secret) -> Self {
        Self { shared: TlsSettings { ca_pem: pem, ..TlsSettings::default() }, ..Self::default() }
    }

    /// Whether connections are plain text: `insecure` is set and no CA says otherwise.
    pub fn is_plain(&self) -> bool {
        self.insecure && !self.shared.has_ca()
    }

    /// Loads certificates and roots; `None` if connections are plain text. `protocols` are offered in the handshake
    /// (ALPN: `h2`, `http/1.1`).
    ///
    /// # Errors
    /// What is unreadable or unsupported, in the Go collector's words (`failed to load TLS config: …`).
    pub fn connector(&self, protocols: &[&str]) -> Result<Option<Connector>, BoxError> {
        if self.is_plain() { Ok(None) } else { self.connector_over_tls(protocols).map(Some) }
    }

    /// The same for an address that demands TLS (`https://`), whatever `insecure` says.
    ///
    /// # Errors
    /// As [`Self::connector`].
    pub fn connector_over_tls(&self, protocols: &[&str]) -> Result<Connector, BoxError> {
        let settings = self.clone();
        let protocols: Vec<Vec<u8>> = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let make = Box::new(move || settings.config(&protocols).map(Arc::new));
        Ok(Connector {
            configs: Reloading::new(make, self.shared.reload_interval.std(), None)?,
            server_name: Some(self.server_name_override.clone()).filter(|name| !name.is_empty()),
        })
    }

    fn config(&self, protocols: &[Vec<u8>]) -> Result<ClientConfig, String> {
        let within = |why: String| format!("failed to load TLS config: {why}");
        let roots = material::roots(&self.shared).map_err(within)?;
        let pair = material::pair(&self.shared).map_err(within)?;
        let Protocol { provider, versions } = Protocol::new(&self.shared).map_err(within)?;
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&versions)
            .map_err(|e| within(e.to_string()))?;
        let builder = if self.insecure_skip_verify {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Unverified(provider)))
        } else {
            builder.with_root_certificates(roots.unwrap_or_else(material::system_roots))
        };
        let mut config = match pair {
            None => builder.with_no_client_auth(),
            Some(pair) => builder.with_client_auth_cert(pair.chain, pair.key).map_err(|e| {
                within(format!(
                    "failed to load TLS cert and key: failed to load TLS cert and key PEMs: tls: {e}"
                ))
            })?,
        };
        config.alpn_protocols = protocols.to_vec();
        Ok(config)
    }
}

impl Connector {
    /// The configuration for a new connection, made anew when `reload_interval` has passed.
    ///
    /// # Errors
    /// The certificate cannot be read any more; the next connection tries again.
    pub fn config(&self) -> Result<Arc<ClientConfig>, BoxError> {
        Ok(self.configs.config()?)
    }

    /// The name to ask for and to verify (`server_name_override`); without one it is the host that was dialled.
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }
}
