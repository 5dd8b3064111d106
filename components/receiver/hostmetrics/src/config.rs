//! The receiver's settings (Go's `hostmetricsreceiver.Config`).

use std::fs;

use slimcol_config::{Duration, NoSettings, Problems, Section, Settings};
use slimcol_scraper::Schedule;
use slimcol_service::go_error;

use crate::{
    parts::{self, Part},
    root::Root,
};

/// The keys of `host_metrics`.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) schedule: Schedule,
    pub(crate) root: Root,
    pub(crate) metadata_collection_interval: Duration,
    pub(crate) scrapers: Vec<Box<dyn Part>>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let mut scrapers = Vec::new();
        let config = Self {
            schedule: from.squash(),
            root: Root::new(&from.get("root_path", String::new())),
            metadata_collection_interval: from.get("metadata_collection_interval", Duration::secs(300)),
            scrapers: Vec::new(),
        };
        from.section_with("scrapers", |from| {
            scrapers = parts::read(from);
            NoSettings
        });
        Self { scrapers, ..config }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.schedule.validate(problems);
        if self.scrapers.is_empty() {
            let message = "must specify at least one scraper when using host_metrics receiver";
            problems.add("scrapers", message);
        }
        let path = self.root.path();
        if let Err(error) = fs::metadata(path) {
            let error = go_error(&error);
            problems.add("root_path", format_args!("invalid root_path: stat {}: {error}", path.display()));
        }
    }
}
