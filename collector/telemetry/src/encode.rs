//! Metrics as an OTLP request, written field by field: the messages are few and nothing of them is read again.

use slimcol_service::meter::{Metric, Point, Shape, Value};

use crate::Origin;

/// Cumulative, in OTLP's numbers.
const CUMULATIVE: u64 = 2;

/// The nanoseconds of 1970 at which counting began and which it is now.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) begun: u64,
    pub(crate) now: u64,
}

/// The whole `ExportMetricsServiceRequest`.
pub(crate) fn request(origin: &Origin, metrics: &[Metric], times: Times) -> Vec<u8> {
    let mut all = Vec::new();
    message(&mut all, 1, |to| {
        message(to, 1, |to| {
            for (name, value) in &*origin.resource {
                attribute(to, 1, name, value);
            }
        });
        let mut scopes: Vec<&str> = Vec::new();
        for metric in metrics {
            if !scopes.contains(&metric.family.scope) {
                scopes.push(metric.family.scope);
            }
        }
        for scope in scopes {
            message(to, 2, |to| {
                message(to, 1, |to| text(to, 1, scope));
                for metric in metrics.iter().filter(|metric| metric.family.scope == scope) {
                    message(to, 2, |to| write_metric(to, metric, times));
                }
            });
        }
    });
    all
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
            key(to, 1, 2);
            varint(to, value.len() as u64);
            to.extend_from_slice(value.as_bytes());
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
        key(to, field, 2);
        varint(to, value.len() as u64);
        to.extend_from_slice(value.as_bytes());
    }
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
