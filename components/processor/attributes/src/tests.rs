use slimcol_pdata::{Data, Signal};
use slimcol_service::Routes;
use slimcol_testing::{Sink, assert_metadata, part_from_yaml};

use crate::FACTORY;

/// A processor of a pipeline of one signal: the request that comes out, or what is wrong.
async fn through(yaml: &str, signal: Signal, json: &str) -> Result<String, String> {
    let sink = Sink::new();
    let routes = Routes::new(vec![(signal, signal.to_string(), sink.next())]);
    let part =
        part_from_yaml(&FACTORY, yaml, "attributes", slimcol_service::Signals::only(signal), routes).await?;
    part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await.unwrap();
    part.stop().await;
    let mut out = Vec::new();
    sink.data()[0].write_json(&mut out);
    Ok(String::from_utf8(out).unwrap())
}

fn span(name: &str, attributes: &str) -> String {
    format!(
        r#"{{"name":"{name}","kind":2,"attributes":[{{"key":"secret","value":{{"stringValue":"{name}"}}}}{attributes}]}}"#
    )
}

fn traces() -> String {
    let resource = |service: &str, spans: &str| {
        format!(
            r#"{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{service}"}}}}]}},
            "scopeSpans":[{{"scope":{{"name":"lib","version":"1"}},"spans":[{spans}]}}]}}"#
        )
    };
    let dev = r#",{"key":"env","value":{"stringValue":"dev"}}"#;
    let one = resource("svcA", &format!("{},{}", span("a1", dev), span("a2", "")));
    let two = resource("svcB", &span("b1", dev));
    format!(r#"{{"resourceSpans":[{one},{two}]}}"#)
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn spans_are_chosen_by_their_properties() {
    let cases = [
        ("", "a1 a2 b1"),
        ("include: {match_type: strict, services: [svcA]}", "a1 a2"),
        ("include: {match_type: regexp, services: [svc]}", "a1 a2 b1"),
        ("exclude: {match_type: strict, services: [svcA]}", "b1"),
        ("include: {match_type: strict, span_names: [a2, b1]}", "a2 b1"),
        ("include: {match_type: strict, span_kinds: [SPAN_KIND_SERVER]}", "a1 a2 b1"),
        ("include: {match_type: strict, span_kinds: [SPAN_KIND_CLIENT]}", ""),
        ("include: {match_type: strict, attributes: [{key: env, value: dev}]}", "a1 b1"),
        ("include: {match_type: regexp, attributes: [{key: env, value: '^d'}]}", "a1 b1"),
        ("include: {match_type: strict, attributes: [{key: env}]}", "a1 b1"),
        ("exclude: {match_type: strict, services: [svcA, svcB], attributes: [{key: env, value: dev}]}", "a2"),
        ("include: {match_type: strict, resources: [{key: service.name, value: svcB}]}", "b1"),
        ("include: {match_type: strict, libraries: [{name: lib}]}", "a1 a2 b1"),
        ("include: {match_type: strict, libraries: [{name: lib, version: '2'}]}", ""),
        (
            "include: {match_type: strict, services: [svcA]}\nexclude: {match_type: strict, span_names: [a1]}",
            "a2",
        ),
    ];
    for (choice, expected) in cases {
        let yaml = format!("actions: [{{key: secret, action: delete}}]\n{choice}");
        let out = through(&yaml, Signal::Traces, &traces()).await.unwrap();
        let gone = ["a1", "a2", "b1"]
            .into_iter()
            .filter(|name| !out.contains(&format!(r#""key":"secret","value":{{"stringValue":"{name}"}}"#)));
        assert_eq!(gone.collect::<Vec<_>>().join(" "), expected, "{choice}");
        assert_eq!(out.matches(r#""name":"a"#).count() + out.matches(r#""name":"b"#).count(), 3, "{out}");
    }
}

#[tokio::test]
async fn logs_are_chosen_by_their_properties() {
    let record = |body: &str, severity: &str| {
        format!(
            r#"{{"body":{{"stringValue":"{body}"}},{severity}"attributes":[{{"key":"secret","value":{{"stringValue":"{body}"}}}}]}}"#
        )
    };
    let records =
        [record("one", r#""severityNumber":9,"severityText":"INFO","#), record("two", "")].join(",");
    let json = format!(r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{records}]}}]}}]}}"#);
    let cases = [
        ("", "one two"),
        ("include: {match_type: regexp, log_bodies: ['^o']}", "one"),
        ("include: {match_type: strict, log_severity_texts: [INFO]}", "one"),
        ("include: {match_type: strict, log_severity_number: {min: 5}}", "one"),
        ("include: {match_type: strict, log_severity_number: {min: 10, match_undefined: true}}", "two"),
        ("exclude: {match_type: strict, attributes: [{key: secret, value: one}]}", "two"),
    ];
    for (choice, expected) in cases {
        let yaml = format!("actions: [{{key: secret, action: delete}}]\n{choice}");
        let out = through(&yaml, Signal::Logs, &json).await.unwrap();
        let gone = ["one", "two"]
            .into_iter()
            .filter(|name| !out.contains(&format!(r#""key":"secret","value":{{"stringValue":"{name}"}}"#)));
        assert_eq!(gone.collect::<Vec<_>>().join(" "), expected, "{choice}");
    }
}

#[tokio::test]
async fn every_kind_of_point_is_changed() {
    let metrics = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"]
        .map(|kind| {
            let attributes = r#""attributes":[{"key":"secret","value":{"stringValue":"x"}}]"#;
            format!(r#"{{"name":"{kind}","{kind}":{{"dataPoints":[{{{attributes}}},{{{attributes}}}]}}}}"#)
        })
        .join(",");
    let json = format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{metrics}]}}]}}]}}"#);
    let actions = "actions: [{key: secret, action: delete}]";
    let out = through(actions, Signal::Metrics, &json).await.unwrap();
    assert!(!out.contains("secret"), "{out}");
    let some = format!("{actions}\ninclude: {{match_type: regexp, metric_names: [istogram]}}");
    let out = through(&some, Signal::Metrics, &json).await.unwrap();
    assert_eq!(out.matches("secret").count(), 6, "{out}");
}

