//! Percentiles of histograms, estimated from their buckets: `extract_percentile_metric`.

use slimcol_ottleval::{
    Context, Fault,
    function::{Call, Ready},
    value::{self, Look},
};
use slimcol_pdata::{
    edit::{MetricMut, OwnMetric, PointMut},
    view::{
        BucketsRef, ExponentialHistogramDataPointRef, HistogramDataPointRef, MetricData, Number, ValueRef,
    },
};

use super::{
    change,
    extract::{Head, add},
};
use crate::format::float;

/// The argument as a number.
fn wanted(call: &Call) -> f64 {
    match call.literal(0).map(slimcol_ottleval::Value::look) {
        Some(Look::Data(ValueRef::Double(value))) => value,
        Some(Look::Data(ValueRef::Int(value))) => value::float(value),
        _ => 0.0,
    }
}

pub(super) fn known_percentile(call: &Call) -> Result<Ready, String> {
    let percentile = wanted(call);
    if percentile > 0.0 && percentile < 100.0 {
        Ok(Ready::Nothing)
    } else {
        Err(format!("percentile must be greater than 0 and less than 100, got {percentile:.6}"))
    }
}

/// A gauge with the percentile of each point that has one; none if no point has.
pub(super) fn percentile(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let percentile = wanted(call);
    let shown = float::text(percentile, 'g', None);
    let suffix = match call.literal_text(1) {
        None | Some("") => format!("_p{shown}"),
        Some(suffix) => suffix.to_owned(),
    };
    change(on, |metric, added| {
        if !matches!(metric.data(), MetricData::Histogram(_) | MetricData::ExponentialHistogram(_)) {
            return Ok(());
        }
        let mut own = OwnMetric::default();
        let mut new = own.edit();
        new.set_description(&match metric.description() {
            "" => format!("p{shown}"),
            description => format!("{description} (p{shown})"),
        });
        new.set_name(&format!("{}{suffix}", metric.name()));
        new.set_unit(metric.unit());
        new.set_gauge();
        fill(metric, &mut new, percentile)?;
        if new.points() > 0 {
            added.push(own);
        }
        Ok(())
    })
}

fn fill(metric: &mut MetricMut<'_>, new: &mut MetricMut<'_>, percentile: f64) -> Result<(), Fault> {
    for point in metric.points_mut() {
        let value = match &point {
            PointMut::Histogram(point) => of_explicit(point.view(), percentile)?,
            PointMut::ExponentialHistogram(point) => of_exponential(point.view(), percentile)?,
            PointMut::Number(_) | PointMut::Summary(_) => None,
        };
        if let Some(value) = value {
            add(new, &Head::of(&point), Number::Double(value), |_| ());
        }
    }
    Ok(())
}

/// A count as the nearest number that a float can be.
#[expect(clippy::cast_precision_loss, reason = "as Go converts")]
fn count(value: u64) -> f64 {
    value as f64
}

/// The place, from 1, of the value that so many percent are not above.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is positive, and at most the count"
)]
fn place(of: u64, percentile: f64) -> u64 {
    (count(of) * (percentile / 100.0)).ceil() as u64
}

fn linear(low: f64, high: f64, ratio: f64) -> Result<f64, Fault> {
    if (0.0..=1.0).contains(&ratio) {
        return Ok(low + ratio * (high - low));
    }
    Err(Fault::new(format!("linear interpolation: invalid ratio {ratio:.6}, must be between 0 and 1")))
}

fn logarithmic(low: f64, high: f64, ratio: f64) -> Result<f64, Fault> {
    if !(0.0..=1.0).contains(&ratio) {
        return Err(Fault::new(format!(
            "logarithmic interpolation: invalid ratio {ratio:.6}, must be between 0 and 1"
        )));
    }
    if low <= 0.0 || high <= 0.0 {
        return Err(Fault::new(format!(
            "logarithmic interpolation: bounds must be positive, got lowerBound={low:.6}, upperBound={high:.6}"
        )));
    }
    let (low, high) = (low.log2(), high.log2());
    Ok(((high - low).mul_add(ratio, low)).exp2())
}

fn never_reached(kind: &str, target: u64, total: u64) -> Fault {
    Fault::new(format!(
        "calculating {kind} percentile: malformed data: cumulative count doesn't reach target count \
         corresponding to percentile. targetCount={target}, total count={total}"
    ))
}

