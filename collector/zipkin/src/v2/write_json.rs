//! Spans in JSON, with members in the order of Go's zipkin-go.

use std::{io::Write, net::IpAddr};

use slimcol_pdata::json::{hex, write_text};

use super::span::{Endpoint, Kind, Span, shown};
use crate::Error;

/// Appends a span to a list.
#[expect(clippy::unnecessary_wraps, reason = "writers are interchangeable")]
pub(crate) fn span(span: &Span<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    if to.last() == Some(&b'}') {
        to.push(b',');
    }
    let mut object = Object::open(to);
    if let Some(start) = span.start {
        object.number("timestamp", micros(start));
    }
    if span.duration > 0 {
        // What took less than a microsecond took one.
        object.number("duration", micros(span.duration).max(1));
    }
    let long = span.trace_id[..8].iter().any(|byte| *byte != 0);
    object.hex("traceId", if long { &span.trace_id } else { &span.trace_id[8..] });
    object.hex("id", &span.id);
    if let Some(id) = &span.parent_id {
        object.hex("parentId", id);
    }
    object.text("name", &span.name.to_lowercase());
    object.text("kind", kind(span.kind));
    object.endpoint("localEndpoint", &span.local);
    object.endpoint("remoteEndpoint", &span.remote);
    if !span.annotations.is_empty() {
        object.name("annotations");
        let to = &mut *object.to;
        to.push(b'[');
        for (at, annotation) in span.annotations.iter().enumerate() {
            if at > 0 {
                to.push(b',');
            }
            let mut object = Object::open(to);
            object.number("timestamp", micros(annotation.time));
            object.name("value");
            write_text(object.to, &annotation.value);
            object.close();
        }
        to.push(b']');
    }
    if !span.tags.is_empty() {
        object.name("tags");
        let mut tags = Object::open(object.to);
        for (name, value) in span.tags.iter() {
            tags.name(name);
            write_text(tags.to, value);
        }
        tags.close();
    }
    object.close();
    Ok(())
}

/// Nanoseconds as the nearest microsecond.
pub(crate) const fn micros(nanos: u64) -> u64 {
    nanos / 1000 + (nanos % 1000 >= 500) as u64
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Unspecified => "",
        Kind::Client => "CLIENT",
        Kind::Server => "SERVER",
        Kind::Producer => "PRODUCER",
        Kind::Consumer => "CONSUMER",
    }
}

/// An object being written. Members without a value are left out.
struct Object<'a> {
    to: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Object<'a> {
    fn open(to: &'a mut Vec<u8>) -> Self {
        to.push(b'{');
        Self { to, first: true }
    }

    fn close(self) {
        self.to.push(b'}');
    }

    fn name(&mut self, name: &str) {
        if !self.first {
            self.to.push(b',');
        }
        self.first = false;
        write_text(self.to, name);
        self.to.push(b':');
    }

    fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        write!(self.to, "{value}").expect("writing to memory does not fail");
    }

    fn hex(&mut self, name: &str, id: &[u8]) {
        self.name(name);
        self.to.push(b'"');
        hex::encode(self.to, id);
        self.to.push(b'"');
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.name(name);
            write_text(self.to, value);
        }
    }

    fn endpoint(&mut self, name: &str, endpoint: &Endpoint<'_>) {
        if endpoint.is_empty() {
            return;
        }
        self.name(name);
        let mut object = Object::open(self.to);
        let address = |ip: Option<IpAddr>| ip.map(shown).unwrap_or_default();
        object.text("serviceName", &endpoint.service.to_lowercase());
        object.text("ipv4", &address(endpoint.ipv4));
        object.text("ipv6", &address(endpoint.ipv6));
        if endpoint.port > 0 {
            object.number("port", endpoint.port.into());
        }
        object.close();
    }
}
