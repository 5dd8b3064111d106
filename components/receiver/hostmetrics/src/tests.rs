use std::{fs, path::Path};

use slimcol_testing::{Sink, assert_metadata, receiver_from_yaml};

use super::*;

mod live;
mod recorded;
mod trouble;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

/// What went into `sink` so far, request by request, as JSON.
fn requests(sink: &Sink) -> Vec<serde_json::Value> {
    let json = |data: &slimcol_pdata::Data| {
        let mut json = Vec::new();
        data.write_json(&mut json);
        serde_json::from_slice(&json).unwrap()
    };
    sink.data().iter().map(json).collect()
}

/// What a receiver with these settings refused to start with.
async fn refused(yaml: &str) -> String {
    receiver_from_yaml(&FACTORY, yaml, Sink::new().outputs()).await.unwrap_err()
}

#[tokio::test]
async fn mistakes_are_named() {
    for (yaml, message) in [
        ("", "must specify at least one scraper when using host_metrics receiver"),
        ("scrapers: {cpu: , gpu: {}}", "invalid scraper key: gpu"),
        (
            "{scrapers: {cpu: }, root_path: /none/x}",
            "invalid root_path: stat /none/x: no such file or directory",
        ),
        ("{scrapers: {cpu: }, collection_interval: 0s}", "\"collection_interval\": requires positive value"),
        (
            "scrapers: {cpu: {metrics: {system.cpu.tme: }}}",
            "'scrapers.cpu.metrics' has invalid keys: system.cpu.tme",
        ),
    ] {
        let error = refused(yaml).await;
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn the_host_is_told_of_as_an_entity() {
    let sink = Sink::new();
    let yaml = "{metadata_collection_interval: 20ms, scrapers: {load: }}";
    let receiver = receiver_from_yaml(&FACTORY, yaml, sink.outputs()).await.unwrap();
    sink.wait_items(2).await;
    receiver.stop().await.unwrap();
    for mut request in requests(&sink) {
        let record = &mut request["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        let time = record.as_object_mut().unwrap().remove("timeUnixNano").unwrap();
        assert!(time.as_str().unwrap().len() == 19, "{time}");
        // Recorded from the Go collector, but for the interval.
        let expected = r#"{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{"attributes":[{"key":"otel.entity.event_as_log","value":{"boolValue":true}}]},"logRecords":[{"body":{},"attributes":[{"key":"otel.entity.event.type","value":{"stringValue":"entity_state"}},{"key":"otel.entity.type","value":{"stringValue":"host"}},{"key":"otel.entity.interval","value":{"intValue":"20"}}]}]}]}]}"#;
        assert_eq!(request, serde_json::from_str::<serde_json::Value>(expected).unwrap());
    }
}
