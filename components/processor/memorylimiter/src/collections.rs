//! How often memory is given back while there is too little: what the Go collector's forced collections are here.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Collections;

/// By what part memory must fall for a release to have been of use: a twentieth.
const USE: u64 = 20;

/// When memory was last given back, and when it may be again. Releases that are of no use are made ever more seldom.
#[derive(Debug)]
pub(crate) struct Pacing {
    soft: Pace,
    hard: Pace,
    /// The time between two looks.
    every: Duration,
    last: Instant,
    /// What was used when last looked at.
    used: u64,
}

#[derive(Debug)]
struct Pace {
    min: Duration,
    /// Zero is always at `min`.
    max: Duration,
    now: Duration,
}

impl Pacing {
    pub(crate) fn new(config: &Collections, every: Duration) -> Self {
        let pace = |min: slimcol_config::Duration, max: slimcol_config::Duration| Pace {
            min: min.std(),
            max: max.std(),
            now: Duration::ZERO,
        };
        Self {
            soft: pace(config.min_soft, config.max_soft),
            hard: pace(config.min_hard, config.max_hard),
            every,
            last: Instant::now(),
            used: 0,
        }
    }

    /// So much is used, without a release.
    pub(crate) fn look(&mut self, used: u64, short: bool) {
        self.fell(used, short);
    }

    /// Whether it is time for a release.
    pub(crate) fn is_due(&self, hard: bool) -> bool {
        let pace = if hard { &self.hard } else { &self.soft };
        self.last.elapsed() > pace.min.max(pace.now)
    }

    /// So much is used after a release. If that was of no use, how long the next ones wait.
    pub(crate) fn released(&mut self, used: u64, short: bool) -> Option<(Duration, Duration)> {
        self.last = Instant::now();
        if self.fell(used, short) {
            return None;
        }
        // A little less than a look's time, so that a look that comes a little early is not one too early.
        let least = self.every.mul_f64(0.95);
        for pace in [&mut self.soft, &mut self.hard] {
            pace.slow_down(least);
        }
        Some((self.soft.now, self.hard.now))
    }

    fn fell(&mut self, used: u64, short: bool) -> bool {
        let fell = !short || used <= self.used - self.used / USE;
        self.used = used;
        if fell {
            (self.soft.now, self.hard.now) = Default::default();
        }
        fell
    }
}

impl Pace {
    fn slow_down(&mut self, least: Duration) {
        self.now = if self.max.is_zero() {
            self.min
        } else {
            (self.now.max(self.min).max(least) * 2).min(self.max.max(self.min))
        };
    }
}
