//! What OTLP becomes.

use slimcol_config::{parse, read};
use slimcol_pdata::Metrics;
use slimcol_testing::remote_written;

use super::{RESOURCE, metrics};
use crate::{Config, config::Message, encode, translate::Translator};

fn config(yaml: &str) -> Config {
    let node = parse("test", &format!("endpoint: http://localhost/write\n{yaml}")).unwrap();
    read(&node).unwrap_or_else(|issues| panic!("{issues:?}"))
}

/// The lines of all requests, and what was wrong.
fn translated(yaml: &str, resource: &str, all: &str) -> (Vec<String>, Vec<String>) {
    let config = config(yaml);
    let made = Translator::new(&config).unwrap().translate(&metrics(resource, all));
    let requests = encode::requests(&made.table, config.message, config.send_metadata, 3_000_000);
    let v2 = config.message == Message::V2;
    (requests.iter().flat_map(|request| remote_written(request, v2)).collect(), made.errors)
}

const ALL: &str = r#"
{"name":"queue.size","description":"How full","unit":"1","gauge":{"dataPoints":[
  {"timeUnixNano":"2000000","asDouble":0.5,"attributes":[{"key":"a.b","value":{"stringValue":"1"}},{"key":"a_b","value":{"stringValue":"2"}},{"key":"none","value":{"stringValue":""}}]},
  {"timeUnixNano":"1000000","asInt":"1","attributes":[{"key":"a_b","value":{"stringValue":"1;2"}}]},
  {"timeUnixNano":"3000000","flags":1}]}},
{"name":"requests","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[
  {"timeUnixNano":"4000000","asInt":"7","exemplars":[
    {"asDouble":2,"timeUnixNano":"3000000","traceId":"0102030405060708090a0b0c0d0e0f10","filteredAttributes":[{"key":"x","value":{"stringValue":"y"}}]}]}]}},
{"name":"latency","unit":"s","histogram":{"aggregationTemporality":2,"dataPoints":[
  {"timeUnixNano":"4000000","count":"6","sum":4.25,"explicitBounds":[0.5,2],"bucketCounts":["1","2","3"],"exemplars":[
    {"asDouble":1.5,"timeUnixNano":"3000000"},{"asInt":"9"}]}]}},
{"name":"sizes","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
  {"timeUnixNano":"4000000","count":"9","sum":100,"scale":1,"zeroCount":"2","positive":{"offset":-1,"bucketCounts":["3","4"]}}]}},
{"name":"pauses","unit":"ms","summary":{"dataPoints":[
  {"timeUnixNano":"4000000","count":"3","sum":12.5,"quantileValues":[{"quantile":0.99,"value":9}]}]}}"#;

