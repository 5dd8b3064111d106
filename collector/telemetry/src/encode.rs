//! Metrics and spans as OTLP requests, written field by field: the messages are few and nothing of them is read again.

use slimcol_service::{
    Span,
    meter::{Metric, Point, Shape, Value},
};

use crate::{Origin, push::nanos};

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
    let scopes: Vec<&str> = metrics.iter().map(|metric| metric.family.scope).collect();
    export(&origin.resource, &scopes, &mut |at, to| write_metric(to, &metrics[at], times))
}

/// The whole `ExportTraceServiceRequest`.
pub(crate) fn spans(resource: &[(String, String)], spans: &[Span]) -> Vec<u8> {
    let scopes: Vec<&str> = spans.iter().map(|span| span.scope).collect();
    export(resource, &scopes, &mut |at, to| write_span(to, &spans[at]))
}

/// A request of one resource, with a record for each of `of`, its scope; `write` writes the record at this place there.
fn export(resource: &[(String, String)], of: &[&str], write: &mut dyn FnMut(usize, &mut Vec<u8>)) -> Vec<u8> {
    let mut all = Vec::new();
    message(&mut all, 1, |to| {
        message(to, 1, |to| {
            for (name, value) in resource {
                attribute(to, 1, name, value);
            }
        });
        let mut scopes: Vec<&str> = Vec::new();
        for scope in of {
            if !scopes.contains(scope) {
                scopes.push(scope);
            }
        }
        for scope in scopes {
            message(to, 2, |to| {
                message(to, 1, |to| text(to, 1, scope));
                for at in (0..of.len()).filter(|at| of[*at] == scope) {
                    message(to, 2, |to| write(at, to));
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
        attribute(to, labels_at, name, value);
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

fn attribute(to: &mut Vec<u8>, field: u32, name: &str, value: &str) {
    message(to, field, |to| {
        text(to, 1, name);
        message(to, 2, |to| {
            // An empty string is a value too.
            bytes(to, 1, value.as_bytes());
        });
    });
}

/// A field with a length, which `write` appends. Not generic: it is written once, whoever asks.
fn message(to: &mut Vec<u8>, field: u32, mut write: impl FnMut(&mut Vec<u8>)) {
    enclosed(to, field, &mut write);
}

fn enclosed(to: &mut Vec<u8>, field: u32, write: &mut dyn FnMut(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    write(&mut inner);
    key(to, field, 2);
    varint(to, inner.len() as u64);
    to.append(&mut inner);
}

fn text(to: &mut Vec<u8>, field: u32, value: &str) {
    if !value.is_empty() {
        bytes(to, field, value.as_bytes());
    }
}

fn bytes(to: &mut Vec<u8>, field: u32, value: &[u8]) {
    key(to, field, 2);
    varint(to, value.len() as u64);
    to.extend_from_slice(value);
}

fn number(to: &mut Vec<u8>, field: u32, value: u64) {
    key(to, field, 0);
    varint(to, value);
}

fn fixed(to: &mut Vec<u8>, field: u32, value: u64) {
    key(to, field, 1);
    to.extend_from_slice(&value.to_le_bytes());
}

fn key(to: &mut Vec<u8>, field: u32, wire: u32) {
    varint(to, u64::from(field << 3 | wire));
}

#[allow(clippy::cast_possible_truncation, reason = "only seven bits are left")]
fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push((value & 0x7f | 0x80) as u8);
        value >>= 7;
    }
    to.push(value as u8);
}
