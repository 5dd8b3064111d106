//! Histograms as Prometheus' native ones.

use slimcol_pdata::view::{BucketsRef, ExponentialHistogramDataPointRef, HistogramDataPointRef};

use crate::series::{Layout, Native};

/// The value that says that a series has ended.
pub(crate) const STALE: u64 = 0x7ff0_0000_0000_0002;

/// The histogram of a point.
///
/// # Errors
/// Its buckets are wider than Prometheus has them.
pub(crate) fn native(point: ExponentialHistogramDataPointRef<'_>, time: i64) -> Result<Native, String> {
    let scale = point.scale();
    if scale < -4 {
        return Err(format!(
            "cannot convert exponential to native histogram. Scale must be >= -4, was {scale}"
        ));
    }
    let down = u32::try_from(i64::from(scale) - 8).unwrap_or_default().min(31);
    let ended = point.flags() & 1 != 0;
    let threshold = point.zero_threshold();
    Ok(Native {
        time,
        count: if ended { STALE } else { point.count() },
        sum: if ended { f64::from_bits(STALE) } else { point.sum().unwrap_or_default() },
        schema: scale.min(8),
        zero_threshold: if threshold == 0.0 { 1e-128 } else { threshold },
        zero_count: point.zero_count(),
        positive: layout(point.positive(), down),
        negative: layout(point.negative(), down),
        bounds: Vec::new(),
    })
}

/// What says that a histogram has bounds of its own.
const CUSTOM: i32 = -53;

/// The histogram of a point with explicit bounds, which stay what they are.
///
/// # Errors
/// Its bounds are none, or its buckets do not fit their order.
pub(crate) fn custom(point: HistogramDataPointRef<'_>, time: i64) -> Result<Native, String> {
    let mut native = Native {
        time,
        count: 0,
        sum: f64::from_bits(STALE),
        schema: CUSTOM,
        zero_threshold: 0.0,
        zero_count: 0,
        positive: Layout::default(),
        negative: Layout::default(),
        bounds: Vec::new(),
    };
    // The sum alone says that it has ended.
    if point.flags() & 1 != 0 {
        return Ok(native);
    }
    native.sum = point.sum().unwrap_or_default();
    let mut counts = point.bucket_counts();
    // Bounds, and how many there are up to each.
    let mut buckets: Vec<(f64, u64)> = Vec::new();
    for bound in point.explicit_bounds().chain([f64::INFINITY]) {
        // Empty buckets at the end may be left out.
        native.count = native.count.saturating_add(counts.next().unwrap_or_default());
        if bound == f64::INFINITY {
            // What no bucket tells of is above all bounds.
            native.count = native.count.max(point.count());
        } else if bound.is_nan() {
            return Err("bucket boundary must not be NaN".to_owned());
        }
        let at = buckets.partition_point(|(other, _)| *other < bound);
        match buckets.get(at) {
            Some((other, _)) if *other <= bound => {}
            Some((_, above)) if *above < native.count => {
                return Err(format!("count is not cumulative: {} > {above}", native.count));
            }
            _ => buckets.insert(at, (bound, native.count)),
        }
        if bound == f64::INFINITY {
            break;
        }
    }
    let mut rows = Rows::default();
    let mut before = 0;
    for (at, (bound, count)) in (0..).zip(&buckets) {
        if *count > before {
            rows.put(at, count - before, 0);
        }
        before = *count;
        native.bounds.extend(Some(*bound).filter(|bound| *bound != f64::INFINITY));
    }
    native.positive = rows.layout;
    Ok(native)
}

/// Buckets with something in them, one after the other.
#[derive(Default)]
struct Rows {
    layout: Layout,
    /// Which bucket is next.
    next: i64,
    /// How many there were in the last.
    before: i64,
}

impl Rows {
    /// Adds a bucket; Prometheus counts the first by `further` more.
    fn put(&mut self, index: i64, count: u64, further: i64) {
        let gap = index - self.next;
        let Layout { spans, deltas } = &mut self.layout;
        match spans.last_mut() {
            Some((_, len)) if gap <= 2 => {
                for _ in 0..gap {
                    deltas.push(-self.before);
                    self.before = 0;
                    *len += 1;
                }
                *len += 1;
            }
            Some(_) => spans.push((i32::try_from(gap).unwrap_or(i32::MAX), 1)),
            None => spans.push((i32::try_from(index + further).unwrap_or(i32::MAX), 1)),
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        deltas.push(count - self.before);
        (self.next, self.before) = (index + 1, count);
    }
}

/// The buckets, so many times two neighbours joined.
fn layout(buckets: BucketsRef<'_>, down: u32) -> Layout {
    let mut rows = Rows::default();
    let offset = i64::from(buckets.offset());
    let mut waiting: Option<(i64, u64)> = None;
    // Prometheus counts a bucket by its upper bound, so one further.
    let mut put = |index, count| rows.put(index, count, 1);
    for (at, count) in buckets.bucket_counts().enumerate().filter(|(_, count)| *count > 0) {
        let index = (offset + i64::try_from(at).unwrap_or_default()) >> down;
        waiting = match waiting {
            Some((place, sum)) if place == index => Some((place, sum.saturating_add(count))),
            other => {
                if let Some((place, sum)) = other {
                    put(place, sum);
                }
                Some((index, count))
            }
        };
    }
    if let Some((place, sum)) = waiting {
        put(place, sum);
    }
    rows.layout
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::view::MetricData;

    use super::*;

    fn buckets(scale: i32, offset: i32, counts: &str) -> (i32, Layout) {
        let json = format!(
            r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{{"name":"h","exponentialHistogram":{{"dataPoints":[
            {{"scale":{scale},"positive":{{"offset":{offset},"bucketCounts":[{counts}]}}}}]}}}}]}}]}}]}}"#
        );
        let metrics = slimcol_pdata::Metrics::from_json(json.as_bytes()).unwrap();
        let resource = metrics.resource_metrics().next().unwrap();
        let metric = resource.scope_metrics().next().unwrap().metrics().next().unwrap();
        let MetricData::ExponentialHistogram(data) = metric.data() else { panic!("no histogram") };
        let native = native(data.data_points().next().unwrap(), 0).unwrap();
        (native.schema, native.positive)
    }

    #[test]
    fn buckets_are_spans_and_differences() {
        for (scale, offset, counts, spans, deltas) in [
            (0, 0, "", &[][..], &[][..]),
            (0, 1, "4,3,2,1", &[(2, 4)], &[4, -1, -1, -1]),
            (0, -2, "1,0,0,2", &[(-1, 4)], &[1, -1, 0, 2]),
            (0, 1, "4,0,0,0,2,2", &[(2, 1), (3, 2)], &[4, -2, 0]),
            (0, 0, "0,0,5", &[(3, 1)], &[5]),
            // Two steps down: 1..4 are one, 5..8 the next.
            (10, 0, "1,1,1,1,2,2,2,2", &[(1, 2)], &[4, 4]),
            (10, -3, "1,1,1,1", &[(0, 2)], &[3, -2]),
        ] {
            let (schema, layout) = buckets(scale, offset, counts);
            assert_eq!(schema, scale.min(8));
            assert_eq!(
                (layout.spans.as_slice(), layout.deltas.as_slice()),
                (spans, deltas),
                "{offset} {counts}"
            );
        }
        let far = buckets(0, i32::MAX, "1,1");
        assert_eq!(far.1.deltas, [1, 0]);
    }
}
