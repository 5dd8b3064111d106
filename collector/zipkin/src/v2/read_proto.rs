//! Spans in protobuf, as the Go library zipkin-go takes them.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use slimcol_pdata::get::{Value, fields};

use super::{
    read_json::nanos,
    span::{Annotation, Endpoint, Kind, Span},
};
use crate::Error;

/// The spans of a `ListOfSpans`.
pub(crate) fn spans(body: &[u8]) -> Result<Vec<Span<'_>>, Error> {
    let mut spans = Vec::new();
    for field in fields(body) {
        if let (1, Value::Bytes(body)) = field? {
            spans.push(span(body)?);
        }
    }
    Ok(spans)
}

fn span(body: &[u8]) -> Result<Span<'_>, Error> {
    let (mut trace_id, mut parent_id, mut id) = (&[][..], &[][..], &[][..]);
    // Without a time a span begins in 1970: protobuf cannot say that it has none.
    let mut span = Span { start: Some(0), ..Span::default() };
    let mut tags = Vec::new();
    for field in fields(body) {
        match field? {
            (1, Value::Bytes(bytes)) => trace_id = bytes,
            (2, Value::Bytes(bytes)) => parent_id = bytes,
            (3, Value::Bytes(bytes)) => id = bytes,
            (4, Value::Varint(number)) => span.kind = kind(number),
            (5, Value::Bytes(bytes)) => span.name = text(bytes)?,
            (6, Value::Fixed64(micros)) => span.start = Some(nanos(micros)),
            (7, Value::Varint(micros)) => span.duration = nanos(micros),
            (8, Value::Bytes(bytes)) => endpoint(bytes, &mut span.local)?,
            (9, Value::Bytes(bytes)) => endpoint(bytes, &mut span.remote)?,
            (10, Value::Bytes(bytes)) => span.annotations.push(annotation(bytes)?),
            (11, Value::Bytes(bytes)) => tags.push(tag(bytes)?),
            _ => {}
        }
    }
    span.trace_id = long(trace_id)?;
    span.parent_id = span_id(parent_id).map_err(|error| error.of("invalid ParentID"))?;
    span.id = span_id(id)
        .map_err(|error| error.of("invalid SpanID"))?
        .ok_or_else(|| Error::new("expected a non-nil SpanID"))?;
    span.tags = tags.into();
    Ok(span)
}

/// A trace's id. Zipkin's definition allows half of one, and clients send it; the Go collector does not take it.
fn long(id: &[u8]) -> Result<[u8; 16], Error> {
    if let Ok(low) = <[u8; 8]>::try_from(id) {
        let mut whole = [0; 16];
        whole[8..].copy_from_slice(&low);
        return Ok(whole);
    }
    id.try_into()
        .map_err(|_| Error::new(format!("invalid TraceID: has length {} yet wanted length 16", id.len())))
}

fn span_id(id: &[u8]) -> Result<Option<[u8; 8]>, Error> {
    if id.is_empty() {
        return Ok(None);
    }
    id.try_into().map(Some).map_err(|_| Error::new(format!("has length {} yet wanted length 8", id.len())))
}

const fn kind(number: u64) -> Kind {
    match number {
        1 => Kind::Client,
        2 => Kind::Server,
        3 => Kind::Producer,
        4 => Kind::Consumer,
        _ => Kind::Unspecified,
    }
}

/// An endpoint that comes in several pieces is all of them.
fn endpoint<'a>(body: &'a [u8], to: &mut Endpoint<'a>) -> Result<(), Error> {
    for field in fields(body) {
        match field? {
            (1, Value::Bytes(bytes)) => to.service = text(bytes)?,
            (2, Value::Bytes(bytes)) => to.ipv4 = address(bytes)?,
            (3, Value::Bytes(bytes)) => to.ipv6 = address(bytes)?,
            (4, Value::Varint(port)) => to.port = (port & 0xffff) as u16,
            _ => {}
        }
    }
    Ok(())
}

fn annotation(body: &[u8]) -> Result<Annotation<'_>, Error> {
    let mut annotation = Annotation { time: 0, value: Cow::Borrowed("") };
    for field in fields(body) {
        match field? {
            (1, Value::Fixed64(micros)) => annotation.time = nanos(micros),
            (2, Value::Bytes(bytes)) => annotation.value = text(bytes)?,
            _ => {}
        }
    }
    Ok(annotation)
}

fn tag(body: &[u8]) -> Result<(Cow<'_, str>, Cow<'_, str>), Error> {
    let mut tag = (Cow::Borrowed(""), Cow::Borrowed(""));
    for field in fields(body) {
        match field? {
            (1, Value::Bytes(bytes)) => tag.0 = text(bytes)?,
            (2, Value::Bytes(bytes)) => tag.1 = text(bytes)?,
            _ => {}
        }
    }
    Ok(tag)
}

fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|_| Error::new("proto: string field contains invalid UTF-8"))
}

fn address(bytes: &[u8]) -> Result<Option<IpAddr>, Error> {
    if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
        return Ok(Some(Ipv4Addr::from(octets).into()));
    }
    if let Ok(octets) = <[u8; 16]>::try_from(bytes) {
        return Ok(Some(Ipv6Addr::from(octets).into()));
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    Err(Error::new(format!("invalid IP address: has length {} yet wanted length 4 or 16", bytes.len())))
}
