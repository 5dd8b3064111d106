//! Metrics.

use std::{
    f64::consts::LN_2,
    fmt::{self, Write},
};

use slimcol_pdata::{
    Metrics,
    view::{
        Attributes, BucketsRef, Each, ExemplarRef, ExponentialHistogramDataPointRef, HistogramDataPointRef,
        MetricData, MetricRef, Number, NumberDataPointRef, SummaryDataPointRef, Temporality,
    },
};

use super::{INNER, write_attributes, write_resource, write_scope};
use crate::print::{Fixed, Id, Time};

pub(super) fn write(out: &mut String, metrics: &Metrics) -> fmt::Result {
    for (i, resource) in metrics.resource_metrics().enumerate() {
        write_resource(out, "ResourceMetrics", i, resource.schema_url(), resource.resource())?;
        for (j, scope) in resource.scope_metrics().enumerate() {
            write_scope(out, "ScopeMetrics", j, scope.schema_url(), scope.scope())?;
            for (k, metric) in scope.metrics().enumerate() {
                writeln!(out, "Metric #{k}")?;
                write_descriptor(out, metric)?;
                write_data(out, metric.data())?;
            }
        }
    }
    Ok(())
}

fn write_descriptor(out: &mut String, metric: MetricRef<'_>) -> fmt::Result {
    let kind = metric.data().name();
    writeln!(out, "Descriptor:\n     -> Name: {}", metric.name())?;
    writeln!(out, "     -> Description: {}", metric.description())?;
    writeln!(out, "     -> Unit: {}\n     -> DataType: {kind}", metric.unit())?;
    write_attributes(out, INNER, "Metadata", metric.metadata())
}

fn write_data(out: &mut String, data: MetricData<'_>) -> fmt::Result {
    match data {
        MetricData::Empty => Ok(()),
        MetricData::Gauge(gauge) => write_each(out, gauge.data_points(), write_number),
        MetricData::Sum(sum) => {
            writeln!(out, "     -> IsMonotonic: {}", sum.is_monotonic())?;
            write_temporality(out, sum.aggregation_temporality())?;
            write_each(out, sum.data_points(), write_number)
        }
        MetricData::Histogram(histogram) => {
            write_temporality(out, histogram.aggregation_temporality())?;
            write_each(out, histogram.data_points(), write_histogram)
        }
        MetricData::ExponentialHistogram(histogram) => {
            write_temporality(out, histogram.aggregation_temporality())?;
            write_each(out, histogram.data_points(), write_exponential)
        }
        MetricData::Summary(summary) => write_each(out, summary.data_points(), write_summary),
    }
}

fn write_temporality(out: &mut String, temporality: Temporality) -> fmt::Result {
    writeln!(out, "     -> AggregationTemporality: {}", temporality.as_str())
}

fn write_each<T>(
    out: &mut String,
    points: impl Iterator<Item = T>,
    write: fn(&mut String, usize, T) -> fmt::Result,
) -> fmt::Result {
    points.enumerate().try_for_each(|(i, point)| write(out, i, point))
}

/// What the points of all kinds begin with.
fn write_head(
    out: &mut String,
    title: &str,
    attributes: Attributes<'_>,
    start: u64,
    time: u64,
) -> fmt::Result {
    writeln!(out, "{title}")?;
    write_attributes(out, "", "Data point attributes", attributes)?;
    writeln!(out, "StartTimestamp: {}\nTimestamp: {}", Time(start), Time(time))
}

fn write_number(out: &mut String, number: usize, point: NumberDataPointRef<'_>) -> fmt::Result {
    let title = format!("NumberDataPoints #{number}");
    write_head(out, &title, point.attributes(), point.start_time_unix_nano(), point.time_unix_nano())?;
    write_value(out, "Value", point.value())?;
    write_exemplars(out, point.exemplars())
}

fn write_value(out: &mut String, title: &str, value: Number) -> fmt::Result {
    match value {
        Number::Empty => Ok(()),
        Number::Int(value) => writeln!(out, "{title}: {value}"),
        Number::Double(value) => writeln!(out, "{title}: {}", Fixed(value)),
    }
}

