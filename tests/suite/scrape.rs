//! The `prometheus` receiver and the real things: what Prometheus and its node exporter show arrives, name by name.

mod jobs;

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::kit::{
    collector::Collector,
    daemon::{Daemon, free_address},
    distros, http, programs,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A program that serves a page; killed when dropped.
struct Served {
    _daemon: Daemon,
    address: SocketAddr,
}

impl Served {
    /// Starts `command`, which takes the address that it listens on as `flag`, and waits until it does.
    fn start(mut command: Command, flag: &str) -> Self {
        let address = free_address();
        command.arg(format!("{flag}={address}"));
        Self { _daemon: Daemon::start(&mut command, &[address]), address }
    }

    /// The kinds of the families on its page.
    fn families(&self) -> BTreeMap<String, String> {
        let page = http::get(self.address, "/metrics").text();
        let kind = |line: &str| {
            let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
            Some((name.to_owned(), kind.to_owned()))
        };
        page.lines().filter_map(kind).collect()
    }
}

/// The metrics of one scrape of `job`: the last whole line that the file exporter wrote of it.
fn last(text: &str, job: &str) -> Option<BTreeMap<String, Value>> {
    let line = text
        .lines()
        .rev()
        .find(|line| line.ends_with('}') && line.contains(&format!("\"stringValue\":\"{job}\"")))?;
    let line: Value = serde_json::from_str(line).unwrap();
    let metrics = line["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].as_array().unwrap();
    Some(metrics.iter().map(|metric| (metric["name"].as_str().unwrap().to_owned(), metric.clone())).collect())
}

#[test]
fn what_real_targets_show_arrives() {
    let Some(node) = programs::find("prometheus-node-exporter", "prometheus-node-exporter") else { return };
    let Some(mut prometheus) = programs::find("prometheus", "prometheus") else { return };
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("p.yml"), "{}\n").unwrap();
    prometheus.arg(format!("--config.file={}", dir.path().join("p.yml").display()));
    prometheus.arg(format!("--storage.tsdb.path={}", dir.path().join("data").display()));
    let node = Served::start(node, "--web.listen-address");
    let prometheus = Served::start(prometheus, "--web.listen-address");
    let yaml = format!(
        "
receivers:
  prometheus:
    config:
      global: {{scrape_interval: 1s}}
      scrape_configs:
        - job_name: node
          static_configs: [{{targets: ['{}']}}]
        - job_name: itself
          static_configs: [{{targets: ['{}']}}]
exporters:
  file: {{path: '${{env:DIR}}/out.json'}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    metrics: {{receivers: [prometheus], exporters: [file]}}
",
        node.address, prometheus.address
    );
    // Before anybody scrapes: who is asked has families more, of having been asked.
    let pages = [("node", node.families()), ("itself", prometheus.families())];
    let collector = Collector::start(&distros::core().binary, &yaml);
    let out = collector.file("out.json");
    for (job, families) in pages {
        let begun = Instant::now();
        let metrics = loop {
            let found = last(&fs::read_to_string(&out).unwrap_or_default(), job);
            if let Some(metrics) =
                found.filter(|metrics| metrics["up"]["gauge"]["dataPoints"][0]["asDouble"] == 1.0)
            {
                break metrics;
            }
            assert!(begun.elapsed() < PATIENCE, "{job} does not come");
            std::thread::sleep(Duration::from_millis(100));
        };
        let count = families.len();
        assert!(count > 100, "{families:?}");
        for (name, kind) in families {
            let data = match kind.as_str() {
                "counter" => "sum",
                "histogram" => "histogram",
                "summary" => "summary",
                _ => "gauge",
            };
            // In OpenMetrics an untyped family has no suffix of its own, and a counter always has.
            let metric = metrics.get(&name).or_else(|| metrics.get(&format!("{name}_total")));
            let metric = metric.unwrap_or_else(|| panic!("{job} has no {name}"));
            assert!(
                metric[data]["dataPoints"][0]["timeUnixNano"].is_string(),
                "{name} is no {data}: {metric}"
            );
        }
        let samples = &metrics["scrape_samples_scraped"]["gauge"]["dataPoints"][0]["asDouble"];
        // Each family has at least one.
        let samples = samples.as_f64().unwrap();
        assert!(samples >= f64::from(u32::try_from(count).unwrap()), "{samples} samples of {count} families");
    }
    let text = fs::read_to_string(&out).unwrap();
    let total =
        &last(&text, "node").unwrap()["node_memory_MemTotal_bytes"]["gauge"]["dataPoints"][0]["asDouble"];
    let page = http::get(node.address, "/metrics").text();
    let line = page.lines().find_map(|line| line.strip_prefix("node_memory_MemTotal_bytes ")).unwrap();
    assert_eq!(total.as_f64(), line.parse().ok());
    // A target that is gone is told of, once.
    drop(node);
    let begun = Instant::now();
    collector.line("Failed to scrape Prometheus endpoint");
    loop {
        let metrics = last(&fs::read_to_string(&out).unwrap(), "node").unwrap();
        if metrics["up"]["gauge"]["dataPoints"][0]["asDouble"] == 0.0 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{metrics:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    let text = fs::read_to_string(&out).unwrap();
    assert!(
        text.lines()
            .any(|line| line.contains("\"node_memory_MemTotal_bytes\"") && line.contains("\"flags\":1"))
    );
}
