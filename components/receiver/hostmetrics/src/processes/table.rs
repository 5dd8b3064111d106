//! What the scraper `processes` measures (Go's `processesscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const COUNT: usize = 0;
pub(super) const CREATED: usize = 1;

pub(super) static TABLE: [MetricInfo; 2] = [
    MetricInfo::up_down(
        "system.processes.count",
        "{processes}",
        "Total number of processes in each state.",
        &[Attribute::new("status")],
    ),
    MetricInfo::counter(
        "system.processes.created",
        "{processes}",
        "Total number of created processes. Supported on Linux and OpenBSD.",
        &[],
    ),
];
