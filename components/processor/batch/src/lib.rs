//! The `batch` processor: joins small requests to larger ones, so that exporters send less often.
//!
//! ```yaml
//! processors:
//!   batch:
//!     timeout: 200ms
//!     send_batch_size: 8192
//!     send_batch_max_size: 0
//! ```
//!
//! A request is accepted once it is in a batch; whether the batch then arrives is not told to its senders. Per shard
//! (one, or one per combination of `metadata_keys`) there are at most three batches in memory: one that fills, one that
//! is full, one that is being sent. When all three are there, senders wait.

mod config;
mod counts;
mod shard;
mod shards;

use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Next, Payload, Processor, Refused, Signals, Stability,
};

pub use self::config::Config;
use self::{counts::Counts, shards::Shards};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<Batch>();

/// The processor of one pipeline.
#[derive(Debug)]
pub struct Batch {
    shards: Shards,
}

impl Component for Batch {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        mutates: true,
        stability: Stability::Beta,
        ..Info::new("batch", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { shards: Shards::new(&config, cx.log().clone(), Counts::new(cx)) })
    }
}

impl Processor for Batch {
    async fn start(&self, next: &Next) -> Result<(), BoxError> {
        self.shards.start(next);
        Ok(())
    }

    async fn process(&self, payload: Payload, next: &Next) -> Result<(), Refused> {
        self.shards.push(payload, next).await
    }

    async fn stop(&self, _next: &Next) {
        self.shards.stop().await;
    }
}

#[cfg(test)]
mod tests;