#[test]
fn every_type_becomes_series() {
    let (found, errors) = translated("send_metadata: true", RESOURCE, ALL);
    let expected = r#"queue_size_ratio{a_b="1;2",OWN} 1@1 0.5@2
queue_size_ratio{OWN} stale@3
requests_total{OWN} 7@4 # {trace_id="0102030405060708090a0b0c0d0e0f10",x="y"} 2@3
latency_seconds_sum{OWN} 4.25@4
latency_seconds_count{OWN} 6@4
latency_seconds_bucket{INSTANCE,le="0.5",SCOPE} 1@4
latency_seconds_bucket{INSTANCE,le="2",SCOPE} 3@4 # {} 1.5@3
latency_seconds_bucket{INSTANCE,le="+Inf",SCOPE} 6@4 # {} 9@0
sizes{OWN} [count 9 sum 100 schema 1 zero 2 below 1e-128 spans [(0, 2)] deltas [3, 1]]@4
pauses_milliseconds_sum{OWN} 12.5@4
pauses_milliseconds_count{OWN} 3@4
pauses_milliseconds{OWN,quantile="0.99"} 9@4
target_info{host_name="h",INSTANCE} 1@4
# queue_size_ratio 2 "How full" 
# requests_total 1 "" 
# latency_seconds 3 "" seconds
# sizes 3 "" 
# pauses_milliseconds 5 "" milliseconds"#;
    let expected = expected
        .replace("OWN", "INSTANCE,SCOPE")
        .replace("INSTANCE", r#"instance="i-1",job="eu/shop""#)
        .replace("SCOPE", r#"otel_scope_k="v",otel_scope_name="lib""#);
    assert_eq!(found.join("\n"), expected);
    assert_eq!(errors, [""; 0]);
    let (second, _) = translated("protobuf_message: io.prometheus.write.v2.Request", RESOURCE, ALL);
    let series = expected.lines().take_while(|line| !line.starts_with("# "));
    let metas = [
        r#"(2 "How full" )"#,
        r#"(2 "How full" )"#,
        r#"(1 "" )"#,
        r#"(3 "" seconds)"#,
        r#"(3 "" seconds)"#,
        r#"(3 "" seconds)"#,
        r#"(3 "" seconds)"#,
        r#"(3 "" seconds)"#,
        r#"(3 "" )"#,
        r#"(5 "" milliseconds)"#,
        r#"(5 "" milliseconds)"#,
        r#"(5 "" milliseconds)"#,
        r#"(2 "Target metadata" )"#,
    ];
    let with_metas: Vec<String> =
        series.zip(metas).map(|(series, meta)| format!("{series} {meta}")).collect();
    assert_eq!(second, with_metas);
}

#[test]
fn what_prometheus_told_of_types_it_is_told_again() {
    let all = ["unknown", "info", "stateset", "gauge"].map(|told| {
        let data = match told {
            "info" | "stateset" => "\"sum\":{\"aggregationTemporality\":2,",
            _ => "\"gauge\":{",
        };
        format!(
            r#"{{"name":"{told}","metadata":[{{"key":"prometheus.type","value":{{"stringValue":"{told}"}}}}],{data}"dataPoints":[
            {{"timeUnixNano":"1000000","asInt":"1","exemplars":[{{"asInt":"2","spanId":"0102030405060708",
            "filteredAttributes":[{{"key":"a","value":{{"stringValue":"b"}}}}]}}]}}]}}}}"#
        )
    });
    let keys = "target_info: {enabled: false}\ndisable_scope_info: true";
    let (first, _) = translated(&format!("{keys}\nsend_metadata: true"), "", &all.join(","));
    assert_eq!(
        first[..],
        [
            "unknown{} 1@1",
            "info{} 1@1",
            "stateset{} 1@1",
            "gauge{} 1@1",
            "# unknown 0 \"\" ",
            "# info 6 \"\" ",
            "# stateset 7 \"\" ",
            "# gauge 2 \"\" "
        ]
    );
    // As in Go, version 2 has the examples of gauges too, and sorts their labels.
    let keys = format!("{keys}\nprotobuf_message: io.prometheus.write.v2.Request");
    let (second, _) = translated(&keys, "", &all.join(","));
    let line = |name, number| {
        format!("{name}{{}} 1@1 # {{a=\"b\",span_id=\"0102030405060708\"}} 2@0 ({number} \"\" )")
    };
    assert_eq!(second, [line("unknown", 0), line("info", 6), line("stateset", 7), line("gauge", 2)]);
}

#[test]
fn a_resource_that_comes_twice_is_told_once() {
    let one = format!(
        r#"{{"resource":{{"attributes":[{RESOURCE}]}},"scopeMetrics":[{{"metrics":[{{"name":"g","gauge":{{"dataPoints":[
        {{"timeUnixNano":"1000000"}}]}}}}]}}]}}"#
    );
    let twice = format!(r#"{{"resourceMetrics":[{one},{one}]}}"#);
    let config = config("");
    let made = Translator::new(&config).unwrap().translate(&Metrics::from_json(twice.as_bytes()).unwrap());
    let requests = encode::requests(&made.table, config.message, false, 3_000_000);
    let expected = [
        r#"g{instance="i-1",job="eu/shop"} 0@1 0@1"#,
        r#"target_info{host_name="h",instance="i-1",job="eu/shop"} 1@1"#,
    ];
    assert_eq!(remote_written(&requests[0], false), expected);
}

