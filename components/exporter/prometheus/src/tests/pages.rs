//! Whole pages.

use slimcol_testing::exposed;

use super::{attribute, exporter, get, metrics, page, samples, sum};

const OPEN_METRICS: &str = "accept: application/openmetrics-text;version=1.0.0\r\n";

const PROTOBUF: &str =
    "accept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited\r\n";

/// A metric of each type.
const ALL: &str = r#"
{"name":"queue.size","description":"How \"full\"\nit \\ is","unit":"1","gauge":{"dataPoints":[
  {"timeUnixNano":"1700000000123456789","asDouble":0.5,"attributes":[{"key":"queue.name","value":{"stringValue":"a\"b\\c\nd"}},{"key":"2nd","value":{"intValue":"7"}}]}]}},
{"name":"requests","description":"Requests","unit":"{requests}","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[
  {"startTimeUnixNano":"1600000000000000000","timeUnixNano":"1700000000000000000","asInt":"1234567","exemplars":[
    {"asDouble":1,"timeUnixNano":"1"},
    {"asDouble":2,"timeUnixNano":"1650000000500000000","traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708"}]}]}},
{"name":"memory","unit":"By","sum":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1700000000000000000","asInt":"5"}]}},
{"name":"latency","unit":"s","histogram":{"aggregationTemporality":2,"dataPoints":[
  {"timeUnixNano":"1700000000000000000","count":"6","sum":4.25,"explicitBounds":[0.5,2],"bucketCounts":["1","2","3"],"exemplars":[
    {"asDouble":1.5,"traceId":"0102030405060708090a0b0c0d0e0f10"},{"asInt":"9"}]}]}},
{"name":"sizes","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
  {"timeUnixNano":"1700000000000000000","count":"9","sum":100,"scale":1,"zeroCount":"2","positive":{"offset":-1,"bucketCounts":["3","4"]}}]}},
{"name":"pauses","unit":"ms","summary":{"dataPoints":[
  {"timeUnixNano":"1700000000000000000","count":"3","sum":12.5,"quantileValues":[{"quantile":0.99,"value":9},{"quantile":0.5,"value":2}]}]}}"#;

const RESOURCE: [(&str, &str); 5] = [
    ("service.name", "shop"),
    ("service.namespace", "eu"),
    ("service.instance.id", "i-1"),
    ("host.name", "h"),
    ("host_name", "H"),
];

#[tokio::test]
async fn every_type_in_prometheus_own_format() {
    let part = exporter("").await;
    part.push(metrics(&RESOURCE, ALL)).await.unwrap();
    let (head, body) = get(&part, "/metrics", "").await;
    assert!(
        head.contains("content-type: text/plain; version=0.0.4; charset=utf-8; escaping=underscores"),
        "{head}"
    );
    let own = r#"instance="i-1",job="eu/shop",otel_scope_name="lib",otel_scope_schema_url="",otel_scope_version="1""#;
    let expected = r#"# HELP latency_seconds 
# TYPE latency_seconds histogram
latency_seconds_bucket{OWN,le="0.5"} 1
latency_seconds_bucket{OWN,le="2"} 3
latency_seconds_bucket{OWN,le="+Inf"} 6
latency_seconds_sum{OWN} 4.25
latency_seconds_count{OWN} 6
# HELP memory_bytes 
# TYPE memory_bytes gauge
memory_bytes{OWN} 5
# HELP pauses_milliseconds 
# TYPE pauses_milliseconds summary
pauses_milliseconds{OWN,quantile="0.5"} 2
pauses_milliseconds{OWN,quantile="0.99"} 9
pauses_milliseconds_sum{OWN} 12.5
pauses_milliseconds_count{OWN} 3
# HELP queue_size_ratio How "full"\nit \\ is
# TYPE queue_size_ratio gauge
queue_size_ratio{instance="i-1",job="eu/shop",key_2nd="7",otel_scope_name="lib",otel_scope_schema_url="",otel_scope_version="1",queue_name="a\"b\\c\nd"} 0.5
# HELP requests_total Requests
# TYPE requests_total counter
requests_total{OWN} 1.234567e+06
# HELP sizes 
# TYPE sizes histogram
sizes_bucket{OWN,le="+Inf"} 9
sizes_sum{OWN} 100
sizes_count{OWN} 9
# HELP target_info Target metadata
# TYPE target_info gauge
target_info{host_name="h;H",instance="i-1",job="eu/shop"} 1
"#;
    assert_eq!(String::from_utf8(body).unwrap(), expected.replace("OWN", own));
    part.stop().await;
}

