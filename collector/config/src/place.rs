//! Where a value was written.

use std::{fmt, ops::Range, sync::Arc};

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

    /// The bytes `range` of a text that users know as `name` and that may be shown: for files that are not YAML. What
    /// does not fit the text is cut off.
    pub fn in_text(name: impl Into<String>, text: &str, range: Range<usize>) -> Self {
        let start = text.floor_char_boundary(range.start);
        let (before, rest) = text.split_at(start);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let meant = &rest[..rest.floor_char_boundary(range.end.saturating_sub(start))];
        let width = meant.lines().next().unwrap_or_default().chars().count();
        // Only the one line is ever shown.
        let line_of_text = text.lines().nth(line - 1).unwrap_or_default();
        let text = "\n".repeat(line - 1) + line_of_text;
        Self::new(&Arc::new(Source { name: name.into(), text, shown: true }), line, column, width)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_text_have_a_place() {
        let text = "a = 1\nb = \"äö\" # x\nlast";
        for (range, place, width) in [
            (0..1, "f:1:1", 1),
            (6..7, "f:2:1", 1),
            (10..16, "f:2:5", 4),
            (17..99, "f:2:10", 3),
            (99..100, "f:3:5", 1),
            (5..20, "f:1:6", 1),
        ] {
            let found = Place::in_text("f", text, range);
            assert_eq!((found.to_string().as_str(), found.width()), (place, width));
        }
        assert_eq!(Place::in_text("f", text, 10..16).text(), Some("b = \"äö\" # x"));
        assert_eq!(Place::in_text("f", "", 0..1).text(), None);
    }
}
