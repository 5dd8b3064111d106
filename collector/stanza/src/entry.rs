//! A log entry on its way through the operators.

mod severity;

use std::sync::{Arc, OnceLock};

pub use self::severity::Severity;
use crate::{Map, Text, Value};

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
    pub attributes: Map,
    /// What is known of where it came from.
    pub resource: Resource,
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

/// Attributes of a resource, shared by all entries that have the same until one changes them.
#[derive(Clone, Debug, Default)]
pub struct Resource(Option<Arc<Map>>);

impl Resource {
    /// A resource with these attributes.
    pub fn new(attributes: Map) -> Self {
        Self((!attributes.is_empty()).then(|| Arc::new(attributes)))
    }

    /// The attributes.
    pub fn map(&self) -> &Map {
        static NONE: OnceLock<Map> = OnceLock::new();
        self.0.as_deref().unwrap_or_else(|| NONE.get_or_init(Map::default))
    }

    /// The attributes, to change them for this entry alone.
    pub fn make_mut(&mut self) -> &mut Map {
        Arc::make_mut(self.0.get_or_insert_default())
    }

    /// Whether they are the same without looking.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || self.map() == other.map()
    }
}
