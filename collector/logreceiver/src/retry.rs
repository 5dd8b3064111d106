//! Trying again what a pipeline refused (Go's `consumerretry`).

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration as StdDuration,
};

use slimcol_config::{Duration, Problems, Section, Settings};

/// `retry_on_failure`.
#[derive(Clone, Copy, Debug)]
pub struct RetryOnFailure {
    /// Whether what is refused is tried again rather than dropped.
    pub enabled: bool,
    /// The wait before the first further attempt.
    pub initial_interval: Duration,
    /// The longest wait.
    pub max_interval: Duration,
    /// After this long it is dropped; zero is never.
    pub max_elapsed_time: Duration,
}

impl Settings for RetryOnFailure {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            enabled: from.get("enabled", false),
            initial_interval: from.get("initial_interval", Duration::secs(1)),
            max_interval: from.get("max_interval", Duration::secs(30)),
            max_elapsed_time: from.get("max_elapsed_time", Duration::secs(300)),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        for (key, time) in [
            ("initial_interval", self.initial_interval),
            ("max_interval", self.max_interval),
            ("max_elapsed_time", self.max_elapsed_time),
        ] {
            if time < Duration::default() {
                problems.add(key, format_args!("'{key}' must be non-negative"));
            }
        }
    }
}

impl RetryOnFailure {
    /// How long to wait before attempt `number`, the first further one being 1: half as long again as before each, and
    /// between half and one and a half of that, so that those who failed together do not come back together.
    pub(crate) fn wait(&self, number: i32) -> StdDuration {
        let initial = seconds(self.initial_interval).as_secs_f64();
        let grown = initial * 1.5_f64.powi(number - 1);
        let most = seconds(self.max_interval).as_secs_f64();
        StdDuration::try_from_secs_f64(grown.min(most) * (0.5 + chance())).unwrap_or(StdDuration::MAX)
    }

    /// Whether that was long enough.
    pub(crate) fn gives_up(&self, elapsed: StdDuration) -> bool {
        self.max_elapsed_time > Duration::default() && elapsed >= seconds(self.max_elapsed_time)
    }
}

fn seconds(time: Duration) -> StdDuration {
    StdDuration::from_nanos(u64::try_from(time.0).unwrap_or(0))
}

/// A number from [0, 1). The standard library's hasher has new keys each time, which is chance enough.
#[allow(clippy::cast_precision_loss, reason = "the upper 53 bits fit exactly")]
fn chance() -> f64 {
    (RandomState::new().hash_one(0) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit() {
        let retry: RetryOnFailure = from_yaml("{initial_interval: 100ms, max_interval: 200ms}").unwrap();
        for (number, middle) in [(1, 0.1), (2, 0.15), (3, 0.2), (1000, 0.2), (i32::MAX, 0.2)] {
            let wait = retry.wait(number).as_secs_f64();
            assert!((middle * 0.499..middle * 1.501).contains(&wait), "{number}: {wait}");
        }
    }

    #[test]
    fn it_ends_unless_it_is_not_to() {
        let retry: RetryOnFailure = from_yaml("").unwrap();
        assert!(!retry.enabled);
        assert!(!retry.gives_up(StdDuration::from_secs(299)) && retry.gives_up(StdDuration::from_mins(5)));
        let retry: RetryOnFailure = from_yaml("max_elapsed_time: 0").unwrap();
        assert!(!retry.gives_up(StdDuration::MAX));
        let error = from_yaml::<RetryOnFailure>("initial_interval: -1s").unwrap_err();
        assert_eq!(error, "'initial_interval' must be non-negative");
    }
}
