mod pages;

use slimcol_pdata::{Data, Signal};
use slimcol_testing::{Part, ask, assert_metadata, exporter_from_yaml};
use tokio::net::TcpStream;

use crate::FACTORY;

/// An exporter on a port of its own.
async fn exporter(yaml: &str) -> Part {
    exporter_from_yaml(&FACTORY, &format!("endpoint: localhost:0\n{yaml}")).await.unwrap()
}

fn endpoint(part: &Part) -> String {
    part.log().endpoint("Serving metrics")
}

/// Head and body of what is at `path`.
async fn get(part: &Part, path: &str, headers: &str) -> (String, Vec<u8>) {
    let answer = ask(&endpoint(part), &format!("GET {path}"), headers, b"").await;
    (answer.head, answer.body)
}

async fn page(part: &Part, headers: &str) -> String {
    String::from_utf8(get(part, "/metrics", headers).await.1).unwrap()
}

/// Metrics of one resource and one scope, from the attributes of the one, the other, and OTLP's JSON.
fn metrics(resource: &[(&str, &str)], metrics: &str) -> Data {
    let attributes: Vec<String> = resource
        .iter()
        .map(|(key, value)| format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#))
        .collect();
    let json = format!(
        r#"{{"resourceMetrics":[{{"resource":{{"attributes":[{}]}},"scopeMetrics":[{{"scope":{{"name":"lib","version":"1"}},
        "metrics":[{metrics}]}}]}}]}}"#,
        attributes.join(",")
    );
    Data::from_json(Signal::Metrics, json.as_bytes()).unwrap()
}

/// An attribute.
fn attribute(key: &str, value: &str) -> String {
    format!(r#""attributes":[{{"key":"{key}","value":{{"stringValue":"{value}"}}}}]"#)
}

/// A sum of one point between two times.
fn sum(name: &str, temporality: u8, start: u64, time: u64, value: i64) -> String {
    format!(
        r#"{{"name":"{name}","sum":{{"aggregationTemporality":{temporality},"isMonotonic":true,"dataPoints":[
        {{"startTimeUnixNano":"{start}","timeUnixNano":"{time}","asInt":"{value}"}}]}}}}"#
    )
}

fn histogram(temporality: u8, start: u64, time: u64, bounds: &str, counts: &str, sum: f64) -> String {
    format!(
        r#"{{"name":"h","histogram":{{"aggregationTemporality":{temporality},"dataPoints":[{{"startTimeUnixNano":"{start}",
        "timeUnixNano":"{time}","count":"6","sum":{sum},"explicitBounds":[{bounds}],"bucketCounts":[{counts}]}}]}}}}"#
    )
}

