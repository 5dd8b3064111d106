//! A log entry on its way through the operators.

mod severity;
mod shared;

pub use self::{severity::Severity, shared::Shared};
use crate::{Text, Value};

/// A log entry.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// When it happened, in nanoseconds since 1970; `None` unless something was parsed.
    pub timestamp: Option<i64>,
    /// When it was read, likewise.
    pub observed: i64,
    /// How much it matters.
    pub severity: Severity,
    /// What the source calls that; if nothing, the severity's own name is sent.
    pub severity_text: Text,
    /// What it says.
    pub body: Value,
    /// What is known of it.
    pub attributes: Shared,
    /// What is known of where it came from.
    pub resource: Shared,
    /// The name of the instrumentation scope.
    pub scope_name: Text,
    /// The trace that it belongs to, if it does.
    pub trace: Option<Box<Trace>>,
}

/// The trace that an entry belongs to, in bytes as they were decoded; what is missing is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The trace's id.
    pub trace_id: Vec<u8>,
    /// The span's id.
    pub span_id: Vec<u8>,
    /// The flags of W3C's trace context.
    pub flags: Vec<u8>,
}
