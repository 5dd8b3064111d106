//! Sums made of what summaries count: `convert_summary_count_val_to_sum`, `convert_summary_sum_val_to_sum`.

use slimcol_ottleval::{
    Context, Fault, Field, MetricField, PointField,
    function::Call,
    value::{Look, Value},
};
use slimcol_pdata::{
    edit::OwnMetric,
    view::{Number, Temporality, ValueRef},
};

use super::{
    extract::{Head, add},
    kind::temporality,
};

/// `METRIC_DATA_TYPE_SUMMARY`
const SUMMARY: i64 = 5;

fn int(value: &Value<'_>) -> Option<i64> {
    match value.look() {
        Look::Data(ValueRef::Int(value)) => Some(value),
        _ => None,
    }
}

fn text<'v>(value: &'v Value<'_>) -> &'v str {
    match value.look() {
        Look::Data(ValueRef::Str(text)) => text,
        _ => "",
    }
}

/// The point of a summary becomes one of the sum of that name: Go makes another sum of all points for each of them.
fn convert(call: &Call, on: &mut dyn Context, suffix: &str, value: fn(&dyn Context) -> Option<Number>) {
    if int(&on.get(Field::Metric(MetricField::Type))) != Some(SUMMARY) {
        return;
    }
    let suffix = call.literal_text(2).unwrap_or(suffix);
    let temporality = call.literal_text(0).and_then(temporality).unwrap_or(Temporality::Unspecified);
    let name = format!("{}{suffix}", text(&on.get(Field::Metric(MetricField::Name))));
    let found = on.added().and_then(|added| {
        let at = added.iter_mut().position(|metric| metric.edit().name() == name)?;
        Some((at, added.remove(at)))
    });
    let (at, mut own) = found.unwrap_or_else(|| {
        let mut own = OwnMetric::default();
        let mut new = own.edit();
        new.set_name(&name);
        new.set_description(text(&on.get(Field::Metric(MetricField::Description))));
        new.set_unit(text(&on.get(Field::Metric(MetricField::Unit))));
        new.set_sum(temporality, call.literal_bool(1).unwrap_or_default());
        (usize::MAX, own)
    });
    let nanos = |field| int(&on.get(Field::Point(field))).unwrap_or_default().cast_unsigned();
    let attributes = on.get(Field::Point(PointField::Attributes));
    if let (Look::Data(ValueRef::Map(attributes)), Some(value)) = (attributes.look(), value(on)) {
        let (start, time) = (nanos(PointField::StartTimeUnixNano), nanos(PointField::TimeUnixNano));
        add(&mut own.edit(), &Head { attributes, start, time }, value, |_| ());
    }
    if let Some(added) = on.added() {
        added.insert(at.min(added.len()), own);
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as all editors")]
pub(super) fn count(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    convert(call, on, "_count", |on| int(&on.get(Field::Point(PointField::Count))).map(Number::Int));
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "as all editors")]
pub(super) fn sum(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    convert(call, on, "_sum", |on| match on.get(Field::Point(PointField::Sum)).look() {
        Look::Data(ValueRef::Double(sum)) => Some(Number::Double(sum)),
        _ => None,
    });
    Ok(())
}
