//! OTLP's spans as Jaeger's, each with its process in it: fields in the order of their numbers, and left out where gogo's
//! protobuf leaves them out.

use slimcol_pdata::{
    Traces, put,
    view::{Attributes, EventRef, LinkRef, ResourceRef, ScopeRef, SpanRef, ValueRef},
};

/// What stands where a resource has no attributes.
pub(crate) const NO_SERVICE: &str = "OTLPResourceNoServiceName";

/// What in `opentracing.ref_type` makes a link a parent.
const CHILD_OF: &str = "child_of";

/// A span as protobuf (`jaeger.api_v2.Span`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The trace it belongs to.
    pub trace_id: [u8; 16],
    /// The span.
    pub body: Vec<u8>,
}

/// All spans, one by one, as Go's `ProtoFromTraces` makes them.
pub fn to_proto(traces: &Traces) -> Vec<Written> {
    let mut all = Vec::new();
    for resource in traces.resource_spans() {
        let process = process(resource.resource());
        for scope in resource.scope_spans() {
            for otlp in scope.spans() {
                let mut body = span(otlp, scope.scope());
                put::bytes(&mut body, 10, &process);
                all.push(Written { trace_id: otlp.trace_id(), body });
            }
        }
    }
    all
}

fn process(resource: ResourceRef<'_>) -> Vec<u8> {
    let (mut to, attributes) = (Vec::new(), resource.attributes());
    if attributes.is_empty() {
        put::bytes(&mut to, 1, NO_SERVICE.as_bytes());
        return to;
    }
    // A name that is no text is none.
    text(&mut to, 1, attributes.get("service.name").and_then(ValueRef::as_str).unwrap_or_default());
    for (key, value) in attributes {
        if key != "service.name" {
            tag(&mut to, 2, key, value);
        }
    }
    to
}

fn span(otlp: SpanRef<'_>, scope: ScopeRef<'_>) -> Vec<u8> {
    let mut to = Vec::with_capacity(256);
    put::bytes(&mut to, 1, &otlp.trace_id());
    put::bytes(&mut to, 2, &otlp.span_id());
    text(&mut to, 3, otlp.name());
    references(otlp, &mut to);
    if otlp.flags() & 1 == 1 {
        number(&mut to, 5, 1);
    }
    let (start, end) = (otlp.start_time_unix_nano().cast_signed(), otlp.end_time_unix_nano().cast_signed());
    time(&mut to, 6, start);
    let duration = end.saturating_sub(start);
    seconds(&mut to, 7, duration / 1_000_000_000, duration % 1_000_000_000);
    tags(otlp, scope, &mut to);
    for event in otlp.events() {
        log(event, &mut to);
    }
    to
}

/// The parent first, where whoever reads looks for it; a link to it says only of which kind it is.
fn references(otlp: SpanRef<'_>, to: &mut Vec<u8>) {
    let parent = Some((otlp.trace_id(), otlp.parent_span_id())).filter(|(_, id)| *id != [0; 8]);
    let of = |link: LinkRef<'_>| (link.trace_id(), link.span_id());
    if let Some(parent) = parent {
        let kind = otlp.links().filter(|link| of(*link) == parent).last().map_or(0, kind);
        reference(to, parent, kind);
    }
    for link in otlp.links().filter(|link| Some(of(*link)) != parent) {
        reference(to, of(link), kind(link));
    }
}

fn kind(link: LinkRef<'_>) -> u64 {
    let child = link.attributes().get("opentracing.ref_type").and_then(ValueRef::as_str) == Some(CHILD_OF);
    u64::from(!child)
}

fn reference(to: &mut Vec<u8>, (trace, id): ([u8; 16], [u8; 8]), kind: u64) {
    put::message(to, 4, |to| {
        put::bytes(to, 1, &trace);
        put::bytes(to, 2, &id);
        number(to, 3, kind);
    });
}

fn tags(otlp: SpanRef<'_>, scope: ScopeRef<'_>, to: &mut Vec<u8>) {
    word(to, "otel.scope.name", scope.name());
    word(to, "otel.scope.version", scope.version());
    attributes(to, 8, otlp.attributes());
    let kinds = ["", "internal", "server", "client", "producer", "consumer"];
    let kind = usize::try_from(otlp.kind()).ok().and_then(|kind| kinds.get(kind));
    word(to, "span.kind", kind.unwrap_or(&""));
    let status = otlp.status();
    match status.code() {
        1 => word(to, "otel.status_code", "OK"),
        2 => {
            word(to, "otel.status_code", "ERROR");
            tag(to, 8, "error", ValueRef::Bool(true));
        }
        _ => {}
    }
    word(to, "otel.status_description", status.message());
    word(to, "w3c.tracestate", otlp.trace_state());
}

/// A tag of the span, if there is something to say.
fn word(to: &mut Vec<u8>, key: &str, word: &str) {
    if !word.is_empty() {
        tag(to, 8, key, ValueRef::Str(word));
    }
}

fn log(event: EventRef<'_>, to: &mut Vec<u8>) {
    put::message(to, 9, |to| {
        time(to, 1, event.time_unix_nano().cast_signed());
        if !event.name().is_empty() && event.attributes().get("event").is_none() {
            tag(to, 2, "event", ValueRef::Str(event.name()));
        }
        attributes(to, 2, event.attributes());
    });
}

fn attributes(to: &mut Vec<u8>, field: u32, attributes: Attributes<'_>) {
    for (key, value) in attributes {
        // The old name is what Go writes with its feature gates as they are by default.
        let key = if key == "http.response.status_code" { "http.status_code" } else { key };
        tag(to, field, key, value);
    }
}

fn tag(to: &mut Vec<u8>, field: u32, key: &str, value: ValueRef<'_>) {
    put::message(to, field, |to| {
        text(to, 1, key);
        match value {
            ValueRef::Empty => {}
            ValueRef::Str(own) => text(to, 3, own),
            ValueRef::Bool(own) => {
                number(to, 2, 1);
                number(to, 4, u64::from(own));
            }
            ValueRef::Int(own) => {
                number(to, 2, 2);
                number(to, 5, own.cast_unsigned());
            }
            ValueRef::Double(own) => {
                number(to, 2, 3);
                // Go's zeros have no sign here.
                if own != 0.0 {
                    put::fixed64(to, 6, own.to_bits());
                }
            }
            ValueRef::Bytes(own) => {
                number(to, 2, 4);
                if !own.is_empty() {
                    put::bytes(to, 7, own);
                }
            }
            other => text(to, 3, &other.to_text()),
        }
    });
}

fn text(to: &mut Vec<u8>, field: u32, text: &str) {
    if !text.is_empty() {
        put::bytes(to, field, text.as_bytes());
    }
}

fn number(to: &mut Vec<u8>, field: u32, number: u64) {
    if number != 0 {
        put::varint_field(to, field, number);
    }
}

/// A `Timestamp`: nanoseconds are never negative.
fn time(to: &mut Vec<u8>, field: u32, nanos: i64) {
    seconds(to, field, nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
}

fn seconds(to: &mut Vec<u8>, field: u32, seconds: i64, nanos: i64) {
    put::message(to, field, |to| {
        number(to, 1, seconds.cast_unsigned());
        number(to, 2, nanos.cast_unsigned());
    });
}
