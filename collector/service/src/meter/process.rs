//! The process: time and memory.
//!
//! Go's runtime metrics have no exact counterpart without a garbage collector. Here heap is what the process holds in anonymous
//! pages, memory from the system is its address space that is not only reserved (data and stack), and what was allocated in all
//! is not known, so the most that was ever resident stands for it: it never falls either.

use std::{fs, sync::Arc, time::Instant};

use super::{Family, Meter, Meters, MetricsLevel, Shape};

const SCOPE: &str = "go.opentelemetry.io/collector/service";

const fn family(name: &'static str, unit: &'static str, shape: Shape, help: &'static str) -> Family {
    Family { name, unit, help, scope: SCOPE, shape, level: MetricsLevel::Basic }
}

static UPTIME: Family =
    family("otelcol_process_uptime", "s", Shape::Counter, "Uptime of the process [Alpha]");
static CPU: Family = family(
    "otelcol_process_cpu_seconds",
    "s",
    Shape::Counter,
    "Total CPU user and system time in seconds [Alpha]",
);
/// What `/proc/self/status` says, by its key there.
static MEMORY: [(&str, Family); 4] = [
    (
        "VmRSS:",
        family(
            "otelcol_process_memory_rss",
            "By",
            Shape::Gauge,
            "Total physical memory (resident set size) [Alpha]",
        ),
    ),
    (
        "RssAnon:",
        family(
            "otelcol_process_runtime_heap_alloc_bytes",
            "By",
            Shape::Gauge,
            "Bytes of allocated heap objects (see 'go doc runtime.MemStats.HeapAlloc') [Alpha]",
        ),
    ),
    (
        "VmHWM:",
        family(
            "otelcol_process_runtime_total_alloc_bytes",
            "By",
            Shape::Counter,
            "Cumulative bytes allocated for heap objects (see 'go doc runtime.MemStats.TotalAlloc') [Alpha]",
        ),
    ),
    (
        "VmData:",
        family(
            "otelcol_process_runtime_total_sys_memory_bytes",
            "By",
            Shape::Gauge,
            "Total bytes of memory obtained from the OS (see 'go doc runtime.MemStats.Sys') [Alpha]",
        ),
    ),
];

/// Makes the instruments of the process.
pub(crate) fn watch_process(meters: &Arc<Meters>) {
    let meter = Meter::new(meters.clone(), None);
    let begun = Instant::now();
    meter.observe(&UPTIME, &[], move || begun.elapsed().as_secs_f64());
    meter.observe(&CPU, &[], || cpu_seconds().unwrap_or_default());
    for (key, family) in &MEMORY {
        meter.observe(family, &[], || memory(key).unwrap_or_default());
    }
}

/// The processor time that the process has used, which the kernel counts in hundredths of a second.
fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name, which may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some((f64::from(ticks()?) + f64::from(ticks()?)) / 100.0)
}

/// What the kernel says of the process's memory, in bytes.
fn memory(key: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(key))?;
    Some(value.split_ascii_whitespace().next()?.parse::<f64>().ok()? * 1024.0)
}
