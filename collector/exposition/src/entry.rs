//! What a page is made of.

use std::borrow::Cow;

use crate::Native;

/// One thing that a page says.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<'a> {
    /// What kind of metric `name` is.
    Type {
        /// The family's name.
        name: &'a str,
        /// Its kind.
        kind: Kind,
    },
    /// What `name` means.
    Help {
        /// The family's name.
        name: &'a str,
        /// The text.
        text: Cow<'a, str>,
    },
    /// What `name` is measured in.
    Unit {
        /// The family's name.
        name: &'a str,
        /// A word, as in names (`seconds`).
        unit: &'a str,
    },
    /// A number.
    Sample(Sample<'a>),
    /// A native histogram.
    Histogram {
        /// As of a sample.
        series: &'a [u8],
        /// As of a sample.
        timestamp: Option<i64>,
        /// The counts.
        native: &'a Native,
        /// Those that have a time.
        exemplars: &'a [Exemplar<'a>],
    },
}

/// A number of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample<'a> {
    /// Name and labels as they came; [`crate::parts`] reads them. The same bytes are the same series.
    pub series: &'a [u8],
    /// Whether `series` is what the caller expected.
    pub expected: bool,
    /// The value; never NaN but the one that stands for itself.
    pub value: f64,
    /// Milliseconds of 1970.
    pub timestamp: Option<i64>,
    /// An observation that the number is made of.
    pub exemplar: Option<Exemplar<'a>>,
}

/// An observation with where it came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exemplar<'a> {
    /// Names and values.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The value.
    pub value: f64,
    /// Milliseconds of 1970.
    pub timestamp: Option<i64>,
}

/// What kind of metric a family is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the kinds are defined by OpenMetrics")]
pub enum Kind {
    Counter,
    Gauge,
    Histogram,
    GaugeHistogram,
    Summary,
    Info,
    Stateset,
    #[default]
    Unknown,
}

impl Kind {
    /// The word of it in OpenMetrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::Stateset => "stateset",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of that word in the text format, or in OpenMetrics.
    pub(crate) fn of(word: &str, open: bool) -> Option<Self> {
        Some(match (word, open) {
            ("counter", _) => Self::Counter,
            ("gauge", _) => Self::Gauge,
            ("histogram", _) => Self::Histogram,
            ("summary", _) => Self::Summary,
            ("untyped", false) | ("unknown", true) => Self::Unknown,
            ("gaugehistogram", true) => Self::GaugeHistogram,
            ("info", true) => Self::Info,
            ("stateset", true) => Self::Stateset,
            _ => return None,
        })
    }
}
