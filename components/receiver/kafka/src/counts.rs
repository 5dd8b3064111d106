//! What the receiver counts of itself, by the Go receiver's names.

use slimcol_pdata::Signal;
use slimcol_service::meter::{Counters, Family, Meter, MetricsLevel, Shape};

const fn family(name: &'static str, help: &'static str) -> Family {
    let scope = "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/kafkareceiver";
    Family { name, unit: "1", help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

/// By signal.
static UNMARSHAL_FAILED: [Family; 3] = [
    family(
        "otelcol_kafka_receiver_unmarshal_failed_spans",
        "Number of spans failed to be unmarshaled [Development]",
    ),
    family(
        "otelcol_kafka_receiver_unmarshal_failed_metric_points",
        "Number of metric points failed to be unmarshaled [Development]",
    ),
    family(
        "otelcol_kafka_receiver_unmarshal_failed_log_records",
        "Number of log records failed to be unmarshaled [Development]",
    ),
];

/// How many records of a partition were no telemetry. As in Go a record counts once, whatever it was to hold.
pub(crate) fn unmarshal_failed(meter: &Meter, signal: Signal, topic: &str, partition: i32) -> Counters {
    let labels = [("topic", topic.to_owned()), ("partition", partition.to_string())];
    meter.counters(&[&UNMARSHAL_FAILED[signal as usize]], &labels)
}
