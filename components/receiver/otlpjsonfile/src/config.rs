//! The receiver's settings.

use slimcol_config::{ComponentId, Problems, Section, Settings};
use slimcol_fileconsumer::Config as FileConfig;
use slimcol_logreceiver::read_storage;

/// The keys of `otlp_json_file`.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) file: FileConfig,
    pub(crate) storage: Option<ComponentId>,
    /// Whether files are read again with each poll.
    pub(crate) replay: bool,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { file: from.squash(), storage: read_storage(from), replay: from.get("replay_file", false) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if let Some((key, message)) = self.file.problem() {
            problems.add(key, message);
        }
        if self.file.header.is_some() {
            problems.add("header", "'header' is not supported by this receiver");
        }
    }
}
