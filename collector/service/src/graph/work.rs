//! Work in the background: what a receiver or an extension does after its start.

use tokio::task::JoinHandle;

use crate::{BoxError, Log, Running, Status, StatusReporter, Stop, StopHandle, contain, failure::Failures};

/// The work of one component.
pub(crate) struct Work {
    stop: StopHandle,
    task: JoinHandle<()>,
    status: StatusReporter,
}

impl Work {
    /// Starts a component with `start` and lets what it returns run. A panic in either is an error.
    pub(crate) async fn start<Fut>(
        start: impl FnOnce(Stop) -> Fut,
        log: &Log,
        failures: &Failures,
        status: StatusReporter,
    ) -> Result<Self, BoxError>
    where
        Fut: Future<Output = Result<Running, BoxError>>,
    {
        let (handle, stop) = Stop::new();
        status.set(Status::Starting);
        let started =
            contain(async { start(stop).await }).await.unwrap_or_else(|panicked| Err(panicked.into()));
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
        Ok(Self { stop: handle, task, status })
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
