//! What receivers count, by Go's `receiverhelper` names.

use slimcol_pdata::Signal;

use super::{Counters, Family, MetricsLevel, Shape};
use crate::Context;

const fn family(name: &'static str, unit: &'static str, help: &'static str) -> Family {
    let scope = "go.opentelemetry.io/collector/receiver/receiverhelper";
    Family { name, unit, help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

/// Accepted, refused and failed.
macro_rules! outcomes {
    ($items:literal, $unit:literal, $words:literal) => {
        [
            family(
                concat!("otelcol_receiver_accepted_", $items),
                $unit,
                concat!("Number of ", $words, " successfully pushed into the pipeline. [Alpha]"),
            ),
            family(
                concat!("otelcol_receiver_refused_", $items),
                $unit,
                concat!("Number of ", $words, " that could not be pushed into the pipeline. [Alpha]"),
            ),
            family(
                concat!("otelcol_receiver_failed_", $items),
                $unit,
                concat!(
                    "The number of ",
                    $words,
                    " that failed to be processed by the receiver due to internal errors. [Alpha]"
                ),
            ),
        ]
    };
}

/// By signal.
static FAMILIES: [[Family; 3]; 3] = [
    outcomes!("spans", "{spans}", "spans"),
    outcomes!("metric_points", "{datapoints}", "metric points"),
    outcomes!("log_records", "{records}", "log records"),
];

/// A receiver's counters for one transport. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Received([Counters; 3]);

impl Received {
    /// The counters of the receiver `cx` for what comes over `transport`.
    pub fn new(cx: &Context, transport: &'static str) -> Self {
        let labels = [("transport", transport.to_owned())];
        Self(Signal::ALL.map(|signal| {
            let [accepted, refused, failed] = &FAMILIES[signal as usize];
            cx.meter().counters(&[accepted, refused, failed], &labels)
        }))
    }

    /// So many items were given to the pipeline, which took them or did not.
    pub fn count(&self, signal: Signal, items: usize, taken: bool) {
        self.0[signal as usize].add(usize::from(!taken), items);
    }
}
