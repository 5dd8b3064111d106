//! How components are, as the Go collector's component status tells it: which states there are, which can follow on which,
//! and whose they are.
//!
//! The service says of each component that it starts, runs, stops and has stopped. What happens in between the component says
//! itself, through [`Context::status`](crate::Context::status). Extensions look at all of it, and can be told of changes,
//! through [`Context::statuses`](crate::Context::statuses).

mod board;
mod reporter;

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

pub use self::{
    board::{Statuses, Watcher},
    reporter::StatusReporter,
};
use crate::Kind;

/// How a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nothing was said yet.
    None,
    /// It is starting.
    Starting,
    /// It runs.
    Ok,
    /// Something goes wrong that may pass.
    RecoverableError,
    /// Something went wrong that somebody has to mend; the collector runs on without the component's part.
    PermanentError,
    /// Something went wrong that ends the collector.
    FatalError,
    /// It is stopping.
    Stopping,
    /// It has stopped.
    Stopped,
}

impl Status {
    /// Go's name (`StatusOK`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "StatusNone",
            Self::Starting => "StatusStarting",
            Self::Ok => "StatusOK",
            Self::RecoverableError => "StatusRecoverableError",
            Self::PermanentError => "StatusPermanentError",
            Self::FatalError => "StatusFatalError",
            Self::Stopping => "StatusStopping",
            Self::Stopped => "StatusStopped",
        }
    }

    /// Whether it is one of the three errors.
    pub const fn is_error(self) -> bool {
        matches!(self, Self::RecoverableError | Self::PermanentError | Self::FatalError)
    }

    /// Whether `next` can follow: Go's table, which lets a running component say the same again.
    const fn leads_to(self, next: Self) -> bool {
        /// By state, a bit for each that can follow.
        const NEXT: [u8; 8] = [
            0b0000_0010, // None: Starting
            0b0111_1100, // Starting: Ok, the errors, Stopping
            0b0111_1100, // Ok: the same
            0b0111_1100, // RecoverableError: the same
            0b0100_0000, // PermanentError: Stopping
            0b0000_0000, // FatalError
            0b1011_1000, // Stopping: the errors, Stopped
            0b0000_0000, // Stopped
        ];
        NEXT[self as usize] >> next as u8 & 1 == 1
    }
}

/// Whose status it is. As in Go a receiver or an exporter has one for each signal that it serves, though one instance
/// serves all of them, and a processor one for each pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// What kind of component it is.
    pub kind: Kind,
    /// The component's id as the user wrote it.
    pub id: Arc<str>,
    /// The pipelines that it is part of, in the order of the configuration; none for an extension.
    pub pipelines: Vec<String>,
}

/// A status since when, and why.
#[derive(Clone, Debug)]
pub struct StatusEvent {
    /// The status.
    pub status: Status,
    /// What goes wrong, for an error.
    pub error: Option<Arc<str>>,
    /// Since when. Saying the same again does not change it: an error that is reported with each attempt began with the first.
    pub at: SystemTime,
    /// The same on a clock that nobody sets.
    pub clock: Instant,
}

#[cfg(test)]
mod tests;
