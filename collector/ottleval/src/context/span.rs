//! Statements about spans.

use slimcol_pdata::{
    edit::{EntryHeadMut, ScopeHeadMut, SpanMut},
    enums,
    numbers::Span as Numbers,
    view::{SpanRef, ValueRef, View},
};

use super::{Context, Field, Scratch, Slot, cast, fields::Table, resource, scope::inside};
use crate::{
    fault::Fault,
    value::{Value, hex},
};

/// A field of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum SpanField {
    TraceId,
    TraceIdString,
    SpanId,
    SpanIdString,
    ParentSpanId,
    ParentSpanIdString,
    TraceState,
    Name,
    Kind,
    KindString,
    KindDeprecatedString,
    StartTimeUnixNano,
    EndTimeUnixNano,
    StartTime,
    EndTime,
    Attributes,
    DroppedAttributesCount,
    Events,
    DroppedEventsCount,
    Links,
    DroppedLinksCount,
    StatusCode,
    StatusMessage,
    Flags,
}

pub(super) const FIELDS: Table = &[
    ("trace_id", Field::Span(SpanField::TraceId)),
    ("trace_id.string", Field::Span(SpanField::TraceIdString)),
    ("span_id", Field::Span(SpanField::SpanId)),
    ("span_id.string", Field::Span(SpanField::SpanIdString)),
    ("parent_span_id", Field::Span(SpanField::ParentSpanId)),
    ("parent_span_id.string", Field::Span(SpanField::ParentSpanIdString)),
    ("trace_state", Field::Span(SpanField::TraceState)),
    ("name", Field::Span(SpanField::Name)),
    ("kind", Field::Span(SpanField::Kind)),
    ("kind.string", Field::Span(SpanField::KindString)),
    ("kind.deprecated_string", Field::Span(SpanField::KindDeprecatedString)),
    ("start_time_unix_nano", Field::Span(SpanField::StartTimeUnixNano)),
    ("end_time_unix_nano", Field::Span(SpanField::EndTimeUnixNano)),
    ("start_time", Field::Span(SpanField::StartTime)),
    ("end_time", Field::Span(SpanField::EndTime)),
    ("attributes", Field::Span(SpanField::Attributes)),
    ("dropped_attributes_count", Field::Span(SpanField::DroppedAttributesCount)),
    ("events", Field::Span(SpanField::Events)),
    ("dropped_events_count", Field::Span(SpanField::DroppedEventsCount)),
    ("links", Field::Span(SpanField::Links)),
    ("dropped_links_count", Field::Span(SpanField::DroppedLinksCount)),
    ("status.code", Field::Span(SpanField::StatusCode)),
    ("status.message", Field::Span(SpanField::StatusMessage)),
    ("flags", Field::Span(SpanField::Flags)),
];

/// The enums, each in the order of its numbers.
pub(super) const SYMBOLS: &[&[&str]] = &[enums::SPAN_KIND, enums::STATUS_CODE];

