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

mod allocator;
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
    BoxError, BoxFuture, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability,
    Stop, meter::Received,
};
use tokio::{sync::oneshot, task::JoinSet};

use self::{config::Config, job::Job, pool::Outlet};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Prometheus>();

/// A job, or what asks for jobs: all tasks are of one type, and what the runtime needs for one is compiled once.
type Task = BoxFuture<'static, Result<(), BoxError>>;

/// Scrapes Prometheus targets.
#[derive(Debug)]
struct Prometheus {
    jobs: Vec<Job>,
    /// The configuration, if there are jobs that are not known yet.
    allocated: Option<Config>,
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
        let allocated = config.allocator().is_some().then_some(config);
        Ok(Self { jobs, allocated, cx: cx.clone() })
    }
}

impl Receiver for Prometheus {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { jobs, allocated, cx } = self;
        let Some(next) = to.get(Signal::Metrics).cloned() else { return Ok(Running::idle()) };
        cx.log().info("Starting discovery manager", &[]);
        cx.log().info("Starting scrape manager", &[]);
        let received = Received::new(&cx, "http");
        let outlet = Outlet { next, received, cx };
        let mut pools = JoinSet::new();
        let mut kept = Vec::new();
        for job in jobs {
            let (end, ended) = oneshot::channel();
            kept.push(end);
            pools.spawn(Box::pin(pool::run(job, outlet.clone(), ended, stop.clone())) as Task);
        }
        if let Some(config) = allocated
            && let Some(allocator) = config.allocator().cloned()
        {
            pools.spawn(Box::pin(allocator::run(config, allocator, outlet, stop)));
        }
        Ok(Running::new(async move {
            while let Some(ended) = pools.join_next().await {
                ended??;
            }
            drop(kept);
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