fn of_explicit(point: HistogramDataPointRef<'_>, percentile: f64) -> Result<Option<f64>, Fault> {
    let counts: Vec<u64> = point.bucket_counts().collect();
    if point.count() == 0 || counts.is_empty() {
        return Ok(None);
    }
    let target = place(point.count(), percentile);
    let bounds: Vec<f64> = point.explicit_bounds().collect();
    if counts.len() != bounds.len() + 1 {
        return Err(Fault::new(format!(
            "calculating histogram percentile: malformed data: bucketCounts length ({}) != explicitBounds length ({}) + 1",
            counts.len(),
            bounds.len()
        )));
    }
    if bounds.is_empty() {
        let (Some(min), Some(max)) = (point.min(), point.max()) else { return Ok(None) };
        return linear(min, max, count(target) / count(counts[0])).map(Some);
    }
    let mut before = 0_u64;
    for (at, own) in counts.iter().enumerate() {
        let sum = before.wrapping_add(*own);
        if sum < target {
            before = sum;
            continue;
        }
        let (low, high) = match at.checked_sub(1).map(|at| bounds[at]) {
            None => match point.min().filter(|min| *min < bounds[0]) {
                Some(min) => (min, bounds[0]),
                // Nothing is known of what is below.
                None if bounds[0] < 0.0 => return Ok(Some(bounds[0])),
                None => (0.0, bounds[0]),
            },
            Some(low) => match bounds.get(at).copied().or(point.max().filter(|max| *max > low)) {
                Some(high) => (low, high),
                None => return Ok(Some(low)),
            },
        };
        return linear(low, high, count(target - before) / count(*own)).map(Some);
    }
    Err(never_reached("histogram", target, before))
}

/// The lower bound of an exponential bucket.
fn bound(index: i64, scale: i32) -> f64 {
    if scale <= 0 {
        let power = index.checked_shl(scale.unsigned_abs()).unwrap_or(0);
        return value::float(power).exp2();
    }
    (value::float(index) * (-f64::from(scale)).exp2() * std::f64::consts::LN_2).exp()
}

fn of_exponential(
    point: ExponentialHistogramDataPointRef<'_>,
    percentile: f64,
) -> Result<Option<f64>, Fault> {
    let (negative, positive) = (point.negative(), point.positive());
    let counts: Vec<u64> = negative.bucket_counts().collect();
    let above = positive.bucket_counts().next().is_some();
    if point.count() == 0 || counts.is_empty() && !above && point.zero_count() == 0 {
        return Ok(None);
    }
    let target = place(point.count(), percentile);
    let mut before = 0_u64;
    for (at, own) in counts.iter().enumerate().rev() {
        let sum = before.wrapping_add(*own);
        if sum >= target {
            let ratio = count(target - before) / count(*own);
            return below(negative, at, point.scale(), ratio).map(Some);
        }
        before = sum;
    }
    let zeros = before.wrapping_add(point.zero_count());
    if zeros >= target {
        let width = point.zero_threshold();
        let low = if counts.is_empty() && above { 0.0 } else { -width };
        let high = if !above && !counts.is_empty() { 0.0 } else { width };
        return linear(low, high, count(target - before) / count(point.zero_count())).map(Some);
    }
    before = zeros;
    for (at, own) in positive.bucket_counts().enumerate() {
        let sum = before.wrapping_add(own);
        if sum >= target {
            let index = i64::from(positive.offset()).saturating_add_unsigned(at as u64);
            let (low, high) = (bound(index, point.scale()), bound(index + 1, point.scale()));
            return logarithmic(low, high, count(target - before) / count(own)).map(Some);
        }
        before = sum;
    }
    Err(never_reached("exponential histogram", target, before))
}

/// A value in the bucket at `at` of those below zero, `ratio` of the way up to zero.
fn below(buckets: BucketsRef<'_>, at: usize, scale: i32, ratio: f64) -> Result<f64, Fault> {
    let index = i64::from(buckets.offset()).saturating_add_unsigned(at as u64);
    let (low, high) = (bound(index, scale), bound(index + 1, scale));
    if low >= high {
        return Err(Fault::new(format!(
            "calculating exponential histogram percentile: malformed negative bucket bounds: absLowerBound \
             ({low:.6}) >= absUpperBound ({high:.6}) at histogramIndex={index}, scale={scale}"
        )));
    }
    logarithmic(low, high, 1.0 - ratio).map(|value| -value)
}
