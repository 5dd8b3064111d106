//! The `otlp` receiver: takes OTLP over gRPC and over HTTP, the latter as protobuf and as JSON.
//!
//! ```yaml
//! receivers:
//!   otlp:
//!     protocols:
//!       grpc:            # localhost:4317
//!       http:            # localhost:4318
//!         endpoint: 0.0.0.0:4318
//! ```
//!
//! A request is checked in full where it arrives and goes on as the bytes it came in. The answer waits for the pipeline:
//! what the pipeline refuses is refused to the sender, with the status that tells it whether to try again.
//!
//! Limits: a request has at most 20 MiB over HTTP (`max_request_body_size`) and 4 MiB over gRPC
//! (`max_recv_msg_size_mib`), as sent and decompressed. Profiles are not received.

mod config;
mod grpc;
mod http;
mod intake;
mod media;

use slimcol_net::{grpc::server::GrpcServer, http::server::HttpServer};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::{config::Config, grpc::Methods, http::Site, intake::Intake};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Otlp>();

/// Receives OTLP.
#[derive(Debug)]
struct Otlp {
    config: Config,
    cx: Context,
}

impl Component for Otlp {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Stable,
        ..Info::new("otlp", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for Otlp {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let log = self.cx.log();
        let mut grpc = None;
        if let Some(config) = self.config.grpc.as_ref() {
            let server = GrpcServer::bind(config, &self.cx).await?;
            log.info("Starting GRPC server", &[("endpoint", server.endpoint().into())]);
            grpc = Some(server.serve(Methods(Intake::new(to.clone(), &self.cx, "grpc")), stop.clone()));
        }
        let mut http = None;
        if let Some(config) = self.config.http.as_ref() {
            let server = HttpServer::bind(&config.server, &self.cx).await?;
            log.info("Starting HTTP server", &[("endpoint", server.endpoint().into())]);
            http = Some(server.serve(Site::new(config, Intake::new(to, &self.cx, "http")), stop));
        }
        Ok(Running::new(async move {
            tokio::join!(each(grpc), each(http));
            Ok(())
        }))
    }
}

/// Runs what there is to run.
async fn each(server: Option<impl Future<Output = ()>>) {
    if let Some(server) = server {
        server.await;
    }
}

#[cfg(test)]
mod tests;
