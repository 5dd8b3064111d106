//! OpenMetrics' text format, which leaves nothing to taste.

use crate::{
    Entry, Exemplar, ParseError, Sample,
    cursor::{Braces, Cursor, Named},
    meta, number,
    series::unescaped,
};

const NO_END: &str = "data does not end with # EOF";

/// A page of OpenMetrics, read line by line.
#[derive(Debug)]
pub(crate) struct OpenMetrics<'a> {
    pub(crate) cursor: Cursor<'a>,
}

impl<'a> OpenMetrics<'a> {
    pub(crate) fn new(page: &'a [u8]) -> Self {
        Self { cursor: Cursor { page, at: 0 } }
    }

    /// The next entry, if there is one; `expected` is the series that may come.
    #[inline]
    pub(crate) fn next(&mut self, expected: &[u8]) -> Result<Option<Entry<'a>>, ParseError> {
        let start = self.cursor.at;
        let rest = &self.cursor.page[start..];
        if rest.get(expected.len()) == Some(&b' ') && !expected.is_empty() && rest.starts_with(expected) {
            self.cursor.at += expected.len();
            return self.number(start, self.cursor.at, true).map(Some);
        }
        match self.cursor.peek() {
            None => Err(ParseError::new(NO_END)),
            Some(b'#') => self.comment(start),
            Some(_) => self.series(start).map(Some),
        }
    }

    fn unexpected(&self, start: usize, wanted: &str) -> ParseError {
        ParseError::unexpected(self.cursor.page, start, self.cursor.at, wanted)
    }

    fn comment(&mut self, start: usize) -> Result<Option<Entry<'a>>, ParseError> {
        if self.cursor.takes(b"# EOF") {
            self.cursor.takes(b"\n");
            if self.cursor.peek().is_some() {
                return Err(ParseError::new("unexpected data after # EOF"));
            }
            return Ok(None);
        }
        let words: [(&[u8], &str); 3] = [(b"# HELP ", "HELP"), (b"# TYPE ", "TYPE"), (b"# UNIT ", "UNIT")];
        let Some((_, word)) = words.iter().find(|(text, _)| self.cursor.takes(text)) else {
            return Err(self.unexpected(start, "expected a valid start token"));
        };
        let Some(name) = self.cursor.family() else {
            return Err(self.unexpected(start, &format!("expected metric name after {word}")));
        };
        let line = if self.cursor.peek() == Some(b' ') { self.cursor.line() } else { None };
        let Some(text) = line else { return Err(ParseError::new(format!("expected text in {word}"))) };
        let text = &text[1..];
        let name = meta::name(name)?;
        Ok(Some(match *word {
            "HELP" => Entry::Help { name, text: meta::help(text, true)? },
            "TYPE" => Entry::Type { name, kind: meta::kind(text, true)? },
            _ => Entry::Unit { name, unit: unit(name, text)? },
        }))
    }

    fn series(&mut self, start: usize) -> Result<Entry<'a>, ParseError> {
        let named = match self.cursor.metric_name() {
            Some(_) => Named::Already,
            None if self.cursor.peek() == Some(b'{') => Named::NotYet,
            None => return Err(self.unexpected(start, "expected a valid start token")),
        };
        if self.cursor.takes(b"{") {
            let named = self.cursor.braces(start, Braces::Strict, named, |_, _| {})?;
            if named == Named::NotYet {
                return Err(ParseError::within(
                    self.cursor.page,
                    start,
                    self.cursor.at,
                    "metric name not set",
                ));
            }
        }
        self.number(start, self.cursor.at, false)
    }

    /// What follows a series: value, time, exemplar.
    #[inline]
    fn number(&mut self, start: usize, end: usize, expected: bool) -> Result<Entry<'a>, ParseError> {
        let value = self.value(start, "expected value after metric")?;
        let (mut timestamp, mut exemplar) = (None, None);
        if self.cursor.peek() == Some(b' ') && !self.is_exemplar() {
            timestamp = Some(self.time(start, "invalid timestamp")?);
        }
        if self.is_exemplar() {
            exemplar = Some(self.exemplar(start)?);
        }
        self.end(start, timestamp.is_some())?;
        let series = &self.cursor.page[start..end];
        Ok(Entry::Sample(Sample { series, expected, value, timestamp, exemplar }))
    }

    fn is_exemplar(&self) -> bool {
        self.cursor.page[self.cursor.at..].starts_with(b" # {")
    }

    /// A word behind one blank.
    #[inline]
    fn word(&mut self) -> Option<&'a [u8]> {
        let begin = self.cursor.at + 1;
        if self.cursor.peek() != Some(b' ') {
            return None;
        }
        self.cursor.at = begin;
        self.cursor.skip(|byte| byte != b' ' && byte != b'\n');
        let word = &self.cursor.page[begin..self.cursor.at];
        if word.is_empty() { None } else { Some(word) }
    }

    #[inline]
    fn value(&mut self, start: usize, wanted: &str) -> Result<f64, ParseError> {
        let Some(word) = self.word() else { return Err(self.unexpected(start, wanted)) };
        number::parse(word).map_err(|why| ParseError::within(self.cursor.page, start, self.cursor.at, &why))
    }

    /// Seconds, as milliseconds.
    fn time(&mut self, start: usize, wrong: &str) -> Result<i64, ParseError> {
        let seconds = self.value(start, "expected timestamp or comment")?;
        if !seconds.is_finite() {
            return Err(ParseError::new(format!("{wrong} {seconds}")));
        }
        #[allow(clippy::cast_possible_truncation, reason = "what is beyond all times is the last of them")]
        Ok((seconds * 1000.0) as i64)
    }

    fn exemplar(&mut self, start: usize) -> Result<Exemplar<'a>, ParseError> {
        self.cursor.at += 4;
        let mut exemplar = Exemplar::default();
        self.cursor.braces(start, Braces::Exemplar, Named::Already, |name, value| {
            exemplar.labels.push((unescaped(name.unwrap_or_default()), unescaped(value)));
        })?;
        exemplar.value = self.value(start, "expected value after exemplar labels")?;
        if self.cursor.peek() == Some(b' ') {
            exemplar.timestamp = Some(self.time(start, "invalid exemplar timestamp")?);
        }
        Ok(exemplar)
    }

    fn end(&mut self, start: usize, timed: bool) -> Result<(), ParseError> {
        match self.cursor.peek() {
            Some(b'\n') => {
                self.cursor.at += 1;
                Ok(())
            }
            None => Err(ParseError::new(NO_END)),
            Some(_) if timed => Err(self.unexpected(start, "expected next entry after timestamp")),
            Some(_) => Err(self.unexpected(start, "expected timestamp or comment")),
        }
    }
}

/// A unit, which the name must end with.
fn unit<'a>(name: &str, text: &'a [u8]) -> Result<&'a str, ParseError> {
    let wrong = |unit: &str| ParseError::new(format!("unit {unit:?} not a suffix of metric {name:?}"));
    let Ok(unit) = std::str::from_utf8(text) else { return Err(wrong(&String::from_utf8_lossy(text))) };
    let fits = unit.is_empty() || name.strip_suffix(unit).is_some_and(|front| front.ends_with('_'));
    if fits { Ok(unit) } else { Err(wrong(unit)) }
}
