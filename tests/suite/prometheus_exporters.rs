//! Metrics on their way to a real Prometheus, which reads them from a page and has them written to it.

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    kit::{collector::Collector, distros, http, programs},
    metrics::free_port,
};

const PATIENCE: Duration = Duration::from_mins(1);

/// A Prometheus that reads the page at a port; killed when dropped.
struct Prometheus {
    process: Child,
    address: SocketAddr,
    _data: TempDir,
}

impl Prometheus {
    fn start(mut command: Command, page: u16) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = data.path().join("prometheus.yml");
        let yaml = format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs: [{{job_name: page, honor_labels: true, static_configs: \
             [{{targets: ['127.0.0.1:{page}']}}]}}]\n"
        );
        std::fs::write(&config, yaml).unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let process = command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", data.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .args([
                "--web.enable-remote-write-receiver",
                "--enable-feature=native-histograms,exemplar-storage",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let prometheus = Self { process, address, _data: data };
        let begun = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "Prometheus does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        prometheus
    }

    /// What the API answers to `path`, as soon as there is any result.
    fn ask(&self, path: &str) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let answer = http::get(self.address, path);
            let answer: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let data = &answer["data"];
            let results = data["result"].as_array().or(data.as_array()).cloned().unwrap_or_default();
            if !results.is_empty() {
                return results;
            }
            assert!(begun.elapsed() < PATIENCE, "nothing at {path}: {answer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

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

fn yaml(page: u16, prometheus: SocketAddr) -> String {
    format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  prometheus: {{endpoint: '127.0.0.1:{page}', enable_open_metrics: true}}
  prometheus_remote_write:
    endpoint: http://{prometheus}/api/v1/write
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
    let (Some(prometheus), Some(mut promtool)) =
        (programs::find("prometheus", "prometheus"), programs::find("promtool", "prometheus"))
    else {
        return;
    };
    let page = free_port();
    let prometheus = Prometheus::start(prometheus, page);
    let collector = Collector::start(&distros::core().binary, &yaml(page, prometheus.address));
    let sent = http::post(
        collector.http(),
        "/v1/metrics",
        &[("Content-Type", "application/json")],
        metrics().as_bytes(),
    );
    assert_eq!(sent.status, 200, "{}", sent.text());

    let text = http::get(SocketAddr::from((Ipv4Addr::LOCALHOST, page)), "/metrics").text();
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
            let query = series.replace("LABEL", &format!(r#"job="shop",instance="i-1",{label}"#));
            let found = prometheus.ask(&format!("/api/v1/query?query={}", escaped(&query)));
            assert_eq!(found.len(), 1, "{query}: {found:?}");
            assert_eq!(found[0]["value"][1], value, "{query}");
        }
    }
    let query = escaped("histogram_count(sizes_bytes)");
    let native = prometheus.ask(&format!("/api/v1/query?query={query}"));
    assert_eq!((native.len(), &native[0]["value"][1]), (1, &"9".into()), "{native:?}");
    for query in ["requests_total", "latency_seconds_bucket"] {
        let exemplars =
            prometheus.ask(&format!("/api/v1/query_exemplars?query={query}&start=0&end=9999999999"));
        let trace = &exemplars[0]["exemplars"][0]["labels"]["trace_id"];
        assert_eq!(trace, "0102030405060708090a0b0c0d0e0f10", "{exemplars:?}");
    }
    collector.stop().expect_clean();
}

/// A text in a query.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
