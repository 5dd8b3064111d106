//! The end, told from outside.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use tokio::sync::Notify;

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
