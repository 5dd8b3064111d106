//! The order of starts, stops and data.

use super::*;

#[tokio::test]
async fn from_start_to_stop_in_order() {
    let bed = Bed::new(PLAIN);
    live(&bed, &[Order::Terminate, Order::Interrupt]).await.unwrap();
    assert_eq!(
        story(&bed),
        [
            "Starting otelcol-fake...",
            "Starting extensions...",
            "extension fake/two: Extension is starting...",
            "extension fake/two: Extension started.",
            "extension fake/one: Extension is starting...",
            "extension fake/one: Extension started.",
            "exporter fake: start",
            "exporter fake/x: start",
            "processor fake/a in logs: start",
            "processor fake/a in traces: start",
            "processor fake/b in traces: start",
            "receiver fake: start",
            "processor fake/b in traces: data",
            "processor fake/a in traces: data",
            "exporter fake: data traces",
            "receiver fake: sent traces: taken",
            "processor fake/a in logs: data",
            "exporter fake: data logs",
            "exporter fake/x: data logs",
            "receiver fake: sent logs: taken",
            "Everything is ready. Begin running and processing data.",
            "Received signal from OS",
            "Starting shutdown...",
            "receiver fake: stop",
            "processor fake/b in traces: stop",
            "processor fake/a in traces: stop",
            "processor fake/a in logs: stop",
            "exporter fake/x: stop",
            "exporter fake: stop",
            "Stopping extensions...",
            "extension fake/one: stop",
            "extension fake/two: stop",
            "Shutdown complete.",
        ]
    );
    let raw = bed.raw_log();
    assert!(raw.contains("\"signal\": \"terminated\""), "{raw}");
    assert!(raw.contains("\"Version\": \"1.2.3\", \"NumCPU\": "), "{raw}");
    let shared =
        raw.lines().filter(|line| line.contains("\tnew\t") && line.contains("receiver")).collect::<Vec<_>>();
    assert_eq!(shared.len(), 1, "one instance for both signals");
    assert!(shared[0].contains("\"signals\": [\"traces\",\"logs\"]"), "{}", shared[0]);
}

#[tokio::test]
async fn a_connector_lies_between_pipelines_in_life_and_in_data() {
    let bed = Bed::new(
        "
receivers: {fake: {send: true}}
processors: {fake/p: }
connectors: {fake/c: }
exporters: {fake: }
service:
  pipelines:
    logs/out: {receivers: [fake/c], processors: [fake/p], exporters: [fake]}
    traces/in: {receivers: [fake], processors: [fake/p], exporters: [fake/c]}
    traces/out: {receivers: [fake/c], exporters: [fake]}
",
    );
    live(&bed, &[Order::Interrupt]).await.unwrap();
    let story: Vec<String> = story(&bed)
        .into_iter()
        .filter(|line| ["processor", "connector", "exporter", "receiver"].iter().any(|k| line.starts_with(k)))
        .collect();
    assert_eq!(
        story,
        [
            "exporter fake: start",
            "processor fake/p in logs/out: start",
            "connector fake/c: start",
            "processor fake/p in traces/in: start",
            "receiver fake: start",
            "processor fake/p in traces/in: data",
            "connector fake/c: data",
            "exporter fake: data traces",
            "processor fake/p in logs/out: data",
            "exporter fake: data traces",
            "receiver fake: sent traces: taken",
            "receiver fake: stop",
            "processor fake/p in traces/in: stop",
            "connector fake/c: stop",
            "processor fake/p in logs/out: stop",
            "exporter fake: stop",
        ]
    );
    assert!(bed.raw_log().contains("\"reaches\": [\"traces\",\"logs\"]"));
}

#[tokio::test]
async fn refusals_of_a_fan_out_are_joined() {
    let bed = Bed::new(
        "
receivers: {fake: {send: true}}
exporters: {fake/a: {fail: first, at: data}, fake/b: , fake/c: {fail: third, at: data}}
service:
  pipelines: {traces: {receivers: [fake], exporters: [fake/a, fake/b, fake/c]}}
",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    let log = bed.log();
    assert!(log.contains(&"exporter fake/b: data traces".to_owned()), "{log:?}");
    assert!(log.contains(&"receiver fake: sent traces: first; third".to_owned()), "{log:?}");
}
