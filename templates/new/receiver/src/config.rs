//! The receiver's keys.

use slimcol_config::{Duration, Problems, Section, Settings};

/// What users can set.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// How long from one record to the next.
    pub(crate) interval: Duration,
    /// What the records say.
    pub(crate) message: String,
}

impl Settings for Config {
    // A key that is not asked for is an error with its place in the user's file.
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            interval: from.get("interval", Duration::secs(10)),
            message: from.get("message", "still here".to_owned()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.interval.is_negative() || self.interval.is_zero() {
            problems.add("interval", "interval must be greater than 0");
        }
    }
}
