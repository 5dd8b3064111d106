//! What processors count, by Go's `processorhelper` names.

use super::{Counters, Family, MetricsLevel, Shape};
use crate::Context;

const fn family(name: &'static str, help: &'static str) -> Family {
    let scope = "go.opentelemetry.io/collector/processor/processorhelper";
    Family { name, unit: "{items}", help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

static INCOMING: Family =
    family("otelcol_processor_incoming_items", "Number of items passed to the processor. [Alpha]");
static OUTGOING: Family =
    family("otelcol_processor_outgoing_items", "Number of items emitted from the processor. [Alpha]");

/// How many items a processor was given and gave on.
#[derive(Clone, Debug)]
pub struct Processed(Counters);

impl Processed {
    /// The counters of the processor `cx`.
    pub fn new(cx: &Context) -> Self {
        let signal = cx.signals().iter().next().map_or("", slimcol_pdata::Signal::as_str);
        let labels = [("otel.signal", signal.to_owned())];
        Self(cx.meter().counters(&[&INCOMING, &OUTGOING], &labels))
    }

    /// So many items came in, and so many of them, or made from them, go on.
    pub fn count(&self, incoming: usize, outgoing: usize) {
        self.0.add(0, incoming);
        self.0.add(1, outgoing);
    }
}
