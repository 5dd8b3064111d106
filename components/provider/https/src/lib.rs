//! The `https` provider: `--config https://server/collector.yaml`, and `${https://server/part.yaml}` in values.
//!
//! One GET that must answer 200, through the proxies of the environment (`HTTPS_PROXY`, `NO_PROXY`), following
//! redirects. Up to 64 MiB are read, for at most a minute. There is no polling: a change counts from the next start or
//! SIGHUP.
//! The server's certificate is checked against the system's roots (also `SSL_CERT_FILE` and `SSL_CERT_DIR`).

use slimcol_config::Retrieved;
use slimcol_service::{BoxError, Factory, Info, Provider, Stability};

/// Makes this provider available to a collector.
pub static FACTORY: Factory = Factory::provider::<Https>();

/// Configuration from a server over TLS.
#[derive(Debug)]
pub struct Https;

impl Provider for Https {
    const INFO: Info = Info {
        stability: Stability::Stable,
        ..Info::new("https", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    async fn retrieve(location: &str) -> Result<Retrieved, BoxError> {
        slimcol_net::http::fetch(&format!("https:{location}")).await
    }
}

#[cfg(test)]
mod tests;
