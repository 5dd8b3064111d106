//! Points as they are kept.

use slimcol_pdata::view::{
    BucketsRef, Each, ExemplarRef, ExponentialHistogramDataPointRef, HistogramDataPointRef, Number,
    NumberDataPointRef, SummaryDataPointRef,
};
use slimcol_prometheus::float;

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

    pub(crate) fn sum(point: NumberDataPointRef<'_>, exemplars: bool) -> Self {
        Self {
            value: Value::Sum(point.value()),
            exemplars: kept(point.exemplars(), exemplars),
            ..Self::gauge(point)
        }
    }

    pub(crate) fn histogram(point: HistogramDataPointRef<'_>, exemplars: bool) -> Self {
        Self {
            start: point.start_time_unix_nano(),
            time: point.time_unix_nano(),
            value: Value::Histogram(Explicit {
                count: point.count(),
                sum: point.sum().unwrap_or_default(),
                bounds: point.explicit_bounds().collect(),
                counts: point.bucket_counts().collect(),
            }),
            exemplars: kept(point.exemplars(), exemplars),
        }
    }

    pub(crate) fn exponential(point: ExponentialHistogramDataPointRef<'_>, exemplars: bool) -> Self {
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
            exemplars: kept(point.exemplars(), exemplars),
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
}

fn kept(exemplars: Each<'_, ExemplarRef<'_>>, wanted: bool) -> Vec<Exemplar> {
    if !wanted {
        return Vec::new();
    }
    let exemplar = |exemplar: ExemplarRef<'_>| Exemplar {
        trace: exemplar.trace_id(),
        span: exemplar.span_id(),
        value: float(exemplar.value()),
        time: exemplar.time_unix_nano(),
    };
    exemplars.map(exemplar).collect()
}
