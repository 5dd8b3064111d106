use slimcol_pdata::{Data, Signal};
use slimcol_service::{Client, ClientInfo, Payload, Routes, Signals};
use slimcol_testing::{LogLines, Sink, assert_metadata, part_from_yaml};

use crate::FACTORY;

/// What comes out of a pipeline of one signal, or why nothing does; and what was logged.
async fn through(yaml: &str, signal: Signal, json: &str) -> (Result<String, String>, LogLines) {
    let sink = Sink::new();
    let routes = Routes::new(vec![(signal, signal.to_string(), sink.next())]);
    let part = part_from_yaml(&FACTORY, yaml, "transform", Signals::only(signal), routes).await.unwrap();
    let log = part.log().clone();
    let pushed = part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await;
    part.stop().await;
    let out = pushed.map(|()| {
        let mut out = Vec::new();
        sink.data()[0].write_json(&mut out);
        String::from_utf8(out).unwrap()
    });
    (out.map_err(|refused| refused.source.to_string()), log)
}

#[tokio::test]
async fn statements_see_the_sender() {
    let sink = Sink::new();
    let routes = Routes::new(vec![(Signal::Metrics, "metrics".to_owned(), sink.next())]);
    let yaml = r#"metric_statements: ['set(exemplar.filtered_attributes["tenant"], otelcol.client.metadata["tenant"][0])']"#;
    let part =
        part_from_yaml(&FACTORY, yaml, "transform", Signals::only(Signal::Metrics), routes).await.unwrap();
    let metadata = vec![("tenant".to_owned(), vec!["a".to_owned()])];
    let client = Client::new(ClientInfo { metadata, ..ClientInfo::default() });
    let json = METRICS.replace(r#""asInt":"1""#, r#""asInt":"1","exemplars":[{"asInt":"5"}]"#);
    let data = Data::from_json(Signal::Metrics, json.as_bytes()).unwrap();
    part.next().consume(Payload { data, client }).await.unwrap();
    part.stop().await;
    let mut out = Vec::new();
    sink.data()[0].write_json(&mut out);
    let want = r#""filteredAttributes":[{"key":"tenant","value":{"stringValue":"a"}}]"#;
    assert!(String::from_utf8(out).unwrap().contains(want));
}

/// What is wrong with a configuration.
async fn wrong(yaml: &str) -> String {
    let sink = Sink::new();
    let routes = Routes::new(vec![(Signal::Traces, "traces".to_owned(), sink.next())]);
    let part = part_from_yaml(&FACTORY, yaml, "transform", Signals::only(Signal::Traces), routes).await;
    part.map(|_| ()).unwrap_err()
}

const TRACES: &str = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
    "scopeSpans":[{"scope":{"name":"lib"},"spans":[
      {"name":"/animal","kind":1,"attributes":[{"key":"http.path","value":{"stringValue":"/animal"}}],
       "events":[{"name":"first"},{"name":"second"}]},
      {"name":"other","kind":2}]}]}]}"#;

const METRICS: &str = r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[
    {"name":"a","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[
      {"asInt":"1","attributes":[{"key":"k","value":{"stringValue":"x"}}]},{"asInt":"2"}]}},
    {"name":"b","gauge":{"dataPoints":[{"asDouble":0.5}]}}]}]}]}"#;

