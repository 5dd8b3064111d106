//! Where a page is read, and the pieces that both text formats are made of.

use crate::{ParseError, number};

/// The bytes of a page and how far they were read.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    pub(crate) page: &'a [u8],
    pub(crate) at: usize,
}

/// A metric's name within braces, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Already,
    NotYet,
}

/// What may stand in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Braces {
    /// Blanks anywhere, commas at will.
    Lenient,
    /// No blanks, commas between labels.
    Strict,
    /// The same, and no name.
    Exemplar,
}

pub(crate) const fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':'
}

const fn starts_label(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

impl<'a> Cursor<'a> {
    pub(crate) fn peek(&self) -> Option<u8> {
        self.page.get(self.at).copied()
    }

    pub(crate) fn takes(&mut self, text: &[u8]) -> bool {
        let found = self.page[self.at..].starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// The value of `series`, if that stands here with nothing but a plain number behind it. If not, nothing was read.
    #[inline]
    pub(crate) fn value_of(&mut self, series: &[u8]) -> Option<f64> {
        let rest = &self.page[self.at..];
        let (b' ', behind) = rest.get(series.len()..)?.split_first()? else { return None };
        if series.is_empty() || !rest.starts_with(series) {
            return None;
        }
        let (value, length) = number::line(behind)?;
        self.at += series.len() + 1 + length;
        Some(value)
    }

    /// Steps over bytes that are `wanted`.
    pub(crate) fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    pub(crate) fn blanks(&mut self) {
        self.skip(|byte| byte == b' ' || byte == b'\t');
    }

    /// The rest of the line, without its end, which is read too.
    pub(crate) fn line(&mut self) -> Option<&'a [u8]> {
        let rest = &self.page[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        self.at += end.map_or(rest.len(), |end| end + 1);
        end.map(|end| &rest[..end])
    }

    pub(crate) fn metric_name(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        if !self.peek().is_some_and(starts_name) {
            return None;
        }
        self.skip(|byte| starts_name(byte) || byte.is_ascii_digit());
        Some(&self.page[start..self.at])
    }

    /// A family's name behind `HELP`, `TYPE` or `UNIT`, perhaps in quotes.
    pub(crate) fn family(&mut self) -> Option<&'a [u8]> {
        if self.peek() == Some(b'"') { self.quoted(true) } else { self.metric_name() }
    }

    /// What stands in quotes, as it is written there; a `\` takes what follows along.
    fn quoted(&mut self, lines: bool) -> Option<&'a [u8]> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            match self.page.get(at)? {
                b'"' => break,
                b'\n' if !lines => return None,
                b'\\' if self.page.get(at + 1).is_none_or(|byte| *byte == b'\n') => return None,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        Some(&self.page[start..at])
    }

    /// What stands in braces, of which the first was read; `start` is where the line began. Each label is given to `each`; what has no name there is the
    /// metric's.
    pub(crate) fn braces(
        &mut self,
        start: usize,
        braces: Braces,
        mut named: Named,
        mut each: impl FnMut(Option<&'a [u8]>, &'a [u8]),
    ) -> Result<Named, ParseError> {
        let lenient = braces == Braces::Lenient;
        let unexpected =
            |at: usize, page: &[u8], wanted: &str| ParseError::unexpected(page, start, at, wanted);
        loop {
            if lenient {
                self.blanks();
            }
            let begin = self.at;
            let quoted = match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(named);
                }
                Some(b'"') => true,
                Some(byte) if starts_label(byte) => false,
                _ => return Err(unexpected(begin, self.page, "expected label name")),
            };
            let name = if quoted {
                let Some(name) = self.quoted(lenient || braces == Braces::Strict) else {
                    return Err(unexpected(begin, self.page, "expected label name"));
                };
                name
            } else {
                self.skip(|byte| starts_label(byte) || byte.is_ascii_digit());
                &self.page[begin..self.at]
            };
            if lenient {
                self.blanks();
            }
            if quoted && matches!(self.peek(), Some(b',' | b'}')) {
                if braces == Braces::Exemplar {
                    return Err(unexpected(self.at, self.page, "expected label name"));
                }
                if named == Named::Already {
                    return Err(ParseError::within(self.page, start, self.at + 1, "metric name already set"));
                }
                text(name, "invalid UTF-8 metric name")?;
                each(None, name);
                named = Named::Already;
                self.at += usize::from(self.peek() == Some(b','));
                continue;
            }
            if self.peek() != Some(b'=') {
                return Err(unexpected(self.at, self.page, "expected equal"));
            }
            self.at += 1;
            if lenient {
                self.blanks();
            }
            let value = if self.peek() == Some(b'"') { self.quoted(lenient) } else { None };
            let Some(value) = value else {
                return Err(unexpected(self.at, self.page, "expected label value"));
            };
            text(name, "invalid UTF-8 label name")?;
            text(value, "invalid UTF-8 label value")?;
            each(Some(name), value);
            if lenient {
                self.blanks();
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {}
                _ if lenient => {}
                _ => return Err(unexpected(self.at, self.page, "expected comma or brace close")),
            }
        }
    }
}

/// Refuses what is no text.
fn text(bytes: &[u8], what: &str) -> Result<(), ParseError> {
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(());
    }
    Err(ParseError::new(format!("{what}: {:?}", String::from_utf8_lossy(bytes))))
}
