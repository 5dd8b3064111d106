//! What the processor counts of itself, by the Go processor's names.

use slimcol_pdata::Signal;
use slimcol_service::{
    Context,
    meter::{Counters, Family, MetricsLevel, Shape},
};

const fn family(name: &'static str, help: &'static str) -> Family {
    let scope = "github.com/open-telemetry/opentelemetry-collector-contrib/processor/filterprocessor";
    Family { name, unit: "1", help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

/// By signal.
static FILTERED: [Family; 3] = [
    family(
        "otelcol_processor_filter_spans.filtered",
        "Number of spans dropped by the filter processor [Development]",
    ),
    family(
        "otelcol_processor_filter_datapoints.filtered",
        "Number of metric data points dropped by the filter processor [Development]",
    ),
    family(
        "otelcol_processor_filter_logs.filtered",
        "Number of logs dropped by the filter processor [Development]",
    ),
];

/// How many items were dropped.
pub(crate) fn filtered(cx: &Context) -> Counters {
    let signal = cx.signals().iter().next().unwrap_or(Signal::Traces);
    cx.meter().counters(&[&FILTERED[signal as usize]], &[("filter", cx.id().to_owned())])
}
