//! Histograms as Prometheus' native ones.

use slimcol_pdata::view::{BucketsRef, ExponentialHistogramDataPointRef, HistogramDataPointRef};
use slimcol_prometheus::{Buckets, ZERO_THRESHOLD, schema};

use crate::series::Native;

/// The value that says that a series has ended.
pub(crate) const STALE: u64 = 0x7ff0_0000_0000_0002;

/// The histogram of a point.
///
/// # Errors
/// Its buckets are wider than Prometheus has them.
pub(crate) fn native(point: ExponentialHistogramDataPointRef<'_>, time: i64) -> Result<Native, String> {
    let scale = point.scale();
    let Some((schema, down)) = schema(scale) else {
        return Err(format!(
            "cannot convert exponential to native histogram. Scale must be >= -4, was {scale}"
        ));
    };
    let buckets =
        |buckets: BucketsRef<'_>| Buckets::exponential(buckets.offset(), buckets.bucket_counts(), down);
    let ended = point.flags() & 1 != 0;
    let threshold = point.zero_threshold();
    Ok(Native {
        time,
        count: if ended { STALE } else { point.count() },
        sum: if ended { f64::from_bits(STALE) } else { point.sum().unwrap_or_default() },
        schema,
        zero_threshold: if threshold == 0.0 { ZERO_THRESHOLD } else { threshold },
        zero_count: point.zero_count(),
        positive: buckets(point.positive()),
        negative: buckets(point.negative()),
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
        positive: Buckets::default(),
        negative: Buckets::default(),
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
    let mut before = 0;
    let each = (0..)
        .zip(&buckets)
        .map(|(at, (_, count))| (at, count.saturating_sub(std::mem::replace(&mut before, *count))));
    native.positive = each.filter(|(_, count)| *count > 0).collect();
    native.bounds = buckets.iter().map(|(bound, _)| *bound).filter(|bound| *bound != f64::INFINITY).collect();
    Ok(native)
}
