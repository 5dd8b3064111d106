//! What the scraper `load` measures (Go's `loadscraper/metadata.yaml`).

use slimcol_scraper::MetricInfo;

pub(super) const MINUTES_15: usize = 0;
pub(super) const MINUTE_1: usize = 1;
pub(super) const MINUTES_5: usize = 2;

pub(super) static TABLE: [MetricInfo; 3] = [
    MetricInfo::gauge("system.cpu.load_average.15m", "{thread}", "Average CPU Load over 15 minutes.", &[]),
    MetricInfo::gauge("system.cpu.load_average.1m", "{thread}", "Average CPU Load over 1 minute.", &[]),
    MetricInfo::gauge("system.cpu.load_average.5m", "{thread}", "Average CPU Load over 5 minutes.", &[]),
];
