//! The `health_check` extension: answers over HTTP whether the collector is ready, for load balancers and orchestrators.
//!
//! ```yaml
//! extensions:
//!   health_check:
//!     endpoint: 0.0.0.0:13133
//! service:
//!   extensions: [health_check]
//! ```
//!
//! `GET /` is answered with 200 while all pipelines run, and with 503 before that and from the moment that shutdown
//! begins. `check_collector_pipeline` is read, but has no effect: in the Go collector it has not worked since 2022.

mod answers;
mod config;

use slimcol_net::http::server::HttpServer;
use slimcol_service::{
    BoxError, Component, Context, Extension, Factory, Info, Log, Phase, Running, Stability, Stop,
};
use tokio::sync::watch;

use self::{
    answers::{Answers, Health},
    config::Config,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<HealthCheck>();

/// Answers whether the collector is ready.
#[derive(Debug)]
struct HealthCheck {
    config: Config,
    cx: Context,
}

impl Component for HealthCheck {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Alpha,
        ..Info::new("health_check", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Extension for HealthCheck {
    async fn start(self, stop: Stop) -> Result<Running, BoxError> {
        let log = self.cx.log();
        if self.config.pipeline_check {
            log.warn("check_collector_pipeline has no effect", &[]);
        }
        let server = HttpServer::bind(&self.config.server, &self.cx).await?;
        log.info("Starting health_check extension", &[("endpoint", server.endpoint().into())]);
        let (health, seen) = watch::channel(Health::Unavailable);
        let answers = Answers { path: self.config.path, bodies: self.config.bodies, health: seen };
        Ok(Running::new(async move {
            let serving = server.serve(answers, stop);
            tokio::select! {
                () = serving => {}
                never = follow(self.cx.phase(), &health, self.cx.log()) => match never {},
            }
            Ok(())
        }))
    }
}

/// Keeps `health` at what the collector's phase says.
async fn follow(
    mut phase: watch::Receiver<Phase>,
    health: &watch::Sender<Health>,
    log: &Log,
) -> std::convert::Infallible {
    let mut was = Phase::Starting;
    loop {
        let is = *phase.borrow_and_update();
        if is != was {
            let now = if is == Phase::Ready { Health::ready() } else { Health::Unavailable };
            log.info("Health Check state change", &[("status", now.name().into())]);
            health.send_replace(now);
            was = is;
        }
        if phase.changed().await.is_err() {
            // The collector is going down without having said so; the last word stands.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests;
