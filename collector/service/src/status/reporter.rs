//! How a component and the service say how the component is.

use std::{fmt::Display, sync::Arc};

use slimcol_pdata::Signal;

use super::{Status, board::Entry};
use crate::BoxError;

/// Says how a component is, for all its instances. Cloning is cheap. What cannot follow on what was said before is ignored,
/// such as that all is well from a component that is stopping.
#[derive(Clone, Debug, Default)]
pub struct StatusReporter(pub(super) Vec<Arc<Entry>>);

impl StatusReporter {
    /// The same for what concerns one signal: for exporters and receivers, of which one instance serves all signals.
    #[must_use]
    pub fn of(&self, signal: Signal) -> Self {
        Self(self.0.iter().filter(|entry| entry.signal.is_none_or(|of| of == signal)).cloned().collect())
    }

    /// All is well, again or still. It costs next to nothing if it is, so it can be said for each payload.
    pub fn ok(&self) {
        if self.0.iter().any(|entry| !entry.is(Status::Ok)) {
            self.set(Status::Ok);
        }
    }

    /// Something goes wrong that may pass.
    pub fn recoverable(&self, error: &dyn Display) {
        self.fail(Status::RecoverableError, error);
    }

    /// Something went wrong that somebody has to mend. This is not taken back.
    pub fn permanent(&self, error: &dyn Display) {
        self.fail(Status::PermanentError, error);
    }

    /// Something went wrong that ends the collector.
    pub(crate) fn fatal(&self, error: &dyn Display) {
        self.fail(Status::FatalError, error);
    }

    /// The component is what `other` was entered as, in other pipelines perhaps, and is how it is.
    pub(crate) fn become_as(&self, other: &Self) {
        for entry in &self.0 {
            if let Some(other) = other.0.iter().find(|other| other.signal == entry.signal) {
                entry.rename(other);
            }
        }
    }

    /// The component is of the past, though it still does what it has begun: it is not shown any more.
    pub(crate) fn leave(&self) {
        for entry in &self.0 {
            entry.leave();
        }
    }

    /// Starting, stopping or stopped.
    pub(crate) fn set(&self, status: Status) {
        for entry in &self.0 {
            entry.set(status, None);
        }
    }

    /// The start has ended: all is well unless the component has said otherwise.
    pub(crate) fn started<T>(&self, outcome: &Result<T, BoxError>) {
        match outcome {
            Ok(_) => {
                for entry in self.0.iter().filter(|entry| entry.is(Status::Starting)) {
                    entry.set(Status::Ok, None);
                }
            }
            Err(error) => self.permanent(error),
        }
    }

    #[cold]
    fn fail(&self, status: Status, error: &dyn Display) {
        let error = error.to_string().into();
        for entry in &self.0 {
            entry.set(status, Some(&error));
        }
    }
}
