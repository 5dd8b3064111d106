//! Spans in JSON, as the Go library zipkin-go takes them.

use std::{borrow::Cow, net::IpAddr};

use super::span::{Annotation, Endpoint, Kind, Span};
use crate::{Error, json::Json};

/// The spans of a JSON list.
pub(crate) fn spans(body: &[u8]) -> Result<Vec<Span<'_>>, Error> {
    let mut spans = Vec::new();
    let mut json = Json::new(body);
    json.list(|json| {
        if !json.null()? {
            spans.push(span(json)?);
        }
        Ok(())
    })?;
    json.end()?;
    Ok(spans)
}

fn span<'a>(json: &mut Json<'a>) -> Result<Span<'a>, Error> {
    let mut span = Span::default();
    let mut tags = Vec::new();
    json.object(|json, name| {
        match &*name {
            name if is(name, "traceId") => span.trace_id = trace_id(&json.text()?)?.to_be_bytes(),
            name if is(name, "id") => span.id = id(&json.text()?)?.to_be_bytes(),
            name if is(name, "parentId") => {
                span.parent_id = if json.null()? { None } else { Some(id(&json.text()?)?.to_be_bytes()) };
            }
            name if is(name, "name") => span.name = json.text()?,
            name if is(name, "kind") => span.kind = kind(&json.text()?),
            name if is(name, "timestamp") => {
                span.start = Some(json.whole::<u64>()?).filter(|micros| *micros > 0).map(nanos);
            }
            name if is(name, "duration") => span.duration = nanos(json.whole()?),
            name if is(name, "localEndpoint") => span.local = endpoint(json)?,
            name if is(name, "remoteEndpoint") => span.remote = endpoint(json)?,
            name if is(name, "annotations") => {
                span.annotations.clear();
                json.list(|json| {
                    span.annotations.push(annotation(json)?);
                    Ok(())
                })?;
            }
            name if is(name, "tags") => json.object(|json, name| {
                tags.push((name, json.text()?));
                Ok(())
            })?,
            _ => json.skip()?,
        }
        Ok(())
    })?;
    if span.id == [0; 8] {
        return Err(Error::new("valid span id required"));
    }
    span.tags = tags.into();
    Ok(span)
}

fn endpoint<'a>(json: &mut Json<'a>) -> Result<Endpoint<'a>, Error> {
    let mut endpoint = Endpoint::default();
    json.object(|json, name| {
        match &*name {
            name if is(name, "serviceName") => endpoint.service = json.text()?,
            name if is(name, "ipv4") => endpoint.ipv4 = address(&json.text()?)?,
            name if is(name, "ipv6") => endpoint.ipv6 = address(&json.text()?)?,
            name if is(name, "port") => endpoint.port = json.whole()?,
            _ => json.skip()?,
        }
        Ok(())
    })?;
    Ok(endpoint)
}

fn annotation<'a>(json: &mut Json<'a>) -> Result<Annotation<'a>, Error> {
    let mut annotation = Annotation { time: 0, value: Cow::Borrowed("") };
    json.object(|json, name| {
        match &*name {
            name if is(name, "timestamp") => annotation.time = nanos(json.whole()?),
            name if is(name, "value") => annotation.value = json.text()?,
            _ => json.skip()?,
        }
        Ok(())
    })?;
    if annotation.time == 0 {
        return Err(Error::new("valid annotation timestamp required"));
    }
    Ok(annotation)
}

/// Whether a member is called `name`, in any case.
fn is(member: &str, name: &str) -> bool {
    member.eq_ignore_ascii_case(name)
}

fn kind(text: &str) -> Kind {
    match text {
        "CLIENT" => Kind::Client,
        "SERVER" => Kind::Server,
        "PRODUCER" => Kind::Producer,
        "CONSUMER" => Kind::Consumer,
        _ => Kind::Unspecified,
    }
}

/// Microseconds in nanoseconds; what is too many is cut, as in Go.
pub(crate) const fn nanos(micros: u64) -> u64 {
    micros.wrapping_mul(1000)
}

fn trace_id(text: &str) -> Result<u128, Error> {
    match text.split_at_checked(text.len().saturating_sub(16)) {
        _ if text.is_empty() => Err(Error::new("valid traceId required")),
        Some((high, low)) if !high.is_empty() => Ok(u128::from(hex(high)?) << 64 | u128::from(hex(low)?)),
        _ => hex(text).map(Into::into),
    }
}

/// An id of up to 64 bits; nothing is zero.
fn id(text: &str) -> Result<u64, Error> {
    if text.is_empty() { Ok(0) } else { hex(text) }
}

fn hex(text: &str) -> Result<u64, Error> {
    let wrong = |why| Error::new(format!("strconv.ParseUint: parsing {text:?}: {why}"));
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong("invalid syntax"));
    }
    u64::from_str_radix(text, 16).map_err(|_| wrong("value out of range"))
}

fn address(text: &str) -> Result<Option<IpAddr>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::new(format!("invalid IP address: {text}")))
}
