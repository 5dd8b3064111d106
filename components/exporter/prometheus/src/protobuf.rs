//! The page in Prometheus' protobuf format, the only one that has native histograms.
//!
//! Messages of `io.prometheus.client` (`metrics.proto`), each with its length before it.

use slimcol_pdata::put::{bytes, fixed64, message, varint, varint_field};
use slimcol_prometheus::{Buckets, Escaping, ZERO_THRESHOLD, float, is_label, is_metric, schema, zigzag};

use crate::{
    gather::{Family, Row, Type},
    point::{self, Exemplar, Explicit, Exponential, Point, Value},
};

/// The page of these families, with the points' times if `timed`.
pub(crate) fn write(families: &[Family], escaping: Escaping, timed: bool) -> Vec<u8> {
    let (mut page, mut one) = (Vec::new(), Vec::new());
    for family in families {
        one.clear();
        bytes(&mut one, 1, escaping.escape(&family.name, is_metric).as_bytes());
        bytes(&mut one, 2, family.help.as_bytes());
        let kind = match family.kind {
            Type::Counter => 0,
            Type::Gauge => 1,
            Type::Summary => 2,
            Type::Histogram => 4,
        };
        varint_field(&mut one, 3, kind);
        for row in &family.rows {
            message(&mut one, 4, |metric| write_row(metric, row, family.kind, escaping, timed));
        }
        varint(&mut page, one.len() as u64);
        page.extend_from_slice(&one);
    }
    page
}

fn write_row(to: &mut Vec<u8>, row: &Row, kind: Type, escaping: Escaping, timed: bool) {
    for (name, value) in row.labels.iter() {
        pair(to, &escaping.escape(name, is_label), value);
    }
    let Some(point) = row.point() else { return message(to, 2, |gauge| double(gauge, 1, 1.0)) };
    match &point.value {
        Value::Sum(value) if kind == Type::Counter => message(to, 3, |counter| {
            double(counter, 1, float(*value));
            if let Some(exemplar) = point.exemplars.last() {
                message(counter, 2, |to| write_exemplar(to, exemplar));
            }
            created(counter, 3, point);
        }),
        Value::Gauge(value) | Value::Sum(value) => message(to, 2, |gauge| double(gauge, 1, float(*value))),
        Value::Summary { count, sum, quantiles } => message(to, 4, |summary| {
            varint_field(summary, 1, *count);
            double(summary, 2, *sum);
            for (quantile, value) in point::sorted(quantiles) {
                message(summary, 3, |to| {
                    double(to, 1, quantile);
                    double(to, 2, value);
                });
            }
            created(summary, 4, point);
        }),
        Value::Histogram(histogram) => message(to, 7, |to| {
            write_explicit(to, histogram, point);
            created(to, 15, point);
        }),
        Value::Exponential(histogram) => message(to, 7, |to| {
            let native = write_exponential(to, histogram);
            created(to, 15, point);
            for exemplar in point.exemplars.iter().filter(|_| native) {
                message(to, 16, |to| write_exemplar(to, exemplar));
            }
        }),
    }
    if timed {
        varint_field(to, 6, point.time / 1_000_000);
    }
}

fn write_explicit(to: &mut Vec<u8>, histogram: &Explicit, point: &Point) {
    varint_field(to, 1, histogram.count);
    double(to, 2, histogram.sum);
    let mut buckets = histogram.cumulative();
    let last = buckets.last().map_or(f64::NEG_INFINITY, |(bound, _)| *bound);
    // Readers know how many there are in all; the last bucket is there for its exemplar.
    if point.exemplar(last, f64::INFINITY).is_some() {
        buckets.push((f64::INFINITY, histogram.count));
    }
    let mut below = f64::NEG_INFINITY;
    for (bound, count) in buckets {
        message(to, 3, |bucket| {
            varint_field(bucket, 1, count);
            double(bucket, 2, bound);
            if let Some(exemplar) = point.exemplar(below, bound) {
                message(bucket, 3, |to| write_exemplar(to, exemplar));
            }
        });
        below = bound;
    }
}

/// Writes a native histogram, and says whether it is one. One whose buckets do not add up to its count is without any, as on the other pages: Prometheus
/// refuses all of a page for it.
fn write_exponential(to: &mut Vec<u8>, histogram: &Exponential) -> bool {
    varint_field(to, 1, histogram.count);
    double(to, 2, histogram.sum.unwrap_or_default());
    let Some((schema, down)) = schema(histogram.scale).filter(|_| histogram.adds_up()) else { return false };
    let buckets = |of: &point::Buckets| Buckets::exponential(of.offset, of.counts.iter().copied(), down);
    varint_field(to, 5, zigzag(schema.into()));
    let threshold = histogram.zero_threshold;
    double(to, 6, if threshold == 0.0 { ZERO_THRESHOLD } else { threshold });
    varint_field(to, 7, histogram.zero_count);
    buckets(&histogram.negative).write(to, 9, 10);
    buckets(&histogram.positive).write(to, 12, 13);
    true
}

fn write_exemplar(to: &mut Vec<u8>, exemplar: &Exemplar) {
    for (name, id) in exemplar.ids() {
        pair(to, name, &id);
    }
    double(to, 2, exemplar.value);
    time(to, 3, exemplar.time);
}

/// Since when there has been what is counted, if that is known.
fn created(to: &mut Vec<u8>, number: u32, point: &Point) {
    if point.start > 0 {
        time(to, number, point.start);
    }
}

fn time(to: &mut Vec<u8>, number: u32, nanos: u64) {
    message(to, number, |to| {
        varint_field(to, 1, nanos / 1_000_000_000);
        varint_field(to, 2, nanos % 1_000_000_000);
    });
}

fn pair(to: &mut Vec<u8>, name: &str, value: &str) {
    message(to, 1, |label| {
        bytes(label, 1, name.as_bytes());
        bytes(label, 2, value.as_bytes());
    });
}

fn double(to: &mut Vec<u8>, number: u32, value: f64) {
    fixed64(to, number, value.to_bits());
}
