//! The signal to stop.

use tokio::sync::watch;

/// Tells running parts that they should finish: a receiver stops taking requests, answers those it has, and returns.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// The other end of [`Stop`]; dropping it stops too.
#[derive(Debug)]
pub struct StopHandle(watch::Sender<bool>);

impl Stop {
    /// A pair of a handle and what it stops.
    pub fn new() -> (StopHandle, Self) {
        let (tx, rx) = watch::channel(false);
        (StopHandle(tx), Self(rx))
    }

    /// Returns once stopping has begun; at once if it already has.
    pub async fn wait(&mut self) {
        // An error means that the handle is gone, which is as good as being told.
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }

    /// Whether stopping has begun.
    pub fn is_stopping(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

impl StopHandle {
    /// Begins to stop everything that holds a [`Stop`] of this handle.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
