pub(crate) mod sink;

use slimcol_config::{Prometheus, Telemetry};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    Context, Log, Signals,
    meter::{Family, MetricsLevel, Shape},
};

use super::*;
use crate::encode::Times;

const fn family(name: &'static str, unit: &'static str, shape: Shape) -> Family {
    Family { name, unit, help: "Help \\ [Alpha]", scope: "go/pkg", shape, level: MetricsLevel::Basic }
}

static SENT: Family = family("sent_items", "{items}", Shape::Counter);
static TIME: Family = family("up", "s", Shape::Counter);
static MEMORY: Family = family("memory", "By", Shape::Gauge);
static SIZE: Family = family("size", "{units}", Shape::Histogram(&[10.0, 1_048_576.0]));

/// What counts in these tests, with the views of `yaml`.
fn origin(views: &str) -> Origin {
    let cx = Context::standalone("otlp/a", Signals::ALL, Log::none());
    let meter = cx.meter();
    let sent = meter.counters(&[&SENT], &[("server.address", "a\"b\\c\n".to_owned())]);
    sent.add(0, 1_234_567);
    meter.observe(&TIME, &[], || 0.25);
    meter.observe(&MEMORY, &[], || 39_763_968.0);
    let size = meter.histogram(&SIZE, &[]);
    for value in [10, 11, 12, 2_000_000] {
        size.record(value);
    }
    let yaml = format!("metrics: {{level: detailed, views: [{views}]}}");
    let telemetry: Telemetry = slimcol_config::from_yaml(&yaml).unwrap();
    Origin {
        meters: cx.meters().clone(),
        views: telemetry.metrics.reshaped().into(),
        resource: [("service.name".to_owned(), "x".to_owned())].into(),
    }
}

fn shown(config: &Prometheus, views: &str) -> String {
    let origin = origin(views);
    text::page(config, &origin.metrics(), &origin.resource)
}

#[test]
fn the_page_is_gos() {
    let expected = r#"# HELP memory Help \\ [Alpha]
# TYPE memory gauge
memory{component="otlp/a"} 3.9763968e+07
# HELP promhttp_metric_handler_errors_total Total number of internal errors encountered by the promhttp metric handler.
# TYPE promhttp_metric_handler_errors_total counter
promhttp_metric_handler_errors_total{cause="encoding"} 0
promhttp_metric_handler_errors_total{cause="gathering"} 0
# HELP sent_items Help \\ [Alpha]
# TYPE sent_items counter
sent_items{component="otlp/a",server_address="a\"b\\c\n"} 1.234567e+06
# HELP size Help \\ [Alpha]
# TYPE size histogram
size_bucket{component="otlp/a",le="10"} 1
size_bucket{component="otlp/a",le="1.048576e+06"} 3
size_bucket{component="otlp/a",le="+Inf"} 4
size_sum{component="otlp/a"} 2.000033e+06
size_count{component="otlp/a"} 4
# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="x"} 1
# HELP up Help \\ [Alpha]
# TYPE up counter
up{component="otlp/a"} 0.25
"#;
    assert_eq!(shown(&Prometheus::default(), ""), expected);
}

#[test]
fn switches_give_suffixes_and_scopes() {
    let config = Prometheus {
        without_scope_info: false,
        without_units: false,
        without_type_suffix: false,
        ..Prometheus::default()
    };
    let page = shown(&config, "");
    let scope = r#"otel_scope_name="go/pkg",otel_scope_schema_url="",otel_scope_version="""#;
    for line in [
        format!("memory_bytes{{component=\"otlp/a\",{scope}}} 3.9763968e+07"),
        format!("up_seconds_total{{component=\"otlp/a\",{scope}}} 0.25"),
        format!("size_bucket{{component=\"otlp/a\",{scope},le=\"10\"}} 1"),
        "# TYPE sent_items_total counter".to_owned(),
    ] {
        assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
    }
}

#[test]
fn metrics_of_two_packages_with_one_name_have_one_head() {
    static OTHER: Family =
        Family { help: "Other", scope: "go/another", ..family("sent_items", "{items}", Shape::Counter) };
    let cx = Context::standalone("otlp/a", Signals::ALL, Log::none());
    for (family, count) in [(&SENT, 1), (&OTHER, 2)] {
        cx.meter().counters(&[family], &[]).add(0, count);
    }
    let config = Prometheus { without_scope_info: false, ..Prometheus::default() };
    let page = text::page(&config, &cx.meters().snapshot(), &[]);
    let expected = r#"
# HELP sent_items Help \\ [Alpha]
# TYPE sent_items counter
sent_items{component="otlp/a",otel_scope_name="go/pkg",otel_scope_schema_url="",otel_scope_version=""} 1
sent_items{component="otlp/a",otel_scope_name="go/another",otel_scope_schema_url="",otel_scope_version=""} 2
# HELP target_info "#;
    assert!(page.contains(expected), "{page}");
}

#[test]
fn views_drop_rename_and_take_labels() {
    let page = shown(
        &Prometheus::default(),
        "{selector: {instrument_name: 's?z*'}, stream: {aggregation: {drop: {}}}}, \
         {selector: {instrument_name: up}, stream: {name: uptime, description: New}}, \
         {selector: {instrument_name: sent_items}, stream: {attribute_keys: {excluded: [server.address]}}}",
    );
    assert!(!page.contains("size"), "{page}");
    assert!(
        page.contains("# HELP uptime New\n# TYPE uptime counter\nuptime{component=\"otlp/a\"} 0.25\n"),
        "{page}"
    );
    assert!(page.contains("\nsent_items{component=\"otlp/a\"} 1.234567e+06\n"), "{page}");
    assert!(page.contains("\nmemory{"), "{page}");
}

#[test]
fn what_is_sent_is_otlp() {
    let origin = origin("");
    let request = encode::request(&origin, &origin.metrics(), Times { begun: 1, now: 2 });
    let mut json = Vec::new();
    Data::from_bytes(Signal::Metrics, request.into()).unwrap().write_json(&mut json);
    let json = String::from_utf8(json).unwrap();
    for part in [
        r#""resource":{"attributes":[{"key":"service.name","value":{"stringValue":"x"}}]}"#,
        r#""scope":{"name":"go/pkg"}"#,
        r#""name":"sent_items","description":"Help \\ [Alpha]","unit":"{items}","sum":{"dataPoints":[{"#,
        r#""startTimeUnixNano":"1","timeUnixNano":"2","asInt":"1234567"}],"aggregationTemporality":2,"isMonotonic":true}"#,
        r#""asInt":"39763968""#,
        r#""asDouble":0.25"#,
        r#""count":"4","sum":2000033,"bucketCounts":["1","2","1"],"explicitBounds":[10,1048576]"#,
    ] {
        assert!(json.contains(part), "{part} is not in\n{json}");
    }
}
