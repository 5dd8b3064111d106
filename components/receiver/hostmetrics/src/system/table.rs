//! What the scraper `system` measures (Go's `systemscraper/metadata.yaml`).

use slimcol_scraper::MetricInfo;

pub(super) const UPTIME: usize = 0;

pub(super) static TABLE: [MetricInfo; 1] =
    [MetricInfo::gauge("system.uptime", "s", "The time the system has been running", &[])];
