//! Metrics made of what the points of others hold: counts, sums, quantiles.

use slimcol_ottleval::{Context, Fault, function::Call};
use slimcol_pdata::{
    edit::{MetricMut, NumberDataPointMut, OwnMetric, PointMut},
    view::{Attributes, MetricData, Number, Temporality},
};

use super::change;

/// What new points take over from the old.
pub(super) struct Head<'p> {
    pub(super) attributes: Attributes<'p>,
    pub(super) start: u64,
    pub(super) time: u64,
}

macro_rules! head {
    ($point:expr) => {{
        let point = $point.view();
        Head {
            attributes: point.attributes(),
            start: point.start_time_unix_nano(),
            time: point.time_unix_nano(),
        }
    }};
}

impl<'p> Head<'p> {
    pub(super) fn of(point: &'p PointMut<'_>) -> Self {
        match point {
            PointMut::Number(point) => head!(point),
            PointMut::Histogram(point) => head!(point),
            PointMut::ExponentialHistogram(point) => head!(point),
            PointMut::Summary(point) => head!(point),
        }
    }
}

/// Adds a number to a metric that has some.
pub(super) fn add(
    to: &mut MetricMut<'_>,
    head: &Head<'_>,
    value: Number,
    more: impl FnOnce(&mut NumberDataPointMut<'_>),
) {
    if let Some(PointMut::Number(mut point)) = to.add_point() {
        point.attributes_mut().replace(head.attributes);
        more(&mut point);
        point.set_value(value);
        point.set_start_time_unix_nano(head.start);
        point.set_time_unix_nano(head.time);
    }
}

/// Makes a sum of what `value` finds in each point, where it finds something.
fn extract(
    call: &Call,
    on: &mut dyn Context,
    (suffix, unit): (&str, Option<&str>),
    value: fn(&PointMut<'_>) -> Option<Number>,
) -> Result<(), Fault> {
    let suffix = call.literal_text(1).unwrap_or(suffix);
    let monotonic = call.literal_bool(0).unwrap_or_default();
    change(on, |metric, added| {
        let temporality = match metric.data() {
            MetricData::Histogram(data) => data.aggregation_temporality(),
            MetricData::ExponentialHistogram(data) => data.aggregation_temporality(),
            // A summary does not say; `OpenMetrics` has it cumulative.
            MetricData::Summary(_) => Temporality::Cumulative,
            _ => Temporality::Unspecified,
        };
        if temporality == Temporality::Unspecified {
            return Err(Fault::new(format!(
                "{} requires an input metric of type Histogram, ExponentialHistogram or Summary, got {}",
                call.name(),
                metric.data().name()
            )));
        }
        let mut own = OwnMetric::default();
        let mut new = own.edit();
        new.set_description(metric.description());
        new.set_name(&format!("{}{suffix}", metric.name()));
        new.set_unit(unit.unwrap_or(metric.unit()));
        new.set_sum(temporality, monotonic);
        for point in metric.points_mut() {
            let Some(value) = value(&point) else { continue };
            add(&mut new, &Head::of(&point), value, |_| ());
        }
        if new.points() > 0 {
            added.push(own);
        }
        Ok(())
    })
}

pub(super) fn count(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    extract(call, on, ("_count", Some("1")), |point| {
        let count = match point {
            PointMut::Number(_) => return None,
            PointMut::Histogram(point) => point.view().count(),
            PointMut::ExponentialHistogram(point) => point.view().count(),
            PointMut::Summary(point) => point.view().count(),
        };
        Some(Number::Int(count.cast_signed()))
    })
}

pub(super) fn sum(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    extract(call, on, ("_sum", None), |point| match point {
        PointMut::Number(_) => None,
        PointMut::Histogram(point) => point.view().sum().map(Number::Double),
        PointMut::ExponentialHistogram(point) => point.view().sum().map(Number::Double),
        PointMut::Summary(point) => Some(Number::Double(point.view().sum())),
    })
}

/// A gauge with a point for each quantile, which stands in an attribute.
pub(super) fn quantiles(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let key = call.literal_text(0).unwrap_or("quantile");
    let suffix = call.literal_text(1).unwrap_or(".quantiles");
    change(on, |metric, added| {
        if !matches!(metric.data(), MetricData::Summary(_)) {
            return Ok(());
        }
        let mut own = OwnMetric::default();
        let mut new = own.edit();
        new.set_description(metric.description());
        new.set_name(&format!("{}{suffix}", metric.name()));
        new.set_unit(metric.unit());
        new.set_gauge();
        for point in metric.points_mut() {
            let PointMut::Summary(point) = &point else { continue };
            let head = head!(point);
            for quantile in point.view().quantile_values() {
                add(&mut new, &head, Number::Double(quantile.value()), |point| {
                    point.attributes_mut().insert(key, quantile.quantile());
                });
            }
        }
        added.push(own);
        Ok(())
    })
}
