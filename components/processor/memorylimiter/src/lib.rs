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
//! What is measured is the process's resident memory without file-backed pages: what the kernel holds it to. The Go
//! collector measures its live heap. The two differ by what the allocator keeps when it is freed, so that is given back
//! before data is refused, and as often as the `*_gc_interval_*` keys let it.
//!
//! A measurement every `check_interval` would be too seldom for a fast sender. So what comes is counted in between, also
//! what receivers have read of requests that are not complete, and a look is due when that may be too much.

mod check;
mod collections;
mod config;
mod counts;
mod heap;
mod limiter;
mod limits;
mod measure;

use std::sync::Arc;

use slimcol_service::{
    BoxError, Component, Context, Factory, Info, MEMORY_IS_SHORT, Next, Payload, Processor, Refused, Signals,
    Stability, StatusReporter,
};

pub use self::config::Config;
use self::{counts::Counts, limiter::Limiter};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<MemoryLimiter>();

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
        let limiter = cx.shared(|| Limiter::new(config, cx.log().clone(), cx.memory().clone()));
        Ok(Self { limiter, counts, status: cx.status().clone() })
    }
}

impl Processor for MemoryLimiter {
    async fn start(&self, _next: &Next) -> Result<(), BoxError> {
        self.limiter.start(&self.status)
    }

    async fn process(&self, payload: Payload, next: &Next) -> Result<(), Refused> {
        let (begun, items) = (self.counts.begin(), payload.data.items());
        if !self.limiter.admits(payload.data.byte_len()) {
            self.counts.refuse(begun, items);
            return Err(Refused::retryable(MEMORY_IS_SHORT));
        }
        self.counts.accept(begun, items);
        next.consume(payload).await
    }

    async fn stop(&self, _next: &Next) {
        self.limiter.stop();
    }
}

#[cfg(test)]
mod tests;
