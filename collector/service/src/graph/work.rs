//! Work in the background: what a receiver or an extension does after its start.

use tokio::task::JoinHandle;

use crate::{
    BoxError, BoxFuture, Log, Running, Status, StatusReporter, StopHandle, contain, failure::Failures,
};

/// The work of one component.
pub(crate) struct Work {
    stop: StopHandle,
    task: JoinHandle<()>,
    status: StatusReporter,
}

impl Work {
    /// Starts a component by `start`, which was given the other end of `stop`, and lets what it returns run. A panic in
    /// either is an error.
    pub(crate) async fn start(
        stop: StopHandle,
        start: BoxFuture<'_, Result<Running, BoxError>>,
        log: &Log,
        failures: &Failures,
        status: StatusReporter,
    ) -> Result<Self, BoxError> {
        status.set(Status::Starting);
        let started = contain(start).await.unwrap_or_else(|panicked| Err(panicked.into()));
        status.started(&started);
        let running = started?;
        let (log, failures, of) = (log.clone(), failures.clone(), status.clone());
        let task = tokio::spawn(async move {
            let ended = contain(running.0).await.unwrap_or_else(|panicked| Err(panicked.into()));
            if let Err(error) = ended {
                of.fatal(&error);
                failures.report(&log, error);
            }
        });
        Ok(Self { stop, task, status })
    }

    /// Asks the work to end.
    pub(super) fn ask_to_stop(&self) {
        self.status.set(Status::Stopping);
        self.stop.stop();
    }

    /// Returns once the work has ended, having asked for it.
    pub(crate) async fn end(&mut self) {
        self.ask_to_stop();
        // The task contains its panics and nobody aborts it, so it can only end.
        let _ = (&mut self.task).await;
        self.status.set(Status::Stopped);
    }
}
