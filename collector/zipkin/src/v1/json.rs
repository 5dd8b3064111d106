//! Version 1 in JSON.

use std::{
    borrow::Cow,
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_pdata::{Traces, view::ValueRef};

use super::otlp::{Endpoint, Groups, Span, Value};
use crate::{
    Error,
    json::{Json, keep_last},
    names,
    typed::typed,
    v2::hex,
};

/// Reads a JSON list of spans. With `parse`, values that are written as numbers or booleans become such.
///
/// # Errors
/// It is no such list, or a span's ids are none; nothing of it is taken then.
pub fn from_json(body: &[u8], parse: bool) -> Result<Traces, Error> {
    let mut groups = Groups::default();
    // JSON that is none is told first. Spans are not kept for that until its end: what `{}` becomes is a hundred times as large.
    let mut given = Ok(());
    let mut json = Json::new(body);
    json.list(|json| {
        if !json.null()? {
            let (ids, endpoint, mut span) = span(json, parse)?;
            if given.is_ok() {
                given = ids.give(&mut span).map(|()| groups.add(endpoint, &span));
            }
        }
        Ok(())
    })
    .and_then(|()| json.end())
    .map_err(|error| error.of("zipkinv1"))?;
    given?;
    groups.finish()
}

/// The ids of a span as they are written.
#[derive(Default)]
struct Ids<'a> {
    trace: Cow<'a, str>,
    own: Cow<'a, str>,
    parent: Cow<'a, str>,
}

fn span<'a>(json: &mut Json<'a>, parse: bool) -> Result<(Ids<'a>, Endpoint<'a>, Span<'a>), Error> {
    let mut span = Span::default();
    let mut ids = Ids::default();
    let (mut start, mut duration) = (0_i64, 0);
    let mut tags = Tags { parse, ..Tags::default() };
    json.object(|json, name| {
        match &*name {
            name if is(name, "traceId") => ids.trace = json.text()?,
            name if is(name, "id") => ids.own = json.text()?,
            name if is(name, "parentId") => ids.parent = json.text()?,
            name if is(name, "name") => span.name = json.text()?,
            name if is(name, "timestamp") => start = json.whole()?,
            name if is(name, "duration") => duration = json.whole()?,
            name if is(name, "annotations") => json.list(|json| {
                let (mut time, mut value, mut host) = (0, Cow::Borrowed(""), None);
                json.object(|json, name| {
                    match &*name {
                        name if is(name, "timestamp") => time = json.whole()?,
                        name if is(name, "value") => value = json.text()?,
                        name if is(name, "endpoint") => host = endpoint(json)?,
                        _ => json.skip()?,
                    }
                    Ok(())
                })?;
                span.told.hear(time, value, host);
                Ok(())
            })?,
            name if is(name, "binaryAnnotations") => json.list(|json| tags.read(json, &mut span))?,
            _ => json.skip()?,
        }
        Ok(())
    })?;
    if start != 0 {
        span.time = Some((start, duration));
    }
    keep_last(&mut span.attributes);
    begun(&mut span);
    let endpoint = span.told.maker(tags.service());
    Ok((ids, endpoint, span))
}

/// A span without a start begins, and ends, now.
fn begun(span: &mut Span<'_>) {
    if span.time.is_some_and(|(start, _)| start > 0) || span.time.is_none() && span.told.first > 0 {
        return;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    span.time = None;
    span.told.first = u64::try_from(now.as_nanos()).unwrap_or_default();
    span.told.last = span.told.first;
    span.attributes.retain(|(name, _)| name != names::NO_START);
    span.attributes.push((Cow::Borrowed(names::NO_START), Value::Bool(true)));
}

/// What binary annotations tell besides attributes.
#[derive(Default)]
struct Tags<'a> {
    parse: bool,
    host: Cow<'a, str>,
    component: Cow<'a, str>,
}

impl<'a> Tags<'a> {
    fn read(&mut self, json: &mut Json<'a>, span: &mut Span<'a>) -> Result<(), Error> {
        let (mut key, mut value, mut host) = (Cow::Borrowed(""), Cow::Borrowed(""), None);
        let mut there = false;
        json.object(|json, name| {
            there = true;
            match &*name {
                name if is(name, "key") => key = json.text()?,
                name if is(name, "value") => value = json.scalar()?,
                name if is(name, "endpoint") => host = endpoint(json)?,
                _ => json.skip()?,
            }
            Ok(())
        })?;
        if !there {
            return Ok(());
        }
        if let Some(host) = host.filter(|host| !host.service.is_empty()) {
            self.host = host.service;
        }
        if key == "lc" {
            key = Cow::Borrowed("component");
            self.component.clone_from(&value);
        }
        let value = match typed(&value, self.parse) {
            ValueRef::Bool(value) => Value::Bool(value),
            ValueRef::Int(value) => Value::Int(value),
            ValueRef::Double(value) => Value::Double(value),
            _ => Value::Text(value),
        };
        if !span.status.takes(&key, &value) {
            span.attributes.push((key, value));
        }
        Ok(())
    }

    fn service(self) -> Cow<'a, str> {
        if self.host.is_empty() { self.component } else { self.host }
    }
}

fn endpoint<'a>(json: &mut Json<'a>) -> Result<Option<Endpoint<'a>>, Error> {
    if json.null()? {
        return Ok(None);
    }
    let mut endpoint = Endpoint::default();
    json.object(|json, name| {
        match &*name {
            name if is(name, "serviceName") => endpoint.service = json.text()?,
            name if is(name, "ipv4") => endpoint.ipv4 = json.text()?,
            name if is(name, "ipv6") => endpoint.ipv6 = json.text()?,
            name if is(name, "port") => endpoint.port = json.whole()?,
            _ => json.skip()?,
        }
        Ok(())
    })?;
    Ok(Some(endpoint))
}

impl Ids<'_> {
    fn give(&self, span: &mut Span<'_>) -> Result<(), Error> {
        span.trace_id = trace_id(&self.trace).map_err(|error| error.of("zipkinV1 span traceId"))?;
        span.id = span_id(&self.own).map_err(|error| error.of("zipkinV1 span id"))?;
        if !self.parent.is_empty() {
            span.parent_id = span_id(&self.parent).map_err(|error| error.of("zipkinV1 span parentId"))?;
        }
        Ok(())
    }
}

fn trace_id(text: &str) -> Result<[u8; 16], Error> {
    let mut id = [0; 16];
    match text.len() {
        16 => id[8..].copy_from_slice(&hex::<8>(text)?),
        32 => id = hex(text)?,
        _ => return Err(Error::new("hex traceId span has wrong length (expected 16 or 32)")),
    }
    if id == [0; 16] { Err(Error::new("traceId is zero")) } else { Ok(id) }
}

fn span_id(text: &str) -> Result<[u8; 8], Error> {
    if text.len() != 16 {
        return Err(Error::new("hex Id has wrong length (expected 16)"));
    }
    match hex(text)? {
        [0, 0, 0, 0, 0, 0, 0, 0] => Err(Error::new("ID is zero")),
        id => Ok(id),
    }
}

/// Whether a member is called `name`, in any case.
fn is(member: &str, name: &str) -> bool {
    member.eq_ignore_ascii_case(name)
}
