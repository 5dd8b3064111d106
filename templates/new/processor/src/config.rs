//! The processor's keys.

use slimcol_config::{Problems, Section, Settings};

/// What users can set.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The attribute.
    pub(crate) key: String,
    /// What it is set to.
    pub(crate) value: String,
}

impl Settings for Config {
    // A key that is not asked for is an error with its place in the user's file.
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            key: from.get("key", "deployment.environment.name".to_owned()),
            value: from.get("value", "production".to_owned()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.key.is_empty() {
            problems.add("key", "key must not be empty");
        }
    }
}
