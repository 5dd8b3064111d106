//! The `jaeger` receiver: takes Jaeger's spans over gRPC, and in Thrift over HTTP and UDP.
//!
//! ```yaml
//! receivers:
//!   jaeger:
//!     protocols:
//!       grpc:              # localhost:14250
//!       thrift_http:       # localhost:14268
//!       thrift_compact:    # localhost:6831, UDP
//!       thrift_binary:     # localhost:6832, UDP
//! ```
//!
//! Over gRPC and HTTP the answer waits for the pipeline. A packet has no answer: what the pipeline refuses of them is lost.

mod agent;
mod config;
mod grpc;
mod http;
mod intake;

use slimcol_net::{grpc::server::GrpcServer, http::server::HttpServer};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};
use slimcol_thrift::Protocol;

use self::{agent::Agent, config::Config, grpc::Methods, http::Site, intake::Intake};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Jaeger>();

/// Receives Jaeger's spans.
#[derive(Debug)]
struct Jaeger {
    config: Config,
    cx: Context,
}

impl Component for Jaeger {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::TRACES,
        stability: Stability::Beta,
        ..Info::new("jaeger", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for Jaeger {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let protocols = &self.config.protocols;
        let log = self.cx.log();
        let intake = |transport| Intake::new(&to, &self.cx, transport);
        let mut binary = None;
        if let Some(config) = protocols.thrift_binary.as_ref() {
            let agent = Agent::bind(config, Protocol::Binary, intake("udp_thrift_binary")).await?;
            log.info("Starting UDP server for Binary Thrift", &[("endpoint", agent.endpoint().into())]);
            binary = Some(agent.serve(self.cx.clone(), stop.clone()));
        }
        let mut compact = None;
        if let Some(config) = protocols.thrift_compact.as_ref() {
            let agent = Agent::bind(config, Protocol::Compact, intake("udp_thrift_compact")).await?;
            log.info("Starting UDP server for Compact Thrift", &[("endpoint", agent.endpoint().into())]);
            compact = Some(agent.serve(self.cx.clone(), stop.clone()));
        }
        let mut http = None;
        if let Some(config) = protocols.thrift_http.as_ref() {
            let server = HttpServer::bind(config, &self.cx).await?;
            log.info("Starting HTTP server for Jaeger Thrift", &[("endpoint", server.endpoint().into())]);
            http = Some(server.serve(Site(intake("collector_http")), stop.clone()));
        }
        let mut grpc = None;
        if let Some(config) = protocols.grpc.as_ref() {
            let server = GrpcServer::bind(config, &self.cx).await?;
            log.info("Starting gRPC server for Jaeger Protobuf", &[("endpoint", server.endpoint().into())]);
            grpc = Some(server.serve(Methods(intake("grpc")), stop));
        }
        Ok(Running::new(async move {
            let agents = async { tokio::join!(each(binary), each(compact)) };
            let ((binary, compact), _, _) = tokio::join!(agents, each(http), each(grpc));
            binary.transpose()?;
            compact.transpose()?;
            Ok(())
        }))
    }
}

/// Runs what there is to run.
async fn each<T>(server: Option<impl Future<Output = T>>) -> Option<T> {
    match server {
        Some(server) => Some(server.await),
        None => None,
    }
}

#[cfg(test)]
mod tests;
