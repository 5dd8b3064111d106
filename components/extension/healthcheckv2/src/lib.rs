//! The `healthcheckv2` extension: answers over HTTP and gRPC how the collector, its pipelines and its components are, from what
//! components report of themselves.
//!
//! ```yaml
//! extensions:
//!   healthcheckv2:
//!     use_v2: true
//!     component_health: {include_recoverable_errors: true, recovery_duration: 1m}
//!     http: {endpoint: 0.0.0.0:13133}
//!     grpc:
//! service:
//!   extensions: [healthcheckv2]
//! ```
//!
//! Without `use_v2` it answers as `health_check` does.

mod aggregate;
mod config;
mod grpc;
mod http;
mod json;
mod verdict;
mod view;

use std::sync::Arc;

use slimcol_config::Duration;
use slimcol_net::{grpc::server::GrpcServer, http::server::HttpServer};
use slimcol_service::{BoxError, Component, Context, Extension, Factory, Info, Running, Stability, Stop};

use self::{
    config::Config,
    grpc::Health,
    http::{Pages, Site},
    verdict::Verdict,
    view::View,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<HealthCheck>();

/// Answers how things are.
#[derive(Debug)]
struct HealthCheck {
    config: Config,
    cx: Context,
}

impl Component for HealthCheck {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Development,
        ..Info::new("healthcheckv2", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        if config.use_v2 && config.http.as_ref().is_some_and(|http| http.config.enabled) {
            cx.want_config();
        }
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Extension for HealthCheck {
    async fn start(self, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let health = config.health.filter(|_| config.use_v2);
        let view = View::new(&cx, Verdict(health));
        let (grpc, http) = if config.use_v2 { (config.grpc, config.http) } else { (None, None) };
        let grpc = match grpc {
            Some(grpc) => Some(GrpcServer::bind(&grpc, &cx).await?),
            None => None,
        };
        let (server, pages) = match http {
            Some(http) => (Some(http.server), Pages::of(http.status, http.config)),
            None if config.use_v2 => (None, Pages::default()),
            None => (Some(config.legacy.server), Pages::legacy(config.legacy.path, config.legacy.bodies)),
        };
        let http = match server {
            Some(server) => Some(HttpServer::bind(&server, &cx).await?),
            None => None,
        };
        let endpoints = [
            ("http", http.as_ref().map(HttpServer::endpoint)),
            ("grpc", grpc.as_ref().map(GrpcServer::endpoint)),
        ];
        for (protocol, endpoint) in endpoints {
            if let Some(endpoint) = endpoint {
                let fields = [("protocol", protocol.into()), ("endpoint", endpoint.into())];
                cx.log().info("Starting health check server", &fields);
            }
        }
        Ok(Running::new(async move {
            let answering = async {
                if let Some(server) = http {
                    server.serve(Site::new(pages, &view), stop.clone()).await;
                }
            };
            let calling = async {
                if let Some(server) = grpc {
                    server.serve(Health { view: Arc::clone(&view), stop: stop.clone() }, stop.clone()).await;
                }
            };
            tokio::select! {
                ((), ()) = async { tokio::join!(answering, calling) } => {}
                never = view.follow() => match never {},
            }
            Ok(())
        }))
    }
}

/// A duration as Go prints it.
fn shown(time: std::time::Duration) -> Duration {
    Duration::nanos(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
