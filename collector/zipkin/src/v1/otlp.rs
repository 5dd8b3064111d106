//! Spans as an OTLP request, grouped by the endpoint that made them.

use std::{borrow::Cow, collections::HashMap};

use slimcol_pdata::{Traces, put, view::ValueRef};

use super::{annotations::Told, status::Status};
use crate::{Error, names};

/// A place in the network, as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Endpoint<'a> {
    pub(super) service: Cow<'a, str>,
    pub(super) ipv4: Cow<'a, str>,
    pub(super) ipv6: Cow<'a, str>,
    pub(super) port: i32,
}

/// A span with all that its annotations tell.
#[derive(Debug, Default)]
pub(super) struct Span<'a> {
    pub(super) trace_id: [u8; 16],
    pub(super) id: [u8; 8],
    pub(super) parent_id: [u8; 8],
    pub(super) name: Cow<'a, str>,
    /// Microseconds since 1970, and how many it took.
    pub(super) time: Option<(i64, i64)>,
    pub(super) told: Told<'a>,
    pub(super) attributes: Vec<(Cow<'a, str>, Value<'a>)>,
    pub(super) status: Status,
}

/// The value of a binary annotation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    Int(i64),
    Double(f64),
}

impl Value<'_> {
    pub(super) fn view(&self) -> ValueRef<'_> {
        match self {
            Self::Text(text) => ValueRef::Str(text),
            Self::Bool(value) => ValueRef::Bool(*value),
            Self::Int(value) => ValueRef::Int(*value),
            Self::Double(value) => ValueRef::Double(*value),
        }
    }
}

/// Spans by endpoint, in the order in which each endpoint came first.
#[derive(Debug, Default)]
pub(super) struct Groups<'a> {
    places: HashMap<Endpoint<'a>, usize>,
    /// Encoded `spans` of one scope.
    spans: Vec<Vec<u8>>,
}

impl<'a> Groups<'a> {
    pub(super) fn add(&mut self, endpoint: Endpoint<'a>, span: &Span<'_>) {
        let place = *self.places.entry(endpoint).or_insert(self.spans.len());
        if place == self.spans.len() {
            self.spans.push(Vec::new());
        }
        put::message(&mut self.spans[place], 2, |to| write(span, to));
    }

    /// The request.
    pub(super) fn finish(self) -> Result<Traces, Error> {
        let mut endpoints: Vec<_> = self.places.into_iter().collect();
        slimcol_order::sort_by_key(&mut endpoints, |(_, place)| *place);
        let mut request = Vec::new();
        for ((endpoint, _), spans) in endpoints.iter().zip(&self.spans) {
            put::message(&mut request, 1, |to| {
                put::message(to, 1, |to| resource(endpoint, to));
                put::bytes(to, 2, spans);
            });
        }
        Ok(Traces::from_bytes(request.into())?)
    }
}

fn resource(endpoint: &Endpoint<'_>, to: &mut Vec<u8>) {
    put::attribute(to, 1, names::SERVICE_NAME, &*endpoint.service);
    for (name, text) in [("ipv4", &endpoint.ipv4), ("ipv6", &endpoint.ipv6)] {
        if !text.is_empty() {
            put::attribute(to, 1, name, &**text);
        }
    }
    if endpoint.port != 0 {
        put::attribute(to, 1, "port", &*endpoint.port.to_string());
    }
}

fn write(span: &Span<'_>, to: &mut Vec<u8>) {
    if span.trace_id != [0; 16] {
        put::bytes(to, 1, &span.trace_id);
    }
    for (number, id) in [(2, &span.id), (4, &span.parent_id)] {
        if *id != [0; 8] {
            put::bytes(to, number, id);
        }
    }
    put::bytes(to, 5, span.name.as_bytes());
    put::varint_field(to, 6, span.told.kind);
    let (start, end) = match span.time {
        Some((start, took)) => (nanos(start), nanos(start.wrapping_add(took))),
        None => (span.told.first, span.told.last),
    };
    put::fixed64(to, 7, start);
    put::fixed64(to, 8, end);
    for (name, value) in &span.attributes {
        put::attribute(to, 9, name, value.view());
    }
    for (time, name) in &span.told.events {
        put::message(to, 11, |to| {
            put::fixed64(to, 1, *time);
            put::bytes(to, 2, name.as_bytes());
        });
    }
    if let Some((code, message)) = span.status.verdict() {
        put::message(to, 15, |to| {
            put::bytes(to, 2, message.as_bytes());
            put::varint_field(to, 3, i64::from(code).cast_unsigned());
        });
    }
}

/// Microseconds in nanoseconds. Times before 1970 are none.
pub(super) fn nanos(micros: i64) -> u64 {
    u64::try_from(micros).unwrap_or_default().wrapping_mul(1000)
}
