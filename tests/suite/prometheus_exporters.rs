//! Metrics on their way to a real Prometheus, which reads them from a page and has them written to it.

use std::{io::Write, net::SocketAddr, process::Stdio, time::SystemTime};

use crate::kit::{
    collector::Collector,
    daemon::free_address,
    distros, http, programs,
    prometheus::{Prometheus, query},
};

/// A metric of each type, now.
fn metrics() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
    let point = |rest: &str| format!(r#"{{"timeUnixNano":"{now}",{rest}}}"#);
    let exemplars = format!(
        r#""exemplars":[{{"asDouble":1.5,"timeUnixNano":"{now}","traceId":"0102030405060708090a0b0c0d0e0f10"}}]"#
    );
    let all = [
        (
            "queue.size",
            "1",
            "gauge",
            "",
            point(r#""asDouble":0.5,"attributes":[{"key":"a.b","value":{"stringValue":"x\"y\\"}}]"#),
        ),
        (
            "requests",
            "",
            "sum",
            r#""aggregationTemporality":2,"isMonotonic":true,"#,
            point(&format!(r#""asInt":"1234567",{exemplars}"#)),
        ),
        (
            "latency",
            "s",
            "histogram",
            r#""aggregationTemporality":2,"#,
            point(&format!(
                r#""count":"6","sum":4.25,"explicitBounds":[0.5,2],"bucketCounts":["1","2","3"],{exemplars}"#
            )),
        ),
        (
            "sizes",
            "By",
            "exponentialHistogram",
            r#""aggregationTemporality":2,"#,
            point(
                r#""count":"9","sum":100,"scale":1,"zeroCount":"2","positive":{"offset":-1,"bucketCounts":["3","4"]}"#,
            ),
        ),
        (
            "pauses",
            "s",
            "summary",
            "",
            point(r#""count":"3","sum":12.5,"quantileValues":[{"quantile":0.99,"value":9}]"#),
        ),
    ];
    let all: Vec<String> = all
        .into_iter()
        .map(|(name, unit, kind, rest, point)| {
            format!(r#"{{"name":"{name}","description":"What {name} says","unit":"{unit}","{kind}":{{{rest}"dataPoints":[{point}]}}}}"#)
        })
        .collect();
    let resource: Vec<String> =
        [("service.name", "shop"), ("service.instance.id", "i-1"), ("host.name", "h")]
            .map(|(key, value)| format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#))
            .into();
    format!(
        r#"{{"resourceMetrics":[{{"resource":{{"attributes":[{}]}},"scopeMetrics":[{{"metrics":[{}]}}]}}]}}"#,
        resource.join(","),
        all.join(",")
    )
}

fn yaml(page: SocketAddr, written: &str) -> String {
    format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  prometheus: {{endpoint: '{page}', enable_open_metrics: true}}
  prometheus_remote_write:
    endpoint: {written}
    external_labels: {{oteltest: cndt2023}}
    send_metadata: true
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    metrics: {{receivers: [otlp], exporters: [prometheus, prometheus_remote_write]}}
"
    )
}

#[test]
fn every_type_is_read_and_written() {
    let Some(mut promtool) = programs::find("promtool", "prometheus") else { return };
    let page = free_address();
    let Some(prometheus) = Prometheus::start(&[page]) else { return };
    let collector = Collector::start(&distros::core().binary, &yaml(page, &prometheus.write_url()));
    let sent = http::post(
        collector.http(),
        "/v1/metrics",
        &[("Content-Type", "application/json")],
        metrics().as_bytes(),
    );
    assert_eq!(sent.status, 200, "{}", sent.text());

    let text = http::get(page, "/metrics").text();
    let mut check = promtool.args(["check", "metrics"]).stdin(Stdio::piped()).spawn().unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(check.wait().unwrap().success(), "{text}");

    // Series that were written have the label, those that were read do not.
    for label in [r#"oteltest="cndt2023""#, r#"oteltest="""#] {
        for (series, value) in [
            (r#"queue_size_ratio{a_b="x\"y\\",LABEL}"#, "0.5"),
            ("requests_total{LABEL}", "1234567"),
            (r#"latency_seconds_bucket{le=~"2|2.0",LABEL}"#, "3"),
            ("latency_seconds_sum{LABEL}", "4.25"),
            (r#"pauses_seconds{quantile="0.99",LABEL}"#, "9"),
            (r#"target_info{host_name="h",LABEL}"#, "1"),
        ] {
            let series = series.replace("LABEL", &format!(r#"job="shop",instance="i-1",{label}"#));
            let found = prometheus.ask(&query(&series));
            assert_eq!(found.len(), 1, "{series}: {found:?}");
            assert_eq!(found[0]["value"][1], value, "{series}");
        }
    }
    // Both ways keep the buckets, of which the last ends at the root of two.
    for label in ["cndt2023", ""] {
        for (asked, expected) in
            [("histogram_count(SIZES)", 9.0), ("histogram_quantile(1, SIZES)", std::f64::consts::SQRT_2)]
        {
            let asked = asked.replace("SIZES", &format!(r#"sizes_bytes{{oteltest="{label}"}}"#));
            let native = prometheus.ask(&query(&asked));
            let value: f64 = native[0]["value"][1].as_str().unwrap().parse().unwrap();
            assert!(native.len() == 1 && (value - expected).abs() < 1e-9, "{asked}: {native:?}");
        }
    }
    for query in ["requests_total", "latency_seconds_bucket"] {
        let exemplars =
            prometheus.ask(&format!("/api/v1/query_exemplars?query={query}&start=0&end=9999999999"));
        let trace = &exemplars[0]["exemplars"][0]["labels"]["trace_id"];
        assert_eq!(trace, "0102030405060708090a0b0c0d0e0f10", "{exemplars:?}");
    }
    collector.stop().expect_clean();
}
