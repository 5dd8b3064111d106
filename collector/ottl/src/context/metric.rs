//! Statements about metrics.

use slimcol_pdata::{
    edit::{EntryHeadMut, MetricMut, OwnValue, ScopeHeadMut},
    view::{MetricData, Temporality, ValueRef},
};

use super::{Context, Field, Slot, cast, fields::Table, resource, scope::inside};
use crate::{fault::Fault, value::Value};

/// A field of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum MetricField {
    Name,
    Description,
    Unit,
    Type,
    AggregationTemporality,
    IsMonotonic,
    DataPoints,
    Metadata,
}

pub(super) const FIELDS: Table = &[
    ("name", Field::Metric(MetricField::Name)),
    ("description", Field::Metric(MetricField::Description)),
    ("unit", Field::Metric(MetricField::Unit)),
    ("type", Field::Metric(MetricField::Type)),
    ("aggregation_temporality", Field::Metric(MetricField::AggregationTemporality)),
    ("is_monotonic", Field::Metric(MetricField::IsMonotonic)),
    ("data_points", Field::Metric(MetricField::DataPoints)),
    ("metadata", Field::Metric(MetricField::Metadata)),
];

/// The enums, each in the order of its numbers.
pub(super) const SYMBOLS: &[&[&str]] = &[
    &[
        "AGGREGATION_TEMPORALITY_UNSPECIFIED",
        "AGGREGATION_TEMPORALITY_DELTA",
        "AGGREGATION_TEMPORALITY_CUMULATIVE",
    ],
    &[
        "METRIC_DATA_TYPE_NONE",
        "METRIC_DATA_TYPE_GAUGE",
        "METRIC_DATA_TYPE_SUM",
        "METRIC_DATA_TYPE_HISTOGRAM",
        "METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM",
        "METRIC_DATA_TYPE_SUMMARY",
    ],
];

/// The number of the type, and the name of the points' type in the Go collector's errors.
fn kind(data: MetricData<'_>) -> (i64, &'static str) {
    match data {
        MetricData::Empty => (0, "nil"),
        MetricData::Gauge(_) => (1, "pmetric.NumberDataPointSlice"),
        MetricData::Sum(_) => (2, "pmetric.NumberDataPointSlice"),
        MetricData::Histogram(_) => (3, "pmetric.HistogramDataPointSlice"),
        MetricData::ExponentialHistogram(_) => (4, "pmetric.ExponentialHistogramDataPointSlice"),
        MetricData::Summary(_) => (5, "pmetric.SummaryDataPointSlice"),
    }
}

fn get<'a>(metric: &'a MetricMut<'_>, field: MetricField) -> Value<'a> {
    match field {
        MetricField::Name => metric.name().into(),
        MetricField::Description => metric.description().into(),
        MetricField::Unit => metric.unit().into(),
        MetricField::Type => kind(metric.data()).0.into(),
        MetricField::AggregationTemporality => {
            let temporality = match metric.data() {
                MetricData::Sum(data) => data.aggregation_temporality(),
                MetricData::Histogram(data) => data.aggregation_temporality(),
                MetricData::ExponentialHistogram(data) => data.aggregation_temporality(),
                _ => return Value::NIL,
            };
            (temporality as i64).into()
        }
        MetricField::IsMonotonic => match metric.data() {
            MetricData::Sum(data) => data.is_monotonic().into(),
            _ => Value::NIL,
        },
        MetricField::DataPoints => match metric.data() {
            MetricData::Empty => Value::NIL,
            data => Value::Items(kind(data).1, metric.points()),
        },
        MetricField::Metadata => ValueRef::Map(metric.metadata()).into(),
    }
}

fn set(metric: &mut MetricMut<'_>, field: MetricField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        MetricField::Name => metric.set_name(cast::text(value)?),
        MetricField::Description => metric.set_description(cast::text(value)?),
        MetricField::Unit => metric.set_unit(cast::text(value)?),
        MetricField::AggregationTemporality => metric.set_temporality(match cast::int(value)? {
            1 => Temporality::Delta,
            2 => Temporality::Cumulative,
            _ => Temporality::Unspecified,
        }),
        MetricField::IsMonotonic => metric.set_is_monotonic(cast::boolean(value)?),
        MetricField::DataPoints => return Err(Fault::new("data points cannot be set as a whole")),
        // The Go collector ignores a type that is set.
        MetricField::Type | MetricField::Metadata => {}
    }
    Ok(())
}

fn slot<'a>(metric: &'a mut MetricMut<'_>, field: MetricField) -> Option<Slot<'a>> {
    (field == MetricField::Metadata).then(|| Slot::Map(metric.metadata_mut()))
}

/// A metric.
#[derive(Debug)]
pub struct MetricContext<'c, 'r, 's, 'i> {
    /// Its resource.
    pub resource: &'c mut EntryHeadMut<'r>,
    /// Its scope.
    pub scope: &'c mut ScopeHeadMut<'s>,
    /// The metric.
    pub metric: &'c mut MetricMut<'i>,
    /// The scratch map.
    pub cache: &'c mut OwnValue,
}

inside! { MetricContext<'_, '_, '_, '_> {
    Field::Metric(own) => get(this.metric, own), set(this.metric, own, value), slot(this.metric, own);
} this value own }
