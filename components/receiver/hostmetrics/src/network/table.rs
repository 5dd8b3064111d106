//! What the scraper `network` measures (Go's `networkscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const CONNECTIONS: usize = 0;
pub(super) const CONNTRACK_COUNT: usize = 1;
pub(super) const CONNTRACK_MAX: usize = 2;
pub(super) const DROPPED: usize = 3;
pub(super) const ERRORS: usize = 4;
pub(super) const IO: usize = 5;
pub(super) const PACKETS: usize = 6;

const BY_DEVICE_DIRECTION: &[Attribute] = &[Attribute::new("device"), Attribute::new("direction")];

pub(super) static TABLE: [MetricInfo; 7] = [
    MetricInfo::up_down(
        "system.network.connections",
        "{connections}",
        "The number of connections.",
        &[Attribute::new("protocol"), Attribute::new("state")],
    ),
    MetricInfo::up_down(
        "system.network.conntrack.count",
        "{entries}",
        "The count of entries in conntrack table.",
        &[],
    )
    .off(),
    MetricInfo::up_down(
        "system.network.conntrack.max",
        "{entries}",
        "The limit for entries in the conntrack table.",
        &[],
    )
    .off(),
    MetricInfo::counter(
        "system.network.dropped",
        "{packets}",
        "The number of packets dropped.",
        BY_DEVICE_DIRECTION,
    ),
    MetricInfo::counter(
        "system.network.errors",
        "{errors}",
        "The number of errors encountered.",
        BY_DEVICE_DIRECTION,
    ),
    MetricInfo::counter(
        "system.network.io",
        "By",
        "The number of bytes transmitted and received.",
        BY_DEVICE_DIRECTION,
    ),
    MetricInfo::counter(
        "system.network.packets",
        "{packets}",
        "The number of packets transferred.",
        BY_DEVICE_DIRECTION,
    ),
];