#[tokio::test]
async fn every_type_in_open_metrics() {
    let part = exporter("enable_open_metrics: true\nsend_timestamps: true\nwithout_scope_info: true").await;
    part.push(metrics(&[], ALL)).await.unwrap();
    let (head, body) = get(&part, "/metrics", OPEN_METRICS).await;
    assert!(
        head.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"),
        "{head}"
    );
    let expected = r#"# HELP latency_seconds 
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.5"} 1 1.7e+09
latency_seconds_bucket{le="2.0"} 3 1.7e+09 # {trace_id="0102030405060708090a0b0c0d0e0f10"} 1.5
latency_seconds_bucket{le="+Inf"} 6 1.7e+09
latency_seconds_sum 4.25 1.7e+09
latency_seconds_count 6 1.7e+09
# HELP memory_bytes 
# TYPE memory_bytes gauge
memory_bytes 5.0 1.7e+09
# HELP pauses_milliseconds 
# TYPE pauses_milliseconds summary
pauses_milliseconds{quantile="0.5"} 2.0 1.7e+09
pauses_milliseconds{quantile="0.99"} 9.0 1.7e+09
pauses_milliseconds_sum 12.5 1.7e+09
pauses_milliseconds_count 3 1.7e+09
# HELP queue_size_ratio How \"full\"\nit \\ is
# TYPE queue_size_ratio gauge
queue_size_ratio{key_2nd="7",queue_name="a\"b\\c\nd"} 0.5 1.700000000123e+09
# HELP requests Requests
# TYPE requests counter
requests_total 1.234567e+06 1.7e+09 # {span_id="0102030405060708",trace_id="0102030405060708090a0b0c0d0e0f10"} 2.0 1.6500000005e+09
# HELP sizes 
# TYPE sizes histogram
sizes_bucket{le="+Inf"} 9 1.7e+09
sizes_sum 100.0 1.7e+09
sizes_count 9 1.7e+09
# EOF
"#;
    assert_eq!(String::from_utf8(body).unwrap(), expected);
    let plain = page(&part, "").await;
    assert!(plain.contains("requests_total 1.234567e+06 1700000000000\n"), "{plain}");
    part.stop().await;
}

#[tokio::test]
async fn every_type_in_protobuf() {
    let part = exporter("send_timestamps: true\nwithout_scope_info: true").await;
    part.push(metrics(&[], ALL)).await.unwrap();
    let (head, body) = get(&part, "/metrics", PROTOBUF).await;
    let media = "content-type: application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; \
                 encoding=delimited; escaping=underscores";
    assert!(head.contains(media), "{head}");
    let ids = r#"trace_id="0102030405060708090a0b0c0d0e0f10""#;
    let expected = [
        r#"# latency_seconds histogram """#,
        r"latency_seconds{} count 6 sum 4.25 0.5:1 2:3 # {TRACE} 1.5@0.000000000 inf:6 # {} 9@0.000000000 @1700000000000",
        r#"# memory_bytes gauge """#,
        r"memory_bytes{} 5 @1700000000000",
        r#"# pauses_milliseconds summary """#,
        r"pauses_milliseconds{} count 3 sum 12.5 0.5:2 0.99:9 @1700000000000",
        r#"# queue_size_ratio gauge "How \"full\"\nit \\ is""#,
        r#"queue_size_ratio{key_2nd="7",queue_name="a\"b\\c\nd"} 0.5 @1700000000123"#,
        r#"# requests_total counter "Requests""#,
        r#"requests_total{} 1234567 # {span_id="0102030405060708",TRACE} 2@1650000000.500000000 created 1600000000.000000000 @1700000000000"#,
        r#"# sizes histogram """#,
        r"sizes{} count 9 sum 100 schema 1 zero 2 below 1e-128 spans [(0, 2)] deltas [3, 1] @1700000000000",
    ];
    assert_eq!(exposed(&body), expected.map(|line| line.replace("TRACE", ids)));
    part.stop().await;
}

