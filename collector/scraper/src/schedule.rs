//! When to measure.

use slimcol_config::{Duration, Problems, Section, Settings};

/// The keys that all receivers that measure at intervals have (Go's `scraperhelper.ControllerConfig`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From one time to the next.
    pub collection_interval: Duration,
    /// From the start to the first time.
    pub initial_delay: Duration,
    /// How long a time may take; zero is as long as it takes.
    pub timeout: Duration,
}

impl Settings for Schedule {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            collection_interval: from.get("collection_interval", Duration::secs(60)),
            initial_delay: from.get("initial_delay", Duration::secs(1)),
            timeout: from.get("timeout", Duration::default()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.collection_interval <= Duration::default() {
            problems.add("collection_interval", "\"collection_interval\": requires positive value");
        }
        if self.timeout < Duration::default() {
            problems.add("timeout", "\"timeout\": requires positive value");
        }
    }
}
