//! What a metric holds, by kind.

use super::{
    ExemplarRef, ExponentialHistogramRef, GaugeRef, HistogramRef, MetricRef, NumberDataPointRef, SumRef,
    SummaryRef, View,
};
use crate::{fields::Fields, level::Level, wire::In};

/// A metric's data.
#[derive(Clone, Copy, Debug)]
pub enum MetricData<'a> {
    /// None, or of a kind that is not known yet.
    Empty,
    /// Values as they were at a time.
    Gauge(GaugeRef<'a>),
    /// Sums.
    Sum(SumRef<'a>),
    /// Histograms with explicit bounds.
    Histogram(HistogramRef<'a>),
    /// Histograms with exponential bounds.
    ExponentialHistogram(ExponentialHistogramRef<'a>),
    /// Quantiles.
    Summary(SummaryRef<'a>),
}

impl<'a> MetricData<'a> {
    /// The data in the field `number` of a metric.
    pub(crate) fn of(number: u32, body: In<'a>) -> Self {
        match number {
            5 => Self::Gauge(View::of(body)),
            7 => Self::Sum(View::of(body)),
            9 => Self::Histogram(View::of(body)),
            10 => Self::ExponentialHistogram(View::of(body)),
            11 => Self::Summary(View::of(body)),
            _ => Self::Empty,
        }
    }

    /// The name of the metric's type, as Go prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Gauge(_) => "Gauge",
            Self::Sum(_) => "Sum",
            Self::Histogram(_) => "Histogram",
            Self::ExponentialHistogram(_) => "ExponentialHistogram",
            Self::Summary(_) => "Summary",
        }
    }

    /// How many data points there are.
    pub fn points(self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Gauge(data) => data.data_points().count(),
            Self::Sum(data) => data.data_points().count(),
            Self::Histogram(data) => data.data_points().count(),
            Self::ExponentialHistogram(data) => data.data_points().count(),
            Self::Summary(data) => data.data_points().count(),
        }
    }
}

impl<'a> MetricRef<'a> {
    /// The metric's data.
    pub fn data(self) -> MetricData<'a> {
        let mut data = MetricData::Empty;
        for field in Fields::of(self.encoded()) {
            if Level::Metric.repeats(field.number) {
                data = MetricData::of(field.number, field.value);
            }
        }
        data
    }
}

/// The value of a gauge's or a sum's point, or of an exemplar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// None.
    Empty,
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
}

impl NumberDataPointRef<'_> {
    /// The point's value.
    pub fn value(self) -> Number {
        number(self.encoded(), 4, 6)
    }
}

impl ExemplarRef<'_> {
    /// The exemplar's value.
    pub fn value(self) -> Number {
        number(self.encoded(), 3, 6)
    }
}

fn number(body: In<'_>, double: u32, int: u32) -> Number {
    let mut value = Number::Empty;
    for field in Fields::of(body) {
        if field.number == double {
            value = Number::Double(f64::from_bits(field.fixed64()));
        } else if field.number == int {
            value = Number::Int(field.fixed64().cast_signed());
        }
    }
    value
}

/// What time a point's value covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temporality {
    /// Not said.
    Unspecified,
    /// Since the point before.
    Delta,
    /// Since the start.
    Cumulative,
}

impl Temporality {
    pub(crate) fn of(value: u64) -> Self {
        match value {
            1 => Self::Delta,
            2 => Self::Cumulative,
            _ => Self::Unspecified,
        }
    }

    /// As the Go collector prints it: `Delta`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "Unspecified",
            Self::Delta => "Delta",
            Self::Cumulative => "Cumulative",
        }
    }
}