#[tokio::test]
async fn native_histograms_are_such_that_prometheus_takes_them() {
    let part = exporter("without_scope_info: true").await;
    for (name, rest) in [
        // Finer than Prometheus has them, with a gap, on both sides.
        (
            "fine",
            r#""count":"12","sum":-1,"scale":10,"zeroThreshold":0.5,"positive":{"offset":0,"bucketCounts":["1","1","1","1"]},
            "negative":{"offset":-8,"bucketCounts":["2","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","6"]},
            "exemplars":[{"asDouble":1,"spanId":"0102030405060708","timeUnixNano":"1000000000"},{"asInt":"2"}]"#,
        ),
        // More in the buckets than in all, for which Prometheus refuses the whole page.
        ("odd", r#""count":"3","sum":1,"scale":0,"positive":{"offset":0,"bucketCounts":["4"]}"#),
        (
            "huge",
            r#""count":"1","sum":1,"zeroCount":"18446744073709551615","positive":{"bucketCounts":["2"]}"#,
        ),
        // What is not a number is in no bucket.
        ("nan", r#""count":"3","sum":"NaN","scale":0,"positive":{"offset":0,"bucketCounts":["2"]}"#),
        ("wide", r#""count":"4","sum":1,"scale":-5,"positive":{"offset":0,"bucketCounts":["4"]}"#),
        ("empty", r#""count":"0","scale":3"#),
    ] {
        let metric = format!(
            r#"{{"name":"{name}","exponentialHistogram":{{"aggregationTemporality":2,"dataPoints":[{{"timeUnixNano":"1",{rest}}}]}}}}"#
        );
        part.push(metrics(&[], &metric)).await.unwrap();
    }
    let page = exposed(&get(&part, "/metrics", PROTOBUF).await.1);
    let samples: Vec<&String> = page.iter().filter(|line| !line.starts_with('#')).collect();
    let expected = [
        "empty{} count 0 sum 0 schema 3 zero 0 below 1e-128 spans [] deltas []",
        "fine{} count 12 sum -1 schema 8 zero 0 below 5e-1 spans [(1, 1)] deltas [4] negative spans [(-1, 1), (4, 1)] deltas [2, 4] \
         # {span_id=\"0102030405060708\"} 1@1.000000000 # {} 2@0.000000000",
        "huge{} count 1 sum 1",
        "nan{} count 3 sum NaN schema 0 zero 0 below 1e-128 spans [(1, 1)] deltas [2]",
        "odd{} count 3 sum 1",
    ];
    assert_eq!(samples, expected);
    assert_eq!(part.log().count("scale must be >= -4, was -5"), 1);
    part.stop().await;
}

#[tokio::test]
async fn names_are_as_the_strategy_says() {
    let all = format!(
        r#"{{"name":"a.b","unit":"s","sum":{{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{{"asInt":"1",{}}}]}}}}"#,
        attribute("x.y", "z")
    );
    let utf8 = "accept: text/plain;version=0.0.4;escaping=allow-utf-8\r\n";
    for (yaml, headers, expected) in [
        ("", "", r#"a_b_seconds_total{x_y="z"} 1"#),
        // Go's gate takes it away.
        ("add_metric_suffixes: false", "", r#"a_b_seconds_total{x_y="z"} 1"#),
        ("translation_strategy: UnderscoreEscapingWithoutSuffixes", "", r#"a_b{x_y="z"} 1"#),
        ("translation_strategy: NoUTF8EscapingWithSuffixes", utf8, r#"{"a.b_seconds_total","x.y"="z"} 1"#),
        ("translation_strategy: NoTranslation", utf8, r#"{"a.b","x.y"="z"} 1"#),
        ("translation_strategy: NoTranslation", "", r#"a_b{x_y="z"} 1"#),
        ("namespace: test-space", "", r#"test_space_a_b_seconds_total{x_y="z"} 1"#),
        (
            "const_labels: {label1: value1, another label: spaced value}",
            "",
            r#"a_b_seconds_total{another_label="spaced value",label1="value1",x_y="z"} 1"#,
        ),
    ] {
        let part = exporter(&format!("without_scope_info: true\n{yaml}")).await;
        part.push(metrics(&[], &all)).await.unwrap();
        assert_eq!(samples(&page(&part, headers).await), [expected], "{yaml}");
        part.stop().await;
    }
}

#[tokio::test]
async fn resources_become_labels() {
    for (yaml, expected) in [
        ("", r#"s_total{instance="i-1",job="eu/shop"} 1"#),
        (
            "resource_to_telemetry_conversion: {enabled: true, exclude_service_attributes: true}",
            r#"s_total{host_name="h",instance="i-1",job="eu/shop"} 1"#,
        ),
        (
            "resource_to_telemetry_conversion: {enabled: true}",
            r#"s_total{host_name="h",instance="i-1",job="eu/shop",service_instance_id="i-1",service_name="shop",service_namespace="eu"} 1"#,
        ),
    ] {
        let part = exporter(yaml).await;
        part.push(metrics(&RESOURCE[..4], &sum("s", 2, 0, 1, 1))).await.unwrap();
        let page = page(&part, "").await;
        assert_eq!(samples(&page)[0], expected, "{yaml}");
        assert_eq!(samples(&page)[1], r#"target_info{host_name="h",instance="i-1",job="eu/shop"} 1"#);
        part.stop().await;
    }
    let part = exporter("namespace: n.s").await;
    part.push(metrics(&RESOURCE[..4], &sum("s", 2, 0, 1, 1))).await.unwrap();
    part.push(metrics(&RESOURCE[..1], &sum("t", 2, 0, 1, 1))).await.unwrap();
    let lines = [
        r#"n_s_s_total{instance="i-1",job="eu/shop"} 1"#,
        r#"n_s_t_total{job="shop"} 1"#,
        r#"n_s_target_info{host_name="h",instance="i-1",job="eu/shop"} 1"#,
    ];
    assert_eq!(samples(&page(&part, "").await), lines);
    part.stop().await;
}
