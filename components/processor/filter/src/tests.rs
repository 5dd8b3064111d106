use slimcol_pdata::{Data, Signal};
use slimcol_service::{Client, ClientInfo, Payload, Routes, Signals};
use slimcol_testing::{LogLines, Sink, assert_metadata, part_from_yaml};

use crate::FACTORY;

/// What comes out of a pipeline of one signal (nothing if nothing does), or why the data was refused; and what was logged.
async fn through(yaml: &str, signal: Signal, json: &str) -> (Result<String, String>, LogLines) {
    let sink = Sink::new();
    let routes = Routes::new(vec![(signal, signal.to_string(), sink.next())]);
    let part = part_from_yaml(&FACTORY, yaml, "filter", Signals::only(signal), routes).await.unwrap();
    let log = part.log().clone();
    let pushed = part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await;
    part.stop().await;
    let out = pushed.map(|()| {
        let mut out = Vec::new();
        sink.data().iter().for_each(|data| data.write_json(&mut out));
        String::from_utf8(out).unwrap()
    });
    (out.map_err(|refused| refused.source.to_string()), log)
}

#[tokio::test]
async fn conditions_ask_who_sent_the_data() {
    let sink = Sink::new();
    let routes = Routes::new(vec![(Signal::Logs, "logs".to_owned(), sink.next())]);
    let yaml =
        r#"log_conditions: ['otelcol.grpc.metadata["tenant"][0] == "a" and log.severity_number == 0']"#;
    let part = part_from_yaml(&FACTORY, yaml, "filter", Signals::only(Signal::Logs), routes).await.unwrap();
    for (tenant, grpc, left) in [("a", true, 0), ("a", false, 1), ("b", true, 2)] {
        let metadata = vec![("tenant".to_owned(), vec![tenant.to_owned()])];
        let client = Client::new(ClientInfo { metadata, grpc, ..ClientInfo::default() });
        let json = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}"#;
        let data = Data::from_json(Signal::Logs, json).unwrap();
        part.next().consume(Payload { data, client }).await.unwrap();
        assert_eq!(sink.data().len(), left, "{tenant} {grpc}");
    }
    part.stop().await;
}

/// The names that are left, of those in a request, each as often as it stands there.
async fn left(yaml: &str, signal: Signal, json: &str) -> String {
    let (out, log) = through(yaml, signal, json).await;
    let out = out.unwrap_or_else(|error| panic!("{yaml}: {error}"));
    assert_eq!(log.count("failed"), 0, "{yaml}: {:?}", log.all());
    let names = out.split(r#""name":""#).skip(1).filter_map(|rest| rest.split('"').next());
    let bodies = out.split(r#""body":{"stringValue":""#).skip(1).filter_map(|rest| rest.split('"').next());
    names.chain(bodies).collect::<Vec<_>>().join(" ")
}

async fn wrong(yaml: &str, signal: Signal) -> String {
    let sink = Sink::new();
    let routes = Routes::new(vec![(signal, signal.to_string(), sink.next())]);
    let part = part_from_yaml(&FACTORY, yaml, "filter", Signals::only(signal), routes).await;
    part.map(|_| ()).unwrap_err()
}

const TRACES: &str = r#"{"resourceSpans":[
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[
      {"scope":{"name":"lib"},"spans":[
        {"name":"a","kind":2,"attributes":[{"key":"env","value":{"stringValue":"dev"}}],"events":[{"name":"e1"},{"name":"e2"}]},
        {"name":"b","kind":3}]},
      {"scope":{"name":"other"},"spans":[{"name":"c"}]}]},
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeSpans":[{"spans":[{"name":"d","kind":2}]}]}]}"#;

const METRICS: &str = r#"{"resourceMetrics":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"h1"}}]},"scopeMetrics":[{"scope":{"name":"s"},"metrics":[
    {"name":"sum","sum":{"dataPoints":[{"asInt":"1","attributes":[{"key":"k","value":{"stringValue":"x"}}]},{"asInt":"2"}]}},
    {"name":"gauge","gauge":{"dataPoints":[{"asDouble":0.5,"attributes":[{"key":"k","value":{"intValue":"1"}}]}]}},
    {"name":"histogram","histogram":{"dataPoints":[{"count":"3","sum":1.5}]}},
    {"name":"empty"}]}]}]}"#;