#[test]
fn labels_are_as_the_keys_say() {
    let one = r#"{"name":"m.n","unit":"s","gauge":{"dataPoints":[{"timeUnixNano":"1000000","attributes":[
        {"key":"_a","value":{"stringValue":"1"}},{"key":"b..c","value":{"stringValue":"2"}}]}]}}"#;
    for (yaml, expected) in [
        (
            "",
            r#"m_n_seconds{b_c="2",instance="i-1",job="eu/shop",key_a="1",otel_scope_k="v",otel_scope_name="lib"} 0@1"#,
        ),
        ("disable_scope_info: true", r#"m_n_seconds{b_c="2",instance="i-1",job="eu/shop",key_a="1"} 0@1"#),
        (
            "disable_scope_info: true\nexternal_labels: {job: other, x.y: z, __r__: 1}",
            r#"m_n_seconds{__r__="1",b_c="2",instance="i-1",job="eu/shop",key_a="1",x_y="z"} 0@1"#,
        ),
        (
            "disable_scope_info: true\nadd_metric_suffixes: false\nnamespace: n.s",
            r#"n_s_m_n{b_c="2",instance="i-1",job="eu/shop",key_a="1"} 0@1"#,
        ),
        (
            "disable_scope_info: true\nresource_to_telemetry_conversion: {enabled: true, exclude_service_attributes: true}",
            r#"m_n_seconds{b_c="2",host_name="h",instance="i-1",job="eu/shop",key_a="1"} 0@1"#,
        ),
        (
            "disable_scope_info: true\nprotobuf_message: io.prometheus.write.v2.Request\ntranslation_strategy: NoTranslation",
            r#"m.n{_a="1",b..c="2",instance="i-1",job="eu/shop"} 0@1 (2 "" seconds)"#,
        ),
    ] {
        let (found, errors) = translated(&format!("target_info: {{enabled: false}}\n{yaml}"), RESOURCE, one);
        assert_eq!((found, errors), (vec![expected.to_owned()], Vec::new()), "{yaml}");
    }
}

#[test]
fn what_cannot_be_a_series_is_told() {
    let delta = r#"{"name":"d","sum":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1"}]}}"#;
    let empty = r#"{"name":"e","gauge":{}}"#;
    let wide =
        r#"{"name":"w","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[{"scale":-5}]}}"#;
    let nameless = r#"{"name":"...","gauge":{"dataPoints":[{}]}}"#;
    let label =
        r#"{"name":"l","gauge":{"dataPoints":[{"attributes":[{"key":"","value":{"stringValue":"x"}}]}]}}"#;
    let (found, errors) = translated("", "", &[delta, empty, wide, nameless, label].join(","));
    assert_eq!(found, [""; 0]);
    let expected = [
        "invalid temporality and type combination for metric \"d\"",
        "empty data points. e is dropped",
        "cannot convert exponential to native histogram. Scale must be >= -4, was -5",
        "normalization for metric \"...\" resulted in empty name",
        "label name is empty",
    ];
    assert_eq!(errors, expected);
}

