//! One span.

use slimcol_pdata::put;

use super::{event::event, link::links};
use crate::{
    Error, names,
    typed::typed,
    v2::{
        span::{Endpoint, Kind, Span, shown},
        tags::Tags,
    },
};

/// Appends what a span is in OTLP. It uses the tags up.
pub(super) fn span(span: &mut Span<'_>, parse: bool, to: &mut Vec<u8>) -> Result<(), Error> {
    if span.trace_id != [0; 16] {
        put::bytes(to, 1, &span.trace_id);
    }
    if span.id != [0; 8] {
        put::bytes(to, 2, &span.id);
    }
    if let Some(state) = span.tags.take(names::TRACE_STATE) {
        put::bytes(to, 3, state.as_bytes());
    }
    if let Some(id) = span.parent_id.filter(|id| *id != span.id && *id != [0; 8]) {
        put::bytes(to, 4, &id);
    }
    put::bytes(to, 5, span.name.as_bytes());
    put::varint_field(to, 6, kind(span.kind, &mut span.tags));
    let start = span.start.unwrap_or_default();
    put::fixed64(to, 7, start);
    put::fixed64(to, 8, start.wrapping_add(span.duration));
    let status = status(&mut span.tags);
    links(&mut span.tags, to)?;
    attributes(span, parse, to);
    for annotation in &span.annotations {
        put::message(to, 11, |to| event(annotation, to))?;
    }
    put::message(to, 15, |to| {
        if let Some(message) = status.message {
            put::bytes(to, 2, message.as_bytes());
        }
        put::varint_field(to, 3, status.code);
    });
    Ok(())
}

fn kind(kind: Kind, tags: &mut Tags<'_>) -> u64 {
    match kind {
        Kind::Server => 2,
        Kind::Client => 3,
        Kind::Producer => 4,
        Kind::Consumer => 5,
        Kind::Unspecified => tags.take(names::SPAN_KIND).is_some_and(|kind| kind == "internal").into(),
    }
}

struct Status {
    code: u64,
    message: Option<String>,
}

fn status(tags: &mut Tags<'_>) -> Status {
    let mut status = Status { code: 0, message: None };
    if let Some(code) = tags.take(names::STATUS_CODE) {
        status.code = match &*code {
            "STATUS_CODE_OK" | "Ok" => 1,
            "STATUS_CODE_ERROR" | "Error" => 2,
            _ => 0,
        };
        status.message = tags.take(names::STATUS_DESCRIPTION).map(Into::into);
    }
    if let Some(error) = tags.get(names::ERROR) {
        status.code = 2;
        if error == "true" {
            tags.take(names::ERROR);
        }
    }
    status
}

/// Appends the tags and endpoints as attributes.
fn attributes(span: &Span<'_>, parse: bool, to: &mut Vec<u8>) {
    let Span { local, remote, start, .. } = span;
    let addressed = |of: &Endpoint<'_>| of.ipv4.is_some() || of.ipv6.is_some();
    // The endpoints are more to the point than tags of these names.
    let replaced = |name: &str| match name {
        names::LOCAL_ADDRESS => addressed(local),
        names::LOCAL_PORT => local.port > 0,
        names::PEER_NAME => !remote.service.is_empty(),
        names::PEER_ADDRESS => addressed(remote),
        names::PEER_PORT => remote.port > 0,
        names::NO_START => start.is_none(),
        _ => names::is_of_resource(name) || names::is_of_scope(name),
    };
    for (name, value) in span.tags.iter().filter(|(name, _)| !replaced(name)) {
        put::attribute(to, 9, name, typed(value, parse));
    }
    if !remote.service.is_empty() {
        put::attribute(to, 9, names::PEER_NAME, &*remote.service);
    }
    for (of, address, port) in
        [(local, names::LOCAL_ADDRESS, names::LOCAL_PORT), (remote, names::PEER_ADDRESS, names::PEER_PORT)]
    {
        if let Some(ip) = of.ipv6.or(of.ipv4) {
            put::attribute(to, 9, address, &*shown(ip));
        }
        if of.port > 0 {
            put::attribute(to, 9, port, i64::from(of.port));
        }
    }
    if start.is_none() {
        put::attribute(to, 9, names::NO_START, true);
    }
}
