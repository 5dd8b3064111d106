//! The instruments themselves: atomics.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// Sums that belong together. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Counters(pub(super) Option<Arc<Cells>>);

/// How values are spread. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Histogram(Option<Arc<Spread>>);

#[derive(Debug)]
pub(super) struct Cells {
    /// Whether anything was counted, be it nothing.
    used: AtomicBool,
    sums: Box<[AtomicU64]>,
}

#[derive(Debug)]
struct Spread {
    bounds: &'static [f64],
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// Where an instrument's value is.
pub(super) enum Source {
    Counter(Arc<Cells>, usize),
    /// `None` once there is nothing left that it is the value of.
    Read(Box<dyn Fn() -> Option<f64> + Send + Sync>),
    Histogram(Histogram),
}

impl Cells {
    pub(super) fn new(len: usize) -> Arc<Self> {
        Arc::new(Self { used: AtomicBool::new(false), sums: zeros(len) })
    }

    pub(super) fn len(&self) -> usize {
        self.sums.len()
    }

    /// `None` as long as nothing was counted.
    pub(super) fn sum(&self, at: usize) -> Option<u64> {
        self.used.load(Relaxed).then(|| self.sums[at].load(Relaxed))
    }
}

impl Counters {
    /// Adds to the counter that was named at place `at` when they were made. Adding nothing makes all of them show.
    pub fn add(&self, at: usize, count: usize) {
        let Some(cells) = &self.0 else { return };
        // A look first: writing would take the cache line from all other cores.
        if !cells.used.load(Relaxed) {
            cells.used.store(true, Relaxed);
        }
        if count != 0 {
            cells.sums[at].fetch_add(count as u64, Relaxed);
        }
    }
}

impl Histogram {
    pub(super) fn new(bounds: &'static [f64]) -> Self {
        let counts = zeros(bounds.len() + 1);
        Self(Some(Arc::new(Spread { bounds, counts, sum: AtomicU64::new(0) })))
    }

    /// One that keeps nothing.
    pub(super) const fn inert() -> Self {
        Self(None)
    }

    /// Whether values are kept: who would have to compute them need not otherwise.
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Counts `value` to the first bound that is not less.
    #[allow(clippy::cast_precision_loss, reason = "bounds are far below 2^52")]
    pub fn record(&self, value: usize) {
        self.put(value as f64, value as u64);
    }

    /// The same for a histogram of seconds, whose sum is kept in nanoseconds.
    pub fn record_time(&self, time: Duration) {
        self.put(time.as_secs_f64(), u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    fn put(&self, value: f64, sum: u64) {
        let Some(spread) = &self.0 else { return };
        let at = spread.bounds.partition_point(|bound| *bound < value);
        spread.counts[at].fetch_add(1, Relaxed);
        spread.sum.fetch_add(sum, Relaxed);
    }

    /// How many values each bucket has, and their sum; `None` as long as there are none.
    pub(super) fn read(&self) -> Option<(Vec<u64>, u64)> {
        let spread = self.0.as_ref()?;
        let counts: Vec<u64> = spread.counts.iter().map(|count| count.load(Relaxed)).collect();
        counts.iter().any(|count| *count != 0).then(|| (counts, spread.sum.load(Relaxed)))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}

fn zeros(len: usize) -> Box<[AtomicU64]> {
    (0..len).map(|_| AtomicU64::new(0)).collect()
}
