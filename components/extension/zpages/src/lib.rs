//! The `zpages` extension: pages that show in a browser what the collector runs and does.
//!
//! ```yaml
//! extensions:
//!   zpages:                       # http://localhost:55679/debug/servicez
//! service:
//!   extensions: [zpages]
//! ```
//!
//! The pages have what Go's have, and what is measured of each component. They need nothing from elsewhere and run no script.

mod config;
mod expvar;
mod html;
mod pages;
mod site;

use std::time::SystemTime;

use slimcol_net::http::server::HttpServer;
use slimcol_service::{BoxError, Component, Context, Extension, Factory, Info, Running, Stability, Stop};

use self::{config::Config, site::Site};

/// What a collector is built with.
pub const FACTORY: Factory = Factory::extension::<Zpages>();

/// Shows what the collector runs and does.
#[derive(Debug)]
struct Zpages {
    config: Config,
    cx: Context,
}

impl Component for Zpages {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Beta,
        ..Info::new("zpages", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Extension for Zpages {
    async fn start(self, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let server = HttpServer::bind(&config.server, &cx).await?;
        cx.log().info("Starting zPages extension", &[("endpoint", server.endpoint().into())]);
        let site = Site { cx, begun: SystemTime::now(), expvar: config.expvar };
        Ok(Running::new(async move {
            server.serve(site, stop).await;
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
