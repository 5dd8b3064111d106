//! What the scraper `cpu` measures (Go's `cpuscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const FREQUENCY: usize = 0;
pub(super) const LOGICAL: usize = 1;
pub(super) const PHYSICAL: usize = 2;
pub(super) const TIME: usize = 3;
pub(super) const UTILIZATION: usize = 4;

const BY_CPU_STATE: &[Attribute] = &[Attribute::opt_in("cpu"), Attribute::new("state")];

pub(super) static TABLE: [MetricInfo; 5] = [
    MetricInfo::gauge(
        "system.cpu.frequency",
        "Hz",
        "Current frequency of the CPU core in Hz.",
        &[Attribute::new("cpu")],
    )
    .off(),
    MetricInfo::up_down("system.cpu.logical.count", "{cpu}", "Number of available logical CPUs.", &[]),
    MetricInfo::up_down("system.cpu.physical.count", "{cpu}", "Number of available physical CPUs.", &[])
        .off(),
    MetricInfo::counter(
        "system.cpu.time",
        "s",
        "Total seconds each logical CPU spent on each mode.",
        BY_CPU_STATE,
    ),
    MetricInfo::gauge(
        "system.cpu.utilization",
        "1",
        "Difference in system.cpu.time since the last measurement per logical CPU, divided by the \
         elapsed time (value in interval [0,1]).",
        BY_CPU_STATE,
    )
    .off(),
];
