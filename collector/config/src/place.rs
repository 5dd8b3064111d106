//! Where a value was written.

use std::{fmt, sync::Arc};

/// A text that values were read from.
#[derive(Debug)]
pub(crate) struct Source {
    /// What users know it by: a file path, a URL, `env:NAME`.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether its lines may be printed. Environment variables and the command line hold secrets, so theirs may not.
    pub(crate) shown: bool,
}

/// The place of a key or value: source, line, column and width.
#[derive(Clone)]
pub struct Place {
    pub(crate) source: Arc<Source>,
    line: u32,
    column: u32,
    width: u32,
}

impl Place {
    pub(crate) fn new(source: &Arc<Source>, line: usize, column: usize, width: usize) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            source: Arc::clone(source),
            line: narrow(line),
            column: narrow(column),
            width: narrow(width.max(1)),
        }
    }

    /// A place in a text that has a name and no lines: a command-line argument.
    pub fn named(name: impl Into<String>) -> Self {
        let source = Source { name: name.into(), text: String::new(), shown: false };
        Self { source: Arc::new(source), line: 0, column: 0, width: 1 }
    }

    /// The name of the source: a file path, a URL, `env:NAME`.
    pub fn source(&self) -> &str {
        &self.source.name
    }

    /// The line, from 1; 0 when the source has no lines.
    pub fn line(&self) -> usize {
        self.line as usize
    }

    /// The column in characters, from 1.
    pub fn column(&self) -> usize {
        self.column as usize
    }

    /// How many characters are meant, at least 1.
    pub fn width(&self) -> usize {
        self.width as usize
    }

    /// The text of the line as written, unless the source may hold secrets.
    pub fn text(&self) -> Option<&str> {
        if !self.source.shown {
            return None;
        }
        self.source.text.lines().nth(self.line().checked_sub(1)?)
    }

    /// The same place without the right to show its line.
    pub(crate) fn hidden(&self) -> Self {
        let source = Source { name: self.source.name.clone(), text: String::new(), shown: false };
        Self { source: Arc::new(source), ..*self }
    }
}

/// `file:line:column`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source.name)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// As [`fmt::Display`]: the text of the source stays out of logs.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
