//! Every family type of Prometheus on its way through a collector: from pages in each format to OTLP, and from there to a page
//! again and to both versions of remote write.
//!
//! The goldens are what a Go collector was recorded to make of the same pages. Where ours makes something else, a golden has Go's
//! line behind `-` and ours behind `+`, and [`WHY`] has the reason.

mod golden;
pub(crate) mod protobuf;
mod shown;
mod site;

use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use self::{shown::Shown, site::Site};
use crate::kit::{collector::Collector, daemon::free_address, distros, http};

/// Go finds its targets after five seconds, and writes files every second.
const PATIENCE: Duration = Duration::from_mins(1);

/// The formats, which are the jobs, and a family of each page.
const FORMATS: [(&str, &str); 3] =
    [("text", "t_anything"), ("openmetrics", "o_odd"), ("protobuf", "p_depth")];

/// What a reader says who wants a page in protobuf.
const PROTOBUF: &str =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

/// Where lines differ from Go's: the section, what is in the line, and why ours is right.
const WHY: [(&str, &str, &str); 8] = [
    (
        "openmetrics: remote write 2",
        "o_size_bytes_bucket",
        "Go has no examples of histograms in version 2 yet (`TODO implement exemplars support`), as in version 1",
    ),
    ("protobuf: remote write 2", "p_classic_seconds_bucket", "the same"),
    (
        "page",
        "p_float_seconds",
        "counts that are cut to whole numbers no longer add up to the whole, for which Go's library leaves the native \
         histogram out; on a text page there is nothing but its whole",
    ),
    ("OpenMetrics page", "p_float_seconds", "the same"),
    ("protobuf page", "p_float_seconds", "the same, and Prometheus would refuse the page for its buckets"),
    (
        "protobuf page",
        "p_native_seconds",
        "nothing says since when it counts, of which Go makes a time of creation in the year 1",
    ),
    ("protobuf page", "p_both_seconds", "the same"),
    (
        "openmetrics, when it is gone: OTLP",
        "\"flags\":1",
        "Go takes the NaN that ends a `_created` series for a time, which is 9223372036854775808",
    ),
];

#[test]
fn every_family_type_becomes_what_go_makes_of_it() {
    let ours = transcript(&distros::core().binary, &[]);
    let go = std::env::var_os("OTELCOL_GO").map(|go| {
        let gate = "exporter.prometheusremotewritexporter.enableSendingRW2";
        let mut go = transcript(Path::new(&go), &["--feature-gates", gate]);
        // What is left on Go's last page depends on the order of its maps: the first of a metric's points that end goes, the
        // others stay until they expire, and `target_info` is that of any of them.
        let last = ours.len() - 1;
        go[last].clone_from(&ours[last]);
        go
    });
    if let Some(go) = &go
        && std::env::var_os("SLIMCOL_BLESS").is_some()
    {
        golden::write(go, &ours);
    }
    let recorded = golden::read();
    golden::compare("ours", &recorded, '+', &ours);
    if let Some(go) = &go {
        golden::compare("Go's", &recorded, '-', go);
    }
    let differing = |title: &str, part: &str| {
        let lines = recorded.iter().filter(move |(found, _)| found == title).flat_map(|(_, lines)| lines);
        lines.filter(|line| !line.starts_with(' ')).filter(|line| line.contains(part)).count()
    };
    for (title, part, why) in WHY {
        assert!(differing(title, part) > 0, "there is no difference any more in {title}: {why}");
    }
    for (title, _) in &recorded {
        let told = WHY.iter().filter(|(of, ..)| of == title).map(|(_, part, _)| differing(title, part));
        assert_eq!(told.sum::<usize>(), differing(title, ""), "nothing says why lines differ: {title}");
    }
}