#[tokio::test]
async fn what_does_not_fit_the_signal_is_refused() {
    let cases = [
        ("", Signal::Traces, "missing required field \"actions\""),
        ("actions: [{key: a, action: nope}]", Signal::Traces, "unsupported action"),
        ("actions: 5", Signal::Traces, "'actions' source data must be an array or slice, got int"),
        ("actions: [{}]", Signal::Traces, "missing required field \"key\" at the 0-th actions"),
        (
            "actions: [{key: 5, action: delete}]",
            Signal::Traces,
            "'actions[0].key' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "actions: [{key: a, action: delete}, {key: b, action: nope}]",
            Signal::Traces,
            "unsupported action \"nope\" at the 1-th actions",
        ),
        (
            "actions: [{key: a, action: insert, from_context: 5}]",
            Signal::Traces,
            "'actions[0].from_context' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "{actions: [{key: a, action: delete}], include: 5}",
            Signal::Traces,
            "'include' expected a map or struct, got \"int\"",
        ),
        (
            "{actions: [{key: a, action: delete}], exclude: {match_type: regexp, services: ['(']}}",
            Signal::Traces,
            "error creating service name filters: error parsing regexp: missing closing ): `(`",
        ),
        (
            "{actions: [{key: a, action: delete}], include: {match_type: regexp, regexp: {cacheenabled: x}}}",
            Signal::Traces,
            "'include.regexp.cacheenabled' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{actions: [{key: a, action: delete}], include: {match_type: strict, log_bodies: [a]}}",
            Signal::Traces,
            "log_bodies should not be specified for trace spans",
        ),
        (
            "{actions: [{key: a, action: delete}], include: {match_type: strict, services: [a]}}",
            Signal::Logs,
            "services, span_names, and span_kinds are not valid for log records",
        ),
        ("{actions: [{key: a, action: delete}], includes: {}}", Signal::Logs, "includes"),
    ];
    for (yaml, signal, expected) in cases {
        let error = through(yaml, signal, "{}").await.unwrap_err();
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}
