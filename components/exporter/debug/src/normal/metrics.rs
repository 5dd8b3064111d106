//! A line for each data point.

use std::{
    f64::consts::LN_2,
    fmt::{self, Write},
};

use slimcol_pdata::{
    Metrics,
    view::{
        Attributes, ExponentialHistogramDataPointRef, HistogramDataPointRef, MetricData, MetricRef, Number,
        NumberDataPointRef, SummaryDataPointRef,
    },
};

use super::{write_attributes, write_resource, write_scope};
use crate::print::{Fixed, Short};

pub(super) fn write(out: &mut String, metrics: &Metrics) -> fmt::Result {
    for (i, resource) in metrics.resource_metrics().enumerate() {
        write_resource(out, "ResourceMetrics", i, resource.schema_url(), resource.resource())?;
        for (j, scope) in resource.scope_metrics().enumerate() {
            write_scope(out, "ScopeMetrics", j, scope.schema_url(), scope.scope())?;
            scope.metrics().try_for_each(|metric| write_metric(out, metric))?;
        }
    }
    Ok(())
}

fn write_metric(out: &mut String, metric: MetricRef<'_>) -> fmt::Result {
    let name = metric.name();
    match metric.data() {
        MetricData::Empty => Ok(()),
        MetricData::Gauge(data) => data.data_points().try_for_each(|point| write_number(out, name, point)),
        MetricData::Sum(data) => data.data_points().try_for_each(|point| write_number(out, name, point)),
        MetricData::Histogram(data) => {
            data.data_points().try_for_each(|point| write_histogram(out, name, point))
        }
        MetricData::ExponentialHistogram(data) => {
            data.data_points().try_for_each(|point| write_exponential(out, name, point))
        }
        MetricData::Summary(data) => data.data_points().try_for_each(|point| write_summary(out, name, point)),
    }
}

fn write_head(out: &mut String, name: &str, attributes: Attributes<'_>) -> fmt::Result {
    write!(out, "{name}{{")?;
    write_attributes(out, "", ",", attributes)?;
    out.push_str("} ");
    Ok(())
}

fn write_number(out: &mut String, name: &str, point: NumberDataPointRef<'_>) -> fmt::Result {
    write_head(out, name, point.attributes())?;
    match point.value() {
        Number::Empty => {}
        Number::Int(value) => write!(out, "{value}")?,
        Number::Double(value) => write!(out, "{}", Short(value))?,
    }
    out.push('\n');
    Ok(())
}

/// What the point tells, as far as it does.
fn write_totals(out: &mut String, count: u64, totals: [(&str, Option<f64>); 3]) -> fmt::Result {
    write!(out, "count={count}")?;
    for (name, value) in totals {
        if let Some(value) = value {
            write!(out, " {name}={}", Short(value))?;
        }
    }
    Ok(())
}

fn write_histogram(out: &mut String, name: &str, point: HistogramDataPointRef<'_>) -> fmt::Result {
    write_head(out, name, point.attributes())?;
    write_totals(out, point.count(), [("sum", point.sum()), ("min", point.min()), ("max", point.max())])?;
    let mut bounds = point.explicit_bounds();
    for count in point.bucket_counts() {
        match bounds.next() {
            Some(bound) => write!(out, " le{}={count}", Short(bound))?,
            None => write!(out, " {count}")?,
        }
    }
    out.push('\n');
    Ok(())
}

fn write_exponential(
    out: &mut String,
    name: &str,
    point: ExponentialHistogramDataPointRef<'_>,
) -> fmt::Result {
    write_head(out, name, point.attributes())?;
    write_totals(out, point.count(), [("sum", point.sum()), ("min", point.min()), ("max", point.max())])?;
    let factor = LN_2 * 2_f64.powi(point.scale().saturating_neg());
    let negative = point.negative();
    let counts: Vec<u64> = negative.bucket_counts().collect();
    let mut index = f64::from(negative.offset()) + buckets(&counts);
    for count in counts.iter().rev() {
        index -= 1.0;
        write!(out, " le{}={count}", Short(-(index * factor).exp()))?;
    }
    if point.zero_count() != 0 {
        write!(out, " zero={}", point.zero_count())?;
    }
    let positive = point.positive();
    let mut index = f64::from(positive.offset());
    for count in positive.bucket_counts() {
        index += 1.0;
        write!(out, " le{}={count}", Short((index * factor).exp()))?;
    }
    out.push('\n');
    Ok(())
}

/// How many buckets there are.
#[allow(clippy::cast_precision_loss, reason = "a request of 2 GiB has fewer buckets than 2^52")]
fn buckets(counts: &[u64]) -> f64 {
    counts.len() as f64
}

fn write_summary(out: &mut String, name: &str, point: SummaryDataPointRef<'_>) -> fmt::Result {
    write_head(out, name, point.attributes())?;
    // The sum alone is not as short as can be, in Go too.
    write!(out, "count={} sum={}", point.count(), Fixed(point.sum()))?;
    for quantile in point.quantile_values() {
        write!(out, " q{}={}", Short(quantile.quantile()), Short(quantile.value()))?;
    }
    out.push('\n');
    Ok(())
}
