//! Batches in protobuf (`jaeger.api_v2`).

mod group;

use std::borrow::Cow;

use slimcol_pdata::{
    Traces,
    get::{Value as Wire, fields},
};

use self::group::Groups;
use crate::{
    Error,
    span::{Log, Process, Reference, Span, Tag, Value},
};

/// Reads a `PostSpansRequest`.
///
/// # Errors
/// It is none; nothing of it is taken then.
pub fn from_proto(request: &[u8]) -> Result<Traces, Error> {
    // Pieces of one batch are one batch, as protobuf has it.
    let (mut batches, mut process) = (Vec::new(), None);
    for field in fields(request) {
        let (1, Wire::Bytes(batch)) = field? else { continue };
        for field in fields(batch) {
            match field? {
                (1, Wire::Bytes(span)) => batches.push(span),
                (2, Wire::Bytes(body)) => process = Some(body),
                _ => {}
            }
        }
    }
    let mut groups = Groups::default();
    for body in batches.into_iter().filter(|body| !body.is_empty()) {
        let (own, span) = span(body)?;
        groups.add(own.or(process), span);
    }
    groups.finish()
}

/// Reads one span, which has its process in it.
///
/// # Errors
/// It is none.
pub fn from_span(body: &[u8]) -> Result<Traces, Error> {
    let mut groups = Groups::default();
    if !body.is_empty() {
        let (own, span) = span(body)?;
        groups.add(own, span);
    }
    groups.finish()
}

/// A span, and the encoded process if it has its own.
fn span(body: &[u8]) -> Result<(Option<&[u8]>, Span<'_>), Error> {
    let mut span = Span::default();
    let (mut start, mut duration, mut process) = (0, 0, None);
    for field in fields(body) {
        match field? {
            (1, Wire::Bytes(id)) => span.trace_id = trace_id(id)?,
            (2, Wire::Bytes(id)) => span.id = span_id(id)?,
            (3, Wire::Bytes(name)) => span.name = String::from_utf8_lossy(name),
            (4, Wire::Bytes(body)) => span.references.push(reference(body)?),
            (5, Wire::Varint(flags)) => span.flags = flags,
            (6, Wire::Bytes(body)) => start = nanos(body)?,
            (7, Wire::Bytes(body)) => duration = nanos(body)?,
            (8, Wire::Bytes(body)) => span.tags.push(tag(body)?),
            (9, Wire::Bytes(body)) => span.logs.push(log(body)?),
            (10, Wire::Bytes(body)) => process = Some(body),
            _ => {}
        }
    }
    span.start = time(start);
    span.end = time(start + duration);
    Ok((process, span))
}

fn process(body: &[u8]) -> Result<Process<'_>, Error> {
    let mut process = Process::default();
    for field in fields(body) {
        match field? {
            (1, Wire::Bytes(name)) => process.service = String::from_utf8_lossy(name),
            (2, Wire::Bytes(body)) => process.tags.push(tag(body)?),
            _ => {}
        }
    }
    Ok(process)
}

fn reference(body: &[u8]) -> Result<Reference, Error> {
    let mut reference = Reference::default();
    for field in fields(body) {
        match field? {
            (1, Wire::Bytes(id)) => reference.trace_id = trace_id(id)?,
            (2, Wire::Bytes(id)) => reference.id = span_id(id)?,
            (3, Wire::Varint(kind)) => reference.follows = kind != 0,
            _ => {}
        }
    }
    Ok(reference)
}

fn log(body: &[u8]) -> Result<Log<'_>, Error> {
    let mut log = Log::default();
    for field in fields(body) {
        match field? {
            (1, Wire::Bytes(body)) => log.time = time(nanos(body)?),
            (2, Wire::Bytes(body)) => log.fields.push(tag(body)?),
            _ => {}
        }
    }
    Ok(log)
}

fn tag(body: &[u8]) -> Result<Tag<'_>, Error> {
    let (mut name, mut kind) = (Cow::Borrowed(""), 0);
    let (mut text, mut double, mut bool, mut int, mut bytes) = (Cow::Borrowed(""), 0.0, false, 0, &[][..]);
    for field in fields(body) {
        match field? {
            (1, Wire::Bytes(own)) => name = String::from_utf8_lossy(own),
            (2, Wire::Varint(own)) => kind = own,
            (3, Wire::Bytes(own)) => text = String::from_utf8_lossy(own),
            (4, Wire::Varint(own)) => bool = own != 0,
            (5, Wire::Varint(own)) => int = own.cast_signed(),
            (6, Wire::Fixed64(own)) => double = f64::from_bits(own),
            (7, Wire::Bytes(own)) => bytes = own,
            _ => {}
        }
    }
    let value = match kind {
        0 => Value::Text(text),
        1 => Value::Bool(bool),
        2 => Value::Int(int),
        3 => Value::Double(double),
        4 => Value::Bytes(bytes),
        other => Value::Text(format!("<Unknown Jaeger TagType \"{other}\">").into()),
    };
    Ok((name, value))
}

/// Seconds and nanoseconds of a `Timestamp` or a `Duration` as nanoseconds.
fn nanos(body: &[u8]) -> Result<i128, Error> {
    let (mut seconds, mut nanos) = (0_i64, 0_i64);
    for field in fields(body) {
        match field? {
            (1, Wire::Varint(own)) => seconds = own.cast_signed(),
            (2, Wire::Varint(own)) => nanos = own.cast_signed(),
            _ => {}
        }
    }
    Ok(i128::from(seconds) * 1_000_000_000 + i128::from(nanos))
}

/// Nanoseconds since 1970; what is before it or beyond what OTLP can say is the nearest that it can.
fn time(nanos: i128) -> u64 {
    u64::try_from(nanos.max(0)).unwrap_or(u64::MAX)
}

fn trace_id(bytes: &[u8]) -> Result<[u8; 16], Error> {
    if let Ok(low) = <[u8; 8]>::try_from(bytes) {
        let mut id = [0; 16];
        id[8..].copy_from_slice(&low);
        return Ok(id);
    }
    bytes.try_into().map_err(|_| Error::new("invalid length for TraceID"))
}

fn span_id(bytes: &[u8]) -> Result<[u8; 8], Error> {
    bytes.try_into().map_err(|_| Error::new("invalid length for SpanID"))
}
