//! The receiver's settings (Go's `FileLogConfig`).

use slimcol_config::{Problems, Section, Settings};
use slimcol_fileconsumer::Config as FileConfig;
use slimcol_logreceiver::Common;

/// The keys of `file_log`.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) common: Common,
    pub(crate) file: FileConfig,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: from.squash(), file: from.squash() }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("retry_on_failure", &self.common.retry_on_failure);
        if let Some((key, message)) = self.file.problem() {
            problems.add(key, message);
        }
    }
}
