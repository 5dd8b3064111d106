use slimcol_pdata::{Data, Signal};
use slimcol_testing::{Sink, assert_metadata, processor_from_yaml};

use crate::FACTORY;

/// The request that comes out.
async fn through(yaml: &str, signal: Signal, json: &str) -> String {
    let sink = Sink::new();
    let part = processor_from_yaml(&FACTORY, yaml, sink.next()).await.unwrap();
    part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await.unwrap();
    part.stop().await;
    let mut out = Vec::new();
    sink.data()[0].write_json(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn every_resource_of_every_signal_is_changed() {
    let yaml = "attributes: [{key: env, value: prod, action: upsert}, {key: host, action: delete}]";
    let attributes = r#"[{"key":"host","value":{"stringValue":"h"}}]"#;
    let cases = [
        (Signal::Traces, "resourceSpans", r#""scopeSpans":[{"scope":{},"spans":[{"name":"s"}]}]"#),
        (
            Signal::Metrics,
            "resourceMetrics",
            r#""scopeMetrics":[{"scope":{},"metrics":[{"name":"m","gauge":{"dataPoints":[{"asInt":"1"}]}}]}]"#,
        ),
        (
            Signal::Logs,
            "resourceLogs",
            r#""scopeLogs":[{"scope":{},"logRecords":[{"body":{"stringValue":"b"}}]}]"#,
        ),
    ];
    for (signal, resources, rest) in cases {
        let before =
            format!(r#"{{"{resources}":[{{"resource":{{"attributes":{attributes}}},{rest}}},{{{rest}}}]}}"#);
        let out = through(yaml, signal, &before).await;
        assert_eq!(
            out.matches(r#"{"attributes":[{"key":"env","value":{"stringValue":"prod"}}]}"#).count(),
            2,
            "{out}"
        );
        assert!(!out.contains("host"), "{out}");
        let untouched = through("attributes: [{key: nope, action: delete}]", signal, &before).await;
        assert!(untouched.contains(r#""key":"host""#), "{untouched}");
    }
}

#[tokio::test]
async fn without_actions_there_is_nothing_to_do() {
    for (yaml, expected) in [
        ("", "missing required field \"attributes\""),
        ("attributes: 5", "'attributes' source data must be an array or slice, got int"),
        (
            "attributes: [{key: a, action: insert}]",
            "Either field \"value\", \"from_attribute\" or \"from_context\" setting must be specified for 0-th action",
        ),
        ("attributes: [{key: a, action: nope}]", "unsupported action \"nope\" at the 0-th actions"),
        ("{attributes: [{key: a, action: delete}], actions: []}", "actions"),
    ] {
        let error = processor_from_yaml(&FACTORY, yaml, Sink::new().next()).await.unwrap_err();
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}
