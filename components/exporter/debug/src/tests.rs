use std::fs;

use slimcol_pdata::{Data, Signal};
use slimcol_testing::{assert_metadata, exporter_from_yaml, numbered};

use super::*;

/// The requests that the Go collector was given, and what its exporter made of them.
const SAMPLES: [(Signal, &str, &str, &str); 3] = [
    (
        Signal::Traces,
        include_str!("../tests/data/tr.json"),
        include_str!("../tests/data/normal-traces.txt"),
        include_str!("../tests/data/detailed-traces.txt"),
    ),
    (
        Signal::Metrics,
        include_str!("../tests/data/me.json"),
        include_str!("../tests/data/normal-metrics.txt"),
        include_str!("../tests/data/detailed-metrics.txt"),
    ),
    (
        Signal::Logs,
        include_str!("../tests/data/lo.json"),
        include_str!("../tests/data/normal-logs.txt"),
        include_str!("../tests/data/detailed-logs.txt"),
    ),
];

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn texts_are_gos() {
    for (signal, json, normal, detailed) in SAMPLES {
        let data = Data::from_json(signal, json.as_bytes()).unwrap();
        assert_eq!(normal::text(&data), normal);
        assert_eq!(detailed::text(&data), detailed);
    }
}

#[test]
fn entities_are_shown() {
    let json = br#"{"resourceLogs":[{"resource":{"entityRefs":[
        {"type":"service","schemaUrl":"https://s","idKeys":["service.name"],"descriptionKeys":["service.version"]},
        {"type":"host","idKeys":["host.name"]}]},"scopeLogs":[]}]}"#;
    let data = Data::from_json(Signal::Logs, json).unwrap();
    assert_eq!(
        detailed::text(&data),
        "ResourceLog #0\nResource SchemaURL: \nResource entity refs:\n     -> Entity ref #0:\n          -> Type: service\n          \
         -> Schema URL: https://s\n          -> ID keys:\n               -> service.name\n          -> Description \
         keys:\n               -> service.version\n     -> Entity ref #1:\n          -> Type: host\n          -> ID \
         keys:\n               -> host.name\n"
    );
}

#[test]
fn odd_metrics_are_shown() {
    let json = br#"{"resourceMetrics":[{"scopeMetrics":[{"scope":{"version":"2"},"schemaUrl":"u","metrics":[
        {"name":"none"},
        {"name":"empty","gauge":{"dataPoints":[{}]}},
        {"name":"wide","exponentialHistogram":{"dataPoints":[{"scale":-2000000000,
            "positive":{"offset":2147483647,"bucketCounts":["1"]},"negative":{"offset":-2147483648,"bucketCounts":["1"]}}]}}
    ]}]}]}"#;
    let data = Data::from_json(Signal::Metrics, json).unwrap();
    assert_eq!(
        normal::text(&data),
        "ResourceMetrics #0\nScopeMetrics #0 @2 [u]\nempty{} \nwide{} count=0 le-0=1 le+Inf=1\n"
    );
    let detailed = detailed::text(&data);
    assert!(detailed.contains("     -> DataType: Empty\nMetric #1\n"), "{detailed}");
    assert!(
        detailed.contains("Bucket [-0.000000, -0.000000), Count: 1\nBucket (+Inf, +Inf], Count: 1\n"),
        "{detailed}"
    );
}

#[tokio::test]
async fn messages_are_lines_of_the_log() {
    let part = exporter_from_yaml(&FACTORY, "verbosity: normal").await.unwrap();
    for (signal, json, ..) in SAMPLES {
        part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await.unwrap();
    }
    let lines = part.log().all();
    assert_eq!(lines.len(), 6);
    assert_eq!(
        lines[0],
        "info\tTraces\t{\"otelcol.signal\": \"traces\", \"resource spans\": 1, \"spans\": 1}"
    );
    assert_eq!(lines[1], format!("info\t{}\t{{\"otelcol.signal\": \"traces\"}}", SAMPLES[0].2));
    assert_eq!(
        lines[2],
        "info\tMetrics\t{\"otelcol.signal\": \"metrics\", \"resource metrics\": 1, \"metrics\": 5, \"data points\": 5}"
    );
    assert_eq!(
        lines[4],
        "info\tLogs\t{\"otelcol.signal\": \"logs\", \"resource logs\": 1, \"log records\": 2}"
    );
    part.stop().await;
}

#[tokio::test]
async fn messages_can_be_lines_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.txt");
    let yaml =
        format!("{{use_internal_logger: false, verbosity: normal, output_paths: [{}]}}", path.display());
    let part = exporter_from_yaml(&FACTORY, &yaml).await.unwrap();
    let (signal, json, normal, _) = SAMPLES[0];
    part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await.unwrap();
    part.stop().await;
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written, format!("Traces\t{{\"resource spans\": 1, \"spans\": 1}}\n{normal}\n"));
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_a_failed_start() {
    let yaml = "{use_internal_logger: false, output_paths: [/nowhere/at/all]}";
    let error = exporter_from_yaml(&FACTORY, yaml).await.unwrap_err();
    assert_eq!(error, "open /nowhere/at/all: no such file or directory");
}

#[tokio::test]
async fn equal_messages_are_sampled() {
    let part = exporter_from_yaml(&FACTORY, "{sampling_initial: 2, sampling_thereafter: 0}").await.unwrap();
    for _ in 0..10 {
        part.push(numbered(0..1)).await.unwrap();
    }
    let shown = part.log().count("Logs");
    // More only if the test takes longer than a second.
    assert!((2..10).contains(&shown), "{shown}");
    let all = exporter_from_yaml(&FACTORY, "{}").await.unwrap();
    for _ in 0..10 {
        all.push(numbered(0..1)).await.unwrap();
    }
    assert_eq!(all.log().count("Logs"), 10);
}

#[tokio::test]
async fn there_can_be_a_queue() {
    let part = exporter_from_yaml(&FACTORY, "sending_queue:").await.unwrap();
    part.push(numbered(0..3)).await.unwrap();
    part.stop().await;
    assert_eq!(part.log().count("\"log records\": 3"), 1);
}
