//! The exporter's configuration, and what it says when nobody is there.

use slimcol_pdata::{Data, Signal};
use slimcol_service::{Log, Offers, Retry};
use slimcol_testing::{assert_metadata, exporter_from_yaml, generate};

use super::*;

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn nobody_there_may_pass() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let yaml = format!(
        "{{brokers: ['{address}'], sending_queue: {{enabled: false}}, retry_on_failure: {{enabled: false}}, \
         metadata: {{retry: {{max: 0}}}}}}"
    );
    let exporter = exporter_from_yaml(&FACTORY, &yaml).await.unwrap();
    let logs = Data::from_bytes(Signal::Logs, generate::logs(1, 3)).unwrap();
    let refused = exporter.push(logs).await.unwrap_err();
    assert_eq!(refused.retry, Retry::Later);
    assert_eq!(
        refused.to_string(),
        format!(
            "error exporting to topic \"otlp_logs\": unable to dial: dial tcp {address}: connect: connection refused"
        )
    );
    assert_eq!(exporter.log().count("kafka records export failed"), 1);
    exporter.stop().await;
}

#[tokio::test]
async fn mistakes() {
    let batched = |key: &str| format!("{{sending_queue: {{batch: {{}}}}, {key}}}");
    for (yaml, text) in [
        ("{traces: {encoding: raw}}".to_owned(), "unrecognized traces encoding \"raw\""),
        ("{logs: {encoding: zipkin_json}}".to_owned(), "unrecognized logs encoding \"zipkin_json\""),
        ("{topic: old}".to_owned(), "has invalid keys: topic"),
        ("{brokers: []}".to_owned(), "brokers must be specified"),
        (
            "{auth: {sasl: {mechanism: OAUTHBEARER}}}".to_owned(),
            "auth::sasl: oauth2authclient extension is required",
        ),
        ("{producer: {compression: x}}".to_owned(), "producer: compression should be one of 'none'"),
        (
            "{record_partitioner: {sticky_key: {hasher: x}}}".to_owned(),
            "record_partitioner: sticky_key: unknown hasher \"x\", valid values are \"sarama_compat\", \"murmur2\"",
        ),
        (
            "{partition_logs_by_trace_id: true, partition_logs_by_resource_attributes: true}".to_owned(),
            "partition_logs_by_resource_attributes and partition_logs_by_trace_id cannot both be enabled",
        ),
        (
            "{partition_traces_by_id: true, traces: {message_key_from_metadata_key: a}}".to_owned(),
            "traces::message_key_from_metadata_key cannot be combined with partition_traces_by_id",
        ),
        (
            "{record_partitioner: {round_robin: {}, least_backup: {}}}".to_owned(),
            "record_partitioner: at most one record_partitioner strategy may be configured",
        ),
        (
            batched("include_metadata_keys: [a]"),
            "sending_queue::batch::partition::metadata_keys must be configured when include_metadata_keys is set",
        ),
        (
            batched("logs: {topic_from_metadata_key: a}"),
            "logs::topic_from_metadata_key: topic_from_metadata_key must be present in",
        ),
        (
            batched("traces: {message_key_from_metadata_key: a}"),
            "traces::message_key_from_metadata_key: message_key_from_metadata_key must be present in",
        ),
    ] {
        let error = exporter_from_yaml(&FACTORY, &yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn tokens_come_from_an_extension() {
    let start = async |extension: &str| {
        let yaml = "auth: {sasl: {mechanism: OAUTHBEARER, oauthbearer_token_source: oauth2client/x}}";
        let config = slimcol_config::from_yaml(yaml).unwrap();
        let cx = Context::standalone("kafka", Signals::LOGS, Log::capture().0);
        let exporter = Kafka::new(config, &cx.with_extension(extension, Offers::default())).unwrap();
        exporter.start().await.unwrap_err().to_string()
    };
    let failed = "failed to configure SASL: extension oauth2client/x";
    assert_eq!(start("oauth2client").await, format!("{failed} is not configured"));
    assert_eq!(start("oauth2client/x").await, format!("{failed} has no tokens"));
}

#[tokio::test]
async fn all_keys_are_taken() {
    let yaml = "
brokers: [a:1, b:2]
protocol_version: 3.7.0
client_id: me
rack_id: here
resolve_canonical_bootstrap_servers_only: false
use_leader_epoch: true
conn_idle_timeout: 1m
tls: {insecure_skip_verify: true}
auth: {sasl: {mechanism: SCRAM-SHA-256, username: me, password: hush}}
metadata: {full: false, refresh_interval: 1m, retry: {max: 1, backoff: 1s}}
timeout: 1s
retry_on_failure: {enabled: true}
sending_queue: {batch: {partition: {metadata_keys: [tenant]}}}
producer: {max_message_bytes: 2000000, required_acks: all, compression: zstd, compression_params: {level: 3},
  flush_max_messages: 3, allow_auto_topic_creation: false, linger: 1ms, max_broker_write_bytes: 104857600}
traces: {topic: t, encoding: zipkin_proto, topic_from_metadata_key: tenant, message_key_from_metadata_key: tenant}
metrics: {topic: m, encoding: otlp_json}
logs: {topic: l, encoding: raw}
profiles: {topic: p}
topic_from_attribute: topic
include_metadata_keys: [tenant]
record_headers: {a: b}
partition_metrics_by_resource_attributes: true
partition_traces_by_id: false
partition_logs_by_trace_id: true
partition_logs_by_resource_attributes: false
record_partitioner: {sticky_key: {hasher: murmur2}}
";
    exporter_from_yaml(&FACTORY, yaml).await.unwrap().stop().await;
}