/// What a collector makes of the pages, in sections.
fn transcript(binary: &Path, arguments: &[&str]) -> Vec<(String, Vec<String>)> {
    let site = Site::start();
    let page = free_address();
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.yaml");
    std::fs::write(&config, yaml(site.address, page)).unwrap();
    let collector = Collector::run(Command::new(binary).arg("--config").arg(&config).args(arguments), dir);
    let mut sections = Vec::new();
    let shown = Shown::of(&line(&collector, |line| line.contains("scrape_duration_seconds")));
    let tell = |sections: &mut Vec<_>, job: &str, ended: bool| {
        let of_job = format!("{{\"stringValue\":\"{job}\"}}");
        let flagged = |line: &str| line.contains("\"flags\":1");
        let otlp = line(&collector, |line| line.contains(&of_job) && flagged(line) == ended);
        let title = |what: &str| format!("{job}{}: {what}", if ended { ", when it is gone" } else { "" });
        sections.push((title("OTLP"), shown.otlp(&otlp)));
        for (endpoint, version) in ["remote write 1", "remote write 2"].into_iter().enumerate() {
            let own = format!("job=\"{job}\"");
            let first = |line: &str| line.contains(&own) && line.contains(" stale@") == ended;
            sections.push((title(version), shown.written(&site.written(endpoint, first))));
        }
    };
    for (job, _) in FORMATS {
        tell(&mut sections, job, false);
    }
    for (job, family) in FORMATS {
        let start = format!("# {family} ");
        let lines = site.written(0, |line| line.starts_with(&start));
        sections.push((format!("{job}: remote write 1, metadata"), shown.sorted(lines)));
    }
    for (what, accept) in
        [("page", "text/plain"), ("OpenMetrics page", "application/openmetrics-text; version=1.0.0")]
    {
        sections.push((what.to_owned(), shown.page(&read(page, accept, &FORMATS.map(|(_, family)| family)))));
    }
    let answer = http::request(page, "GET", "/metrics", &[("Accept", PROTOBUF)], None);
    sections.push(("protobuf page".to_owned(), shown.exposed(&answer.body)));
    site.empty();
    for (job, _) in FORMATS {
        tell(&mut sections, job, true);
    }
    let left = read(page, "text/plain", &["t_left", "o_left", "p_left"]);
    sections.push(("page, when all is gone".to_owned(), shown.page(&left)));
    sections
}

/// The first line of the file exporter that is wanted.
fn line(collector: &Collector, wanted: impl Fn(&str) -> bool) -> String {
    let begun = Instant::now();
    loop {
        let text = std::fs::read_to_string(collector.file("out.json")).unwrap_or_default();
        if let Some(line) = text.lines().find(|line| line.ends_with("}]}") && wanted(line)) {
            return line.to_owned();
        }
        assert!(begun.elapsed() < PATIENCE, "it never came: {text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The page, as soon as it has all these families.
fn read(page: SocketAddr, accept: &str, families: &[&str]) -> String {
    let begun = Instant::now();
    loop {
        let text = http::request(page, "GET", "/metrics", &[("Accept", accept)], None).text();
        if families.iter().all(|family| text.contains(&format!("\n{family}{{"))) {
            return text;
        }
        assert!(begun.elapsed() < PATIENCE, "{text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn yaml(site: SocketAddr, page: SocketAddr) -> String {
    let job = |job: &str, more: &str| {
        format!(
            "
        - job_name: {job}
          metrics_path: /{job}
          static_configs: [{{targets: ['{site}'], labels: {{instance: 'app:80'}}}}]{more}"
        )
    };
    let (text, open) = (job("text", ""), job("openmetrics", ""));
    let proto = job("protobuf", "\n          scrape_native_histograms: true");
    format!(
        "
receivers:
  prometheus:
    config:
      global: {{scrape_interval: 1s, scrape_timeout: 1s}}
      scrape_configs:{text}{open}{proto}
exporters:
  file: {{path: '${{env:DIR}}/out.json'}}
  prometheus: {{endpoint: '{page}', enable_open_metrics: true}}
  prometheus_remote_write/1:
    endpoint: http://{site}/v1
    send_metadata: true
    tls: {{insecure: true}}
  prometheus_remote_write/2:
    endpoint: http://{site}/v2
    protobuf_message: io.prometheus.write.v2.Request
    tls: {{insecure: true}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    metrics: {{receivers: [prometheus], exporters: [file, prometheus, prometheus_remote_write/1, prometheus_remote_write/2]}}
"
    )
}
