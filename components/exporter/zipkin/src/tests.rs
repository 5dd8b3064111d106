//! The whole exporter against a server that answers as a test says.

use slimcol_service::Retry;
use slimcol_testing::{Part, Site, assert_metadata, exporter_from_yaml, generate};

use super::*;

async fn exporter(site: &Site, more: &str) -> Part {
    let yaml = format!(
        "endpoint: '{}/api/v2/spans'\nsending_queue: {{enabled: false}}\nretry_on_failure: {{enabled: false}}\n{more}",
        site.url()
    );
    exporter_from_yaml(&FACTORY, &yaml).await.unwrap()
}

fn traces() -> Data {
    Data::from_bytes(Signal::Traces, generate::traces(1, 3)).unwrap()
}

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn spans_go_out_in_either_format() {
    let site = Site::start(|_| (202, "text/plain", String::new())).await;
    let json = exporter(&site, "").await;
    json.push(traces()).await.unwrap();
    json.stop().await;
    let proto = exporter(&site, "format: proto").await;
    proto.push(traces()).await.unwrap();
    proto.stop().await;
    let asked = site.asked();
    assert!(asked[0].head.starts_with("POST /api/v2/spans HTTP/1.1"), "{}", asked[0].head);
    assert!(asked[0].head.to_lowercase().contains("content-type: application/json"), "{}", asked[0].head);
    assert!(!asked[0].head.to_lowercase().contains("content-encoding"), "{}", asked[0].head);
    let back = v2::from_json(asked[0].body.as_bytes(), false).unwrap();
    assert_eq!(back.items(), 3);
    assert!(asked[1].head.to_lowercase().contains("content-type: application/x-protobuf"));
}

#[tokio::test]
async fn what_has_no_name_gets_one_if_it_is_written() {
    let site = Site::start(|_| (202, "text/plain", String::new())).await;
    let nameless = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
        {"traceId":"00000000000000000000000000000001","spanId":"0000000000000002"}]}]}]}"#;
    let data = Data::from_json(Signal::Traces, nameless.as_bytes()).unwrap();
    for (more, name) in [("default_service_name: mine", "mine"), ("", "otlpresourcenoservicename")] {
        let part = exporter(&site, more).await;
        part.push(data.clone()).await.unwrap();
        part.stop().await;
        let body = &site.asked().last().unwrap().body.clone();
        assert!(body.contains(&format!(r#""serviceName":"{name}""#)), "{body}");
    }
}

#[tokio::test]
async fn refusals_are_tried_again_and_bad_spans_are_not() {
    let site = Site::start(|_| (503, "text/plain", "busy".to_owned())).await;
    let part = exporter(&site, "").await;
    let refused = part.push(traces()).await.unwrap_err();
    assert_eq!(refused.retry, Retry::Later);
    assert_eq!(refused.to_string(), "failed the request with status code 503");
    let bad = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"0000000000000002"}]}]}]}"#;
    let refused = part.push(Data::from_json(Signal::Traces, bad.as_bytes()).unwrap()).await.unwrap_err();
    assert!(refused.is_permanent());
    let text = "Permanent error: failed to push trace data via Zipkin exporter: TraceID is invalid";
    assert_eq!(refused.to_string(), text);
    part.stop().await;
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("{}", "endpoint required"),
        (
            "{endpoint: 'http://a', format: 5}",
            "'format' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "{endpoint: 'http://a', default_service_name: 5}",
            "'default_service_name' expected type 'string', got unconvertible type 'int'",
        ),
        ("{endpoint: 'http://a', timeout: x}", "'timeout' time: invalid duration"),
        ("{endpoint: 'http://a', compression: x}", "'compression' unsupported compression type \"x\""),
        ("{endpoint: 'http://a', sending_queue: {queue_size: -1}}", "`queue_size` must be positive"),
        (
            "{endpoint: 'http://a', retry_on_failure: {initial_interval: x}}",
            "'retry_on_failure.initial_interval' time: invalid duration",
        ),
        ("{endpoint: 'http://a', format: thrift}", "thrift is not one of json or proto"),
        ("{endpoint: 'localhost:9411'}", "endpoint must be a valid URL"),
        ("{endpoint: 'http://a', formt: json}", "has invalid keys: formt"),
    ] {
        let error = exporter_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}
