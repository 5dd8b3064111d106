//! OTLP's spans as Zipkin's.

use std::{borrow::Cow, net::IpAddr};

use slimcol_pdata::{
    Traces,
    json::hex,
    view::{Attributes, EventRef, LinkRef, ResourceRef, ScopeRef, SpanRef, StatusRef, ValueRef},
};

use super::{
    span::{Annotation, Endpoint, Kind, Span},
    tags::Tags,
};
use crate::{Error, names};

/// A tag before it is known whether another of the same name takes its place.
type Tag<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Calls `write` with each span. `service` names what has no name of its own.
pub(crate) fn each(
    traces: &Traces,
    service: Option<&str>,
    mut write: impl FnMut(&Span<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    for resource in traces.resource_spans() {
        let (name, of_resource) = of_resource(resource.resource());
        let name = name.unwrap_or(Cow::Borrowed(service.unwrap_or(names::NO_SERVICE)));
        for scope in resource.scope_spans() {
            let mut above = of_resource.clone();
            of_scope(scope.scope(), &mut above);
            for otlp in scope.spans() {
                write(&span(otlp, &name, &above)?)?;
            }
        }
    }
    Ok(())
}

/// The name of the service, and all else that the resource says as tags.
fn of_resource(resource: ResourceRef<'_>) -> (Option<Cow<'_, str>>, Vec<Tag<'_>>) {
    let mut tags: Tags<'_> = texts(resource.attributes()).collect::<Vec<_>>().into();
    if let Some(id) = tags.take(names::CLOUD_RESOURCE)
        && tags.get(names::FAAS_ID).is_none()
    {
        tags.set(names::FAAS_ID, id);
    }
    let mut name = tags.take(names::SERVICE_NAME);
    if name.is_none() {
        let other = names::OTHER_SERVICE_NAMES.into_iter().find(|other| tags.get(other).is_some());
        if let Some(other) = other {
            name = tags.take(other);
            tags.set(names::SERVICE_SOURCE, other);
        }
    }
    (name, tags.into_pairs())
}

fn of_scope<'a>(scope: ScopeRef<'a>, tags: &mut Vec<Tag<'a>>) {
    tags.extend(texts(scope.attributes()));
    for (tag, text) in [(names::LIBRARY_NAME, scope.name()), (names::LIBRARY_VERSION, scope.version())] {
        if !text.is_empty() {
            tags.push((Cow::Borrowed(tag), Cow::Borrowed(text)));
        }
    }
}

fn texts(attributes: Attributes<'_>) -> impl Iterator<Item = Tag<'_>> {
    attributes.into_iter().map(|(key, value)| (Cow::Borrowed(key), value.to_text()))
}

fn span<'a>(otlp: SpanRef<'a>, service: &'a str, above: &[Tag<'a>]) -> Result<Span<'a>, Error> {
    for (id, name) in [(&otlp.trace_id()[..], "TraceID"), (&otlp.span_id(), "SpanID")] {
        if id.iter().all(|byte| *byte == 0) {
            return Err(Error::new(format!("{name} is invalid")));
        }
    }
    let mut tags = Vec::with_capacity(above.len() + 8);
    tags.extend_from_slice(above);
    tags.extend(texts(otlp.attributes()));
    let mut tags = Tags::from(tags);
    if let Some(code) = tags.get(names::HTTP_RESPONSE_STATUS).map(ToOwned::to_owned)
        && tags.get(names::HTTP_STATUS).is_none()
    {
        tags.set(names::HTTP_STATUS, code);
    }
    if !otlp.trace_state().is_empty() {
        tags.set(names::TRACE_STATE, otlp.trace_state());
    }
    if otlp.kind() == 1 {
        tags.set(names::SPAN_KIND, "internal");
    }
    let local = endpoint(&mut tags, Cow::Borrowed(service), names::LOCAL_ADDRESS, names::LOCAL_PORT);
    let peer = tags.take(names::PEER_NAME).or_else(|| tags.take(names::PEER_SERVICE)).unwrap_or_default();
    let remote = endpoint(&mut tags, peer, names::PEER_ADDRESS, names::PEER_PORT);
    status(otlp.status(), &mut tags);
    for (index, link) in otlp.links().enumerate() {
        tags.set(format!("otlp.link.{index}"), linked(link));
    }
    let (start, end) = (otlp.start_time_unix_nano(), otlp.end_time_unix_nano());
    let duration = if end == 0 { 0 } else { end.wrapping_sub(start).cast_signed() };
    Ok(Span {
        trace_id: otlp.trace_id(),
        id: otlp.span_id(),
        parent_id: Some(otlp.parent_span_id()).filter(|id| *id != [0; 8]),
        name: Cow::Borrowed(otlp.name()),
        kind: kind(otlp.kind()),
        // What is read without a start gets none here, and its first second is Go's too.
        start: started(start)?,
        duration: duration.try_into().map_err(|_| Error::new("valid duration required"))?,
        local,
        remote,
        annotations: otlp.events().map(annotation).collect(),
        tags,
    })
}

