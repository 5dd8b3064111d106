//! Statements about data points.

use slimcol_pdata::{
    edit::{AttributesMut, BucketsMut, EntryHeadMut, MetricHeadMut, OwnValue, PointMut, ScopeHeadMut},
    numbers,
    view::{BucketsRef, Number, ValueRef},
};

use super::{
    Context, Field, Scratch, Slot, cast,
    fields::Table,
    metric, resource,
    scope::{inside, unnumbered},
};
use crate::{
    fault::Fault,
    value::{Look, Value},
};

/// A field of a data point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum PointField {
    Attributes,
    StartTimeUnixNano,
    TimeUnixNano,
    StartTime,
    Time,
    ValueDouble,
    ValueInt,
    Exemplars,
    Flags,
    Count,
    Sum,
    BucketCounts,
    ExplicitBounds,
    Scale,
    ZeroCount,
    PositiveOffset,
    PositiveBucketCounts,
    NegativeOffset,
    NegativeBucketCounts,
    QuantileValues,
}

pub(super) const FIELDS: Table = &[
    ("attributes", Field::Point(PointField::Attributes)),
    ("start_time_unix_nano", Field::Point(PointField::StartTimeUnixNano)),
    ("time_unix_nano", Field::Point(PointField::TimeUnixNano)),
    ("start_time", Field::Point(PointField::StartTime)),
    ("time", Field::Point(PointField::Time)),
    ("value_double", Field::Point(PointField::ValueDouble)),
    ("value_int", Field::Point(PointField::ValueInt)),
    ("exemplars", Field::Point(PointField::Exemplars)),
    ("flags", Field::Point(PointField::Flags)),
    ("count", Field::Point(PointField::Count)),
    ("sum", Field::Point(PointField::Sum)),
    ("bucket_counts", Field::Point(PointField::BucketCounts)),
    ("explicit_bounds", Field::Point(PointField::ExplicitBounds)),
    ("scale", Field::Point(PointField::Scale)),
    ("zero_count", Field::Point(PointField::ZeroCount)),
    ("positive.offset", Field::Point(PointField::PositiveOffset)),
    ("positive.bucket_counts", Field::Point(PointField::PositiveBucketCounts)),
    ("negative.offset", Field::Point(PointField::NegativeOffset)),
    ("negative.bucket_counts", Field::Point(PointField::NegativeBucketCounts)),
    ("quantile_values", Field::Point(PointField::QuantileValues)),
];

/// The enum, in the order of its numbers.
pub(super) const SYMBOLS: &[&[&str]] = &[&["FLAG_NONE", "FLAG_NO_RECORDED_VALUE"]];

/// What every kind of point has.
macro_rules! each {
    ($point:expr, |$one:ident| $then:expr) => {
        match $point {
            PointMut::Number($one) => $then,
            PointMut::Histogram($one) => $then,
            PointMut::ExponentialHistogram($one) => $then,
            PointMut::Summary($one) => $then,
        }
    };
}

fn counts(values: impl Iterator<Item = u64>) -> Value<'static> {
    OwnValue::list(values.map(|value| ValueRef::Int(value.cast_signed()))).into()
}

pub(super) fn get<'a>(point: &'a PointMut<'_>, field: PointField) -> Value<'a> {
    match field {
        PointField::Attributes => ValueRef::Map(point.attributes()).into(),
        PointField::StartTimeUnixNano => cast::count(each!(point, |one| one.view().start_time_unix_nano())),
        PointField::TimeUnixNano => cast::count(each!(point, |one| one.view().time_unix_nano())),
        PointField::StartTime => cast::instant(each!(point, |one| one.view().start_time_unix_nano())),
        PointField::Time => cast::instant(each!(point, |one| one.view().time_unix_nano())),
        PointField::Flags => i64::from(each!(point, |one| one.view().flags())).into(),
        _ => match point {
            PointMut::Number(point) => {
                number(point.view().value(), field, || point.view().exemplars().count())
            }
            PointMut::Histogram(point) => {
                let point = point.view();
                match field {
                    PointField::Count => cast::count(point.count()),
                    PointField::Sum => point.sum().unwrap_or_default().into(),
                    PointField::BucketCounts => counts(point.bucket_counts()),
                    PointField::ExplicitBounds => {
                        OwnValue::list(point.explicit_bounds().map(ValueRef::Double)).into()
                    }
                    PointField::Exemplars => exemplars(point.exemplars().count()),
                    _ => Value::NIL,
                }
            }
            PointMut::ExponentialHistogram(point) => {
                let point = point.view();
                match field {
                    PointField::Count => cast::count(point.count()),
                    PointField::Sum => point.sum().unwrap_or_default().into(),
                    PointField::Scale => i64::from(point.scale()).into(),
                    PointField::ZeroCount => cast::count(point.zero_count()),
                    PointField::PositiveOffset => offset(point.positive()),
                    PointField::PositiveBucketCounts => counts(point.positive().bucket_counts()),
                    PointField::NegativeOffset => offset(point.negative()),
                    PointField::NegativeBucketCounts => counts(point.negative().bucket_counts()),
                    PointField::Exemplars => exemplars(point.exemplars().count()),
                    _ => Value::NIL,
                }
            }
            PointMut::Summary(point) => {
                let point = point.view();
                match field {
                    PointField::Count => cast::count(point.count()),
                    PointField::Sum => point.sum().into(),
                    PointField::QuantileValues => Value::Items(
                        "pmetric.SummaryDataPointValueAtQuantileSlice",
                        point.quantile_values().count(),
                    ),
                    _ => Value::NIL,
                }
            }
        },
    }
}

