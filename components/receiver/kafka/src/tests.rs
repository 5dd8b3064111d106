//! The receiver's configuration, and how it waits for brokers.

use slimcol_testing::{Sink, assert_metadata, receiver_from_yaml};

use super::*;

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("{traces: {encoding: raw}}", "unrecognized traces encoding \"raw\""),
        ("{metrics: {encoding: zipkin_json}}", "unrecognized metrics encoding \"zipkin_json\""),
        ("{topic: old}", "has invalid keys: topic"),
        (
            "{telemetry: {metrics: {kafka_receiver_records: {enabled: true}}}}",
            "has invalid keys: kafka_receiver_records",
        ),
        ("{logs: {topic: old}}", "has invalid keys: topic"),
        ("{brokers: []}", "brokers must be specified"),
        ("{initial_offset: middle}", "initial_offset should be one of 'latest' or 'earliest'"),
        (
            "{logs: {exclude_topics: [a]}}",
            "logs.exclude_topics is configured but none of the configured logs.topics use regex pattern",
        ),
        (
            "{traces: {topics: ['^a'], exclude_topics: ['']}}",
            "traces.exclude_topics contains empty string, which would match all topics",
        ),
        (
            "{traces: {topics: ['^a'], exclude_topics: ['[']}}",
            "traces.exclude_topic contains invalid regex pattern: error parsing regexp: missing closing ]: `[`",
        ),
        (
            "{error_backoff: {enabled: true, multiplier: -1}}",
            "error_backoff: multiplier value must be greater than",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Sink::new().outputs()).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn it_waits_for_who_is_not_there_and_stops() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let yaml = format!(
        "
brokers: ['{address}']
protocol_version: 2.1.0
client_id: me
group_id: us
group_instance_id: one
session_timeout: 6s
heartbeat_interval: 1s
initial_offset: earliest
autocommit: {{enable: false, interval: 2s}}
min_fetch_size: 1
max_fetch_size: 2000000
max_fetch_wait: 1s
max_partition_fetch_size: 1000000
group_rebalance_strategies: [range]
rack_id: here
use_leader_epoch: false
metadata: {{retry: {{max: 0}}}}
message_marking: {{after: true, on_error: true, on_permanent_error: true}}
header_extraction: {{extract_headers: true, headers: [a]}}
error_backoff: {{enabled: true, initial_interval: 1s, max_interval: 2s, max_elapsed_time: 10s}}
traces: {{topics: [a, b], encoding: jaeger_proto}}
metrics: {{topics: ['^m.*'], exclude_topics: ['x$'], encoding: otlp_json}}
logs: {{topics: [l], encoding: text}}
profiles: {{topics: [p]}}
telemetry: {{metrics: {{kafka_receiver_records_delay: {{enabled: true}}}}}}
"
    );
    let receiver = receiver_from_yaml(&FACTORY, &yaml, Sink::new().outputs()).await.unwrap();
    let refused = format!("dial tcp {address}: connect: connection refused");
    let complained = async {
        while receiver.log().count(&refused) < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), complained).await.unwrap();
    let log = receiver.log().clone();
    receiver.stop().await.unwrap();
    assert_eq!(log.count("consumer stopped"), 3);
}