fn started(nanos: u64) -> Result<Option<u64>, Error> {
    if nanos < 1_000_000_000 {
        return Ok(None);
    }
    match i64::try_from(nanos) {
        Ok(_) => Ok(Some(nanos)),
        Err(_) => Err(Error::new("valid annotation timestamp required")),
    }
}

const fn kind(kind: i32) -> Kind {
    match kind {
        2 => Kind::Server,
        3 => Kind::Client,
        4 => Kind::Producer,
        5 => Kind::Consumer,
        _ => Kind::Unspecified,
    }
}

/// Takes the tags that say where something is. Without a name and an address there is no such place.
fn endpoint<'a>(tags: &mut Tags<'a>, service: Cow<'a, str>, address: &str, port: &str) -> Endpoint<'a> {
    let address = tags.take(address);
    let port = tags.take(port).map_or(0, |port| {
        // A number that does not fit counts as the nearest, as in Go.
        port.parse::<u64>().map_or(0, |port| u16::try_from(port).unwrap_or(u16::MAX))
    });
    let ip = address.as_ref().and_then(|text| text.parse::<IpAddr>().ok());
    if service.is_empty() && ip.is_none() {
        return Endpoint::default();
    }
    let six = address.is_some_and(|text| text.contains(':'));
    Endpoint { service, ipv4: ip.filter(|_| !six), ipv6: ip.filter(|_| six), port }
}

/// The `error` tag says that a span failed, whatever its value: it is there only for those that did.
fn status<'a>(status: StatusRef<'a>, tags: &mut Tags<'a>) {
    let code = match status.code() {
        1 => "STATUS_CODE_OK",
        2 => "STATUS_CODE_ERROR",
        0 => {
            tags.take(names::ERROR);
            return;
        }
        _ => "",
    };
    if status.code() == 2 {
        tags.set(names::ERROR, "true");
    } else {
        tags.take(names::ERROR);
    }
    tags.set(names::STATUS_CODE, code);
    if !status.message().is_empty() {
        tags.set(names::STATUS_DESCRIPTION, status.message());
    }
}

fn annotation(event: EventRef<'_>) -> Annotation<'_> {
    let (attributes, dropped) = (event.attributes(), event.dropped_attributes_count());
    let value = if attributes.is_empty() && dropped == 0 {
        Cow::Borrowed(event.name())
    } else {
        Cow::Owned(format!("{}|{}|{dropped}", event.name(), ValueRef::Map(attributes).to_text()))
    };
    Annotation { time: event.time_unix_nano(), value }
}

fn linked(link: LinkRef<'_>) -> String {
    let (state, attributes) = (link.trace_state(), ValueRef::Map(link.attributes()).to_text());
    let (trace, span) = (hex(&link.trace_id()), hex(&link.span_id()));
    format!("{trace}|{span}|{state}|{attributes}|{}", link.dropped_attributes_count())
}

/// An id in hex; one of zeros is none.
fn hex(id: &[u8]) -> String {
    let mut text = Vec::with_capacity(2 * id.len());
    if id.iter().any(|byte| *byte != 0) {
        hex::encode(&mut text, id);
    }
    // Hex digits are text; the default is for the type.
    String::from_utf8(text).unwrap_or_default()
}
