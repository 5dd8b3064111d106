//! The `prometheus` receiver: scrapes targets as Prometheus does, by Prometheus' own configuration.
//!
//! ```yaml
//! receivers:
//!   prometheus:
//!     config:
//!       scrape_configs:
//!         - job_name: app
//!           scrape_interval: 15s
//!           static_configs:
//!             - targets: [app:9090]
//! ```
//!
//! Here stands what finds targets, fetches their pages and knows when. A page becomes one request in `slimcol_series`.

mod config;
mod discovery;
mod durations;
mod job;
mod pool;
mod scrape;
mod stars;
mod target;
mod web;

use slimcol_pdata::Signal;
use slimcol_relabel::Rule;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
    meter::Received,
};
use tokio::task::JoinSet;

use self::{config::Config, job::Job};

/// What a collector is built with.
pub const FACTORY: Factory = Factory::receiver::<Prometheus>();

/// Scrapes Prometheus targets.
#[derive(Debug)]
struct Prometheus {
    jobs: Vec<Job>,
    cx: Context,
}

impl Component for Prometheus {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::METRICS,
        stability: Stability::Beta,
        ..Info::new("prometheus", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let jobs = config.jobs()?;
        for job in &jobs {
            if job.terms.metric_relabel.iter().any(Rule::renames) {
                let message = "metric renaming using metric_relabel_configs will result in unknown-typed metrics without a \
                               unit or description";
                cx.log().warn(message, &[("job", (&job.name).into())]);
            }
            job.web.client(cx)?;
        }
        Ok(Self { jobs, cx: cx.clone() })
    }
}

impl Receiver for Prometheus {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { jobs, cx } = self;
        let Some(next) = to.get(Signal::Metrics).cloned() else { return Ok(Running::idle()) };
        cx.log().info("Starting discovery manager", &[]);
        cx.log().info("Starting scrape manager", &[]);
        let received = Received::new(&cx, "http");
        let mut pools = JoinSet::new();
        for job in jobs {
            pools.spawn(pool::run(job, next.clone(), received.clone(), cx.clone(), stop.clone()));
        }
        Ok(Running::new(async move {
            while let Some(ended) = pools.join_next().await {
                ended??;
            }
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
