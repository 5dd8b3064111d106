//! How requests go out.

use std::sync::{Arc, Mutex};

use slimcol_compression::Compression;
use slimcol_pdata::Data;
use slimcol_testing::{exporter_from_yaml, remote_written};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::metrics;
use crate::FACTORY;

/// What was sent: head and body.
pub(super) type Sent = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A server that answers with these statuses, one after the other, then with the last.
pub(super) async fn server(statuses: &'static [u16]) -> (String, Sent) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1/write", listener.local_addr().unwrap());
    let sent = Sent::default();
    let kept = sent.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, statuses, &kept).await;
        }
    });
    (url, sent)
}

async fn answer(mut stream: TcpStream, statuses: &[u16], sent: &Sent) {
    let mut request = Vec::new();
    let end = loop {
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut request).await.unwrap_or_default() == 0 {
            return;
        }
    };
    let head = String::from_utf8(request[..end].to_vec()).unwrap();
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    while request.len() < end + 4 + length.unwrap_or(0_usize) {
        stream.read_buf(&mut request).await.unwrap();
    }
    let status = {
        let mut sent = sent.lock().unwrap();
        sent.push((head, request[end + 4..].to_vec()));
        *statuses.get(sent.len() - 1).unwrap_or(&statuses[statuses.len() - 1])
    };
    let answer = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 5\r\n\r\nwords");
    stream.write_all(answer.as_bytes()).await.unwrap();
}

const GAUGE: &str = r#"{"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"1000000","asInt":"1"}]}}"#;

/// The outcome of a push without a queue, and what was sent.
async fn push(
    statuses: &'static [u16],
    yaml: &str,
) -> (Result<(), String>, Vec<(String, Vec<u8>)>, Vec<String>) {
    let (url, sent) = server(statuses).await;
    let yaml = format!(
        "{yaml}\nremote_write_queue: {{enabled: false}}\nretry_on_failure: {{initial_interval: 1ms, max_interval: 1ms, \
         max_elapsed_time: 100ms}}"
    );
    let yaml = yaml.replace("URL", &url).replace("USER", &url.replace("//", "//me:hunter2@"));
    let part = exporter_from_yaml(&FACTORY, &yaml).await.unwrap();
    let outcome = part.push(Data::Metrics(metrics("", GAUGE))).await;
    part.stop().await;
    let sent = std::mem::take(&mut *sent.lock().unwrap());
    (outcome.map_err(|refused| refused.to_string()), sent, part.log().all())
}

