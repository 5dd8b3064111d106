//! Exponential histograms in the buckets of others: `convert_exponential_histogram_to_histogram`.

use std::{
    f64::consts::LN_2,
    hash::{BuildHasher, RandomState},
};

use slimcol_ottleval::{
    Context, Fault,
    function::{Call, Item, Ready},
    value::{self, Look},
};
use slimcol_pdata::{
    edit::{OwnValue, PointMut},
    view::{ExponentialHistogramDataPointRef, MetricData, ValueRef},
};

use super::{change, exemplars::Kept};

/// How the counts of a bucket are divided among those that it reaches into.
type Divide = fn(u64, Bucket, &[f64], &mut [u64]);

/// A bucket's bounds.
#[derive(Clone, Copy)]
struct Bucket {
    low: f64,
    high: f64,
}

/// A point in the buckets of others.
struct Point {
    attributes: OwnValue,
    times: (u64, u64),
    count: u64,
    sum: f64,
    extremes: (f64, f64),
    counts: Vec<u64>,
    exemplars: Vec<Kept>,
}

fn divide(call: &Call) -> Result<Divide, String> {
    Ok(match call.literal_text(0).unwrap_or_default() {
        "upper" => upper,
        "midpoint" => midpoint,
        "uniform" => uniform,
        "random" | "" => random,
        other => {
            return Err(format!(
                "invalid conversion function: {other}, must be one of [upper, midpoint, random, uniform]"
            ));
        }
    })
}

fn bounds(call: &Call) -> Vec<f64> {
    let number = |item: &Item| match item.literal()?.look() {
        Look::Data(ValueRef::Double(bound)) => Some(bound),
        Look::Data(ValueRef::Int(bound)) => Some(value::float(bound)),
        _ => None,
    };
    call.items(1).iter().filter_map(number).collect()
}

pub(super) fn known(call: &Call) -> Result<Ready, String> {
    divide(call)?;
    if call.items(1).is_empty() {
        return Err("explicit bounds cannot be empty: []".to_owned());
    }
    Ok(Ready::Nothing)
}

pub(super) fn to_explicit(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let divide = divide(call).map_err(Fault::new)?;
    let bounds = bounds(call);
    change(on, |metric, _| {
        let MetricData::ExponentialHistogram(data) = metric.data() else { return Ok(()) };
        let temporality = data.aggregation_temporality();
        let mut points = Vec::new();
        for point in metric.points_mut() {
            let PointMut::ExponentialHistogram(point) = point else { continue };
            let point = point.view();
            points.push(Point {
                attributes: ValueRef::Map(point.attributes()).into(),
                times: (point.start_time_unix_nano(), point.time_unix_nano()),
                count: point.count(),
                sum: point.sum().unwrap_or_default(),
                extremes: (point.min().unwrap_or_default(), point.max().unwrap_or_default()),
                counts: counts(point, &bounds, divide),
                exemplars: point.exemplars().map(Kept::of).collect(),
            });
        }
        metric.set_histogram(temporality);
        for point in points {
            let Some(PointMut::Histogram(mut to)) = metric.add_point() else { continue };
            if let ValueRef::Map(attributes) = point.attributes.view() {
                to.attributes_mut().replace(attributes);
            }
            to.set_start_time_unix_nano(point.times.0);
            to.set_time_unix_nano(point.times.1);
            to.set_count(point.count);
            to.set_sum(Some(point.sum));
            to.set_bucket_counts(&point.counts);
            to.set_explicit_bounds(&bounds);
            to.set_min(Some(point.extremes.0));
            to.set_max(Some(point.extremes.1));
            let mut exemplars = to.exemplars_mut();
            point.exemplars.iter().for_each(|kept| kept.put(exemplars.push()));
        }
        Ok(())
    })
}

/// As in Go there are as many counts as bounds: what is above the last counts in the last.
fn counts(point: ExponentialHistogramDataPointRef<'_>, bounds: &[f64], divide: Divide) -> Vec<u64> {
    let factor = LN_2 * (-f64::from(point.scale())).exp2();
    let mut counts = vec![0_u64; bounds.len()];
    if bounds[0] == 0.0 {
        counts[0] = point.zero_count();
    }
    let mut index = point.positive().offset();
    for count in point.positive().bucket_counts() {
        let high = (f64::from(index.wrapping_add(1)) * factor).exp();
        let low = (f64::from(index) * factor).exp();
        index = index.wrapping_add(1);
        let last = bounds.len() - 1;
        let within = || bounds.windows(2).position(|pair| low > pair[0] && high <= pair[1]);
        if low > bounds[last] {
            give(&mut counts, last, count);
        } else if let Some(at) = within() {
            give(&mut counts, at, count);
        } else {
            divide(count, Bucket { low, high }, bounds, &mut counts);
        }
    }
    counts
}

fn give(counts: &mut [u64], at: usize, count: u64) {
    let last = counts.len().saturating_sub(1);
    if let Some(own) = counts.get_mut(at.min(last)) {
        *own = own.wrapping_add(count);
    }
}

fn upper(count: u64, bucket: Bucket, bounds: &[f64], counts: &mut [u64]) {
    let at = bounds.iter().position(|bound| bucket.high <= *bound);
    give(counts, at.unwrap_or(bounds.len()), count);
}

fn midpoint(count: u64, bucket: Bucket, bounds: &[f64], counts: &mut [u64]) {
    let middle = f64::midpoint(bucket.low, bucket.high);
    let at = bounds.iter().position(|bound| middle <= *bound);
    give(counts, at.map_or(bounds.len(), |at| at.saturating_sub(1)), count);
}

/// The first and the last of the buckets that the bucket reaches into.
fn reach(bucket: Bucket, bounds: &[f64]) -> (usize, usize) {
    let last = bounds.len() - 1;
    let start = bounds.iter().position(|bound| bucket.low <= *bound).unwrap_or(last);
    let end = bounds[start..].iter().position(|bound| bucket.high <= *bound).map_or(last, |at| start + at);
    (start, end)
}

/// Gives each of the buckets from `start` to `end` the same.
fn evenly(count: u64, start: usize, end: usize, counts: &mut [u64]) {
    let buckets = (end - start + 1) as u64;
    let (each, rest) = (count / buckets, count % buckets);
    for (at, own) in counts[start..=end].iter_mut().enumerate() {
        *own = own.wrapping_add(each + u64::from((at as u64) < rest));
    }
}

fn uniform(count: u64, bucket: Bucket, bounds: &[f64], counts: &mut [u64]) {
    let (start, end) = reach(bucket, bounds);
    evenly(count, start, end, counts);
}

/// At most what the overlap allows goes at random to each, and the rest to all alike: Go gives it out one by one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "shares of a count are counts"
)]
fn random(count: u64, bucket: Bucket, bounds: &[f64], counts: &mut [u64]) {
    let (start, end) = reach(bucket, bounds);
    let mut left = count;
    if end > start {
        let chance = RandomState::new();
        for at in start..=end {
            let low = if at == 0 { bucket.low } else { bounds[at - 1] };
            let overlap = bounds[at].min(bucket.high) - low.max(bucket.low);
            let share = (count as f64 * (overlap / (bucket.high - bucket.low))) as u64;
            let part = (chance.hash_one(at) >> 11) as f64 / (1_u64 << 53) as f64;
            let given = ((part * share as f64) as u64).min(left);
            give(counts, at, given);
            left -= given;
        }
    }
    evenly(left, start, end, counts);
}
