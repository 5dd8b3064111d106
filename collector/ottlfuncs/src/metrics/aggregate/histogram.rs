//! Points of histograms with the same bounds.

use slimcol_pdata::{edit::HistogramDataPointMut, view::HistogramDataPointRef};

use super::super::exemplars::Kept;

/// What the points of a group come to.
pub(super) struct Histogram {
    more: bool,
    count: u64,
    sum: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    counts: Vec<u64>,
    /// Those of the points behind the first.
    exemplars: Vec<Kept>,
    start: u64,
}

/// Go adds to a sum that is absent as if it were zero.
pub(super) fn added(own: Option<f64>, more: Option<f64>) -> f64 {
    own.unwrap_or_default() + more.unwrap_or_default()
}

/// The lesser of two extremes in the order that `sign` gives.
pub(super) fn extreme(own: Option<f64>, other: Option<f64>, sign: f64) -> Option<f64> {
    let other = other.unwrap_or_default();
    own.map(|own| if own * sign > other * sign { other } else { own })
}

impl Histogram {
    pub(super) fn of(point: HistogramDataPointRef<'_>) -> Self {
        Self {
            more: false,
            count: point.count(),
            sum: point.sum(),
            min: point.min(),
            max: point.max(),
            counts: point.bucket_counts().collect(),
            exemplars: Vec::new(),
            start: point.start_time_unix_nano(),
        }
    }

    pub(super) fn add(&mut self, point: HistogramDataPointRef<'_>) {
        if point.count() == 0 {
            return;
        }
        self.more = true;
        self.count = self.count.wrapping_add(point.count());
        self.sum = Some(added(self.sum, point.sum()));
        self.min = extreme(self.min, point.min(), 1.0);
        self.max = extreme(self.max, point.max(), -1.0);
        for (at, count) in point.bucket_counts().enumerate() {
            match self.counts.get_mut(at) {
                Some(own) => *own = own.wrapping_add(count),
                None => self.counts.push(count),
            }
        }
        self.exemplars.extend(point.exemplars().map(Kept::of));
        self.start = self.start.min(point.start_time_unix_nano());
    }

    pub(super) fn put(self, point: &mut HistogramDataPointMut<'_>) {
        if !self.more {
            return;
        }
        point.set_count(self.count);
        point.set_sum(self.sum);
        point.set_min(self.min);
        point.set_max(self.max);
        point.set_bucket_counts(&self.counts);
        point.set_start_time_unix_nano(self.start);
        let mut exemplars = point.exemplars_mut();
        self.exemplars.iter().for_each(|kept| kept.put(exemplars.push()));
    }
}
