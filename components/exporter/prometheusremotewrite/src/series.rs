//! The series of a payload, by their labels.

use std::collections::HashMap;

use slimcol_prometheus::{Buckets, Kind};

/// Series of one payload.
#[derive(Debug, Default)]
pub(crate) struct Table {
    places: HashMap<Box<[u8]>, usize>,
    pub(crate) series: Vec<Series>,
    /// What is known of metrics.
    pub(crate) metas: Vec<Meta>,
}

/// Labels and what was measured.
#[derive(Debug, Default)]
pub(crate) struct Series {
    /// Names and values, each with a byte behind it that no text has.
    key: Box<[u8]>,
    pub(crate) samples: Vec<Sample>,
    pub(crate) histograms: Vec<Native>,
    pub(crate) exemplars: Vec<Exemplar>,
    /// The place of what is known of the metric.
    pub(crate) meta: usize,
}

/// A value at a time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) time: i64,
    pub(crate) value: f64,
}

/// A histogram with exponential bounds, or with bounds of its own, at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Native {
    pub(crate) time: i64,
    pub(crate) count: u64,
    pub(crate) sum: f64,
    pub(crate) schema: i32,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: u64,
    pub(crate) positive: Buckets,
    pub(crate) negative: Buckets,
    /// The bounds, if they are its own.
    pub(crate) bounds: Vec<f64>,
}

/// An example of what was counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) value: f64,
    pub(crate) time: i64,
}

/// What a metric is, by the number that both versions have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Unknown = 0,
    Counter = 1,
    Gauge = 2,
    Histogram = 3,
    Summary = 5,
    Info = 6,
    Stateset = 7,
}

impl Type {
    /// `told`: what it was to Prometheus, if it came from there: OTLP knows fewer types.
    pub(crate) fn of(kind: Kind, told: Option<&str>) -> Self {
        match (kind, told) {
            (Kind::Gauge, Some("unknown")) => Self::Unknown,
            (Kind::UpDown, Some("info")) => Self::Info,
            (Kind::UpDown, Some("stateset")) => Self::Stateset,
            (Kind::Gauge | Kind::UpDown, _) => Self::Gauge,
            (Kind::Counter, _) => Self::Counter,
            (Kind::Histogram, _) => Self::Histogram,
            (Kind::Summary, _) => Self::Summary,
        }
    }
}

/// What is known of a metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Meta {
    pub(crate) name: String,
    pub(crate) kind: Type,
    pub(crate) help: String,
    pub(crate) unit: String,
    /// Whether it is sent with version 1, which has no place for it beside the series.
    pub(crate) sent: bool,
}

impl Table {
    /// The series of these labels, which are sorted.
    pub(crate) fn series(&mut self, labels: &[(&str, &str)], meta: usize) -> &mut Series {
        let mut key =
            Vec::with_capacity(labels.iter().map(|(name, value)| name.len() + value.len() + 2).sum());
        for text in labels.iter().flat_map(|(name, value)| [name, value]) {
            key.extend_from_slice(text.as_bytes());
            key.push(0xff);
        }
        let key = key.into_boxed_slice();
        let new = self.series.len();
        let place = self.places.get(&key).copied().unwrap_or(new);
        if place == new {
            self.series.push(Series { key: key.clone(), meta, ..Series::default() });
            self.places.insert(key, new);
        }
        &mut self.series[place]
    }
}

impl Series {
    /// The labels, in the order of their names.
    pub(crate) fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut texts =
            self.key.split(|byte| *byte == 0xff).map(|text| std::str::from_utf8(text).unwrap_or_default());
        std::iter::from_fn(move || Some((texts.next()?, texts.next()?)))
    }
}
