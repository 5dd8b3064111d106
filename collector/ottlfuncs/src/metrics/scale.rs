//! Metrics in another unit.

use slimcol_ottleval::{
    Context, Fault,
    function::Call,
    value::{Look, float},
};
use slimcol_pdata::{
    edit::{ExemplarMut, HistogramDataPointMut, MetricMut, PointMut},
    view::{MetricData, Number, ValueRef},
};

use super::{change, given};

pub(super) fn scale_metric(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let by = match call.literal(0).map(slimcol_ottleval::Value::look) {
        Some(Look::Data(ValueRef::Double(by))) => by,
        Some(Look::Data(ValueRef::Int(by))) => float(by),
        _ => 1.0,
    };
    let unit = given(call, 1, on)?;
    change(on, |metric, _| {
        match metric.data() {
            MetricData::ExponentialHistogram(_) => {
                return Err(Fault::new(
                    "exponential histograms are not supported by the 'scale_metric' function",
                ));
            }
            MetricData::Empty => return Err(Fault::new("unsupported metric type: 'Empty'")),
            _ => points(metric, by),
        }
        if let Some(unit) = unit {
            metric.set_unit(&unit);
        }
        Ok(())
    })
}

fn points(metric: &mut MetricMut<'_>, by: f64) {
    for point in metric.points_mut() {
        match point {
            PointMut::Number(mut point) => {
                let value = scaled(point.view().value(), by);
                point.set_value(value);
            }
            PointMut::Histogram(point) => histogram(point, by),
            PointMut::Summary(mut point) => {
                let sum = point.view().sum() * by;
                point.set_sum(sum);
                point.quantile_values_mut().each(|mut quantile| {
                    let value = quantile.view().value() * by;
                    quantile.set_value(value);
                });
            }
            PointMut::ExponentialHistogram(_) => {}
        }
    }
}

/// Whole numbers stay whole, and what is behind the point is cut off.
#[expect(clippy::cast_possible_truncation, reason = "as Go converts")]
fn scaled(value: Number, by: f64) -> Number {
    match value {
        Number::Int(value) => Number::Int((float(value) * by) as i64),
        Number::Double(value) => Number::Double(value * by),
        Number::Empty => Number::Empty,
    }
}

fn histogram(mut point: HistogramDataPointMut<'_>, by: f64) {
    let view = point.view();
    let (sum, min, max) = (view.sum(), view.min(), view.max());
    let bounds: Vec<_> = view.explicit_bounds().map(|bound| bound * by).collect();
    if let Some(sum) = sum {
        point.set_sum(Some(sum * by));
    }
    if let Some(min) = min {
        point.set_min(Some(min * by));
    }
    if let Some(max) = max {
        point.set_max(Some(max * by));
    }
    if !bounds.is_empty() {
        point.set_explicit_bounds(&bounds);
    }
    point.exemplars_mut().each(|mut exemplar: ExemplarMut<'_>| {
        let value = scaled(exemplar.view().value(), by);
        exemplar.set_value(value);
    });
}
