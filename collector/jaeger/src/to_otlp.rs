//! Spans as an OTLP request.

use slimcol_pdata::put;

use crate::{
    attributes::Attributes,
    span::{Log, Process, Reference, Span, Value},
    status::status,
};

/// Appends the resource that a process is.
pub(crate) fn resource(process: Process<'_>, to: &mut Vec<u8>) {
    put::message(to, 1, |to| {
        let mut tags = Vec::with_capacity(process.tags.len() + 2);
        if !process.service.is_empty() {
            tags.push(("service.name".into(), Value::Text(process.service)));
        }
        tags.extend(process.tags);
        let mut tags = Attributes::from(tags);
        if tags.get("host.name").is_none()
            && let Some(host) = tags.take("hostname")
        {
            tags.set("host.name", host);
        }
        if tags.get("opencensus.exporterversion").is_none()
            && let Some(version) = tags.take("jaeger.version")
        {
            let version = format!("Jaeger-{}", version.text());
            tags.set("opencensus.exporterversion", Value::Text(version.into()));
        }
        tags.write(1, to);
    });
}

/// Appends a span of a scope. `stateful` says whether a tag may hold the trace's state.
pub(crate) fn span(span: Span<'_>, stateful: bool, to: &mut Vec<u8>) {
    put::message(to, 2, |to| {
        let parent = span.parent();
        if span.trace_id != [0; 16] {
            put::bytes(to, 1, &span.trace_id);
        }
        for (number, id) in [(2, &span.id), (4, &parent)] {
            if *id != [0; 8] {
                put::bytes(to, number, id);
            }
        }
        put::bytes(to, 5, span.name.as_bytes());
        put::fixed64(to, 7, span.start);
        put::fixed64(to, 8, span.end);
        if span.flags & 1 == 1 {
            put::fixed32(to, 16, 1);
        }
        let mut tags = Attributes::from(span.tags);
        let kind = tags.take_text("span.kind").map_or(0, |kind| number(&kind));
        put::varint_field(to, 6, kind);
        if let Some((code, message)) = status(&mut tags, kind) {
            put::message(to, 15, |to| {
                put::bytes(to, 2, message.as_bytes());
                put::varint_field(to, 3, code);
            });
        }
        if let Some(state) = stateful.then(|| tags.take_text("w3c.tracestate")).flatten() {
            put::bytes(to, 3, state.as_bytes());
        }
        tags.write(9, to);
        for log in span.logs {
            event(log, to);
        }
        for reference in span.references.iter().filter(|other| other.follows || other.id != parent) {
            link(reference, to);
        }
    });
}

/// OTLP's number of a kind of span.
fn number(kind: &str) -> u64 {
    match kind {
        "internal" => 1,
        "server" => 2,
        "client" => 3,
        "producer" => 4,
        "consumer" => 5,
        _ => 0,
    }
}

fn event(log: Log<'_>, to: &mut Vec<u8>) {
    put::message(to, 11, |to| {
        put::fixed64(to, 1, log.time);
        let mut fields = Attributes::from(log.fields);
        if let Some(name) = fields.take_text("event") {
            put::bytes(to, 2, name.as_bytes());
        }
        fields.write(3, to);
    });
}

fn link(reference: &Reference, to: &mut Vec<u8>) {
    put::message(to, 13, |to| {
        if reference.trace_id != [0; 16] {
            put::bytes(to, 1, &reference.trace_id);
        }
        if reference.id != [0; 8] {
            put::bytes(to, 2, &reference.id);
        }
        let kind = if reference.follows { "follows_from" } else { "child_of" };
        put::attribute(to, 4, "opentracing.ref_type", kind);
    });
}
