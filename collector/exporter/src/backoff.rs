//! The waits between attempts: growing, capped, randomised (Go's `cenkalti/backoff`).

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::Duration,
};

use crate::delivery::RetryOnFailure;

/// The waits of one payload, in nanoseconds.
#[derive(Debug)]
pub(crate) struct Backoff {
    interval: f64,
    max: f64,
    multiplier: f64,
    factor: f64,
}

impl Backoff {
    #[allow(clippy::cast_precision_loss, reason = "a wait need not be exact to the nanosecond")]
    pub(crate) fn new(config: &RetryOnFailure) -> Self {
        Self {
            interval: config.initial_interval.0 as f64,
            max: config.max_interval.0 as f64,
            multiplier: config.multiplier,
            factor: config.randomization_factor,
        }
    }

    /// The next wait, drawn with `random` from [0, 1).
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, which is meant"
    )]
    pub(crate) fn next(&mut self, random: f64) -> Duration {
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
pub(crate) fn chance() -> f64 {
    (RandomState::new().build_hasher().finish() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    /// The first waits, in milliseconds.
    fn waits(yaml: &str, random: f64) -> Vec<u128> {
        let mut backoff = Backoff::new(&from_yaml(yaml).unwrap());
        (0..7).map(|_| backoff.next(random).as_millis()).collect()
    }

    #[test]
    fn waits_grow_to_the_maximum_and_spread_around_the_interval() {
        assert_eq!(waits("{}", 0.5), [5000, 7500, 11_250, 16_875, 25_312, 30_000, 30_000]);
        assert_eq!(waits("{}", 0.0)[0], 2500);
        assert_eq!(waits("{}", 0.999_999)[0], 7499);
        assert_eq!(waits("{randomization_factor: 0, multiplier: 1}", 0.9)[6], 5000);
        assert_eq!(waits("{initial_interval: 0s, max_interval: 0s}", 0.9)[6], 0);
    }

    #[test]
    fn chance_is_below_one_and_varies() {
        let drawn: Vec<f64> = (0..100).map(|_| chance()).collect();
        assert!(drawn.iter().all(|x| (0.0..1.0).contains(x)));
        assert!(drawn.windows(2).any(|pair| pair[0] < pair[1]));
    }
}
