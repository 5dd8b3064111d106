//! Why something is not OTLP.

use std::{error, fmt};

/// Why bytes or JSON are not an OTLP request: one sentence fit for the client that sent them. It holds nothing of the
/// request's content but names of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(String);

impl Invalid {
    /// The sentence, without a full stop.
    pub(crate) fn new(reason: String) -> Self {
        Self(reason)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Invalid {}
