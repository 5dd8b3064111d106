//! What an exporter author implements.

use std::sync::Arc;

use slimcol_config::{Section, Settings};
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, BoxFuture, Context, Info, Payload, Refused, Storage, meter::Labels};

use crate::Delivery;

/// An exporter that only sends; [`crate::Queued`] gives it the timeout, the retries and the queue.
pub trait Push: Sized + Send + Sync + 'static {
    /// The exporter's own keys, without those that [`Push::delivery`] reads.
    type Config: Settings;
    /// The facts.
    const INFO: Info;
    /// Whether two of it can be there at a time: nothing that one has open is its alone, such as a file. Then a changed
    /// configuration is in force at once, while what the former instance holds is still being sent.
    const OVERLAPS: bool = true;
    /// Which stages the exporter has and with what defaults; reads their keys from the exporter's section.
    fn delivery(section: &mut Section<'_>) -> Delivery;
    /// Makes the exporter. No I/O and no task: `validate` makes every component and drops it.
    ///
    /// # Errors
    /// What makes the configuration unusable.
    fn new(config: Self::Config, cx: &Context) -> Result<Self, BoxError>;
    /// Where `signal` is sent to, as labels of the exporter's own metrics.
    fn labels(&self, _signal: Signal) -> Labels {
        Labels::new()
    }
    /// What keeps the exporter's queue, if that is not for an extension to do ([`Delivery::kept_by_exporter`]).
    fn storage(&self) -> Option<Arc<dyn Storage>> {
        None
    }
    /// Called once before any data.
    fn start(&self) -> impl Future<Output = Result<(), BoxError>> + Send {
        async { Ok(()) }
    }
    /// One attempt to send. Called from many tasks at once; dropped half-way when its time is up.
    fn push(&self, payload: Payload) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Called once, after the last attempt.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// A [`Push`] of any type: what stands around exporters is compiled once for all of them, at the price of a box an attempt.
pub(crate) trait AnyPush: Send + Sync {
    fn labels_any(&self, signal: Signal) -> Labels;
    fn storage_any(&self) -> Option<Arc<dyn Storage>>;
    fn start_any(&self) -> BoxFuture<'_, Result<(), BoxError>>;
    fn push_any(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>>;
    fn stop_any(&self) -> BoxFuture<'_, ()>;
}

impl<P: Push> AnyPush for P {
    fn labels_any(&self, signal: Signal) -> Labels {
        self.labels(signal)
    }

    fn storage_any(&self) -> Option<Arc<dyn Storage>> {
        self.storage()
    }

    fn start_any(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.start())
    }

    fn push_any(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(self.push(payload))
    }

    fn stop_any(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.stop())
    }
}
