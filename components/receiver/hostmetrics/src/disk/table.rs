//! What the scraper `disk` measures (Go's `diskscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const IO: usize = 0;
pub(super) const IO_TIME: usize = 1;
pub(super) const MERGED: usize = 2;
pub(super) const OPERATION_TIME: usize = 3;
pub(super) const OPERATIONS: usize = 4;
pub(super) const PENDING: usize = 5;
pub(super) const WEIGHTED_IO_TIME: usize = 6;

const BY_DEVICE_DIRECTION: &[Attribute] = &[Attribute::new("device"), Attribute::new("direction")];
const BY_DEVICE: &[Attribute] = &[Attribute::new("device")];

pub(super) static TABLE: [MetricInfo; 7] = [
    MetricInfo::counter("system.disk.io", "By", "Disk bytes transferred.", BY_DEVICE_DIRECTION),
    MetricInfo::counter(
        "system.disk.io_time",
        "s",
        "Time disk spent activated. On Windows, this is calculated as the inverse of disk idle \
         time.",
        BY_DEVICE,
    ),
    MetricInfo::counter(
        "system.disk.merged",
        "{operations}",
        "The number of disk reads/writes merged into single physical disk access operations.",
        BY_DEVICE_DIRECTION,
    ),
    MetricInfo::counter(
        "system.disk.operation_time",
        "s",
        "Time spent in disk operations.",
        BY_DEVICE_DIRECTION,
    ),
    MetricInfo::counter(
        "system.disk.operations",
        "{operations}",
        "Disk operations count.",
        BY_DEVICE_DIRECTION,
    ),
    MetricInfo::up_down(
        "system.disk.pending_operations",
        "{operations}",
        "The queue size of pending I/O operations.",
        BY_DEVICE,
    ),
    MetricInfo::counter(
        "system.disk.weighted_io_time",
        "s",
        "Time disk spent activated multiplied by the queue length.",
        BY_DEVICE,
    ),
];
