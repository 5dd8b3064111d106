//! Exponential buckets of several points, added up where they belong.

use slimcol_ottleval::Fault;
use slimcol_pdata::{edit::BucketsMut, view::BucketsRef};

/// So many buckets may come of it: with offsets far apart few bytes ask for billions.
const MOST: i64 = 1 << 16;

/// Counts from the bucket `offset` on.
pub(super) struct Buckets {
    offset: i32,
    counts: Vec<u64>,
}

impl Buckets {
    pub(super) fn of(buckets: BucketsRef<'_>) -> Self {
        Self { offset: buckets.offset(), counts: buckets.bucket_counts().collect() }
    }

    pub(super) fn add(&mut self, buckets: BucketsRef<'_>) -> Result<(), Fault> {
        let other = Self::of(buckets);
        if other.counts.is_empty() {
            return Ok(());
        }
        if self.counts.is_empty() {
            *self = other;
            return Ok(());
        }
        let end =
            |own: &Self| i64::from(own.offset) + i64::try_from(own.counts.len()).unwrap_or(i64::MAX / 2);
        let low = self.offset.min(other.offset);
        let wanted = end(self).max(end(&other)) - i64::from(low);
        let have = self.counts.len().max(other.counts.len());
        let len = usize::try_from(wanted).ok().filter(|len| wanted <= MOST || *len == have);
        let len =
            len.ok_or_else(|| Fault::new(format!("the buckets of points are more than {MOST} apart")))?;
        let before = |offset: i32| usize::try_from(i64::from(offset) - i64::from(low)).unwrap_or_default();
        let lead = before(self.offset);
        if lead > 0 {
            self.counts.splice(..0, std::iter::repeat_n(0, lead));
        }
        self.counts.resize(len, 0);
        for (own, count) in self.counts[before(other.offset)..].iter_mut().zip(other.counts) {
            *own = own.wrapping_add(count);
        }
        self.offset = low;
        Ok(())
    }

    pub(super) fn put(&self, mut to: BucketsMut<'_>) {
        to.set_offset(self.offset);
        to.set_bucket_counts(&self.counts);
    }
}