const LOGS: &str = r#"{"resourceLogs":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"h1"}}]},"scopeLogs":[{"logRecords":[
    {"body":{"stringValue":"trace"},"severityNumber":1,"severityText":"TRACE"},
    {"body":{"stringValue":"warn"},"severityNumber":13,"severityText":"WARN","attributes":[{"key":"a","value":{"stringValue":"1"}}]},
    {"body":{"stringValue":"fatal"},"severityNumber":21},
    {"body":{"stringValue":"none"}}]}]}]}"#;

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn what_a_condition_holds_of_is_dropped() {
    use Signal::{Logs, Metrics, Traces};
    for (yaml, signal, json, want) in [
        ("", Traces, TRACES, "lib a e1 e2 b other c d"),
        ("traces: {span: []}", Traces, TRACES, "lib a e1 e2 b other c d"),
        (r#"trace_conditions: ['span.name == "a"']"#, Traces, TRACES, "lib b other c d"),
        (
            r#"trace_conditions: ['span.kind == SPAN_KIND_SERVER', 'spanevent.name == "e1"']"#,
            Traces,
            TRACES,
            "lib b other c",
        ),
        (r#"trace_conditions: ['resource.attributes["service.name"] == "shop"']"#, Traces, TRACES, "d"),
        (r#"trace_conditions: ['scope.name == "lib"', 'span.name == "d"']"#, Traces, TRACES, "other c"),
        ("trace_conditions: ['spanevent.name != nil']", Traces, TRACES, "lib a b other c d"),
        (
            r#"trace_conditions: ['resource.attributes["service.name"] == "shop" and spanevent.name == "e2"']"#,
            Traces,
            TRACES,
            "lib a e1 b other c d",
        ),
        (r#"trace_conditions: ['IsMatch(resource.attributes["service.name"], ".")']"#, Traces, TRACES, ""),
        (
            r#"trace_conditions: [{context: span, conditions: ['name == "a"']}, {conditions: ['span.name == "b"']}]"#,
            Traces,
            TRACES,
            "other c d",
        ),
        (
            r#"traces: {span: ['attributes["env"] == "dev"', 'name == "d"'], resource: ['attributes["x"] != nil']}"#,
            Traces,
            TRACES,
            "lib b other c",
        ),
        (
            r#"traces: {spanevent: ['name == "e1" and span.name == "a"']}"#,
            Traces,
            TRACES,
            "lib a e2 b other c d",
        ),
        (
            r#"metrics: {metric: ['name == "sum"', 'type == METRIC_DATA_TYPE_GAUGE']}"#,
            Metrics,
            METRICS,
            "s histogram empty",
        ),
        (
            r#"metrics: {datapoint: ['metric.name == "histogram"', 'attributes["k"] == "x"', 'value_double == 0.5']}"#,
            Metrics,
            METRICS,
            "s sum empty",
        ),
        (
            r#"metric_conditions: ['metric.name == "sum"', 'datapoint.count == 3']"#,
            Metrics,
            METRICS,
            "s gauge empty",
        ),
        (
            r#"metric_conditions: ['HasAttrKeyOnDatapoint("k") and metric.name != nil']"#,
            Metrics,
            &METRICS.replace(
                r#",
    {"name":"empty"}"#,
                "",
            ),
            "s histogram",
        ),
        (
            r#"metric_conditions: ['metric.type != 0 and HasAttrOnDatapoint("k", "x")']"#,
            Metrics,
            METRICS,
            "s gauge histogram empty",
        ),
        (
            r#"metrics: {metric: ['type != 0 and HasAttrOnDatapoint("k", "")']}"#,
            Metrics,
            METRICS,
            "s sum histogram empty",
        ),
        ("logs: {log_record: ['severity_number >= SEVERITY_NUMBER_WARN']}", Logs, LOGS, "trace none"),
        (r#"log_conditions: ['log.body == "warn"', 'log.severity_number == 0']"#, Logs, LOGS, "trace fatal"),
        (r#"log_conditions: ['resource.attributes["host"] == "h1"']"#, Logs, LOGS, ""),
    ] {
        assert_eq!(left(yaml, signal, json).await, want, "{yaml}");
    }
}

#[tokio::test]
async fn older_configurations_choose_by_properties() {
    use Signal::{Logs, Metrics, Traces};
    for (yaml, signal, json, want) in [
        ("spans: {include: {match_type: strict, services: [shop]}}", Traces, TRACES, "lib a e1 e2 b other c"),
        ("spans: {exclude: {match_type: regexp, span_names: ['[ab]']}}", Traces, TRACES, "other c d"),
        (
            "spans: {include: {match_type: strict, services: [shop]}, exclude: {match_type: strict, attributes: [{key: env}]}}",
            Traces,
            TRACES,
            "lib b other c",
        ),
        ("spans: {include: {match_type: strict, libraries: [{name: lib}]}}", Traces, TRACES, "lib a e1 e2 b"),
        ("metrics: {include: {match_type: strict}}", Metrics, METRICS, "s sum gauge histogram empty"),
        (
            "metrics: {include: {match_type: strict, metric_names: [sum, gauge]}}",
            Metrics,
            METRICS,
            "s sum gauge",
        ),
        ("metrics: {exclude: {match_type: regexp, metric_names: ['^s', 'g']}}", Metrics, METRICS, "s empty"),
        (
            "metrics: {include: {match_type: regexp, metric_names: ['.'], regexp: {cacheenabled: true}}, exclude: {match_type: strict, metric_names: [sum]}}",
            Metrics,
            METRICS,
            "s gauge histogram empty",
        ),
        (
            "metrics: {exclude: {match_type: strict, resource_attributes: [{key: host, value: h1}]}}",
            Metrics,
            METRICS,
            "",
        ),
        (
            "metrics: {include: {match_type: strict, resource_attributes: [{key: host, value: h2}]}}",
            Metrics,
            METRICS,
            "",
        ),
        (
            "metrics: {include: {match_type: expr, expressions: ['Label(\"k\") == \"x\"', 'MetricType == \"Histogram\"']}}",
            Metrics,
            METRICS,
            "s sum histogram",
        ),
        (
            "metrics: {exclude: {match_type: expr, expressions: ['HasLabel(\"k\") and MetricName != \"sum\"']}}",
            Metrics,
            METRICS,
            "s sum histogram empty",
        ),
        (
            "logs: {include: {severity_number: {min: info, match_undefined: true}}}",
            Logs,
            LOGS,
            "warn fatal none",
        ),
        ("logs: {exclude: {severity_number: {min: '21'}}}", Logs, LOGS, "trace warn none"),
        ("logs: {include: {match_type: strict, severity_texts: [WARN]}}", Logs, LOGS, "warn"),
        ("logs: {exclude: {match_type: regexp, bodies: ['a']}}", Logs, LOGS, "none"),
        (
            "logs: {include: {match_type: strict, record_attributes: [{key: a, value: '1'}]}}",
            Logs,
            LOGS,
            "warn",
        ),
        (
            "logs: {exclude: {match_type: regexp, resource_attributes: [{key: host, value: '^h'}]}}",
            Logs,
            LOGS,
            "",
        ),
    ] {
        assert_eq!(left(yaml, signal, json).await, want, "{yaml}");
    }
}

#[tokio::test]
async fn failures_are_ignored_told_or_refuse_the_data() {
    let condition = r#"Substring(name, 5, 1) == "x""#;
    for (mode, lines) in [("ignore", 4), ("silent", 0)] {
        let yaml = format!("error_mode: {mode}\ntraces: {{span: ['{condition}', 'name == \"c\"']}}");
        let (out, log) = through(&yaml, Signal::Traces, TRACES).await;
        assert!(!out.unwrap().contains(r#""name":"c""#), "{yaml}");
        assert_eq!(log.count("warn\tfailed to eval condition"), lines, "{:?}", log.all());
    }
    let yaml = format!("error_mode: propagate\ntraces: {{span: ['{condition}']}}");
    let (out, log) = through(&yaml, Signal::Traces, TRACES).await;
    let error = out.unwrap_err();
    assert_eq!(
        error.matches("failed to eval condition: Substring(name, 5, 1) == \"x\", ").count(),
        4,
        "{error}"
    );
    assert_eq!(log.count("error\tfailed processing traces"), 1, "{:?}", log.all());
    let (out, _) = through(
        "metrics: {include: {match_type: expr, expressions: ['Label(1) == \"\"']}}",
        Signal::Metrics,
        METRICS,
    )
    .await;
    assert!(out.unwrap_err().contains("Label takes the name of an attribute"));
}

/// Settings, the signal of the pipeline, and what is said of them.
const WRONG: &[(&str, Signal, &str)] = &[
    (
        "trace_conditions: ['foo.bar == 1']",
        Signal::Traces,
        "context \"foo\" inferred from the conditions [\"foo.bar == 1\"] is not a supported context: ",
    ),
    (
        "traces: {span: ['foo == 1']}",
        Signal::Traces,
        "unable to parse OTTL condition \"foo == 1\": segment \"foo\" from path \"foo\" is not a valid path nor a valid OTTL keyword",
    ),
    (
        "trace_conditions: ['attributes[\"x\"] == 1']",
        Signal::Traces,
        "unable to infer context from conditions, path's first segment must be a valid context name: ",
    ),
    (
        "{trace_conditions: ['span.name == \"x\"'], traces: {span: ['name == \"x\"']}}",
        Signal::Traces,
        "cannot use context inferred trace conditions \"trace_conditions\" and the settings \"traces.resource\", \"traces.span\", \
             \"traces.spanevent\" at the same time",
    ),
    (
        "{spans: {include: {match_type: strict, services: [a]}}, traces: {span: []}}",
        Signal::Traces,
        "cannot use \"traces.resource\", \"traces.span\", \"traces.spanevent\" and the span settings \"spans.include\", \
             \"spans.exclude\" at the same time",
    ),
    (
        "{metric_conditions: [], metrics: {include: {match_type: strict}}}",
        Signal::Metrics,
        "cannot use context inferred metric conditions \"metric_conditions\" and the settings",
    ),
    (
        "{logs: {log_record: ['body == 1'], exclude: {match_type: strict}}}",
        Signal::Logs,
        "cannot use \"logs.resource\", \"logs.log\" and the settings \"logs.include\", \"logs.exclude\" at the same time",
    ),
    (
        "trace_conditions: ['span.name == 1', {context: span, conditions: []}]",
        Signal::Traces,
        "configuring multiple configuration styles is not supported",
    ),
    ("trace_conditions: [null]", Signal::Traces, "condition cannot be empty"),
    ("error_mode: foo", Signal::Traces, "'error_mode' unknown error mode foo"),
    (
        "logs: {include: {match_type: strict, severity_number: {min: FOO}}}",
        Signal::Logs,
        "'FOO' is not a valid severity: not a valid severity",
    ),
    (
        "spans: {include: {match_type: strict}}",
        Signal::Traces,
        "at least one of \"attributes\", \"libraries\",  or \"resources\" field must be specified",
    ),
    (
        "traces: {span: ['name ==', 'bar == '], spanevent: ['x == ']}",
        Signal::Traces,
        "unable to parse OTTL condition \"name ==\": condition has invalid syntax: 1:8: unexpected token \"<EOF>\" (expected a value)\n\
             unable to parse OTTL condition \"bar == \": condition has invalid syntax: 1:8: unexpected token \"<EOF>\" (expected a value); \
             unable to parse OTTL condition \"x == \": condition has invalid syntax: 1:6: unexpected token \"<EOF>\" (expected a value)",
    ),
    (
        "metrics: {include: {match_type: foo, metric_names: [a]}}",
        Signal::Metrics,
        "unrecognized match_type: 'foo'",
    ),
    (
        "metrics: {include: {match_type: expr, expressions: ['Label(\"a\" == ']}}",
        Signal::Metrics,
        "unexpected token EOF",
    ),
    ("profiles: {profile: ['a == 1']}", Signal::Traces, "profiles are not supported"),
    ("nope: 1", Signal::Traces, "has invalid keys: nope"),
    ("traces: 5", Signal::Traces, "'traces' expected a map or struct, got \"int\""),
    ("traces: {spam: []}", Signal::Traces, "'traces' has invalid keys: spam"),
    (
        "traces: {span: [5]}",
        Signal::Traces,
        "'traces.span[0]' expected type 'string', got unconvertible type 'int'",
    ),
    (
        "traces: {span: ['']}",
        Signal::Traces,
        "unable to parse OTTL condition \"\": condition has invalid syntax: 1:1: unexpected token \"<EOF>\" (expected a value)",
    ),
    (
        "metrics: {metric: ['x(']}",
        Signal::Metrics,
        "unable to parse OTTL condition \"x(\": condition has invalid syntax: 1:3",
    ),
    ("trace_conditions: x", Signal::Traces, "invalid trace_conditions type, expected: array, got: string"),
    (
        "trace_conditions: [{context: foo, conditions: ['true']}]",
        Signal::Traces,
        "'trace_conditions[0].context' unknown context foo",
    ),
    (
        "trace_conditions: [{context: log, conditions: ['true']}]",
        Signal::Traces,
        "unknown context \"log\" for conditions: [true]",
    ),
    (
        "metrics: {include: {match_type: regexp, metric_names: ['(']}}",
        Signal::Metrics,
        "error parsing regexp: missing closing ): `(`",
    ),
    (
        "logs: {include: {match_type: strict, record_attributes: [a]}}",
        Signal::Logs,
        "'logs.include.record_attributes[0]' expected a map or struct, got \"string\"",
    ),
    (
        "spans: {include: {match_type: strict, span_kinds: [X]}}",
        Signal::Traces,
        "span_kinds string must match one of the standard span kinds when match_type=strict: [SPAN_KIND_CLIENT",
    ),
];

/// The outcomes of the Go collector.
#[tokio::test]
async fn wrong_configurations_are_told() {
    for (yaml, signal, want) in WRONG.iter().copied() {
        let error = wrong(yaml, signal).await;
        assert!(error.contains(want), "{yaml}: {error}");
    }
}
