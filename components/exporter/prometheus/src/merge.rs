//! What becomes of a series when it gets another point.

use slimcol_pdata::view::{Number, Temporality};
use slimcol_service::{Field, Log, Utc};

use crate::point::{Buckets, Explicit, Exponential, Point, Value};

/// How many buckets a histogram has at most: where there would be more, its scale is made smaller.
const MAX_BUCKETS: usize = 2048;

/// Puts `next` in the place of the point before it, added up where both are parts of a whole.
pub(crate) fn replace(last: &mut Point, mut next: Point, temporality: Temporality, name: &str, log: &Log) {
    let delta = temporality == Temporality::Delta;
    match (&mut next.value, &last.value) {
        (Value::Histogram(_) | Value::Exponential(_), _) if delta => {
            if next.start == last.time {
                *last = sum(std::mem::replace(last, next.clone()), next);
                return;
            }
            let time = |nanos: u64| Field::from(Utc::from_unix_nanos(nanos.cast_signed()).to_string());
            let times = [
                ("ip_start_time", time(next.start)),
                ("pp_start_time", time(last.start)),
                ("pp_timestamp", time(last.time)),
                ("ip_timestamp", time(next.time)),
            ];
            log.warn("Misaligned starting timestamps", &times);
            if next.start <= last.time {
                log.warn("Dropped misaligned histogram datapoint", &[("metric_name", name.into())]);
                return;
            }
        }
        _ if next.time < last.time => return,
        (Value::Sum(value), Value::Sum(before)) if delta && next.start == last.time => {
            next.start = last.start;
            match (value, before) {
                (Number::Int(value), Number::Int(before)) => *value = value.wrapping_add(*before),
                (Number::Double(value), Number::Double(before)) => *value += before,
                _ => {}
            }
        }
        _ => {}
    }
    *last = next;
}

/// Both points of a histogram as one.
fn sum(last: Point, next: Point) -> Point {
    let (older, newer) = if next.time < last.time { (next, last) } else { (last, next) };
    let value = match (older.value, newer.value) {
        (Value::Histogram(older), Value::Histogram(newer)) => Value::Histogram(explicit(&older, newer)),
        (Value::Exponential(older), Value::Exponential(newer)) => {
            Value::Exponential(exponential(older, newer))
        }
        (_, newer) => newer,
    };
    Point { start: older.start, time: newer.time, value, exemplars: newer.exemplars }
}

fn explicit(older: &Explicit, mut newer: Explicit) -> Explicit {
    // With other bounds it begins anew.
    if older.bounds == newer.bounds && older.counts.len() == newer.counts.len() {
        newer.count = newer.count.wrapping_add(older.count);
        newer.sum += older.sum;
        for (count, before) in newer.counts.iter_mut().zip(&older.counts) {
            *count = count.wrapping_add(*before);
        }
    }
    newer
}

fn exponential(mut older: Exponential, mut newer: Exponential) -> Exponential {
    let mut scale = older.scale.min(newer.scale);
    older.rescale(scale);
    newer.rescale(scale);
    let threshold = older.zero_threshold.max(newer.zero_threshold);
    for histogram in [&mut older, &mut newer] {
        if histogram.zero_threshold < threshold {
            let Exponential { positive, negative, zero_count, .. } = histogram;
            for buckets in [positive, negative] {
                *zero_count = zero_count.wrapping_add(buckets.below(threshold, scale));
            }
        }
    }
    while older.positive.span(&newer.positive).max(older.negative.span(&newer.negative)) > MAX_BUCKETS {
        scale -= 1;
        older.rescale(scale);
        newer.rescale(scale);
    }
    Exponential {
        count: older.count.wrapping_add(newer.count),
        sum: older.sum.zip(newer.sum).map(|(older, newer)| older + newer),
        scale,
        zero_count: older.zero_count.wrapping_add(newer.zero_count),
        zero_threshold: threshold,
        positive: older.positive.plus(&newer.positive),
        negative: older.negative.plus(&newer.negative),
    }
}

impl Exponential {
    /// Makes the scale smaller: at each step two buckets become one.
    pub(crate) fn rescale(&mut self, scale: i32) {
        let steps = u32::try_from(i64::from(self.scale) - i64::from(scale)).unwrap_or_default().min(31);
        self.positive.join(steps);
        self.negative.join(steps);
        self.scale = self.scale.min(scale);
    }
}

impl Buckets {
    fn index(&self, at: usize) -> i64 {
        i64::from(self.offset) + i64::try_from(at).unwrap_or(i64::MAX >> 1)
    }

    /// Joins so many times two neighbours.
    fn join(&mut self, steps: u32) {
        if steps == 0 || self.counts.is_empty() {
            return;
        }
        let offset = self.index(0) >> steps;
        let mut counts = Vec::new();
        for (at, count) in self.counts.iter().enumerate() {
            let place = usize::try_from((self.index(at) >> steps) - offset).unwrap_or_default();
            counts.resize(counts.len().max(place + 1), 0_u64);
            counts[place] = counts[place].wrapping_add(*count);
        }
        self.counts = counts;
        self.offset = i32::try_from(offset).unwrap_or_default();
    }

    /// Takes away the buckets that end at or below the threshold: how many were in them.
    fn below(&mut self, threshold: f64, scale: i32) -> u64 {
        let width = f64::from(-scale).exp2();
        #[expect(clippy::cast_precision_loss, reason = "indices are far below 2^52")]
        let ends = |index: i64| (width * (index + 1) as f64).exp2();
        let gone = (0..self.counts.len()).take_while(|at| ends(self.index(*at)) <= threshold).count();
        let count = self.counts.drain(..gone).fold(0, u64::wrapping_add);
        self.offset = if self.counts.is_empty() {
            0
        } else {
            self.offset.saturating_add(i32::try_from(gone).unwrap_or(i32::MAX))
        };
        count
    }

    /// How many buckets there are from the first of either to the last.
    fn span(&self, other: &Self) -> usize {
        let all = || [self, other].into_iter().filter(|buckets| !buckets.counts.is_empty());
        let first = all().map(|buckets| buckets.index(0)).min().unwrap_or_default();
        let end = all().map(|buckets| buckets.index(buckets.counts.len())).max().unwrap_or_default();
        usize::try_from(end - first).unwrap_or_default()
    }

    fn plus(&self, other: &Self) -> Self {
        let all = || [self, other].into_iter().filter(|buckets| !buckets.counts.is_empty());
        let Some(offset) = all().map(|buckets| buckets.offset).min() else { return Self::default() };
        let mut counts = vec![0_u64; self.span(other)];
        for buckets in all() {
            let skip = usize::try_from(i64::from(buckets.offset) - i64::from(offset)).unwrap_or_default();
            for (count, more) in counts.iter_mut().skip(skip).zip(&buckets.counts) {
                *count = count.wrapping_add(*more);
            }
        }
        Self { offset, counts }
    }
}

#[cfg(test)]
mod tests;
