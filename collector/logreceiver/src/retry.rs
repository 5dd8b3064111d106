//! Trying again what a pipeline refused (Go's `consumerretry`).

use std::time::Duration as StdDuration;

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_service::Backoff;

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
    /// The waits of one payload.
    pub(crate) fn backoff(&self) -> Backoff {
        Backoff::new(self.initial_interval, self.max_interval)
    }

    /// Whether that was long enough.
    pub(crate) fn gives_up(&self, elapsed: StdDuration) -> bool {
        self.max_elapsed_time > Duration::default() && elapsed >= self.max_elapsed_time.std()
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit() {
        let retry: RetryOnFailure = from_yaml("{initial_interval: 100ms, max_interval: 200ms}").unwrap();
        let mut backoff = retry.backoff();
        for (number, middle) in [0.1, 0.15, 0.2].into_iter().chain([0.2; 1000]).enumerate() {
            let wait = backoff.wait().as_secs_f64();
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