const SHORT_KINDS: &[&str] = &["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];

fn kind(span: SpanRef<'_>, names: &'static [&'static str]) -> Value<'static> {
    let at = usize::try_from(span.kind()).unwrap_or(usize::MAX);
    names.get(at).copied().unwrap_or_default().into()
}

/// The kind of that name; `what` says in errors what names these are.
fn kind_named(value: &Value<'_>, names: &[&str], what: &str) -> Result<i32, Fault> {
    let name = cast::text(value)?;
    let at = names.iter().position(|own| *own == name);
    at.and_then(|at| i32::try_from(at).ok())
        .ok_or_else(|| Fault::new(format!("unknown span kind {what}, {name}")))
}

pub(super) fn get(span: SpanRef<'_>, field: SpanField) -> Value<'_> {
    match field {
        SpanField::TraceId => Value::TraceId(span.trace_id()),
        SpanField::TraceIdString => hex(&span.trace_id()).into(),
        SpanField::SpanId => Value::SpanId(span.span_id()),
        SpanField::SpanIdString => hex(&span.span_id()).into(),
        SpanField::ParentSpanId => Value::SpanId(span.parent_span_id()),
        SpanField::ParentSpanIdString => hex(&span.parent_span_id()).into(),
        SpanField::TraceState => span.trace_state().into(),
        SpanField::Name => span.name().into(),
        SpanField::Kind => i64::from(span.kind()).into(),
        SpanField::KindString => kind(span, SHORT_KINDS),
        SpanField::KindDeprecatedString => kind(span, enums::SPAN_KIND),
        SpanField::StartTimeUnixNano => cast::count(span.start_time_unix_nano()),
        SpanField::EndTimeUnixNano => cast::count(span.end_time_unix_nano()),
        SpanField::StartTime => cast::instant(span.start_time_unix_nano()),
        SpanField::EndTime => cast::instant(span.end_time_unix_nano()),
        SpanField::Attributes => ValueRef::Map(span.attributes()).into(),
        SpanField::DroppedAttributesCount => i64::from(span.dropped_attributes_count()).into(),
        SpanField::Events => Value::Items("ptrace.SpanEventSlice", span.events().count()),
        SpanField::DroppedEventsCount => i64::from(span.dropped_events_count()).into(),
        SpanField::Links => Value::Items("ptrace.SpanLinkSlice", span.links().count()),
        SpanField::DroppedLinksCount => i64::from(span.dropped_links_count()).into(),
        SpanField::StatusCode => i64::from(span.status().code()).into(),
        SpanField::StatusMessage => span.status().message().into(),
        SpanField::Flags => i64::from(span.flags()).into(),
    }
}

pub(super) fn set(span: &mut SpanMut<'_>, field: SpanField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        SpanField::TraceId => span.set_trace_id(cast::trace_id(value)?),
        SpanField::TraceIdString => span.set_trace_id(cast::id_text(value, "trace")?),
        SpanField::SpanId => span.set_span_id(cast::span_id(value)?),
        SpanField::SpanIdString => span.set_span_id(cast::id_text(value, "span")?),
        SpanField::ParentSpanId => span.set_parent_span_id(cast::span_id(value)?),
        SpanField::ParentSpanIdString => span.set_parent_span_id(cast::id_text(value, "span")?),
        SpanField::TraceState => span.set_trace_state(cast::text(value)?),
        SpanField::Name => span.set_name(cast::text(value)?),
        SpanField::Kind => span.set_kind(cast::low(value)?.cast_signed()),
        SpanField::KindString => span.set_kind(kind_named(value, SHORT_KINDS, "string")?),
        SpanField::KindDeprecatedString => {
            span.set_kind(kind_named(value, enums::SPAN_KIND, "deprecated string")?);
        }
        SpanField::StartTimeUnixNano => span.set_start_time_unix_nano(cast::nanos(value)?),
        SpanField::EndTimeUnixNano => span.set_end_time_unix_nano(cast::nanos(value)?),
        SpanField::StartTime => span.set_start_time_unix_nano(cast::time(value)?),
        SpanField::EndTime => span.set_end_time_unix_nano(cast::time(value)?),
        SpanField::DroppedAttributesCount => span.set_dropped_attributes_count(cast::low(value)?),
        SpanField::DroppedEventsCount => span.set_dropped_events_count(cast::low(value)?),
        SpanField::DroppedLinksCount => span.set_dropped_links_count(cast::low(value)?),
        SpanField::StatusCode => {
            let code = cast::low(value)?.cast_signed();
            span.status_mut().set_code(code);
        }
        SpanField::StatusMessage => {
            let message = cast::text(value)?;
            span.status_mut().set_message(message);
        }
        SpanField::Flags => {
            let flags = cast::int(value)?;
            let flags = u32::try_from(flags)
                .map_err(|_| Fault::new(format!("value {flags} is out of range for uint32")))?;
            span.set_flags(flags);
        }
        SpanField::Events | SpanField::Links => {
            return Err(Fault::new("events and links cannot be set as a whole"));
        }
        SpanField::Attributes => {}
    }
    Ok(())
}

pub(super) fn slot<'a>(span: &'a mut SpanMut<'_>, field: SpanField) -> Option<Slot<'a>> {
    (field == SpanField::Attributes).then(|| Slot::Map(span.attributes_mut()))
}

/// The number of a field of the context that is not repeated.
const fn numbered(field: Field) -> Option<u32> {
    match field {
        Field::Span(own) => number(own),
        _ => None,
    }
}

const fn number(field: SpanField) -> Option<u32> {
    Some(match field {
        SpanField::TraceId | SpanField::TraceIdString => Numbers::trace_id,
        SpanField::SpanId | SpanField::SpanIdString => Numbers::span_id,
        SpanField::ParentSpanId | SpanField::ParentSpanIdString => Numbers::parent_span_id,
        SpanField::TraceState => Numbers::trace_state,
        SpanField::Name => Numbers::name,
        SpanField::Kind | SpanField::KindString | SpanField::KindDeprecatedString => Numbers::kind,
        SpanField::StartTimeUnixNano | SpanField::StartTime => Numbers::start_time_unix_nano,
        SpanField::EndTimeUnixNano | SpanField::EndTime => Numbers::end_time_unix_nano,
        SpanField::DroppedAttributesCount => Numbers::dropped_attributes_count,
        SpanField::DroppedEventsCount => Numbers::dropped_events_count,
        SpanField::DroppedLinksCount => Numbers::dropped_links_count,
        SpanField::StatusCode | SpanField::StatusMessage => Numbers::status,
        SpanField::Flags => Numbers::flags,
        SpanField::Attributes | SpanField::Events | SpanField::Links => return None,
    })
}

/// A span.
#[derive(Debug)]
pub struct SpanContext<'c, 'r, 's, 'i> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    span: &'c mut SpanMut<'i>,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's, 'i> SpanContext<'c, 'r, 's, 'i> {
    /// A span with its scope and its resource.
    pub fn new(
        resource: &'c mut EntryHeadMut<'r>,
        scope: &'c mut ScopeHeadMut<'s>,
        span: &'c mut SpanMut<'i>,
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(Numbers::attributes);
        Self { resource, scope, span, scratch }
    }

    /// The span as far as it is needed for a field.
    #[inline]
    fn view(&self, field: SpanField) -> SpanRef<'_> {
        let span = self.span.view();
        match number(field) {
            Some(number) => SpanRef::of(self.scratch.item.borrow_mut().narrow(span.encoded(), number)),
            None => span,
        }
    }

    fn set_own(&mut self, field: SpanField, value: &Value<'_>) -> Result<(), Fault> {
        match number(field) {
            Some(number) => set(&mut self.span.knowing(self.scratch.item.get_mut(), number), field, value),
            None => set(self.span, field, value),
        }
    }
}

inside! { SpanContext<'_, '_, '_, '_> {
    Field::Span(own) => get(this.view(own), own), this.set_own(own, value), slot(this.span, own);
    @attributes Field::Span(SpanField::Attributes) => this.span.view().encoded(), this.span.attributes_mut(),
        numbered;
} this value own }
