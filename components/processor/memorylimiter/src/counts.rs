//! What the processor counts of itself, by the Go processor's names.

use std::time::Instant;

use slimcol_pdata::Signal;
use slimcol_service::{
    Context,
    meter::{Counters, Family, MetricsLevel, Processed, Shape},
};

const fn family(name: &'static str, unit: &'static str, help: &'static str) -> Family {
    let scope = "go.opentelemetry.io/collector/processor/memorylimiterprocessor";
    Family { name, unit, help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

/// Accepted and refused.
macro_rules! outcomes {
    ($items:literal, $unit:literal, $words:literal) => {
        [
            family(
                concat!("otelcol_processor_memory_limiter_accepted_", $items),
                $unit,
                concat!(
                    "Number of ",
                    $words,
                    " successfully pushed into the next component in the pipeline. [Alpha]"
                ),
            ),
            family(
                concat!("otelcol_processor_memory_limiter_refused_", $items),
                $unit,
                concat!(
                    "Number of ",
                    $words,
                    " that were rejected by the next component in the pipeline. [Alpha]"
                ),
            ),
        ]
    };
}

/// By signal.
static FAMILIES: [[Family; 2]; 3] = [
    outcomes!("spans", "{spans}", "spans"),
    outcomes!("metric_points", "{datapoints}", "metric points"),
    outcomes!("log_records", "{records}", "log records"),
];

/// The instruments of one pipeline's processor.
#[derive(Debug)]
pub(crate) struct Counts {
    accepted: Counters,
    refused: Counters,
    processed: Processed,
}

impl Counts {
    pub(crate) fn new(cx: &Context) -> Self {
        let signal = cx.signals().iter().next().unwrap_or(Signal::Traces);
        let [accepted, refused] = &FAMILIES[signal as usize];
        let meter = cx.meter();
        Self {
            accepted: meter.counters(&[accepted], &[]),
            refused: meter.counters(&[refused], &[]),
            processed: Processed::new(cx),
        }
    }

    /// Items have come.
    pub(crate) fn begin(&self) -> Option<Instant> {
        self.processed.begin()
    }

    /// So many items go on.
    pub(crate) fn accept(&self, begun: Option<Instant>, items: usize) {
        self.accepted.add(0, items);
        self.processed.count(begun, items, items);
    }

    /// So many items go nowhere.
    pub(crate) fn refuse(&self, begun: Option<Instant>, items: usize) {
        self.refused.add(0, items);
        self.processed.count(begun, items, 0);
    }
}
