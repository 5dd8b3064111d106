//! Spans as an OTLP request, grouped by service and within it by scope.

mod event;
mod link;
mod span;

use std::borrow::Cow;

use slimcol_pdata::{Traces, put};

pub(crate) use self::link::hex;
use self::span::span;
use super::{span::Span, tags::Tags};
use crate::{Error, names};

/// The request. A group's resource and scope are those of its first span; what the others say of theirs is left out, as Go
/// does.
pub(crate) fn traces(mut spans: Vec<Span<'_>>, parse: bool) -> Result<Traces, Error> {
    slimcol_order::sort_by(&mut spans, |a, b| {
        a.service().cmp(b.service()).then_with(|| a.scope().cmp(b.scope()))
    });
    let mut request = Vec::with_capacity(spans.len() * 256);
    for group in spans.chunk_by_mut(|a, b| a.service() == b.service()) {
        put::message(&mut request, 1, |to| {
            resource(&mut group[0], to);
            for scope in group.chunk_by_mut(|a, b| a.scope() == b.scope()) {
                put::message(to, 2, |to| {
                    head(&mut scope[0].tags, to);
                    scope.iter_mut().try_for_each(|zipkin| put::message(to, 2, |to| span(zipkin, parse, to)))
                })?;
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(Traces::from_bytes(request.into())?)
}

/// Appends the resource of a span, and takes it out of the span's tags.
fn resource(span: &mut Span<'_>, to: &mut Vec<u8>) {
    if span.service() == names::NO_SERVICE {
        return;
    }
    let source = span.tags.take(names::SERVICE_SOURCE).unwrap_or_default();
    let source = if source.is_empty() { names::SERVICE_NAME } else { &source };
    put::message(to, 1, |to| {
        // A tag of that name is more to the point than the endpoint.
        if span.tags.get(source).is_none() || !names::is_of_resource(source) {
            put::attribute(to, 1, source, span.service());
        }
        for (name, value) in span.tags.iter().filter(|(name, _)| names::is_of_resource(name)) {
            put::attribute(to, 1, name, value);
        }
    });
}

/// Appends the scope of a span, and takes it out of the span's tags.
fn head(tags: &mut Tags<'_>, to: &mut Vec<u8>) {
    if tags.get(names::SCOPE_NAME).or_else(|| tags.get(names::LIBRARY_NAME)).is_none_or(str::is_empty) {
        return;
    }
    let name = named(tags, names::SCOPE_NAME, names::LIBRARY_NAME);
    let version = named(tags, names::SCOPE_VERSION, names::LIBRARY_VERSION);
    put::message(to, 1, |to| {
        for (number, text) in [(1, name), (2, version)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                put::bytes(to, number, text.as_bytes());
            }
        }
    });
}

/// Takes the tag `new`, or `old` if there is only that.
fn named<'a>(tags: &mut Tags<'a>, new: &str, old: &str) -> Option<Cow<'a, str>> {
    let old = tags.take(old);
    tags.take(new).or(old)
}
