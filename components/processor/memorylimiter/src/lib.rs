//! The `memory_limiter` processor: refuses data while the process uses too much memory, so that senders slow down and
//! try again instead of the process being killed.
//!
//! ```yaml
//! processors:
//!   memory_limiter:
//!     check_interval: 1s
//!     limit_mib: 400
//!     spike_limit_mib: 80
//! ```
//!
//! What is measured is the process's resident memory without file-backed pages. That is more than the Go collector
//! measures (its live heap): it counts what the allocator holds back for reuse too. There is no garbage collector to
//! force, so the `*_gc_interval_*` keys are read and checked, and have no effect; and an allocator cannot be told from
//! safe code to give memory back, so a limit should leave room for what it holds.

mod config;
mod counts;
mod limiter;
mod limits;
mod measure;

use std::sync::Arc;

use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Next, Payload, Processor, Refused, Signals, Stability,
    StatusReporter,
};

pub use self::config::Config;
use self::{counts::Counts, limiter::Limiter};

/// What senders are told.
const REFUSED: &str = "data refused due to high memory usage";

/// The component, as a generated `main` lists it.
pub const FACTORY: Factory = Factory::processor::<MemoryLimiter>();

/// The processor of one pipeline; all pipelines that name the same id share one checker.
#[derive(Debug)]
pub struct MemoryLimiter {
    limiter: Arc<Limiter>,
    counts: Counts,
    status: StatusReporter,
}

impl Component for MemoryLimiter {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Beta,
        ..Info::new("memory_limiter", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let counts = Counts::new(cx);
        Ok(Self {
            limiter: cx.shared(|| Limiter::new(config, cx.log().clone())),
            counts,
            status: cx.status().clone(),
        })
    }
}

impl Processor for MemoryLimiter {
    async fn start(&self, _next: &Next) -> Result<(), BoxError> {
        self.limiter.start(&self.status)
    }

    async fn process(&self, payload: Payload, next: &Next) -> Result<(), Refused> {
        let items = payload.data.items();
        if self.limiter.refuses() {
            self.counts.refuse(items);
            return Err(Refused::retryable(REFUSED));
        }
        self.counts.accept(items);
        next.consume(payload).await
    }

    async fn stop(&self, _next: &Next) {
        self.limiter.stop();
    }
}

#[cfg(test)]
mod tests;