#[tokio::test]
async fn requests_are_snappy_blocks_with_the_protocols_headers() {
    for (yaml, media, version, v2) in [
        ("endpoint: URL", "application/x-protobuf", "0.1.0", false),
        ("http: {endpoint: URL}", "application/x-protobuf", "0.1.0", false),
        (
            "endpoint: URL\nprotobuf_message: io.prometheus.write.v2.Request",
            "application/x-protobuf;proto=io.prometheus.write.v2.Request",
            "2.0.0",
            true,
        ),
    ] {
        let (outcome, sent, log) = push(&[204], yaml).await;
        assert_eq!(outcome, Ok(()));
        let [(head, body)] = &sent[..] else { panic!("{} requests", sent.len()) };
        for line in [
            "POST /api/v1/write HTTP/1.1",
            &format!("content-type: {media}"),
            "content-encoding: snappy",
            &format!("x-prometheus-remote-write-version: {version}"),
        ] {
            assert!(head.lines().any(|found| found == line), "{line} is not in {head}");
        }
        let request = Compression::Snappy.decompress(body, 1 << 20).unwrap();
        let found = remote_written(&request, v2);
        assert!(found[0].starts_with(r#"g{otel_scope_k="v",otel_scope_name="lib"} 1@1"#), "{found:?}");
        assert!(log.iter().any(|line| line.contains("starting prometheus remote write exporter")), "{log:?}");
    }
}

#[tokio::test]
async fn lines_say_what_may_be_lost_and_no_password() {
    let (outcome, _, log) = push(&[400], "endpoint: USER?token=dreamt&tenant=a").await;
    assert!(outcome.unwrap_err().contains("remote write request failed"));
    let failed = log.iter().find(|line| line.contains("failed to send WriteRequest")).unwrap();
    assert!(failed.contains("http://me:***@") && failed.contains("?token=***&tenant=a"), "{failed}");
    assert!(!log.iter().any(|line| line.contains("dreamt") || line.contains("hunter2")), "{log:?}");
    for (version, lines) in [("1.0.0", 0), ("2.0.0", 3)] {
        let message =
            if version == "1.0.0" { "prometheus.WriteRequest" } else { "io.prometheus.write.v2.Request" };
        let (outcome, _, log) = push(&[200], &format!("endpoint: USER\nprotobuf_message: {message}")).await;
        assert_eq!(outcome, Ok(()));
        assert_eq!(log.iter().filter(|line| line.contains("header is missing")).count(), lines, "{log:?}");
    }
}

#[tokio::test]
async fn only_what_may_pass_later_is_tried_again() {
    let (outcome, sent, log) = push(&[503, 500, 200], "endpoint: URL").await;
    assert_eq!((outcome, sent.len()), (Ok(()), 3));
    let failed =
        log.iter().find(|line| line.contains("failed to send WriteRequest to remote endpoint")).unwrap();
    assert!(failed.contains("\"status_code\": 503") && failed.contains("\"error\": \"words\""), "{failed}");
    for statuses in [&[400][..], &[429]] {
        let (outcome, sent, _) = push(statuses, "endpoint: URL").await;
        assert!(outcome.unwrap_err().contains("remote write request failed"));
        assert_eq!(sent.len(), 1);
    }
    let (outcome, sent, _) = push(&[500], "endpoint: URL").await;
    assert!(outcome.unwrap_err().contains("remote write request failed"));
    assert!(sent.len() > 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    for (yaml, expected) in [
        ("", "endpoint must be specified"),
        ("endpoint: localhost:8888", "invalid endpoint"),
        (
            "{endpoint: 'http://a', namespace: 5}",
            "'namespace' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "{endpoint: 'http://a', external_labels: [a]}",
            "'external_labels' expected type 'map[string]string', got unconvertible type '[]interface {}'",
        ),
        (
            "{endpoint: 'http://a', external_labels: {a: {}}}",
            "'external_labels[a]' expected type 'string', got unconvertible type 'map[string]interface {}'",
        ),
        (
            "{endpoint: 'http://a', remote_write_queue: {enabled: x}}",
            "'remote_write_queue.enabled' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', max_batch_size_bytes: x}",
            "'max_batch_size_bytes' expected type 'int64', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', protobuf_message: x}",
            "'protobuf_message' unknown value \"x\" (valid values: [prometheus.WriteRequest io.prometheus.write.v2.Request])",
        ),
        (
            "{endpoint: 'http://a', translation_strategy: x}",
            "'translation_strategy' unknown value \"x\" (valid values: [UnderscoreEscapingWithSuffixes",
        ),
        (
            "{endpoint: 'http://a', send_metadata: x}",
            "'send_metadata' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', target_info: {enabled: x}}",
            "'target_info.enabled' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', resource_to_telemetry_conversion: {enabled: x}}",
            "'resource_to_telemetry_conversion.enabled' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', disable_scope_info: x}",
            "'disable_scope_info' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', add_metric_suffixes: x}",
            "'add_metric_suffixes' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'http://a', include_metadata_keys: 5}",
            "'include_metadata_keys' source data must be an array or slice, got int",
        ),
        ("{endpoint: 'http://a', timeout: x}", "'timeout' time: invalid duration"),
        (
            "{endpoint: 'http://a', retry_on_failure: {max_elapsed_time: -1s}}",
            "max_elapsed_time value must be greater than or equal to 0",
        ),
        ("{endpoint: 'http://a', compression: gzip}", "compression type must be snappy"),
        (
            "{endpoint: 'http://a', remote_write_queue: {queue_size: -1}}",
            "remote write queue size can't be negative",
        ),
        (
            "{endpoint: 'http://a', remote_write_queue: {queue_size: 0}}",
            "a 0 size queue will drop all the data",
        ),
        (
            "{endpoint: 'http://a', remote_write_queue: {num_consumers: -1}}",
            "remote write consumer number can't be negative",
        ),
        (
            "{endpoint: 'http://a', max_batch_request_parallelism: 0}",
            "max_batch_request_parallelism can't be set to below 1",
        ),
        ("{endpoint: 'http://a', max_batch_size_bytes: -1}", "max_batch_size_bytes must be greater than 0"),
        ("{endpoint: 'http://a', protobuf_message: io.prometheus.write.v4.Request}", "protobuf_message"),
        ("{endpoint: 'http://a', translation_strategy: invalid_strategy}", "translation_strategy"),
        (
            "{endpoint: 'http://a', translation_strategy: NoTranslation}",
            "translation strategy NoTranslation requires Prometheus Remote Write 2.0 (UTF-8 support)",
        ),
        (
            "{endpoint: 'http://a', include_metadata_keys: [user-agent]}",
            "include_metadata_keys entry \"user-agent\" collides with a reserved remote write header",
        ),
        (
            "{endpoint: 'http://a', external_labels: {a: ''}}",
            "external labels configuration contains an empty key or value",
        ),
        ("{endpoint: 'http://a', sending_queue: {}}", "has invalid keys: sending_queue"),
    ] {
        let Err(error) = exporter_from_yaml(&FACTORY, yaml).await else { panic!("{yaml} is taken") };
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}
