//! Statements about the exemplars of data points.

use slimcol_pdata::{
    edit::{EntryHeadMut, ExemplarMut, MetricHeadMut, PointMut, ScopeHeadMut},
    view::{ExemplarRef, Number, ValueRef},
};

use super::{Context, Field, Scratch, Slot, cast, datapoint, fields::Table, metric, resource, scope::inside};
use crate::{
    fault::Fault,
    value::{Value, hex},
};

/// A field of an exemplar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum ExemplarField {
    TimeUnixNano,
    Time,
    DoubleValue,
    IntValue,
    TraceId,
    TraceIdString,
    SpanId,
    SpanIdString,
    FilteredAttributes,
}

pub(super) const FIELDS: Table = &[
    ("time_unix_nano", Field::Exemplar(ExemplarField::TimeUnixNano)),
    ("time", Field::Exemplar(ExemplarField::Time)),
    ("double_value", Field::Exemplar(ExemplarField::DoubleValue)),
    ("int_value", Field::Exemplar(ExemplarField::IntValue)),
    ("trace_id", Field::Exemplar(ExemplarField::TraceId)),
    ("trace_id.string", Field::Exemplar(ExemplarField::TraceIdString)),
    ("span_id", Field::Exemplar(ExemplarField::SpanId)),
    ("span_id.string", Field::Exemplar(ExemplarField::SpanIdString)),
    ("filtered_attributes", Field::Exemplar(ExemplarField::FilteredAttributes)),
];

#[inline(never)]
fn get(exemplar: ExemplarRef<'_>, field: ExemplarField) -> Value<'_> {
    match (field, exemplar.value()) {
        (ExemplarField::TimeUnixNano, _) => cast::count(exemplar.time_unix_nano()),
        (ExemplarField::Time, _) => cast::instant(exemplar.time_unix_nano()),
        // Asked for in the type that it does not have it is zero, as in Go.
        (ExemplarField::DoubleValue, Number::Double(value)) => value.into(),
        (ExemplarField::DoubleValue, _) => 0.0.into(),
        (ExemplarField::IntValue, Number::Int(value)) => value.into(),
        (ExemplarField::IntValue, _) => 0_i64.into(),
        (ExemplarField::TraceId, _) => Value::TraceId(exemplar.trace_id()),
        (ExemplarField::TraceIdString, _) => hex(&exemplar.trace_id()).into(),
        (ExemplarField::SpanId, _) => Value::SpanId(exemplar.span_id()),
        (ExemplarField::SpanIdString, _) => hex(&exemplar.span_id()).into(),
        (ExemplarField::FilteredAttributes, _) => ValueRef::Map(exemplar.filtered_attributes()).into(),
    }
}

fn set(exemplar: &mut ExemplarMut<'_>, field: ExemplarField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        ExemplarField::TimeUnixNano => exemplar.set_time_unix_nano(cast::nanos(value)?),
        ExemplarField::Time => exemplar.set_time_unix_nano(cast::time(value)?),
        ExemplarField::DoubleValue => exemplar.set_value(Number::Double(cast::float(value)?)),
        ExemplarField::IntValue => exemplar.set_value(Number::Int(cast::int(value)?)),
        ExemplarField::TraceId => exemplar.set_trace_id(cast::trace_id(value)?),
        ExemplarField::TraceIdString => exemplar.set_trace_id(cast::id_text(value, "trace")?),
        ExemplarField::SpanId => exemplar.set_span_id(cast::span_id(value)?),
        ExemplarField::SpanIdString => exemplar.set_span_id(cast::id_text(value, "span")?),
        ExemplarField::FilteredAttributes => {}
    }
    Ok(())
}

fn slot<'a>(exemplar: &'a mut ExemplarMut<'_>, field: ExemplarField) -> Option<Slot<'a>> {
    (field == ExemplarField::FilteredAttributes).then(|| Slot::Map(exemplar.filtered_attributes_mut()))
}

/// An exemplar of a data point.
#[derive(Debug)]
pub struct ExemplarContext<'c, 'r, 's, 'm, 'p, 'i> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    metric: &'c mut MetricHeadMut<'m>,
    point: &'c mut PointMut<'p>,
    exemplar: &'c mut ExemplarMut<'i>,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's, 'm, 'p, 'i> ExemplarContext<'c, 'r, 's, 'm, 'p, 'i> {
    /// An exemplar with its point, the point's metric, its scope and its resource.
    pub fn new(
        (resource, scope): (&'c mut EntryHeadMut<'r>, &'c mut ScopeHeadMut<'s>),
        (metric, point): (&'c mut MetricHeadMut<'m>, &'c mut PointMut<'p>),
        exemplar: &'c mut ExemplarMut<'i>,
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(0);
        Self { resource, scope, metric, point, exemplar, scratch }
    }
}

inside! { ExemplarContext<'_, '_, '_, '_, '_, '_> {
    Field::Exemplar(own) => get(this.exemplar.view(), own), set(this.exemplar, own, value), slot(this.exemplar, own);
    Field::Point(own) =>
        datapoint::get(this.point, own), datapoint::set(this.point, own, value), datapoint::attributes(this.point, own);
    Field::Metric(own) =>
        metric::get(this.metric, own), metric::set(this.metric, own, value), metric::slot(this.metric, own);
} this value own }
