//! Statements about metrics.

use slimcol_pdata::{
    edit::{AttributesMut, EntryHeadMut, MetricHeadMut, MetricMut, ScopeHeadMut},
    enums,
    view::{Attributes, MetricData, Temporality, ValueRef},
};

use super::{Context, Field, Scratch, Slot, cast, fields::Table, resource, scope::inside};
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
    enums::TEMPORALITY,
    &[
        "METRIC_DATA_TYPE_NONE",
        "METRIC_DATA_TYPE_GAUGE",
        "METRIC_DATA_TYPE_SUM",
        "METRIC_DATA_TYPE_HISTOGRAM",
        "METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM",
        "METRIC_DATA_TYPE_SUMMARY",
    ],
];

/// What a metric says of itself: all of a metric has it, and what was split from its points.
pub(super) trait Parts {
    fn name(&self) -> &str;
    fn description(&self) -> &str;
    fn unit(&self) -> &str;
    fn data(&self) -> MetricData<'_>;
    fn points(&self) -> usize;
    fn metadata(&self) -> Attributes<'_>;
    fn metadata_mut(&mut self) -> AttributesMut<'_>;
    fn set_name(&mut self, name: &str);
    fn set_description(&mut self, description: &str);
    fn set_unit(&mut self, unit: &str);
    fn set_temporality(&mut self, temporality: Temporality);
    fn set_is_monotonic(&mut self, is_monotonic: bool);
}

macro_rules! parts { ($($name:ident)*) => { $(
    impl Parts for $name<'_> {
        fn name(&self) -> &str {
            self.name()
        }

        fn description(&self) -> &str {
            self.description()
        }

        fn unit(&self) -> &str {
            self.unit()
        }

        fn data(&self) -> MetricData<'_> {
            self.data()
        }

        fn points(&self) -> usize {
            self.points()
        }

        fn metadata(&self) -> Attributes<'_> {
            self.metadata()
        }

        fn metadata_mut(&mut self) -> AttributesMut<'_> {
            self.metadata_mut()
        }

        fn set_name(&mut self, name: &str) {
            self.set_name(name);
        }

        fn set_description(&mut self, description: &str) {
            self.set_description(description);
        }

        fn set_unit(&mut self, unit: &str) {
            self.set_unit(unit);
        }

        fn set_temporality(&mut self, temporality: Temporality) {
            self.set_temporality(temporality);
        }

        fn set_is_monotonic(&mut self, is_monotonic: bool) {
            self.set_is_monotonic(is_monotonic);
        }
    }
)* } }

parts! { MetricMut MetricHeadMut }

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

pub(super) fn get(metric: &impl Parts, field: MetricField) -> Value<'_> {
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

pub(super) fn set(metric: &mut impl Parts, field: MetricField, value: &Value<'_>) -> Result<(), Fault> {
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

pub(super) fn slot(metric: &mut impl Parts, field: MetricField) -> Option<Slot<'_>> {
    (field == MetricField::Metadata).then(|| Slot::Map(metric.metadata_mut()))
}

/// A metric.
#[derive(Debug)]
pub struct MetricContext<'c, 'r, 's, 'i> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    metric: &'c mut MetricMut<'i>,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's, 'i> MetricContext<'c, 'r, 's, 'i> {
    /// A metric with its scope and its resource.
    pub fn new(
        resource: &'c mut EntryHeadMut<'r>,
        scope: &'c mut ScopeHeadMut<'s>,
        metric: &'c mut MetricMut<'i>,
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(0);
        Self { resource, scope, metric, scratch }
    }
}

inside! { MetricContext<'_, '_, '_, '_> {
    Field::Metric(own) => get(this.metric, own), set(this.metric, own, value), slot(this.metric, own);
    @metric Some((this.metric.again(), &mut this.scratch.added));
} this value own }