/// A number asked for in the type that it does not have is zero, as in Go.
fn number(value: Number, field: PointField, exemplar_count: impl FnOnce() -> usize) -> Value<'static> {
    match (field, value) {
        (PointField::ValueDouble, Number::Double(value)) => value.into(),
        (PointField::ValueDouble, _) => 0.0.into(),
        (PointField::ValueInt, Number::Int(value)) => value.into(),
        (PointField::ValueInt, _) => 0_i64.into(),
        (PointField::Exemplars, _) => exemplars(exemplar_count()),
        _ => Value::NIL,
    }
}

fn exemplars(count: usize) -> Value<'static> {
    Value::Items("pmetric.ExemplarSlice", count)
}

fn offset(buckets: BucketsRef<'_>) -> Value<'static> {
    i64::from(buckets.offset()).into()
}

pub(super) fn set(point: &mut PointMut<'_>, field: PointField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        PointField::StartTimeUnixNano => {
            let time = cast::nanos(value)?;
            each!(point, |one| one.set_start_time_unix_nano(time));
        }
        PointField::TimeUnixNano => {
            let time = cast::nanos(value)?;
            each!(point, |one| one.set_time_unix_nano(time));
        }
        PointField::StartTime => {
            let time = cast::time(value)?;
            each!(point, |one| one.set_start_time_unix_nano(time));
        }
        PointField::Time => {
            let time = cast::time(value)?;
            each!(point, |one| one.set_time_unix_nano(time));
        }
        PointField::Flags => {
            let flags = cast::low(value)?;
            each!(point, |one| one.set_flags(flags));
        }
        PointField::Count => return set_count(point, cast::nanos(value)?),
        PointField::Sum => return set_sum(point, cast::float(value)?),
        PointField::Exemplars | PointField::QuantileValues => {
            return Err(Fault::new("exemplars and quantiles cannot be set as a whole"));
        }
        PointField::Attributes => {}
        PointField::ValueDouble => {
            let value = Number::Double(cast::float(value)?);
            match point {
                PointMut::Number(point) => point.set_value(value),
                other => return Err(unlike("pmetric.NumberDataPoint", other)),
            }
        }
        PointField::ValueInt => {
            let value = Number::Int(cast::int(value)?);
            match point {
                PointMut::Number(point) => point.set_value(value),
                other => return Err(unlike("pmetric.NumberDataPoint", other)),
            }
        }
        PointField::BucketCounts | PointField::ExplicitBounds => {
            let PointMut::Histogram(point) = point else {
                return Err(unlike("pmetric.HistogramDataPoint", point));
            };
            match field {
                PointField::BucketCounts => point.set_bucket_counts(&int_list(value)?),
                _ => point.set_explicit_bounds(&float_list(value)?),
            }
        }
        _ => return set_exponential(point, field, value),
    }
    Ok(())
}

fn set_exponential(point: &mut PointMut<'_>, field: PointField, value: &Value<'_>) -> Result<(), Fault> {
    let PointMut::ExponentialHistogram(point) = point else {
        return Err(unlike("pmetric.ExponentialHistogramDataPoint", point));
    };
    let buckets = |mut buckets: BucketsMut<'_>| {
        match field {
            PointField::PositiveOffset | PointField::NegativeOffset => {
                buckets.set_offset(cast::low(value)?.cast_signed());
            }
            _ => buckets.set_bucket_counts(&int_list(value)?),
        }
        Ok(())
    };
    match field {
        PointField::Scale => point.set_scale(cast::low(value)?.cast_signed()),
        PointField::ZeroCount => point.set_zero_count(cast::nanos(value)?),
        PointField::PositiveOffset | PointField::PositiveBucketCounts => {
            return buckets(point.positive_mut());
        }
        _ => return buckets(point.negative_mut()),
    }
    Ok(())
}

