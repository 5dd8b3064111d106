//! Metrics and spans as OTLP, and requests of what is as OTLP already.

use slimcol_service::{
    Record, Span,
    meter::{Metric, Point, Shape, Value},
    wire::{attribute, bytes, fixed, key, message, nanos, number, text},
};

use crate::Origin;

/// OTLP's numbers: a temporality, kinds of spans, the status of those that failed, the flag of those that are for export.
const CUMULATIVE: u64 = 2;
const INTERNAL: u64 = 1;
const SERVER: u64 = 2;
const ERROR: u64 = 2;
const SAMPLED: u32 = 1;

/// The nanoseconds of 1970 at which counting began and which it is now.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) begun: u64,
    pub(crate) now: u64,
}

/// The whole `ExportMetricsServiceRequest`.
pub(crate) fn request(origin: &Origin, metrics: &[Metric], times: Times) -> Vec<u8> {
    let record = |metric: &Metric| {
        let mut encoded = Vec::new();
        write_metric(&mut encoded, metric, times);
        Record { scope: scope(metric.family.scope), encoded }
    };
    let records: Vec<Record> = metrics.iter().map(record).collect();
    export(&origin.resource, &records)
}

/// A span.
pub(crate) fn span(span: &Span) -> Record {
    let mut encoded = Vec::new();
    write_span(&mut encoded, span);
    Record { scope: scope(span.scope), encoded }
}

/// An instrumentation scope of this name.
fn scope(name: &str) -> Vec<u8> {
    let mut scope = Vec::new();
    text(&mut scope, 1, name);
    scope
}

/// The whole request of one resource with `records`, which is alike for all signals.
pub(crate) fn export(resource: &[(String, String)], records: &[Record]) -> Vec<u8> {
    let mut all = Vec::new();
    message(&mut all, 1, |to| {
        message(to, 1, |to| {
            for (name, value) in resource {
                attribute(to, 1, name, &value.into());
            }
        });
        let mut scopes: Vec<&[u8]> = Vec::new();
        for record in records {
            if !scopes.contains(&&*record.scope) {
                scopes.push(&record.scope);
            }
        }
        for scope in scopes {
            message(to, 2, |to| {
                bytes(to, 1, scope);
                for record in records.iter().filter(|record| record.scope == scope) {
                    bytes(to, 2, &record.encoded);
                }
            });
        }
    });
    all
}

fn write_span(to: &mut Vec<u8>, span: &Span) {
    bytes(to, 1, &span.place.trace.to_be_bytes());
    bytes(to, 2, &span.place.id.to_be_bytes());
    if let Some(parent) = span.parent {
        bytes(to, 4, &parent.to_be_bytes());
    }
    text(to, 5, &span.name);
    number(to, 6, if span.server { SERVER } else { INTERNAL });
    let began = nanos(span.began);
    fixed(to, 7, began);
    fixed(to, 8, began.saturating_add(u64::try_from(span.took.as_nanos()).unwrap_or(u64::MAX)));
    if let Some(error) = &span.error {
        message(to, 15, |to| {
            text(to, 2, error);
            number(to, 3, ERROR);
        });
    }
    key(to, 16, 5);
    to.extend_from_slice(&SAMPLED.to_le_bytes());
}

fn write_metric(to: &mut Vec<u8>, metric: &Metric, times: Times) {
    text(to, 1, &metric.name);
    text(to, 2, &metric.help);
    text(to, 3, metric.family.unit);
    let whole = metric.family.unit != "s";
    let kind = match metric.family.shape {
        Shape::Gauge => 5,
        Shape::Counter | Shape::UpDown => 7,
        Shape::Histogram(_) => 9,
    };
    message(to, kind, |to| {
        for point in &metric.points {
            message(to, 1, |to| write_point(to, metric.family.shape, point, whole, times));
        }
        if kind != 5 {
            number(to, 2, CUMULATIVE);
        }
        if metric.family.shape == Shape::Counter {
            number(to, 3, 1);
        }
    });
}

#[allow(clippy::cast_possible_truncation, reason = "whole numbers were whole before they were made floating")]
fn write_point(to: &mut Vec<u8>, shape: Shape, point: &Point, whole: bool, times: Times) {
    let labels_at = if matches!(point.value, Value::Number(_)) { 7 } else { 9 };
    for (name, value) in &point.labels {
        attribute(to, labels_at, name, &value.into());
    }
    fixed(to, 2, times.begun);
    fixed(to, 3, times.now);
    match &point.value {
        Value::Number(value) if whole => fixed(to, 6, (*value as i64).cast_unsigned()),
        Value::Number(value) => fixed(to, 4, value.to_bits()),
        Value::Buckets(counts, sum) => {
            let Shape::Histogram(bounds) = shape else { return };
            fixed(to, 4, counts.iter().sum());
            fixed(to, 5, sum.to_bits());
            message(to, 6, |to| to.extend(counts.iter().flat_map(|count| count.to_le_bytes())));
            message(to, 7, |to| to.extend(bounds.iter().flat_map(|bound| bound.to_le_bytes())));
        }
    }
}
