//! The `http` provider: `--config http://server/collector.yaml`, and `${http://server/part.yaml}` in values.
//!
//! One GET that must answer 200, through the proxies of the environment (`HTTP_PROXY`, `NO_PROXY`), following
//! redirects. Up to 64 MiB are read, for at most a minute. There is no polling: a change counts from the next start or
//! SIGHUP.

use slimcol_config::Retrieved;
use slimcol_service::{BoxError, Factory, Info, Provider, Stability};

/// Makes this provider available to a collector.
pub static FACTORY: Factory = Factory::provider::<Http>();

/// Configuration from a server.
#[derive(Debug)]
pub struct Http;

impl Provider for Http {
    const INFO: Info = Info {
        stability: Stability::Stable,
        ..Info::new("http", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    async fn retrieve(location: &str) -> Result<Retrieved, BoxError> {
        slimcol_net::http::fetch(&format!("http:{location}")).await
    }
}

#[cfg(test)]
mod tests;
