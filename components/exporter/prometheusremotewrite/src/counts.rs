//! What the exporter counts of itself, by the Go exporter's names.

use slimcol_service::{
    Context,
    meter::{Counters, Family, MetricsLevel, Shape},
};

const fn family(name: &'static str, unit: &'static str, shape: Shape, help: &'static str) -> Family {
    let scope =
        "github.com/open-telemetry/opentelemetry-collector-contrib/exporter/prometheusremotewriteexporter";
    Family { name, unit, help, scope, shape, level: MetricsLevel::Normal }
}

static CONSUMERS: Family = family(
    "otelcol_exporter_prometheusremotewrite_consumers",
    "{consumer}",
    Shape::UpDown,
    "Number of configured workers to use to fan out the outgoing requests [Development]",
);
static FAILED: Family = family(
    "otelcol_exporter_prometheusremotewrite_failed_translations",
    "1",
    Shape::Counter,
    "Number of translation operations that failed to translate metrics from Otel to Prometheus [Development]",
);
static SENT: Family = family(
    "otelcol_exporter_prometheusremotewrite_sent_batches",
    "{batch}",
    Shape::Counter,
    "Number of remote write request batches sent to the remote write endpoint regardless of success or failure [Development]",
);
static TRANSLATED: Family = family(
    "otelcol_exporter_prometheusremotewrite_translated_time_series",
    "1",
    Shape::Counter,
    "Number of Prometheus time series that were translated from OTel metrics [Development]",
);

/// The exporter's instruments.
#[derive(Debug)]
pub(crate) struct Counts {
    failed: Counters,
    sent: Counters,
    translated: Counters,
}

impl Counts {
    pub(crate) fn new(cx: &Context, endpoint: &str, parallelism: u32) -> Self {
        let labels = [("endpoint", endpoint.to_owned())];
        let meter = cx.meter();
        meter.observe(&CONSUMERS, &labels, move || f64::from(parallelism));
        Self {
            failed: meter.counters(&[&FAILED], &labels),
            sent: meter.counters(&[&SENT], &labels),
            translated: meter.counters(&[&TRANSLATED], &labels),
        }
    }

    /// Something could not be translated.
    pub(crate) fn failed(&self) {
        self.failed.add(0, 1);
    }

    /// A request was sent.
    pub(crate) fn sent(&self) {
        self.sent.add(0, 1);
    }

    /// Series were made.
    pub(crate) fn translated(&self, series: usize) {
        self.translated.add(0, series);
    }
}