#[test]
fn large_payloads_are_several_requests() {
    let points: Vec<String> = (0..100)
        .map(|number| {
            format!(r#"{{"timeUnixNano":"1000000","attributes":[{{"key":"n","value":{{"intValue":"{number}"}}}}]}}"#)
        })
        .collect();
    let all = format!(r#"{{"name":"g","gauge":{{"dataPoints":[{}]}}}}"#, points.join(","));
    for yaml in ["send_metadata: true", "protobuf_message: io.prometheus.write.v2.Request"] {
        let config = config(yaml);
        let made = Translator::new(&config).unwrap().translate(&metrics("", &all));
        let requests = encode::requests(&made.table, config.message, config.send_metadata, 1000);
        assert!(requests.len() > 3, "{}", requests.len());
        let v2 = config.message == Message::V2;
        let found: Vec<String> = requests.iter().flat_map(|request| remote_written(request, v2)).collect();
        assert_eq!(found.len(), if v2 { 100 } else { 101 });
        assert!(found[99].starts_with(r#"g{n="99","#), "{}", found[99]);
        assert!(v2 || requests.iter().all(|request| request.len() < 1200));
    }
}

#[test]
fn explicit_bounds_are_kept_by_native_histograms_that_are_wanted() {
    let point = |fields: &str| {
        format!(
            r#"{{"name":"h","histogram":{{"aggregationTemporality":2,"dataPoints":[{{"timeUnixNano":"4000000",{fields}}}]}}}}"#
        )
    };
    let keys =
        "target_info: {enabled: false}\ndisable_scope_info: true\nconvert_explicit_histograms_to_nhcb: true";
    for (fields, line) in [
        (
            r#""count":"6","sum":4.25,"explicitBounds":[0.5,2],"bucketCounts":["1","2","3"],"exemplars":[{"asInt":"9"}]"#,
            "h{} [count 6 sum 4.25 schema -53 zero 0 below 0e0 spans [(0, 3)] deltas [1, 1, 1] bounds [0.5, 2.0]]@4 # {} 9@0",
        ),
        // Up to two empty buckets are written, and none at the ends.
        (
            r#""count":"5","explicitBounds":[1,2,3,4,5,6,7,8],"bucketCounts":["0","2","0","0","1","0","0","0","2"]"#,
            "h{} [count 5 sum 0 schema -53 zero 0 below 0e0 spans [(1, 4), (3, 1)] deltas [2, -2, 0, 1, 1] \
             bounds [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]@4",
        ),
        // What no bucket tells of is above all bounds, and so is what none tells apart.
        (
            r#""count":"7","explicitBounds":[1],"bucketCounts":["2"]"#,
            "h{} [count 7 sum 0 schema -53 zero 0 below 0e0 spans [(0, 2)] deltas [2, 3] bounds [1.0]]@4",
        ),
        (
            r#""count":"3","sum":9"#,
            "h{} [count 3 sum 9 schema -53 zero 0 below 0e0 spans [(0, 1)] deltas [3]]@4",
        ),
        (
            r#""count":"3","explicitBounds":[1,1,"Infinity",5],"bucketCounts":["1","1","1","1","1"]"#,
            "h{} [count 3 sum 0 schema -53 zero 0 below 0e0 spans [(0, 2)] deltas [1, 1] bounds [1.0]]@4",
        ),
        (
            r#""explicitBounds":[1]"#,
            "h{} [count 0 sum 0 schema -53 zero 0 below 0e0 spans [] deltas [] bounds [1.0]]@4",
        ),
        (
            r#""count":"3","sum":9,"explicitBounds":[1],"bucketCounts":["1","2"],"flags":1"#,
            "h{} [count 0 sum stale schema -53 zero 0 below 0e0 spans [] deltas []]@4",
        ),
    ] {
        let (first, errors) = translated(keys, "", &point(fields));
        assert_eq!((first, errors), (vec![line.to_owned()], Vec::new()), "{fields}");
        let (second, _) = translated(
            &format!("{keys}\nprotobuf_message: io.prometheus.write.v2.Request"),
            "",
            &point(fields),
        );
        assert_eq!(second, [format!("{line} (3 \"\" )")]);
    }
    for (fields, error) in [
        (r#""explicitBounds":["NaN"],"bucketCounts":["1","2"]"#, "bucket boundary must not be NaN"),
        (r#""explicitBounds":[2,1],"bucketCounts":["1","2"]"#, "count is not cumulative: 3 > 1"),
    ] {
        assert_eq!(translated(keys, "", &point(fields)), (Vec::new(), vec![error.to_owned()]));
    }
    let point = point(r#""count":"3","sum":9,"explicitBounds":[1],"bucketCounts":["1","2"]"#);
    let (both, _) = translated(&format!("{keys}\nkeep_classic_histograms: true"), "", &point);
    assert_eq!(
        both,
        [
            "h{} [count 3 sum 9 schema -53 zero 0 below 0e0 spans [(0, 2)] deltas [1, 1] bounds [1.0]]@4",
            "h_sum{} 9@4",
            "h_count{} 3@4",
            "h_bucket{le=\"1\"} 1@4",
            "h_bucket{le=\"+Inf\"} 3@4",
        ]
    );
    // Alone it does nothing.
    let (classic, _) = translated("target_info: {enabled: false}\nkeep_classic_histograms: true", "", &point);
    assert_eq!(classic.len(), 4, "{classic:?}");
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    for (key, column) in [("convert_explicit_histograms_to_nhcb", 38), ("keep_classic_histograms", 26)] {
        let node = parse("config.yaml", &format!("endpoint: http://localhost/write\n{key}: x\n")).unwrap();
        let issues = read::<Config>(&node).unwrap_err();
        let shown = slimcol_config::Error::invalid(issues).to_string();
        let message = format!("'{key}' expected type 'bool', got unconvertible type 'string'");
        assert!(shown.contains(&message) && shown.contains(&format!("config.yaml:2:{column}\n")), "{shown}");
    }
}
