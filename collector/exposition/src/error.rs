//! What is wrong with a page.

use std::fmt;

/// Why a page cannot be read on, in Prometheus' words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(pub(crate) String);

/// How much of a line is shown.
const SHOWN: usize = 256;

impl ParseError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Something else was expected at `at` of the line (or what there is of it) that began at `start`.
    #[cold]
    pub(crate) fn unexpected(page: &[u8], start: usize, at: usize, wanted: &str) -> Self {
        let end = page.len().min(at + 1);
        let got = shown(&page[at.min(end)..end]);
        let token = if at >= page.len() { "EOF" } else { "INVALID" };
        Self(format!(
            "{wanted}, got {got:?} ({token:?}) while parsing: {:?}",
            shown(&page[start.min(end)..end])
        ))
    }

    /// `what` is wrong with what was read until `end`.
    #[cold]
    pub(crate) fn within(page: &[u8], start: usize, end: usize, what: &str) -> Self {
        Self(format!("{what} while parsing: {:?}", shown(&page[start..end])))
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]).into_owned()
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}
