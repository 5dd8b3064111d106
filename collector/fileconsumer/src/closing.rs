//! The end, told from outside.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use slimcol_service::{BoxError, Stop};
use tokio::{runtime::Handle, sync::Notify, task::spawn_blocking};

/// Ends a consumer: a poll that runs ends between two calls of [`Consume`](crate::Consume), and none follows.
#[derive(Clone, Debug, Default)]
pub struct Closing(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    closed: AtomicBool,
    told: Notify,
}

impl Closing {
    /// Lets the consumer end.
    pub fn close(&self) {
        self.0.closed.store(true, SeqCst);
        self.0.told.notify_one();
    }

    /// Does work with the consumer until told to stop, in a thread of its own since reading blocks.
    ///
    /// # Errors
    /// The work panicked.
    pub async fn bound(
        self,
        work: impl Future<Output = ()> + Send + 'static,
        mut stop: Stop,
    ) -> Result<(), BoxError> {
        let mut thread = spawn_blocking(move || Handle::current().block_on(work));
        tokio::select! {
            ended = &mut thread => return Ok(ended?),
            () = stop.wait() => self.close(),
        }
        Ok(thread.await?)
    }

    /// Whether it is to end.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.load(SeqCst)
    }

    /// Waits until it is. For one at a time.
    pub(crate) async fn closed(&self) {
        while !self.is_closed() {
            self.0.told.notified().await;
        }
    }
}