fn set_count(point: &mut PointMut<'_>, count: u64) -> Result<(), Fault> {
    match point {
        PointMut::Number(_) => return Err(unsupported(point)),
        PointMut::Histogram(point) => point.set_count(count),
        PointMut::ExponentialHistogram(point) => point.set_count(count),
        PointMut::Summary(point) => point.set_count(count),
    }
    Ok(())
}

fn set_sum(point: &mut PointMut<'_>, sum: f64) -> Result<(), Fault> {
    match point {
        PointMut::Number(_) => return Err(unsupported(point)),
        PointMut::Histogram(point) => point.set_sum(Some(sum)),
        PointMut::ExponentialHistogram(point) => point.set_sum(Some(sum)),
        PointMut::Summary(point) => point.set_sum(sum),
    }
    Ok(())
}

fn name(point: &PointMut<'_>) -> &'static str {
    match point {
        PointMut::Number(_) => "pmetric.NumberDataPoint",
        PointMut::Histogram(_) => "pmetric.HistogramDataPoint",
        PointMut::ExponentialHistogram(_) => "pmetric.ExponentialHistogramDataPoint",
        PointMut::Summary(_) => "pmetric.SummaryDataPoint",
    }
}

fn unlike(wanted: &str, point: &PointMut<'_>) -> Fault {
    Fault::new(format!("expects {wanted} but got {}", name(point)))
}

fn unsupported(point: &PointMut<'_>) -> Fault {
    Fault::new(format!("unsupported data point type: {}", name(point)))
}

/// The items of a list; none of no value.
fn items<T>(value: &Value<'_>, what: &str, read: fn(ValueRef<'_>) -> Option<T>) -> Result<Vec<T>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Empty) => Ok(Vec::new()),
        Look::Data(ValueRef::Array(values)) => {
            let item = |item| {
                read(item).ok_or_else(|| {
                    let got = Look::Data(item).type_name();
                    Fault::new(format!("invalid value type provided for a slice of {what}: {got}"))
                })
            };
            values.iter().map(item).collect()
        }
        other => Err(Fault::new(format!(
            "invalid type provided for setting a slice of {what}: {}",
            other.type_name()
        ))),
    }
}

fn int_list(value: &Value<'_>) -> Result<Vec<u64>, Fault> {
    items(value, "uint64", |item| match item {
        ValueRef::Int(value) => Some(value.cast_unsigned()),
        _ => None,
    })
}

fn float_list(value: &Value<'_>) -> Result<Vec<f64>, Fault> {
    items(value, "float64", |item| match item {
        ValueRef::Double(value) => Some(value),
        _ => None,
    })
}

pub(super) fn attributes<'a>(point: &'a mut PointMut<'_>, field: PointField) -> Option<Slot<'a>> {
    let slot: AttributesMut<'a> = match field {
        PointField::Attributes => point.attributes_mut(),
        _ => return None,
    };
    Some(Slot::Map(slot))
}

/// The point as it is encoded.
fn encoded<'a>(point: &'a PointMut<'_>) -> &'a [u8] {
    each!(point, |one| one.view().encoded())
}

/// A data point.
#[derive(Debug)]
pub struct PointContext<'c, 'r, 's, 'm, 'i> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    metric: &'c mut MetricHeadMut<'m>,
    point: &'c mut PointMut<'i>,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's, 'm, 'i> PointContext<'c, 'r, 's, 'm, 'i> {
    /// A data point with its metric, its scope and its resource.
    pub fn new(
        resource: &'c mut EntryHeadMut<'r>,
        scope: &'c mut ScopeHeadMut<'s>,
        metric: &'c mut MetricHeadMut<'m>,
        point: &'c mut PointMut<'i>,
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(match point {
            PointMut::Number(_) => numbers::NumberDataPoint::attributes,
            PointMut::Histogram(_) => numbers::HistogramDataPoint::attributes,
            PointMut::ExponentialHistogram(_) => numbers::ExponentialHistogramDataPoint::attributes,
            PointMut::Summary(_) => numbers::SummaryDataPoint::attributes,
        });
        Self { resource, scope, metric, point, scratch }
    }
}

inside! { PointContext<'_, '_, '_, '_, '_> {
    Field::Point(own) => get(this.point, own), set(this.point, own, value), attributes(this.point, own);
    Field::Metric(own) =>
        metric::get(this.metric, own), metric::set(this.metric, own, value), metric::slot(this.metric, own);
    @attributes Field::Point(PointField::Attributes) => encoded(this.point), this.point.attributes_mut(), unnumbered;
    @added &mut this.scratch.added;
} this value own }
