//! Failures of what runs in the background: nobody awaits it, so it has to speak up.

use tokio::sync::mpsc;

use crate::{BoxError, Log};

/// Work that ended before its time; the whole collector ends with it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The log of the component whose work it was.
    pub(crate) log: Log,
    pub(crate) error: BoxError,
}

/// Where failures are reported. The first one ends the collector, so there is room for one only.
#[derive(Clone, Debug)]
pub(crate) struct Failures(mpsc::Sender<Failure>);

impl Failures {
    /// A place to report to and what is reported there.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Failure>) {
        let (tx, rx) = mpsc::channel(1);
        (Self(tx), rx)
    }

    /// Reports a failure. One that comes when the collector is ending already is only logged.
    pub(crate) fn report(&self, log: &Log, error: BoxError) {
        if let Err(unheard) = self.0.try_send(Failure { log: log.clone(), error }) {
            let failure = unheard.into_inner();
            failure.log.error(
                "Asynchronous error while the process is ending",
                &[("error", failure.error.to_string().into())],
            );
        }
    }
}
