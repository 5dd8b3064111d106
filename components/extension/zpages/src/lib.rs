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
mod traces;

use std::{sync::Arc, time::SystemTime};

use slimcol_net::http::server::HttpServer;
use slimcol_service::{BoxError, Component, Context, Extension, Factory, Info, Running, Stability, Stop};

use self::{config::Config, site::Site, traces::Recent};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<Zpages>();

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
        // Who looks on is not shown.
        let server = HttpServer::bind(&config.server, &cx).await?.untraced();
        cx.log().info("Starting zPages extension", &[("endpoint", server.endpoint().into())]);
        let recent = Arc::<Recent>::default();
        let traces = cx.traces().then(|| recent.clone());
        let tracing = cx.tracing().clone();
        if traces.is_some() {
            tracing.add(recent.clone());
            cx.log().info("Registered zPages span processor on tracer provider", &[]);
        }
        let site = Site { cx, begun: SystemTime::now(), expvar: config.expvar, traces };
        Ok(Running::new(async move {
            server.serve(site, stop).await;
            tracing.remove(&recent);
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