const LOGS: &str = r#"{"resourceLogs":[{"scopeLogs":[{"scope":{"version":"1"},"logRecords":[
    {"body":{"stringValue":"request failed"},"severityNumber":9},{"body":{"stringValue":"fine"}}]}]}]}"#;

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn the_readme_lists_the_functions() {
    use slimcol_ottlfuncs::{LOG, METRIC, POINT, SPAN};
    let readme = include_str!("../README.md");
    let all = [METRIC, POINT, SPAN, LOG].into_iter().flat_map(slimcol_ottleval::function::Functions::all);
    let all = all.map(|function| function.name);
    let missing: Vec<_> = all.filter(|name| !readme.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn statements_change_what_they_are_about() {
    let set = |key: &str, value: &str| format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#);
    for (yaml, signal, json, wanted, unwanted) in [
        (
            r#"trace_statements: ['set(span.name, "bear") where span.attributes["http.path"] == "/animal"', 'set(span.attributes["s"], resource.attributes["service.name"])']"#,
            Signal::Traces,
            TRACES,
            vec![r#""name":"bear""#.to_owned(), r#""name":"other""#.to_owned(), set("s", "shop")],
            vec![r#""name":"/animal""#.to_owned()],
        ),
        (
            r#"trace_statements: [{context: span, conditions: ['attributes["http.path"] == "/animal"', 'kind == 7'], statements: ['set(name, "bear")']}]"#,
            Signal::Traces,
            TRACES,
            vec![r#""name":"bear""#.to_owned(), r#""name":"other""#.to_owned()],
            vec![r#""name":"/animal""#.to_owned()],
        ),
        (
            r#"trace_statements: ['set(spanevent.attributes["of"], span.name) where spanevent.event_index == 1']"#,
            Signal::Traces,
            TRACES,
            vec![
                format!(r#"{{"name":"second","attributes":[{}]}}"#, set("of", "/animal")),
                r#"{"name":"first"}"#.to_owned(),
            ],
            vec![],
        ),
        (
            r#"{trace_statements: ['set(scope.attributes["a"], scope.name)'], log_statements: ['set(log.body, 1)']}"#,
            Signal::Traces,
            TRACES,
            vec![format!(r#""scope":{{"name":"lib","attributes":[{}]}}"#, set("a", "lib"))],
            vec![],
        ),
        (
            r#"trace_statements: [{statements: ['set(resource.attributes["cached"], "no") where resource.cache["x"] == nil', 'set(resource.cache["x"], 1)']}, {statements: ['set(resource.attributes["again"], "yes") where resource.cache["x"] == nil']}]"#,
            Signal::Traces,
            TRACES,
            vec![set("cached", "no"), set("again", "yes")],
            vec![],
        ),
        (
            r#"metric_statements: ['set(metric.description, "Sum") where metric.type == METRIC_DATA_TYPE_SUM']"#,
            Signal::Metrics,
            METRICS,
            vec![r#"{"name":"a","description":"Sum""#.to_owned(), r#"{"name":"b","gauge""#.to_owned()],
            vec![],
        ),
        (
            r#"metric_statements: ['set(metric.name, "c") where datapoint.attributes["k"] == "x"', 'set(datapoint.value_int, 7) where metric.type == 2']"#,
            Signal::Metrics,
            METRICS,
            vec![r#""name":"c""#.to_owned(), r#""asInt":"7""#.to_owned(), r#""asDouble":0.5"#.to_owned()],
            vec![r#""asInt":"1""#.to_owned(), r#""asInt":"2""#.to_owned()],
        ),
        (
            r#"log_statements: ['set(log.severity_text, "FAIL") where log.body == "request failed"', 'set(log.attributes["v"], instrumentation_scope.version)']"#,
            Signal::Logs,
            LOGS,
            vec![r#""severityText":"FAIL""#.to_owned(), set("v", "1")],
            vec![],
        ),
    ] {
        let (out, log) = through(yaml, signal, json).await;
        let out = out.unwrap();
        assert!(wanted.iter().all(|text| out.contains(text)), "{yaml}: {out}");
        assert!(!unwanted.iter().any(|text| out.contains(text)), "{yaml}: {out}");
        assert_eq!(log.count("failed"), 0, "{:?}", log.all());
    }
}

#[tokio::test]
async fn failures_are_ignored_told_or_refuse_the_data() {
    let statement = "set(name, Substring(name, 100, 1))";
    for (top, group, lines) in
        [("", "", 2), ("error_mode: silent", "", 0), ("error_mode: propagate", "error_mode: ignore,", 2)]
    {
        let yaml = format!(
            "{top}\ntrace_statements: [{{context: span, {group} statements: ['{statement}', 'set(kind, 5)']}}]"
        );
        let (out, log) = through(&yaml, Signal::Traces, TRACES).await;
        assert_eq!(out.unwrap().matches(r#""kind":5"#).count(), 2, "{yaml}");
        assert_eq!(log.count("warn\tfailed to execute statement"), lines, "{:?}", log.all());
    }
    let yaml =
        format!("error_mode: propagate\ntrace_statements: [{{context: span, statements: ['{statement}']}}]");
    let (out, log) = through(&yaml, Signal::Traces, TRACES).await;
    let error = out.unwrap_err();
    assert!(
        error.starts_with("failed to execute statement: set(name, Substring(name, 100, 1)), "),
        "{error}"
    );
    assert_eq!(log.count("error\tfailed processing traces"), 1, "{:?}", log.all());
}

#[tokio::test]
async fn a_missing_prefix_is_advised() {
    let (_, log) = through(
        "trace_statements: [{context: span, statements: ['set(name, \"x\")']}]",
        Signal::Traces,
        TRACES,
    )
    .await;
    assert_eq!(
        log.count(
            "one or more paths were modified to include their context prefix, please rewrite them accordingly"
        ),
        1
    );
    assert_eq!(log.count(r#"set(span.name, \"x\")"#), 1, "{:?}", log.all());
}

/// The outcomes of the Go collector.
#[tokio::test]
async fn wrong_configurations_are_told() {
    for (yaml, want) in [
        ("trace_statements: {}", "invalid trace_statements type, expected: array, got: map"),
        ("trace_statements: [5]", "'trace_statements[0]' expected a map or struct, got \"int\""),
        (
            "trace_statements: [{context: span, statements: [5]}]",
            "'trace_statements[0].statements[0]' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "trace_statements: [{context: 5, statements: []}]",
            "'trace_statements[0].context' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "trace_statements: ['set(span.name']",
            "statement has invalid syntax: 1:14: unexpected token \"<EOF>\" (expected \")\")",
        ),
        (
            "trace_statements: ['nope(span.name)']",
            "inferred context \"span\" does not support the function \"nope\"",
        ),
        (
            "trace_statements: ['set(span.attributes[\"a\"], 99999999999999999999)']",
            "1:27: integer 99999999999999999999 is out of range",
        ),
        (
            "trace_statements: ['set(span.attributes[\"a\"], \"unclosed)']",
            "1:27: invalid input text \"\\\"unclosed)\"",
        ),
        (
            "trace_statements: ['set(span.attributes[\"a\"], ParseKeyValue(\"x\", \"\", \"\"))']",
            "couldn't create function: delimiter cannot be set to an empty string (at 1:27)",
        ),
        (
            "trace_statements: ['truncate_all(span.attributes, -1)']",
            "invalid argument at position 1: must be an int (at 1:31)",
        ),
        (
            "trace_statements: [null]",
            "invalid trace_statements item: empty statement list items are not supported",
        ),
        (
            "trace_statements: ['set(span.name, 1)', {context: span, statements: []}]",
            "configuring multiple configuration styles is not supported, please use only Basic configuration or only Advanced configuration",
        ),
        (
            "trace_statements: ['set(span.name, otelcol.client.nope)']",
            "segment \"nope\" from path \"otelcol.client.nope\" is not a valid path",
        ),
        (
            "metric_statements: ['set(exemplar.nope, 1)']",
            "segment \"nope\" from path \"exemplar.nope\" is not a valid path nor a valid OTTL keyword for the exemplar context",
        ),
        (
            "log_statements: [{context: exemplar, statements: ['set(int_value, 1)']}]",
            "unknown context \"exemplar\" for statements: [set(int_value, 1)]",
        ),
        (
            "metric_statements: ['convert_sum_to_gauge() where exemplar.int_value == 1']",
            "inferred context \"exemplar\" does not support the function \"convert_sum_to_gauge\"",
        ),
        (
            "trace_statements: [{context: foo, statements: []}]",
            "'trace_statements[0].context' unknown context foo",
        ),
        (
            "trace_statements: [{context: span, error_mode: x}]",
            "'trace_statements[0].error_mode' unknown error mode x",
        ),
        (
            "trace_statements: [{context: span, shared_cache: true}]",
            "'trace_statements[0]' has invalid keys: shared_cache",
        ),
        ("error_mode: foo", "'error_mode' unknown error mode foo"),
        (
            "flatten_data: true",
            "'flatten_data' requires the 'transform.flatten.logs' feature gate to be enabled",
        ),
        (
            "trace_statements: [{context: log, statements: ['set(body, 1)']}]",
            "unknown context \"log\" for statements: [set(body, 1)]",
        ),
        (
            "trace_statements: [{context: span, conditions: [foo], statements: ['set(name, \"x\")']}]",
            "unable to parse OTTL condition \"foo\": condition has invalid syntax: 1:4: unexpected token \"<EOF>\"",
        ),
        (
            "trace_statements: [{statements: []}]",
            "unable to infer context from statements [\"resource\" \"scope\" \"span\" \"spanevent\"] and conditions [], path's first \
             segment must be a valid context name [], and at least one context must be capable of parsing all statements",
        ),
        (
            "{trace_statements: ['set(span.foo, 1)'], log_statements: ['set(log.foo, 1)']}",
            "unable to parse OTTL statement \"set(log.foo, 1)\": segment \"foo\" from path \"log.foo\" is not a valid path",
        ),
        ("profile_statements: ['set(profile.name, 1)']", "profiles are not supported"),
    ] {
        let error = wrong(yaml).await;
        assert!(error.contains(want), "{yaml}: {error}");
    }
}

/// Nesting is refused, and long texts take their length.
#[tokio::test]
async fn hostile_statements_are_refused_or_linear() {
    let deep = format!("set(span.name, {}1{})", "(".repeat(100_000), ")".repeat(100_000));
    assert!(wrong(&format!("trace_statements: ['{deep}']")).await.contains("nested more than 64 deep"));
    let many = vec!["span.attributes[\"k\"] == \"v\""; 40_000].join(" or ");
    let yaml = format!("trace_statements: ['set(span.attributes[\"hit\"], true) where not ({many})']");
    let (out, _) = through(&yaml, Signal::Traces, TRACES).await;
    assert_eq!(out.unwrap().matches(r#""key":"hit""#).count(), 2);
    let pattern = "a{1,1000}".repeat(50);
    let error =
        wrong(&format!("trace_statements: ['replace_pattern(span.name, \"({pattern}){{1000}}\", \"x\")']"))
            .await;
    assert!(error.contains("the regex pattern supplied to replace_pattern"), "{error}");
}
