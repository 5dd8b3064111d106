//! The extension's keys.

use slimcol_config::{Problems, Section, Settings};

/// What users can set.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The file that is there while the collector is ready.
    pub(crate) file: String,
}

impl Settings for Config {
    // A key that is not asked for is an error with its place in the user's file.
    fn read(from: &mut Section<'_>) -> Self {
        Self { file: from.get("file", String::new()) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.file.is_empty() {
            problems.add("file", "file must be specified");
        }
    }
}
