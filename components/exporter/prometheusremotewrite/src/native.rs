//! Exponential histograms as Prometheus' native ones.

use slimcol_pdata::view::{BucketsRef, ExponentialHistogramDataPointRef};

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
    })
}

/// The buckets, so many times two neighbours joined.
fn layout(buckets: BucketsRef<'_>, down: u32) -> Layout {
    let mut layout = Layout::default();
    let offset = i64::from(buckets.offset());
    let (mut next, mut before) = (0, 0);
    let mut waiting: Option<(i64, u64)> = None;
    let mut put = |index: i64, count: u64| {
        let gap = index - next;
        // Prometheus counts a bucket by its upper bound, so one further.
        match layout.spans.last_mut() {
            Some((_, len)) if gap <= 2 => {
                for _ in 0..gap {
                    layout.deltas.push(-before);
                    before = 0;
                    *len += 1;
                }
                *len += 1;
            }
            Some(_) => layout.spans.push((i32::try_from(gap).unwrap_or(i32::MAX), 1)),
            None => layout.spans.push((i32::try_from(index + 1).unwrap_or(i32::MAX), 1)),
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        layout.deltas.push(count - before);
        (next, before) = (index + 1, count);
    };
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
    layout
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
