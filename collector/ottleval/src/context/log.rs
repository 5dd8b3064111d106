//! Statements about log records.

use slimcol_pdata::{
    edit::{EntryHeadMut, LogRecordMut, ScopeHeadMut},
    enums,
    numbers::LogRecord as Numbers,
    view::{LogRecordRef, ValueRef, View},
};

use super::{Context, Field, Scratch, Slot, cast, fields::Table, resource, scope::inside};
use crate::{
    fault::Fault,
    value::{Value, hex},
};

/// A field of a log record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum LogField {
    TimeUnixNano,
    ObservedTimeUnixNano,
    Time,
    ObservedTime,
    SeverityNumber,
    SeverityText,
    Body,
    BodyString,
    Attributes,
    DroppedAttributesCount,
    Flags,
    TraceId,
    TraceIdString,
    SpanId,
    SpanIdString,
    EventName,
}

pub(super) const FIELDS: Table = &[
    ("time_unix_nano", Field::Log(LogField::TimeUnixNano)),
    ("observed_time_unix_nano", Field::Log(LogField::ObservedTimeUnixNano)),
    ("time", Field::Log(LogField::Time)),
    ("observed_time", Field::Log(LogField::ObservedTime)),
    ("severity_number", Field::Log(LogField::SeverityNumber)),
    ("severity_text", Field::Log(LogField::SeverityText)),
    ("body", Field::Log(LogField::Body)),
    ("body.string", Field::Log(LogField::BodyString)),
    ("attributes", Field::Log(LogField::Attributes)),
    ("dropped_attributes_count", Field::Log(LogField::DroppedAttributesCount)),
    ("flags", Field::Log(LogField::Flags)),
    ("trace_id", Field::Log(LogField::TraceId)),
    ("trace_id.string", Field::Log(LogField::TraceIdString)),
    ("span_id", Field::Log(LogField::SpanId)),
    ("span_id.string", Field::Log(LogField::SpanIdString)),
    ("event_name", Field::Log(LogField::EventName)),
];

/// The enums, each in the order of its numbers.
pub(super) const SYMBOLS: &[&[&str]] = &[enums::SEVERITY_NUMBER];

fn get(record: LogRecordRef<'_>, field: LogField) -> Value<'_> {
    match field {
        LogField::TimeUnixNano => cast::count(record.time_unix_nano()),
        LogField::ObservedTimeUnixNano => cast::count(record.observed_time_unix_nano()),
        LogField::Time => cast::instant(record.time_unix_nano()),
        LogField::ObservedTime => cast::instant(record.observed_time_unix_nano()),
        LogField::SeverityNumber => i64::from(record.severity_number()).into(),
        LogField::SeverityText => record.severity_text().into(),
        LogField::Body => record.body().into(),
        LogField::BodyString => cast::made(record.body().to_text()),
        LogField::Attributes => ValueRef::Map(record.attributes()).into(),
        LogField::DroppedAttributesCount => i64::from(record.dropped_attributes_count()).into(),
        LogField::Flags => i64::from(record.flags()).into(),
        LogField::TraceId => Value::TraceId(record.trace_id()),
        LogField::TraceIdString => hex(&record.trace_id()).into(),
        LogField::SpanId => Value::SpanId(record.span_id()),
        LogField::SpanIdString => hex(&record.span_id()).into(),
        LogField::EventName => record.event_name().into(),
    }
}

fn set(record: &mut LogRecordMut<'_>, field: LogField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        LogField::TimeUnixNano => record.set_time_unix_nano(cast::nanos(value)?),
        LogField::ObservedTimeUnixNano => record.set_observed_time_unix_nano(cast::nanos(value)?),
        LogField::Time => record.set_time_unix_nano(cast::time(value)?),
        LogField::ObservedTime => record.set_observed_time_unix_nano(cast::time(value)?),
        LogField::SeverityNumber => record.set_severity_number(cast::low(value)?.cast_signed()),
        LogField::SeverityText => record.set_severity_text(cast::text(value)?),
        LogField::BodyString => record.body_mut().set(cast::text(value)?),
        LogField::DroppedAttributesCount => record.set_dropped_attributes_count(cast::low(value)?),
        LogField::Flags => record.set_flags(cast::low(value)?),
        LogField::TraceId => record.set_trace_id(cast::trace_id(value)?),
        LogField::TraceIdString => record.set_trace_id(cast::id_text(value, "trace")?),
        LogField::SpanId => record.set_span_id(cast::span_id(value)?),
        LogField::SpanIdString => record.set_span_id(cast::id_text(value, "span")?),
        LogField::EventName => record.set_event_name(cast::text(value)?),
        LogField::Body | LogField::Attributes => {}
    }
    Ok(())
}

fn slot<'a>(record: &'a mut LogRecordMut<'_>, field: LogField) -> Option<Slot<'a>> {
    match field {
        LogField::Body => Some(Slot::Value(record.body_mut())),
        LogField::Attributes => Some(Slot::Map(record.attributes_mut())),
        _ => None,
    }
}

/// The number of a field of the context that is not repeated.
const fn numbered(field: Field) -> Option<u32> {
    match field {
        Field::Log(own) => number(own),
        _ => None,
    }
}

const fn number(field: LogField) -> Option<u32> {
    Some(match field {
        LogField::TimeUnixNano | LogField::Time => Numbers::time_unix_nano,
        LogField::ObservedTimeUnixNano | LogField::ObservedTime => Numbers::observed_time_unix_nano,
        LogField::SeverityNumber => Numbers::severity_number,
        LogField::SeverityText => Numbers::severity_text,
        LogField::Body | LogField::BodyString => Numbers::body,
        LogField::DroppedAttributesCount => Numbers::dropped_attributes_count,
        LogField::Flags => Numbers::flags,
        LogField::TraceId | LogField::TraceIdString => Numbers::trace_id,
        LogField::SpanId | LogField::SpanIdString => Numbers::span_id,
        LogField::EventName => Numbers::event_name,
        LogField::Attributes => return None,
    })
}

/// A log record.
#[derive(Debug)]
pub struct LogContext<'c, 'r, 's, 'i> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    record: &'c mut LogRecordMut<'i>,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's, 'i> LogContext<'c, 'r, 's, 'i> {
    /// A record with its scope and its resource.
    pub fn new(
        resource: &'c mut EntryHeadMut<'r>,
        scope: &'c mut ScopeHeadMut<'s>,
        record: &'c mut LogRecordMut<'i>,
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(Numbers::attributes);
        Self { resource, scope, record, scratch }
    }

    /// The record as far as it is needed for a field.
    #[inline]
    fn view(&self, field: LogField) -> LogRecordRef<'_> {
        let record = self.record.view();
        match number(field) {
            Some(number) => LogRecordRef::of(self.scratch.item.borrow_mut().narrow(record.encoded(), number)),
            None => record,
        }
    }

    fn set_own(&mut self, field: LogField, value: &Value<'_>) -> Result<(), Fault> {
        match number(field) {
            Some(number) => set(&mut self.record.knowing(self.scratch.item.get_mut(), number), field, value),
            None => set(self.record, field, value),
        }
    }
}

inside! { LogContext<'_, '_, '_, '_> {
    Field::Log(own) => get(this.view(own), own), this.set_own(own, value), slot(this.record, own);
    @attributes Field::Log(LogField::Attributes) => this.record.view().encoded(), this.record.attributes_mut(),
        numbered;
} this value own }
