//! A page of any format.

use crate::{Entry, ParseError, cursor::Cursor, openmetrics::OpenMetrics, proto::Proto, text::Text};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Prometheus' text format, 0.0.4 or 1.0.0.
    Text,
    /// OpenMetrics text.
    OpenMetrics,
    /// `MetricFamily` messages, each with its length before it.
    Proto,
}

impl Format {
    /// The format of a media type (`text/plain`), if it is one.
    pub fn of(media: &str) -> Option<Self> {
        match media {
            "text/plain" => Some(Self::Text),
            "application/openmetrics-text" => Some(Self::OpenMetrics),
            "application/vnd.google.protobuf" => Some(Self::Proto),
            _ => None,
        }
    }
}

/// What histograms are read as that are written in both ways, which only [`Format::Proto`] has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Histograms {
    /// Classic ones.
    #[default]
    Classic,
    /// Native ones.
    Native,
    /// Native ones and, if there are buckets for it, classic ones behind.
    Both,
}

/// A page that is read entry by entry.
#[derive(Debug)]
pub struct Page<'a>(Reader<'a>);

#[derive(Debug)]
enum Reader<'a> {
    Text(Text<'a>),
    OpenMetrics(OpenMetrics<'a>),
    Proto(Box<Proto<'a>>),
}

impl<'a> Page<'a> {
    /// The page `bytes`.
    pub fn new(bytes: &'a [u8], format: Format, histograms: Histograms) -> Self {
        Self(match format {
            Format::Text => Reader::Text(Text::new(bytes)),
            Format::OpenMetrics => Reader::OpenMetrics(OpenMetrics::new(bytes)),
            Format::Proto => Reader::Proto(Box::new(Proto::new(bytes, histograms))),
        })
    }

    fn cursor(&mut self) -> Option<&mut Cursor<'a>> {
        match &mut self.0 {
            Reader::Text(text) => Some(&mut text.cursor),
            Reader::OpenMetrics(text) => Some(&mut text.cursor),
            Reader::Proto(_) => None,
        }
    }

    /// The value of the series `expected`, if that comes next, as text, with a plain number and nothing else. Otherwise nothing was read, and
    /// [`Self::next`] tells what comes.
    #[inline]
    pub fn value_of(&mut self, expected: &[u8]) -> Option<f64> {
        self.cursor()?.value_of(expected)
    }

    /// Steps over `text`, whose entries are known, if that comes next: it must be what was between two results of [`Self::at`].
    #[inline]
    pub fn skip(&mut self, text: &[u8]) -> bool {
        self.cursor().is_some_and(|cursor| cursor.takes(text))
    }

    /// How many bytes were read; `None` where entries are more than their bytes.
    pub fn at(&mut self) -> Option<usize> {
        self.cursor().map(|cursor| cursor.at)
    }

    /// The next entry; `None` at the end. `expected` is the series that may well come next, or nothing.
    ///
    /// # Errors
    /// What stands there is no entry. There is no reading on.
    #[inline]
    pub fn next(&mut self, expected: &[u8]) -> Result<Option<Entry<'_>>, ParseError> {
        match &mut self.0 {
            Reader::Text(text) => text.next(expected),
            Reader::OpenMetrics(text) => text.next(expected),
            Reader::Proto(proto) => proto.next(expected),
        }
    }
}
