//! What stands between a pipeline and an exporter that only knows how to send: a queue that takes data off the caller's
//! hands, batching, retries with growing intervals, and a limit to how long one attempt may take. It is what the Go
//! collector calls `exporterhelper`, with the same keys, defaults and messages.
//!
//! An exporter implements [`Push`] and offers [`Queued`] around it:
//!
//! ```text
//! pub static FACTORY: Factory = Factory::exporter::<Queued<OtlpGrpc>>();
//! ```
//!
//! A payload passes queue, batching, retry and timeout in this order; each signal has a queue of its own. What is in the
//! queue or on its way out counts against `queue_size` until it was sent or given up, so memory is bounded by
//! configuration. With `storage` the queue is kept by an extension too, or by the exporter itself, and outlives the process: a caller is answered once its
//! data is there, and it is forgotten there once it was sent or given up. In memory is then only what is soon to be sent.

mod attempt;
mod counts;
mod delivery;
mod envelope;
mod failure;
mod push;
mod queue;
mod queued;
mod sender;

pub use self::{
    delivery::{Delivery, RetryOnFailure},
    push::Push,
    queued::{Queued, QueuedConfig},
};
