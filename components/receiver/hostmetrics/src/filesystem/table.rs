//! What the scraper `filesystem` measures (Go's `filesystemscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const INODES: usize = 0;
pub(super) const USAGE: usize = 1;
pub(super) const UTILIZATION: usize = 2;

const BY_ALL: &[Attribute] = &[
    Attribute::new("device"),
    Attribute::new("mode"),
    Attribute::new("mountpoint"),
    Attribute::new("type"),
    Attribute::new("state"),
];

pub(super) static TABLE: [MetricInfo; 3] = [
    MetricInfo::up_down("system.filesystem.inodes.usage", "{inodes}", "FileSystem inodes used.", BY_ALL),
    MetricInfo::up_down("system.filesystem.usage", "By", "Filesystem bytes used.", BY_ALL),
    MetricInfo::gauge(
        "system.filesystem.utilization",
        "1",
        "Fraction of filesystem bytes used.",
        &[
            Attribute::new("device"),
            Attribute::new("mode"),
            Attribute::new("mountpoint"),
            Attribute::new("type"),
        ],
    )
    .off(),
];
