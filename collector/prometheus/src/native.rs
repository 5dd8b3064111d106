//! Buckets as Prometheus' native histograms have them.

use slimcol_pdata::put::{bytes, message, varint, varint_field};

/// What a threshold of zero becomes: the width of the bucket around zero that Prometheus takes for none.
pub const ZERO_THRESHOLD: f64 = 1e-128;

/// The scales that Prometheus has buckets for; finer ones are made coarser.
const SCHEMAS: std::ops::RangeInclusive<i32> = -4..=8;

/// Prometheus' scale for that of a histogram, and how many times two neighbours have to be joined for it; `None` if its buckets
/// are wider than Prometheus has them.
pub fn schema(scale: i32) -> Option<(i32, u32)> {
    let down = u32::try_from(i64::from(scale) - i64::from(*SCHEMAS.end())).unwrap_or_default();
    // Further than that all are one.
    (scale >= *SCHEMAS.start()).then(|| (scale.min(*SCHEMAS.end()), down.min(31)))
}

/// Buckets: where there are some in a row, and by how much each differs from the one before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Buckets {
    /// How far each row is from the one before it, and how many buckets it has.
    pub spans: Vec<(i32, u32)>,
    /// The differences.
    pub deltas: Vec<i64>,
}

impl Buckets {
    /// Those of one sign of an exponential histogram, of which the first has the index `offset`, `down` times two neighbours
    /// joined.
    pub fn exponential(offset: i32, counts: impl Iterator<Item = u64>, down: u32) -> Self {
        let mut rows = Rows::default();
        let mut waiting: Option<(i64, u64)> = None;
        for (index, count) in (i64::from(offset)..).zip(counts).filter(|(_, count)| *count > 0) {
            // Prometheus counts a bucket by its upper bound, so one further.
            let index = (index >> down) + 1;
            waiting = match waiting {
                Some((place, sum)) if place == index => Some((place, sum.saturating_add(count))),
                other => {
                    rows.extend(other);
                    Some((index, count))
                }
            };
        }
        rows.extend(waiting);
        rows.buckets
    }

    /// Appends them to a message, as the fields of these numbers.
    pub fn write(&self, to: &mut Vec<u8>, spans: u32, deltas: u32) {
        for (offset, len) in &self.spans {
            message(to, spans, |span| {
                varint_field(span, 1, zigzag((*offset).into()));
                varint_field(span, 2, (*len).into());
            });
        }
        if !self.deltas.is_empty() {
            let mut packed = Vec::new();
            for delta in &self.deltas {
                varint(&mut packed, zigzag(*delta));
            }
            bytes(to, deltas, &packed);
        }
    }
}

/// From indices and counts, of which none is zero and the indices rise.
impl FromIterator<(i64, u64)> for Buckets {
    fn from_iter<I: IntoIterator<Item = (i64, u64)>>(buckets: I) -> Self {
        let mut rows = Rows::default();
        rows.extend(buckets);
        rows.buckets
    }
}

/// A number of either sign as protobuf's `sint` types have it.
pub const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

/// Buckets with something in them, one after the other.
#[derive(Default)]
struct Rows {
    buckets: Buckets,
    /// Which bucket is next.
    next: i64,
    /// How many there were in the last.
    before: i64,
}

impl Extend<(i64, u64)> for Rows {
    fn extend<I: IntoIterator<Item = (i64, u64)>>(&mut self, buckets: I) {
        for (index, count) in buckets {
            self.put(index, count);
        }
    }
}

impl Rows {
    fn put(&mut self, index: i64, count: u64) {
        let gap = index - self.next;
        let Buckets { spans, deltas } = &mut self.buckets;
        match spans.last_mut() {
            // A short gap takes less room as empty buckets.
            Some((_, len)) if gap <= 2 => {
                for _ in 0..gap {
                    deltas.push(-self.before);
                    self.before = 0;
                    *len += 1;
                }
                *len += 1;
            }
            _ => spans.push((i32::try_from(gap).unwrap_or(i32::MAX), 1)),
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        deltas.push(count - self.before);
        (self.next, self.before) = (index + 1, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_spans_and_differences() {
        for (scale, offset, counts, spans, deltas) in [
            (0, 0, &[][..], &[][..], &[][..]),
            (0, 1, &[4, 3, 2, 1], &[(2, 4)], &[4, -1, -1, -1]),
            (0, -2, &[1, 0, 0, 2], &[(-1, 4)], &[1, -1, 0, 2]),
            (0, 1, &[4, 0, 0, 0, 2, 2], &[(2, 1), (3, 2)], &[4, -2, 0]),
            (0, 0, &[0, 0, 5], &[(3, 1)], &[5]),
            // Two steps down: 1..4 are one, 5..8 the next.
            (10, 0, &[1, 1, 1, 1, 2, 2, 2, 2], &[(1, 2)], &[4, 4]),
            (10, -3, &[1, 1, 1, 1], &[(0, 2)], &[3, -2]),
        ] {
            let (schema, down) = schema(scale).unwrap();
            assert_eq!(schema, scale.min(8));
            let buckets = Buckets::exponential(offset, counts.iter().copied(), down);
            assert_eq!((&*buckets.spans, &*buckets.deltas), (spans, deltas), "{offset} {counts:?}");
        }
        let far = Buckets::exponential(i32::MAX, [1, 1].into_iter(), 0);
        assert_eq!(far.deltas, [1, 0]);
        assert_eq!(schema(-5), None);
        assert_eq!(schema(i32::MAX), Some((8, 31)));
    }

    #[test]
    fn all_buckets_are_one_field() {
        let mut message = Vec::new();
        Buckets::exponential(-2, [1, 0, 0, 2].into_iter(), 0).write(&mut message, 12, 13);
        assert_eq!(message, [0x62, 4, 8, 1, 16, 4, 0x6a, 4, 2, 1, 0, 4]);
    }
}