/// The samples of a page without the labels of the scope.
fn samples(page: &str) -> Vec<String> {
    let scope = r#"otel_scope_name="lib",otel_scope_schema_url="",otel_scope_version="1""#;
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            line.replace(&format!("{scope},"), "").replace(&format!(",{scope}"), "").replace(scope, "")
        })
        .collect()
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    for (yaml, expected) in [
        ("", "expecting a non-blank address to run the Prometheus metrics handler"),
        ("endpoint: ' '", "expecting a non-blank address to run the Prometheus metrics handler"),
        ("{endpoint: 'localhost:0', translation_strategy: Nope}", "translation_strategy"),
        ("{endpoint: 'localhost:0', retry_on_failure: {}}", "has invalid keys: retry_on_failure"),
    ] {
        let error = exporter_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn delta_points_are_added_up() {
    let part = exporter("").await;
    let push = async |metric: String| part.push(metrics(&[], &metric)).await.unwrap();
    push(sum("s", 1, 10, 20, 3)).await;
    push(sum("s", 1, 20, 30, 4)).await;
    assert_eq!(samples(&page(&part, "").await), ["s_total{} 7"]);
    // A gap begins anew, and what is older does nothing.
    push(sum("s", 1, 35, 40, 5)).await;
    push(sum("s", 1, 20, 30, 9)).await;
    assert_eq!(samples(&page(&part, "").await), ["s_total{} 5"]);
    push(sum("s", 0, 40, 50, 5)).await;
    assert_eq!(samples(&page(&part, "").await), ["s_total{} 5"]);
    let shrinks = sum("s", 1, 40, 50, 5).replace("true", "false");
    push(shrinks).await;
    assert_eq!(part.log().count("refusing non-monotonic delta sum metric"), 1);
    part.stop().await;
}

#[tokio::test]
async fn delta_histograms_are_added_up() {
    let part = exporter("").await;
    let push = async |metric: String| part.push(metrics(&[], &metric)).await.unwrap();
    push(histogram(1, 10, 20, "1,2", r#""1","2","3""#, 4.0)).await;
    push(histogram(1, 20, 30, "1,2", r#""3","2","1""#, 2.5)).await;
    let twice = [
        "h_bucket{le=\"1\"} 4",
        "h_bucket{le=\"2\"} 8",
        "h_bucket{le=\"+Inf\"} 12",
        "h_sum{} 6.5",
        "h_count{} 12",
    ];
    assert_eq!(samples(&page(&part, "").await), twice);
    push(histogram(1, 15, 40, "1,2", r#""3","2","1""#, 2.5)).await;
    assert_eq!(part.log().count("Dropped misaligned histogram datapoint"), 1);
    assert_eq!(samples(&page(&part, "").await), twice);
    push(histogram(1, 30, 40, "5", r#""3","3""#, 2.5)).await;
    let other = ["h_bucket{le=\"5\"} 3", "h_bucket{le=\"+Inf\"} 6", "h_sum{} 2.5", "h_count{} 6"];
    assert_eq!(samples(&page(&part, "").await), other);
    part.stop().await;
}

#[tokio::test(start_paused = true)]
async fn series_expire() {
    let part = exporter("metric_expiration: 1m").await;
    part.push(metrics(&[], &sum("old", 2, 0, 1, 1))).await.unwrap();
    tokio::time::advance(std::time::Duration::from_secs(40)).await;
    part.push(metrics(&[], &sum("new", 2, 0, 1, 1))).await.unwrap();
    assert_eq!(samples(&page(&part, "").await), ["new_total{} 1", "old_total{} 1"]);
    tokio::time::advance(std::time::Duration::from_secs(40)).await;
    assert_eq!(samples(&page(&part, "").await), ["new_total{} 1"]);
    part.stop().await;
}

#[tokio::test]
async fn a_point_without_a_value_ends_its_series() {
    let part = exporter("").await;
    let gauge = |flags: u32| {
        format!(
            r#"{{"name":"g","gauge":{{"dataPoints":[{{"flags":{flags},{}}},{{"asInt":"2",{}}}]}}}}"#,
            attribute("a", "1"),
            attribute("a", "2")
        )
    };
    part.push(metrics(&[], &gauge(0))).await.unwrap();
    assert_eq!(samples(&page(&part, "").await), ["g{a=\"1\"} 0", "g{a=\"2\"} 2"]);
    part.push(metrics(&[], &gauge(1))).await.unwrap();
    assert_eq!(samples(&page(&part, "").await), ["g{a=\"2\"} 2"]);
    part.stop().await;
}

#[tokio::test]
async fn what_contradicts_is_left_out() {
    let part = exporter("").await;
    let gauge =
        |name: &str, rest: &str| format!(r#"{{"name":"{name}","gauge":{{"dataPoints":[{{{rest}}}]}}}}"#);
    let all = [
        sum("a", 2, 1, 2, 1),
        gauge("a_total", r#""asInt":"2""#),
        gauge("b.c", r#""asInt":"3""#),
        gauge("b_c", r#""asInt":"4""#),
        histogram(2, 1, 2, "1", r#""1","5""#, 4.0),
        gauge("h_count", r#""asInt":"5""#),
        gauge("twice", r#""attributes":[{"key":"a.b","value":{}},{"key":"a_b","value":{}}]"#),
        gauge("reserved", r#""attributes":[{"key":"__x","value":{}}]"#),
        gauge("", r#""asInt":"6""#),
        gauge("...", r#""asInt":"7""#),
        r#"{"name":"nothing"}"#.to_owned(),
    ];
    part.push(metrics(&[], &all.join(","))).await.unwrap();
    let expected = [
        "a_total{} 1",
        "b_c{} 3",
        "h_bucket{le=\"1\"} 1",
        "h_bucket{le=\"+Inf\"} 6",
        "h_sum{} 4",
        "h_count{} 6",
    ];
    assert_eq!(samples(&page(&part, "").await), expected);
    for line in [
        "failed to convert metric a_total: instrument type conflict, using existing type definition. instrument: a_total, \
         existing: COUNTER, dropped: GAUGE",
        "collected metric \\\"b_c\\\"",
        "collected metric named \"h_count\" collides with previously collected histogram named \"h\"",
        "duplicate label names in constant and variable labels for metric \"twice\"",
        "\"__x\" is not a valid label name for metric \"reserved\"",
        "failed to convert metric : normalization for metric \"\" resulted in empty name",
        "failed to convert metric ...: normalization for metric \"...\" resulted in empty name",
        "failed to translate metric",
    ] {
        let line = line.replace("\\\"", "\"");
        assert_eq!(part.log().count(&line), 1, "{line}: {:#?}", part.log().all());
    }
    part.stop().await;
}

#[tokio::test]
async fn other_paths_have_nothing_and_pages_can_be_packed() {
    let part = exporter("").await;
    part.push(metrics(&[], &sum("s", 2, 0, 1, 1))).await.unwrap();
    let (head, body) = get(&part, "/", "").await;
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
    assert_eq!(body, b"404 page not found\n");
    let (head, body) = get(&part, "/metrics", "accept-encoding: gzip\r\n").await;
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let text = slimcol_compression::Compression::Gzip.decompress(&body, 1 << 20).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), page(&part, "").await);
    part.stop().await;
    assert!(TcpStream::connect(endpoint(&part)).await.is_err());
}

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in [
        ("{}", "expecting a non-blank address to run the Prometheus metrics handler"),
        ("{endpoint: 5}", "'endpoint' expected type 'string', got unconvertible type 'int'"),
        (
            "{endpoint: 'a:1', namespace: 5}",
            "'namespace' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "{endpoint: 'a:1', const_labels: [a]}",
            "'const_labels' expected type 'map[string]string', got unconvertible type '[]interface {}'",
        ),
        (
            "{endpoint: 'a:1', const_labels: {a: {b: c}}}",
            "'const_labels[a]' expected type 'string', got unconvertible type 'map[string]interface {}'",
        ),
        (
            "{endpoint: 'a:1', send_timestamps: x}",
            "'send_timestamps' expected type 'bool', got unconvertible type 'string'",
        ),
        ("{endpoint: 'a:1', metric_expiration: x}", "'metric_expiration' time: invalid duration"),
        (
            "{endpoint: 'a:1', resource_to_telemetry_conversion: x}",
            "'resource_to_telemetry_conversion' expected a map or struct, got \"string\"",
        ),
        (
            "{endpoint: 'a:1', resource_to_telemetry_conversion: {enabled: x}}",
            "'resource_to_telemetry_conversion.enabled' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'a:1', enable_open_metrics: x}",
            "'enable_open_metrics' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'a:1', without_scope_info: x}",
            "'without_scope_info' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'a:1', add_metric_suffixes: x}",
            "'add_metric_suffixes' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{endpoint: 'a:1', translation_strategy: x}",
            "'translation_strategy' unknown value \"x\" (valid values: [UnderscoreEscapingWithSuffixes UnderscoreEscapingWithoutSuffixes NoUTF8EscapingWithSuffixes NoTranslation])",
        ),
        ("{endpoint: 'a:1', tls: {cert_file: x}}", "TLS configuration must include both certificate and key"),
        ("{endpoint: 'a:1', nope: 1}", "has invalid keys: nope"),
    ] {
        let error = exporter_from_yaml(&FACTORY, yaml).await.map(drop).unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
