//! The `zipkin` receiver: takes Zipkin's spans over HTTP, version 1 in JSON and Thrift, version 2 in JSON and protobuf.
//!
//! ```yaml
//! receivers:
//!   zipkin:            # localhost:9411
//! ```
//!
//! The answer waits for the pipeline: 202 once the spans are taken.

mod config;
mod encoding;
mod site;

use slimcol_net::http::server::HttpServer;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::{config::Config, site::Site};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Zipkin>();

/// Receives Zipkin's spans.
#[derive(Debug)]
struct Zipkin {
    config: Config,
    cx: Context,
}

impl Component for Zipkin {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::TRACES,
        stability: Stability::Beta,
        ..Info::new("zipkin", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for Zipkin {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let server = HttpServer::bind(&self.config.server, &self.cx).await?;
        self.cx.log().info("Starting HTTP server", &[("endpoint", server.endpoint().into())]);
        let site = Site::new(&self.config, &to, &self.cx);
        Ok(Running::new(async move {
            server.serve(site, stop).await;
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
