//! Points as they are kept.

use std::iter::repeat;

use slimcol_pdata::view::{
    BucketsRef, Each, ExemplarRef, ExponentialHistogramDataPointRef, HistogramDataPointRef, Number,
    NumberDataPointRef, SummaryDataPointRef,
};
use slimcol_prometheus::{float, hex};

/// The newest point of a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) start: u64,
    pub(crate) time: u64,
    pub(crate) value: Value,
    pub(crate) exemplars: Vec<Exemplar>,
}

/// A point's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Gauge(Number),
    Sum(Number),
    Histogram(Explicit),
    Exponential(Exponential),
    Summary { count: u64, sum: f64, quantiles: Vec<(f64, f64)> },
}

/// A histogram with explicit bounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Explicit {
    pub(crate) count: u64,
    pub(crate) sum: f64,
    pub(crate) bounds: Vec<f64>,
    pub(crate) counts: Vec<u64>,
}

/// A histogram with exponential bounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exponential {
    pub(crate) count: u64,
    pub(crate) sum: Option<f64>,
    pub(crate) scale: i32,
    pub(crate) zero_count: u64,
    pub(crate) zero_threshold: f64,
    pub(crate) positive: Buckets,
    pub(crate) negative: Buckets,
}

/// Buckets of one sign, of which the first has the index `offset`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Buckets {
    pub(crate) offset: i32,
    pub(crate) counts: Vec<u64>,
}

/// An example of what was counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) trace: [u8; 16],
    pub(crate) span: [u8; 8],
    pub(crate) value: f64,
    pub(crate) time: u64,
}

impl Point {
    pub(crate) fn gauge(point: NumberDataPointRef<'_>) -> Self {
        Self {
            start: point.start_time_unix_nano(),
            time: point.time_unix_nano(),
            value: Value::Gauge(point.value()),
            exemplars: Vec::new(),
        }
    }

    /// Only what `grows` alone, a counter, has exemplars.
    pub(crate) fn sum(point: NumberDataPointRef<'_>, grows: bool) -> Self {
        let exemplars = if grows { kept(point.exemplars()) } else { Vec::new() };
        Self { value: Value::Sum(point.value()), exemplars, ..Self::gauge(point) }
    }

    pub(crate) fn histogram(point: HistogramDataPointRef<'_>) -> Self {
        Self {
            start: point.start_time_unix_nano(),
            time: point.time_unix_nano(),
            value: Value::Histogram(Explicit {
                count: point.count(),
                sum: point.sum().unwrap_or_default(),
                bounds: point.explicit_bounds().collect(),
                counts: point.bucket_counts().collect(),
            }),
            exemplars: kept(point.exemplars()),
        }
    }

    pub(crate) fn exponential(point: ExponentialHistogramDataPointRef<'_>) -> Self {
        let buckets = |buckets: BucketsRef<'_>| Buckets {
            offset: buckets.offset(),
            counts: buckets.bucket_counts().collect(),
        };
        Self {
            start: point.start_time_unix_nano(),
            time: point.time_unix_nano(),
            value: Value::Exponential(Exponential {
                count: point.count(),
                sum: point.sum(),
                scale: point.scale(),
                zero_count: point.zero_count(),
                zero_threshold: point.zero_threshold(),
                positive: buckets(point.positive()),
                negative: buckets(point.negative()),
            }),
            exemplars: kept(point.exemplars()),
        }
    }

    pub(crate) fn summary(point: SummaryDataPointRef<'_>) -> Self {
        let quantiles = point.quantile_values().map(|value| (value.quantile(), value.value()));
        Self {
            start: point.start_time_unix_nano(),
            time: point.time_unix_nano(),
            value: Value::Summary { count: point.count(), sum: point.sum(), quantiles: quantiles.collect() },
            exemplars: Vec::new(),
        }
    }

    /// The last of the exemplars above one value and up to another.
    pub(crate) fn exemplar(&self, above: f64, to: f64) -> Option<&Exemplar> {
        self.exemplars.iter().rev().find(|one| one.value > above && one.value <= to)
    }
}

impl Explicit {
    /// The bounds, rising, and how many there are up to each.
    pub(crate) fn cumulative(&self) -> Vec<(f64, u64)> {
        let counts = self.counts.iter().copied().chain(repeat(0));
        let mut buckets: Vec<(f64, u64)> = self.bounds.iter().copied().zip(counts).collect();
        slimcol_order::sort_by(&mut buckets, |(one, _), (other, _)| one.total_cmp(other));
        buckets.dedup_by(|later, first| later.0.total_cmp(&first.0).is_eq());
        let mut total = 0_u64;
        for (_, count) in &mut buckets {
            total = total.wrapping_add(*count);
            *count = total;
        }
        buckets
    }
}

impl Exponential {
    /// Whether there are as many in the buckets as there are in all; what is not a number is in none.
    pub(crate) fn adds_up(&self) -> bool {
        let counts = self.positive.counts.iter().chain(&self.negative.counts).chain([&self.zero_count]);
        let sum: u128 = counts.map(|count| u128::from(*count)).sum();
        sum == self.count.into() || self.sum.is_some_and(f64::is_nan) && sum < self.count.into()
    }
}

impl Exemplar {
    /// The names and values of the labels that it has.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&'static str, String)> {
        let ids = [("span_id", &self.span[..]), ("trace_id", &self.trace[..])];
        ids.into_iter().filter(|(_, id)| id.iter().any(|byte| *byte != 0)).map(|(name, id)| (name, hex(id)))
    }
}

/// A summary's quantiles, rising, of equal ones the last.
pub(crate) fn sorted(quantiles: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut quantiles = quantiles.to_vec();
    slimcol_order::sort_by(&mut quantiles, |(one, _), (other, _)| one.total_cmp(other));
    quantiles.dedup_by(|later, first| {
        let same = later.0.total_cmp(&first.0).is_eq();
        if same {
            first.1 = later.1;
        }
        same
    });
    quantiles
}

fn kept(exemplars: Each<'_, ExemplarRef<'_>>) -> Vec<Exemplar> {
    let exemplar = |exemplar: ExemplarRef<'_>| Exemplar {
        trace: exemplar.trace_id(),
        span: exemplar.span_id(),
        value: float(exemplar.value()),
        time: exemplar.time_unix_nano(),
    };
    exemplars.map(exemplar).collect()
}
