//! The waits between attempts: growing, capped, randomised (Go's `cenkalti/backoff`).

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::Duration,
};

use slimcol_config::Duration as Configured;

/// The waits of one payload, in nanoseconds.
#[derive(Debug)]
pub struct Backoff {
    interval: f64,
    max: f64,
    multiplier: f64,
    factor: f64,
}

impl Backoff {
    /// Waits from `initial` to `max`, each half as long again as the one before, and between half and one and a half of
    /// that: those who failed together do not come back together.
    pub fn new(initial: Configured, max: Configured) -> Self {
        Self::with_factors(initial, max, 1.5, 0.5)
    }

    /// Waits of which each is `multiplier` times the one before, give or take its share `randomization`.
    #[allow(clippy::cast_precision_loss, reason = "a wait need not be exact to the nanosecond")]
    pub fn with_factors(initial: Configured, max: Configured, multiplier: f64, randomization: f64) -> Self {
        Self { interval: initial.0 as f64, max: max.0 as f64, multiplier, factor: randomization }
    }

    /// The next wait.
    pub fn wait(&mut self) -> Duration {
        self.next(chance())
    }

    /// The next wait, drawn with `random` from [0, 1).
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, which is meant"
    )]
    fn next(&mut self, random: f64) -> Duration {
        let current = self.interval;
        self.interval =
            if current >= self.max / self.multiplier { self.max } else { current * self.multiplier };
        let delta = self.factor * current;
        Duration::from_nanos((current - delta + random * 2.0 * delta) as u64)
    }
}

/// A number from [0, 1). The standard library's hasher has new random keys each time, which is all the chance that
/// spreading retries needs.
#[allow(clippy::cast_precision_loss, reason = "the upper 53 bits fit exactly")]
fn chance() -> f64 {
    (RandomState::new().build_hasher().finish() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first waits, in milliseconds.
    fn waits(mut backoff: Backoff, random: f64) -> Vec<u128> {
        (0..7).map(|_| backoff.next(random).as_millis()).collect()
    }

    #[test]
    fn waits_grow_to_the_maximum_and_spread_around_the_interval() {
        let (five, thirty, none) = (Configured::secs(5), Configured::secs(30), Configured::default());
        let usual = || Backoff::new(five, thirty);
        assert_eq!(waits(usual(), 0.5), [5000, 7500, 11_250, 16_875, 25_312, 30_000, 30_000]);
        assert_eq!(waits(usual(), 0.0)[0], 2500);
        assert_eq!(waits(usual(), 0.999_999)[0], 7499);
        assert_eq!(waits(Backoff::with_factors(five, thirty, 1.0, 0.0), 0.9)[6], 5000);
        assert_eq!(waits(Backoff::with_factors(none, none, 1.5, 0.5), 0.9)[6], 0);
    }

    #[test]
    fn chance_is_below_one_and_varies() {
        let drawn: Vec<f64> = (0..100).map(|_| chance()).collect();
        assert!(drawn.iter().all(|x| (0.0..1.0).contains(x)));
        assert!(drawn.windows(2).any(|pair| pair[0] < pair[1]));
    }
}
