//! What the scraper `memory` measures (Go's `memoryscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const AVAILABLE: usize = 0;
pub(super) const DIRTY: usize = 1;
pub(super) const LIMIT: usize = 2;
pub(super) const HUGE_LIMIT: usize = 3;
pub(super) const HUGE_PAGE_SIZE: usize = 4;
pub(super) const HUGE_RESERVED: usize = 5;
pub(super) const HUGE_SURPLUS: usize = 6;
pub(super) const HUGE_USAGE: usize = 7;
pub(super) const HUGE_UTILIZATION: usize = 8;
pub(super) const SHARED: usize = 9;
pub(super) const PAGE_SIZE: usize = 10;
pub(super) const USAGE: usize = 11;
pub(super) const UTILIZATION: usize = 12;

const BY_HUGE_STATE: &[Attribute] = &[Attribute::new("system.memory.linux.hugepages.state")];
const BY_STATE: &[Attribute] = &[Attribute::new("state")];

pub(super) static TABLE: [MetricInfo; 13] = [
    MetricInfo::up_down(
        "system.linux.memory.available",
        "By",
        "An estimate of how much memory is available for starting new applications, without \
         swapping. This is a more accurate alternative than system.memory.usage with state=free. \
         (Linux only)",
        &[],
    )
    .off(),
    MetricInfo::up_down(
        "system.linux.memory.dirty",
        "By",
        "The amount of dirty memory according to `/proc/meminfo`.",
        &[],
    )
    .off(),
    MetricInfo::up_down("system.memory.limit", "By", "Total bytes of memory available.", &[]).off(),
    MetricInfo::up_down(
        "system.memory.linux.hugepages.limit",
        "{page}",
        "Total number of hugepages available.",
        &[],
    )
    .off(),
    MetricInfo::up_down(
        "system.memory.linux.hugepages.page_size",
        "By",
        "System hugepage size in bytes.",
        &[],
    )
    .off(),
    MetricInfo::up_down(
        "system.memory.linux.hugepages.reserved",
        "{page}",
        "Number of reserved hugepages (hugepages for which a commitment to allocate has been \
         made, but no allocation has yet been made). This is reported as a separate metric rather \
         than a usage state because reserved pages are already counted in free pages - they \
         represent a subset of free pages that cannot be used for non-reserved allocations.",
        &[],
    )
    .off(),
    MetricInfo::up_down(
        "system.memory.linux.hugepages.surplus",
        "{page}",
        "Number of surplus hugepages (overcommitted hugepages beyond the persistent pool). This \
         is reported as a separate metric rather than a usage state because surplus pages can be \
         in either used or free state, and including them would break the semantic convention \
         that usage states must sum to the limit.",
        &[],
    )
    .off(),
    MetricInfo::up_down(
        "system.memory.linux.hugepages.usage",
        "{page}",
        "Number of hugepages in use by state.",
        BY_HUGE_STATE,
    )
    .off(),
    MetricInfo::gauge(
        "system.memory.linux.hugepages.utilization",
        "1",
        "Percentage of hugepages in use by state.",
        BY_HUGE_STATE,
    )
    .off(),
    MetricInfo::up_down(
        "system.memory.linux.shared",
        "By",
        "Shared memory usage, including tmpfs filesystems and System V/POSIX shared memory. Only \
         supported on Linux.",
        &[],
    )
    .off(),
    MetricInfo::gauge(
        "system.memory.page_size",
        "By",
        "A constant value for the system's configured page size.",
        &[],
    )
    .off(),
    MetricInfo::up_down("system.memory.usage", "By", "Bytes of memory in use.", BY_STATE),
    MetricInfo::gauge("system.memory.utilization", "1", "Percentage of memory bytes in use.", BY_STATE).off(),
];
