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
static WRITTEN_SAMPLES: Family = family(
    "otelcol_exporter_prometheusremotewrite_written_samples",
    "{sample}",
    Shape::Counter,
    "Number of Prometheus Samples that were successfully written to the remote write endpoint (only available when using remote write v2) [Development]",
);
static WRITTEN_HISTOGRAMS: Family = family(
    "otelcol_exporter_prometheusremotewrite_written_histograms",
    "{histogram}",
    Shape::Counter,
    "Number of Prometheus Histograms that were successfully written to the remote write endpoint (only available when using remote write v2) [Development]",
);
static WRITTEN_EXEMPLARS: Family = family(
    "otelcol_exporter_prometheusremotewrite_written_exemplars",
    "{exemplar}",
    Shape::Counter,
    "Number of Prometheus Exemplars that were successfully written to the remote write endpoint (only available when using remote write v2) [Development]",
);

/// The exporter's instruments.
#[derive(Debug)]
pub(crate) struct Counts {
    failed: Counters,
    sent: Counters,
    translated: Counters,
    /// By the order of [`WRITTEN`](crate::written::WRITTEN).
    written: [Counters; 3],
}

impl Counts {
    /// `endpoint`: as it may be shown.
    pub(crate) fn new(cx: &Context, endpoint: &str, parallelism: u32) -> Self {
        let labels = [("endpoint", endpoint.to_owned())];
        let meter = cx.meter();
        meter.observe(&CONSUMERS, &labels, move || f64::from(parallelism));
        Self {
            failed: meter.counters(&[&FAILED], &labels),
            sent: meter.counters(&[&SENT], &labels),
            translated: meter.counters(&[&TRANSLATED], &labels),
            written: [&WRITTEN_SAMPLES, &WRITTEN_HISTOGRAMS, &WRITTEN_EXEMPLARS]
                .map(|family| meter.counters(&[family], &labels)),
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

    /// So many of a kind were taken, as the other side says.
    pub(crate) fn written(&self, kind: usize, count: usize) {
        self.written[kind].add(0, count);
    }
}
