//! What processors count, by Go's `processorhelper` names.

use std::time::Instant;

use super::{Counters, Family, Histogram, MetricsLevel, Shape};
use crate::Context;

const fn family(name: &'static str, help: &'static str) -> Family {
    let scope = "go.opentelemetry.io/collector/processor/processorhelper";
    Family { name, unit: "{items}", help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

static INCOMING: Family =
    family("otelcol_processor_incoming_items", "Number of items passed to the processor. [Alpha]");
static OUTGOING: Family =
    family("otelcol_processor_outgoing_items", "Number of items emitted from the processor. [Alpha]");
static DURATION: Family = Family {
    unit: "s",
    shape: Shape::Histogram(&[
        0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0,
        10_000.0,
    ]),
    level: MetricsLevel::Detailed,
    ..family(
        "otelcol_processor_internal_duration",
        "Duration of time taken to process a batch of telemetry data through the processor. [Alpha]",
    )
};

/// How many items a processor was given and gave on, and how long that took.
#[derive(Clone, Debug)]
pub struct Processed {
    items: Counters,
    duration: Histogram,
}

impl Processed {
    /// The instruments of the processor `cx`.
    pub fn new(cx: &Context) -> Self {
        let signal = cx.signals().iter().next().map_or("", slimcol_pdata::Signal::as_str);
        let labels = [("otel.signal", signal.to_owned())];
        let meter = cx.meter();
        Self {
            items: meter.counters(&[&INCOMING, &OUTGOING], &labels),
            duration: meter.histogram(&DURATION, &labels),
        }
    }

    /// Processing begins; `None` if nobody wants to know how long it takes.
    pub fn begin(&self) -> Option<Instant> {
        self.duration.is_kept().then(Instant::now)
    }

    /// So many items came in, and so many of them, or made from them, go on.
    pub fn count(&self, begun: Option<Instant>, incoming: usize, outgoing: usize) {
        self.items.add(0, incoming);
        self.items.add(1, outgoing);
        if let Some(begun) = begun {
            self.duration.record_time(begun.elapsed());
        }
    }
}
