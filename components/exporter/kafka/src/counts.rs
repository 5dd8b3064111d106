//! What the exporter counts of itself, by the Go exporter's names.

use slimcol_kafka::{Families, Way};

pub(crate) static FAMILIES: Families = Families::new(
    Way::Out,
    "github.com/open-telemetry/opentelemetry-collector-contrib/exporter/kafkaexporter",
    [
        ("otelcol_kafka_exporter_records", "The number of exported records. [Development]"),
        ("otelcol_kafka_exporter_messages", "The number of exported messages. [Deprecated]"),
        (
            "otelcol_kafka_exporter_bytes",
            "The size in bytes of exported records seen by the broker. [Development]",
        ),
        (
            "otelcol_kafka_exporter_bytes_uncompressed",
            "The uncompressed size in bytes of exported messages seen by the client. [Development]",
        ),
    ],
    [
        (
            "otelcol_kafka_exporter_latency",
            "The time it took in ms to export a batch of messages. [Deprecated]",
        ),
        (
            "otelcol_kafka_exporter_write_latency",
            "The time it took in seconds to export a batch of records. [Development]",
        ),
    ],
    [
        "The throttling duration in ms imposed by the broker when exporting messages. [Deprecated]",
        "The throttling latency in seconds imposed by the broker when exporting records. [Development]",
    ],
);
