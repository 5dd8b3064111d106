//! Spans.

use std::fmt::{self, Write};

use slimcol_pdata::{Traces, view::SpanRef};

use super::{INNER, write_attributes, write_resource, write_scope};
use crate::print::{Id, Time};

pub(super) fn write(out: &mut String, traces: &Traces) -> fmt::Result {
    for (i, resource) in traces.resource_spans().enumerate() {
        write_resource(out, "ResourceSpans", i, resource.schema_url(), resource.resource())?;
        for (j, scope) in resource.scope_spans().enumerate() {
            write_scope(out, "ScopeSpans", j, scope.schema_url(), scope.scope())?;
            for (k, span) in scope.spans().enumerate() {
                write_span(out, k, span)?;
            }
        }
    }
    Ok(())
}

fn write_span(out: &mut String, number: usize, span: SpanRef<'_>) -> fmt::Result {
    writeln!(out, "Span #{number}")?;
    write_field(out, "Trace ID", Id(span.trace_id()))?;
    write_field(out, "Parent ID", Id(span.parent_span_id()))?;
    write_field(out, "ID", Id(span.span_id()))?;
    write_field(out, "Name", span.name())?;
    write_field(out, "Kind", kind(span.kind()))?;
    if !span.trace_state().is_empty() {
        write_field(out, "TraceState", span.trace_state())?;
    }
    write_field(out, "Start time", Time(span.start_time_unix_nano()))?;
    write_field(out, "End time", Time(span.end_time_unix_nano()))?;
    let status = span.status();
    write_field(out, "Status code", status_code(status.code()))?;
    write_field(out, "Status message", status.message())?;
    write_field(out, "DroppedAttributesCount", span.dropped_attributes_count())?;
    write_field(out, "DroppedEventsCount", span.dropped_events_count())?;
    write_field(out, "DroppedLinksCount", span.dropped_links_count())?;
    write_attributes(out, "", "Attributes", span.attributes())?;
    write_events(out, span)?;
    write_links(out, span)
}

fn write_events(out: &mut String, span: SpanRef<'_>) -> fmt::Result {
    for (i, event) in span.events().enumerate() {
        if i == 0 {
            out.push_str("Events:\n");
        }
        writeln!(out, "SpanEvent #{i}\n     -> Name: {}", event.name())?;
        writeln!(out, "     -> Timestamp: {}", Time(event.time_unix_nano()))?;
        writeln!(out, "     -> DroppedAttributesCount: {}", event.dropped_attributes_count())?;
        // Two colons, as in Go.
        write_attributes(out, INNER, "Attributes:", event.attributes())?;
    }
    Ok(())
}

fn write_links(out: &mut String, span: SpanRef<'_>) -> fmt::Result {
    for (i, link) in span.links().enumerate() {
        if i == 0 {
            out.push_str("Links:\n");
        }
        writeln!(out, "SpanLink #{i}\n     -> Trace ID: {}", Id(link.trace_id()))?;
        writeln!(out, "     -> ID: {}", Id(link.span_id()))?;
        writeln!(out, "     -> TraceState: {}", link.trace_state())?;
        writeln!(out, "     -> DroppedAttributesCount: {}", link.dropped_attributes_count())?;
        write_attributes(out, INNER, "Attributes:", link.attributes())?;
    }
    Ok(())
}

fn write_field(out: &mut String, name: &str, value: impl fmt::Display) -> fmt::Result {
    writeln!(out, "    {name:<15}: {value}")
}

/// The name of a span's kind. Numbers that OTLP does not define have none.
fn kind(number: i32) -> &'static str {
    const NAMES: [&str; 6] = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
    usize::try_from(number).ok().and_then(|i| NAMES.get(i)).copied().unwrap_or_default()
}

fn status_code(number: i32) -> &'static str {
    const NAMES: [&str; 3] = ["Unset", "Ok", "Error"];
    usize::try_from(number).ok().and_then(|i| NAMES.get(i)).copied().unwrap_or_default()
}
