//! What went wrong while a statement ran.

use std::fmt;

/// An error at run time, in the Go collector's words where it has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<str>);

impl Fault {
    /// The error that says `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into_boxed_str())
    }

    /// That a value is not of the type that was `wanted`.
    pub fn expected(wanted: &str, got: &str) -> Self {
        Self::new(format!("expected {wanted} but got {got}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}
