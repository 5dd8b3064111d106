//! Prometheus' text format.

use crate::{
    Entry, ParseError, Sample,
    cursor::{Braces, Cursor, Named},
    meta, number,
};

/// A page of text, read line by line.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    pub(crate) cursor: Cursor<'a>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(page: &'a [u8]) -> Self {
        Self { cursor: Cursor { page, at: 0 } }
    }

    /// The next entry, if there is one; `expected` is the series that may come.
    #[inline]
    pub(crate) fn next(&mut self, expected: &[u8]) -> Result<Option<Entry<'a>>, ParseError> {
        let rest = &self.cursor.page[self.cursor.at..];
        if let Some([b' ', behind, ..]) = rest.get(expected.len()..)
            && !expected.is_empty()
            && rest.starts_with(expected)
            && !matches!(behind, b' ' | b'\t' | b'{')
        {
            let start = self.cursor.at;
            self.cursor.at += expected.len() + 1;
            return self.number(start, start + expected.len(), true).map(Some);
        }
        self.entry()
    }

    fn entry(&mut self) -> Result<Option<Entry<'a>>, ParseError> {
        loop {
            self.cursor.blanks();
            let start = self.cursor.at;
            match self.cursor.peek() {
                // A byte of zero ends a page, as in Prometheus.
                None | Some(0) => return Ok(None),
                Some(b'\n') => self.cursor.at += 1,
                Some(b'#') => {
                    if let Some(entry) = self.comment(start)? {
                        return Ok(Some(entry));
                    }
                }
                Some(_) => return self.series(start).map(Some),
            }
        }
    }

    fn comment(&mut self, start: usize) -> Result<Option<Entry<'a>>, ParseError> {
        self.cursor.at += 1;
        let blanks = self.cursor.at;
        self.cursor.blanks();
        let is_help = self.cursor.page[self.cursor.at..].starts_with(b"HELP");
        let is_type = self.cursor.page[self.cursor.at..].starts_with(b"TYPE");
        let separated = matches!(self.cursor.page.get(self.cursor.at + 4), Some(b' ' | b'\t'));
        if blanks == self.cursor.at || !separated || !(is_help || is_type) {
            self.cursor.line();
            return Ok(None);
        }
        self.cursor.at += 4;
        self.cursor.blanks();
        let word =
            if is_help { "expected metric name after HELP" } else { "expected metric name after TYPE" };
        let at = self.cursor.at;
        let Some(name) = self.cursor.family() else {
            return Err(ParseError::unexpected(self.cursor.page, start, at, word));
        };
        let page = self.cursor.page;
        // Whatever stands between the name and the text is a blank to Prometheus.
        let text = match self.cursor.line() {
            Some(line) => line,
            None => &page[at + name.len()..],
        };
        let text = text.get(1..).unwrap_or_default();
        let name = meta::name(name)?;
        if is_help {
            return Ok(Some(Entry::Help { name, text: meta::help(text, false)? }));
        }
        Ok(Some(Entry::Type { name, kind: meta::kind(text, false)? }))
    }

    fn series(&mut self, start: usize) -> Result<Entry<'a>, ParseError> {
        let named = match self.cursor.metric_name() {
            Some(_) => Named::Already,
            None if self.cursor.peek() == Some(b'{') => Named::NotYet,
            None => {
                let wanted = "expected a valid start token";
                return Err(ParseError::unexpected(self.cursor.page, start, start, wanted));
            }
        };
        let mut end = self.cursor.at;
        self.cursor.blanks();
        if self.cursor.takes(b"{") {
            let named = self.cursor.braces(start, Braces::Lenient, named, |_, _| {})?;
            end = self.cursor.at;
            if named == Named::NotYet {
                return Err(ParseError::within(self.cursor.page, start, end, "metric name not set"));
            }
            self.cursor.blanks();
        }
        self.number(start, end, false)
    }

    /// Value and time of the series between `start` and `end`.
    #[inline]
    fn number(&mut self, start: usize, end: usize, expected: bool) -> Result<Entry<'a>, ParseError> {
        let page = self.cursor.page;
        let begin = self.cursor.at;
        self.cursor.skip(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'{' | 0));
        if begin == self.cursor.at {
            return Err(ParseError::unexpected(page, start, begin, "expected value after metric"));
        }
        let value = number::parse(&page[begin..self.cursor.at])
            .map_err(|why| ParseError::within(page, start, self.cursor.at, &why))?;
        self.cursor.blanks();
        let mut timestamp = None;
        let from = self.cursor.at;
        self.cursor.skip(|byte| byte.is_ascii_digit());
        if from < self.cursor.at {
            // Digits are text.
            let text = std::str::from_utf8(&page[from..self.cursor.at]).unwrap_or_default();
            let parsed = text.parse::<i64>().map_err(|_| {
                let why = format!("strconv.ParseInt: parsing {text:?}: value out of range");
                ParseError::within(page, start, self.cursor.at, &why)
            })?;
            timestamp = Some(parsed);
            self.cursor.blanks();
        }
        match self.cursor.peek() {
            None => {}
            Some(b'\n') => self.cursor.at += 1,
            Some(_) => {
                let wanted = match timestamp {
                    Some(_) => "expected next entry after timestamp",
                    None => "expected timestamp or new record",
                };
                return Err(ParseError::unexpected(page, start, self.cursor.at, wanted));
            }
        }
        let series = &page[start..end];
        Ok(Entry::Sample(Sample { series, expected, value, timestamp, exemplar: None }))
    }
}