/// What the point tells, as far as it does.
fn write_totals(out: &mut String, count: u64, totals: [(&str, Option<f64>); 3]) -> fmt::Result {
    writeln!(out, "Count: {count}")?;
    for (name, value) in totals {
        if let Some(value) = value {
            writeln!(out, "{name}: {}", Fixed(value))?;
        }
    }
    Ok(())
}

fn write_histogram(out: &mut String, number: usize, point: HistogramDataPointRef<'_>) -> fmt::Result {
    let title = format!("HistogramDataPoints #{number}");
    write_head(out, &title, point.attributes(), point.start_time_unix_nano(), point.time_unix_nano())?;
    write_totals(out, point.count(), [("Sum", point.sum()), ("Min", point.min()), ("Max", point.max())])?;
    for (i, bound) in point.explicit_bounds().enumerate() {
        writeln!(out, "ExplicitBounds #{i}: {}", Fixed(bound))?;
    }
    for (i, count) in point.bucket_counts().enumerate() {
        writeln!(out, "Buckets #{i}, Count: {count}")?;
    }
    write_exemplars(out, point.exemplars())
}

fn write_exponential(
    out: &mut String,
    number: usize,
    point: ExponentialHistogramDataPointRef<'_>,
) -> fmt::Result {
    let title = format!("ExponentialHistogramDataPoints #{number}");
    write_head(out, &title, point.attributes(), point.start_time_unix_nano(), point.time_unix_nano())?;
    write_totals(out, point.count(), [("Sum", point.sum()), ("Min", point.min()), ("Max", point.max())])?;
    let factor = LN_2 * 2_f64.powi(point.scale().saturating_neg());
    for Bucket { lower, upper, count } in buckets(point.negative(), factor).rev() {
        writeln!(out, "Bucket [{}, {}), Count: {count}", Fixed(-upper), Fixed(-lower))?;
    }
    if point.zero_count() != 0 {
        writeln!(out, "Bucket [0, 0], Count: {}", point.zero_count())?;
    }
    for Bucket { lower, upper, count } in buckets(point.positive(), factor) {
        writeln!(out, "Bucket ({}, {}], Count: {count}", Fixed(lower), Fixed(upper))?;
    }
    write_exemplars(out, point.exemplars())
}

struct Bucket {
    lower: f64,
    upper: f64,
    count: u64,
}

/// The buckets from the one nearest to zero on.
fn buckets(buckets: BucketsRef<'_>, factor: f64) -> impl DoubleEndedIterator<Item = Bucket> {
    let mut index = f64::from(buckets.offset());
    let mut all = Vec::new();
    for count in buckets.bucket_counts() {
        all.push(Bucket { lower: (index * factor).exp(), upper: ((index + 1.0) * factor).exp(), count });
        index += 1.0;
    }
    all.into_iter()
}

fn write_summary(out: &mut String, number: usize, point: SummaryDataPointRef<'_>) -> fmt::Result {
    let title = format!("SummaryDataPoints #{number}");
    write_head(out, &title, point.attributes(), point.start_time_unix_nano(), point.time_unix_nano())?;
    writeln!(out, "Count: {}\nSum: {}", point.count(), Fixed(point.sum()))?;
    for (i, at) in point.quantile_values().enumerate() {
        writeln!(out, "QuantileValue #{i}: Quantile {}, Value {}", Fixed(at.quantile()), Fixed(at.value()))?;
    }
    Ok(())
}

fn write_exemplars<'a>(out: &mut String, exemplars: Each<'a, ExemplarRef<'a>>) -> fmt::Result {
    for (i, exemplar) in exemplars.enumerate() {
        if i == 0 {
            out.push_str("Exemplars:\n");
        }
        writeln!(out, "Exemplar #{i}\n     -> Trace ID: {}", Id(exemplar.trace_id()))?;
        writeln!(out, "     -> Span ID: {}", Id(exemplar.span_id()))?;
        writeln!(out, "     -> Timestamp: {}", Time(exemplar.time_unix_nano()))?;
        write_value(out, "     -> Value", exemplar.value())?;
        write_attributes(out, INNER, "FilteredAttributes", exemplar.filtered_attributes())?;
    }
    Ok(())
}
