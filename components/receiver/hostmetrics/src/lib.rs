//! The `host_metrics` receiver: measures the host that it runs on, and its processes, and tells of the host as an entity.
//!
//! ```yaml
//! receivers:
//!   host_metrics:
//!     collection_interval: 30s
//!     scrapers:
//!       cpu:
//!       memory:
//!       load: {cpu_average: true}
//! ```
//!
//! What it says comes from `/proc` and a few system calls; every file has its own small parser, a function of the file's
//! text, beside the scraper that needs it.

#![cfg_attr(
    not(all(
        feature = "cpu",
        feature = "disk",
        feature = "filesystem",
        feature = "load",
        feature = "memory",
        feature = "network",
        feature = "nfs",
        feature = "paging",
        feature = "process",
        feature = "processes",
        feature = "system"
    )),
    allow(dead_code, reason = "scrapers share functions, and a few of them do not need all")
)]

mod boot;
mod config;
mod cpuinfo;
mod entity;
mod host;
mod meminfo;
mod number;
mod parts;
mod reader;
mod root;
mod stat;

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "disk")]
mod disk;
#[cfg(feature = "filesystem")]
mod filesystem;
#[cfg(feature = "load")]
mod load;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "network")]
mod network;
#[cfg(feature = "nfs")]
mod nfs;
#[cfg(feature = "paging")]
mod paging;
#[cfg(feature = "process")]
mod process;
#[cfg(feature = "processes")]
mod processes;
#[cfg(feature = "system")]
mod system;

use std::sync::Arc;

use slimcol_scraper::{Scraper, run};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::{config::Config, host::Host};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<HostMetrics>();

/// Measures the host.
#[derive(Debug)]
struct HostMetrics {
    config: Config,
    cx: Context,
}

impl Component for HostMetrics {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["hostmetrics"],
        signals: Signals::METRICS.or(Signals::LOGS),
        stability: Stability::Beta,
        ..Info::new("host_metrics", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for HostMetrics {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let host = Arc::new(Host::new(config.root, &cx)?);
        let start = |part: Box<dyn parts::Part>| part.start(&host);
        let scrapers =
            config.scrapers.into_iter().map(start).collect::<Result<Vec<Box<dyn Scraper>>, _>>()?;
        let telling = entity::tell(config.metadata_collection_interval, to.clone(), cx.clone(), stop.clone());
        let measuring = run(config.schedule, scrapers, to, cx, stop);
        Ok(Running::new(async move { tokio::try_join!(telling, measuring).map(|_| ()) }))
    }
}

#[cfg(test)]
mod tests;
