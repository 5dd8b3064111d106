//! What the scraper `process` measures (Go's `processscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const CONTEXT_SWITCHES: usize = 0;
pub(super) const CPU_TIME: usize = 1;
pub(super) const CPU_UTILIZATION: usize = 2;
pub(super) const DISK_IO: usize = 3;
pub(super) const DISK_OPERATIONS: usize = 4;
pub(super) const HANDLES: usize = 5;
pub(super) const MEMORY_USAGE: usize = 6;
pub(super) const MEMORY_UTILIZATION: usize = 7;
pub(super) const MEMORY_VIRTUAL: usize = 8;
pub(super) const OPEN_FILES: usize = 9;
pub(super) const FAULTS: usize = 10;
pub(super) const SIGNALS_PENDING: usize = 11;
pub(super) const THREADS: usize = 12;
pub(super) const UPTIME: usize = 13;

const BY_STATE: &[Attribute] = &[Attribute::new("state")];
const BY_DIRECTION: &[Attribute] = &[Attribute::new("direction")];

pub(super) static TABLE: [MetricInfo; 14] = [
    MetricInfo::counter(
        "process.context_switches",
        "{count}",
        "Number of times the process has been context switched.",
        &[Attribute::new("type")],
    )
    .off(),
    MetricInfo::counter(
        "process.cpu.time",
        "s",
        "Total CPU seconds broken down by different states.",
        BY_STATE,
    ),
    MetricInfo::gauge(
        "process.cpu.utilization",
        "1",
        "Percentage of total CPU time used by the process since last scrape, expressed as a value \
         between 0 and 1. On the first scrape, no data point is emitted for this metric.",
        BY_STATE,
    )
    .off(),
    MetricInfo::counter("process.disk.io", "By", "Disk bytes transferred.", BY_DIRECTION),
    MetricInfo::counter(
        "process.disk.operations",
        "{operations}",
        "Number of disk operations performed by the process.",
        BY_DIRECTION,
    )
    .off(),
    MetricInfo::up_down("process.handles", "{count}", "Number of open handles held by the process.", &[])
        .off(),
    MetricInfo::up_down("process.memory.usage", "By", "The amount of physical memory in use.", &[]),
    MetricInfo::gauge(
        "process.memory.utilization",
        "1",
        "Percentage of total physical memory that is used by the process.",
        &[],
    )
    .off(),
    MetricInfo::up_down("process.memory.virtual", "By", "Virtual memory size.", &[]),
    MetricInfo::up_down(
        "process.open_file_descriptors",
        "{count}",
        "Number of file descriptors in use by the process.",
        &[],
    )
    .off(),
    MetricInfo::counter(
        "process.paging.faults",
        "{faults}",
        "Number of page faults the process has made.",
        &[Attribute::new("type")],
    )
    .off(),
    MetricInfo::up_down(
        "process.signals_pending",
        "{signals}",
        "Number of pending signals for the process.",
        &[],
    )
    .off(),
    MetricInfo::up_down("process.threads", "{threads}", "Process threads count.", &[]).off(),
    MetricInfo::gauge("process.uptime", "s", "The time the process has been running.", &[]).off(),
];
