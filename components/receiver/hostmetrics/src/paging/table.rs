//! What the scraper `paging` measures (Go's `pagingscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const FAULTS: usize = 0;
pub(super) const OPERATIONS: usize = 1;
pub(super) const USAGE: usize = 2;
pub(super) const UTILIZATION: usize = 3;

const BY_DEVICE_STATE: &[Attribute] = &[Attribute::new("device"), Attribute::new("state")];

pub(super) static TABLE: [MetricInfo; 4] = [
    MetricInfo::counter(
        "system.paging.faults",
        "{faults}",
        "The number of page faults.",
        &[Attribute::new("type")],
    ),
    MetricInfo::counter(
        "system.paging.operations",
        "{operations}",
        "The number of paging operations.",
        &[Attribute::new("direction"), Attribute::new("type")],
    ),
    MetricInfo::up_down(
        "system.paging.usage",
        "By",
        "Swap (unix) or pagefile (windows) usage.",
        BY_DEVICE_STATE,
    ),
    MetricInfo::gauge(
        "system.paging.utilization",
        "1",
        "Swap (unix) or pagefile (windows) utilization.",
        BY_DEVICE_STATE,
    )
    .off(),
];
