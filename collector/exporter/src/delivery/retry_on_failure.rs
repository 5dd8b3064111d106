//! `retry_on_failure` (Go's `configretry`).

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_service::Backoff;

/// Whether and how often to try again.
#[derive(Clone, Debug)]
pub struct RetryOnFailure {
    /// Whether at all.
    pub enabled: bool,
    /// The wait after the first failure, before it is randomised.
    pub initial_interval: Duration,
    /// A wait is drawn from the interval ± this share of it.
    pub randomization_factor: f64,
    /// Each wait is this many times the one before.
    pub multiplier: f64,
    /// No wait is longer, before it is randomised.
    pub max_interval: Duration,
    /// No retry begins later than this after the first attempt; zero is never giving up.
    pub max_elapsed_time: Duration,
}

impl Settings for RetryOnFailure {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, Duration::secs(5))
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.max_elapsed_time > Duration::default() {
            if self.max_elapsed_time < self.initial_interval {
                problems
                    .add("max_elapsed_time", "'max_elapsed_time' must not be less than 'initial_interval'");
            } else if self.max_elapsed_time < self.max_interval {
                problems.add("max_elapsed_time", "'max_elapsed_time' must not be less than 'max_interval'");
            }
        }
        let durations = [
            ("initial_interval", self.initial_interval),
            ("max_elapsed_time", self.max_elapsed_time),
            ("max_interval", self.max_interval),
        ];
        for (key, value) in durations {
            if value.is_negative() {
                problems.add(key, format_args!("{key} value must be greater than or equal to 0"));
            }
        }
        for (key, value) in
            [("multiplier", self.multiplier), ("randomization_factor", self.randomization_factor)]
        {
            if value.is_nan() || value < 0.0 {
                problems.add(key, format_args!("{key} value must be greater than or equal to 0"));
            }
        }
        if self.randomization_factor > 1.0 {
            problems
                .add("randomization_factor", "randomization_factor value must be less than or equal to 1");
        }
    }
}

impl RetryOnFailure {
    /// Reads the keys; `first` is the default of the first wait.
    pub fn read_with(from: &mut Section<'_>, first: Duration) -> Self {
        Self {
            enabled: from.get("enabled", true),
            initial_interval: from.get("initial_interval", first),
            randomization_factor: from.get("randomization_factor", 0.5),
            multiplier: from.get("multiplier", 1.5),
            max_interval: from.get("max_interval", Duration::secs(30)),
            max_elapsed_time: from.get("max_elapsed_time", Duration::secs(300)),
        }
    }

    /// The waits of one payload.
    pub fn backoff(&self) -> Backoff {
        let Self { initial_interval, max_interval, multiplier, randomization_factor, .. } = *self;
        Backoff::with_factors(initial_interval, max_interval, multiplier, randomization_factor)
    }
}
