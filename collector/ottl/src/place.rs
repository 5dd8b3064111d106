//! Where something stands in a statement, and errors that say so.

use std::fmt;

/// Where a part of a statement begins, as an offset in bytes. It is no part of what that part is: two trees are equal
/// wherever their parts stand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At(pub(crate) usize);

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is wrong with a statement, a condition or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What stands before the place: which of the three it is, when the text itself is malformed.
    prefix: &'static str,
    line: usize,
    column: usize,
    text: String,
}

impl Error {
    /// An error of grammar: the Go collector prints its place first.
    pub(crate) fn syntax(prefix: &'static str, source: &str, at: At, text: impl Into<String>) -> Self {
        Self { prefix, ..Self::new(source, at, text) }
    }

    /// An error in what a well-formed text means.
    pub(crate) fn new(source: &str, At(at): At, text: impl Into<String>) -> Self {
        let before = source.get(..at).unwrap_or(source);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            prefix: "",
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            text: text.into(),
        }
    }

    /// The line of the statement, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in that line in characters, from 1.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, line, column, text } = self;
        match *prefix {
            "" => write!(f, "{text} (at {line}:{column})"),
            prefix => write!(f, "{prefix} has invalid syntax: {line}:{column}: {text}"),
        }
    }
}

impl std::error::Error for Error {}
