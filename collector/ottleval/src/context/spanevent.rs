//! Statements about the events of spans.

use slimcol_pdata::{
    edit::{EntryHeadMut, EventMut, ScopeHeadMut, SpanMut},
    numbers::Event as Numbers,
    view::{EventRef, ValueRef},
};

use super::{
    Context, Field, Scratch, Slot, cast,
    fields::Table,
    resource,
    scope::{inside, unnumbered},
    span,
};
use crate::{fault::Fault, value::Value};

/// A field of a span's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum EventField {
    TimeUnixNano,
    Time,
    Name,
    Attributes,
    DroppedAttributesCount,
    EventIndex,
}

pub(super) const FIELDS: Table = &[
    ("time_unix_nano", Field::Event(EventField::TimeUnixNano)),
    ("time", Field::Event(EventField::Time)),
    ("name", Field::Event(EventField::Name)),
    ("attributes", Field::Event(EventField::Attributes)),
    ("dropped_attributes_count", Field::Event(EventField::DroppedAttributesCount)),
    ("event_index", Field::Event(EventField::EventIndex)),
];

fn get(event: EventRef<'_>, index: i64, field: EventField) -> Value<'_> {
    match field {
        EventField::TimeUnixNano => cast::count(event.time_unix_nano()),
        EventField::Time => cast::instant(event.time_unix_nano()),
        EventField::Name => event.name().into(),
        EventField::Attributes => ValueRef::Map(event.attributes()).into(),
        EventField::DroppedAttributesCount => i64::from(event.dropped_attributes_count()).into(),
        EventField::EventIndex => index.into(),
    }
}

fn set(event: &mut EventMut<'_>, field: EventField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        EventField::TimeUnixNano => event.set_time_unix_nano(cast::nanos(value)?),
        EventField::Time => event.set_time_unix_nano(cast::time(value)?),
        EventField::Name => event.set_name(cast::text(value)?),
        EventField::DroppedAttributesCount => event.set_dropped_attributes_count(cast::low(value)?),
        EventField::EventIndex => return Err(Fault::new("the 'event_index' path cannot be modified")),
        EventField::Attributes => {}
    }
    Ok(())
}

fn slot<'a>(event: &'a mut EventMut<'_>, field: EventField) -> Option<Slot<'a>> {
    (field == EventField::Attributes).then(|| Slot::Map(event.attributes_mut()))
}

/// An event of a span.
#[derive(Debug)]
pub struct EventContext<'c, 'r, 's, 'p, 'i> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    span: &'c mut SpanMut<'p>,
    event: &'c mut EventMut<'i>,
    index: i64,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's, 'p, 'i> EventContext<'c, 'r, 's, 'p, 'i> {
    /// The event of that place, from 0, with its span, its scope and its resource.
    pub fn new(
        resource: &'c mut EntryHeadMut<'r>,
        scope: &'c mut ScopeHeadMut<'s>,
        span: &'c mut SpanMut<'p>,
        (index, event): (i64, &'c mut EventMut<'i>),
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(Numbers::attributes);
        Self { resource, scope, span, event, index, scratch }
    }
}

inside! { EventContext<'_, '_, '_, '_, '_> {
    Field::Event(own) => get(this.event.view(), this.index, own), set(this.event, own, value), slot(this.event, own);
    Field::Span(own) => span::get(this.span.view(), own), span::set(this.span, own, value), span::slot(this.span, own);
    @attributes Field::Event(EventField::Attributes) => this.event.view().encoded(), this.event.attributes_mut(), unnumbered;
} this value own }
