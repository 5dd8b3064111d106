//! Points of exponential histograms of the same scale.

use slimcol_ottleval::Fault;
use slimcol_pdata::{edit::ExponentialHistogramDataPointMut, view::ExponentialHistogramDataPointRef};

use super::{
    super::exemplars::Kept,
    buckets::Buckets,
    histogram::{added, extreme},
};

/// What the points of a group come to.
pub(super) struct Exponential {
    more: bool,
    count: u64,
    zeros: u64,
    sum: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    positive: Buckets,
    negative: Buckets,
    /// Those of the points behind the first.
    exemplars: Vec<Kept>,
    start: u64,
}

impl Exponential {
    pub(super) fn of(point: ExponentialHistogramDataPointRef<'_>) -> Self {
        Self {
            more: false,
            count: point.count(),
            zeros: point.zero_count(),
            sum: point.sum(),
            min: point.min(),
            max: point.max(),
            positive: Buckets::of(point.positive()),
            negative: Buckets::of(point.negative()),
            exemplars: Vec::new(),
            start: point.start_time_unix_nano(),
        }
    }

    pub(super) fn add(&mut self, point: ExponentialHistogramDataPointRef<'_>) -> Result<(), Fault> {
        if point.count() == 0 {
            return Ok(());
        }
        self.more = true;
        self.count = self.count.wrapping_add(point.count());
        self.zeros = self.zeros.wrapping_add(point.zero_count());
        self.sum = Some(added(self.sum, point.sum()));
        self.min = extreme(self.min, point.min(), 1.0);
        self.max = extreme(self.max, point.max(), -1.0);
        self.positive.add(point.positive())?;
        self.negative.add(point.negative())?;
        self.exemplars.extend(point.exemplars().map(Kept::of));
        self.start = self.start.min(point.start_time_unix_nano());
        Ok(())
    }

    pub(super) fn put(self, point: &mut ExponentialHistogramDataPointMut<'_>) {
        if !self.more {
            return;
        }
        point.set_count(self.count);
        point.set_zero_count(self.zeros);
        point.set_sum(self.sum);
        point.set_min(self.min);
        point.set_max(self.max);
        self.positive.put(point.positive_mut());
        self.negative.put(point.negative_mut());
        point.set_start_time_unix_nano(self.start);
        let mut exemplars = point.exemplars_mut();
        self.exemplars.iter().for_each(|kept| kept.put(exemplars.push()));
    }
}
