//! The configurations that people begin with, unchanged: what the collectors made of them alone do.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::kit::{
    collector::Collector,
    command::run,
    distros::{self, root, slimcol_in},
    gopher, http,
    jaeger::Jaeger,
    prometheus::{Prometheus, query},
    python, records,
};

const PATIENCE: Duration = Duration::from_mins(1);

/// What the collector of another test listens on stays free.
const QUIET: &str = "--set=service.telemetry.metrics.level=none";

#[test]
fn json_lines_become_records_in_a_file_and_on_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = built("log-collector", folder.path());
    let logs = tempfile::tempdir().unwrap();
    let old = logs.path().join("cndt-0.json");
    fs::write(&old, "{\"said\":\"before\"}\n").unwrap();
    let collector =
        Collector::run(command.arg(QUIET).env("LOG_DIR", logs.path()), tempfile::tempdir().unwrap());

    // What was there at the first look is not new; what comes afterwards is, in a file that was not there and in one that was.
    collector.line("Started watching file");
    fs::write(logs.path().join("cndt-1.json"), "{\"key1\":\"value2\",\"key2\":{\"a\":[1,true,null]}}\n")
        .unwrap();
    let records = |count| collector.log().until(count, |line| line.starts_with("Body: Str({"));
    records(1);
    let mut file = OpenOptions::new().append(true).open(&old).unwrap();
    file.write_all(b"{\"key1\":\"value1\",\"key2\":2.5}\n").unwrap();
    records(2);
    let stopped = collector.stop();
    stopped.expect_clean();

    let received = records::of_file(&logs.path().join("all.json"));
    let list = json!({"kvlistValue": {"values": [
        {"key": "a", "value": {"arrayValue": {"values": [{"doubleValue": 1.0}, {"boolValue": true}, {}]}}}]}});
    let expected = [
        ("cndt-0.json", "{\"key1\":\"value1\",\"key2\":2.5}", "value1", json!({"doubleValue": 2.5})),
        ("cndt-1.json", "{\"key1\":\"value2\",\"key2\":{\"a\":[1,true,null]}}", "value2", list),
    ];
    assert_eq!(received.len(), expected.len(), "{received:#?}");
    for (name, body, key1, key2) in expected {
        let record = |record: &&Value| record["logRecords"]["body"]["stringValue"] == body;
        let record = &received.iter().find(record).unwrap_or_else(|| panic!("no {body} in {received:#?}"))["logRecords"];
        let attribute = |key: &str| {
            let all = record["attributes"].as_array().unwrap();
            let mut found = all.iter().filter(|attribute| attribute["key"] == key);
            let value = found.next().map(|attribute| attribute["value"].clone());
            assert!(found.next().is_none(), "twice {key} in {record:#}");
            value
        };
        assert_eq!(attribute("log.file.name"), Some(json!({"stringValue": name})));
        assert_eq!(attribute("key1"), Some(json!({"stringValue": key1})));
        assert_eq!(attribute("key2"), Some(key2));
        assert_eq!(attribute("said"), None);
    }
    for line in [
        "     -> log.file.name: Str(cndt-0.json)",
        "     -> key1: Str(value1)",
        "     -> key2: Double(2.5)",
        "     -> key2: Map({\"a\":[1,true,null]})",
    ] {
        assert!(stopped.log.iter().any(|logged| logged == line), "no {line:?} in {:#?}", stopped.log);
    }

    // The Operator's resource names the same collector, and means the same components, so that nothing is compiled again.
    let components =
        || Command::new(folder.path().join("log-collector/log-collector")).arg("components").output();
    let from_yaml = components().unwrap();
    fs::remove_dir_all(folder.path().join("log-collector")).unwrap();
    copied("operator-log-collector.yaml", folder.path());
    slimcol_in(folder.path(), &["build", "--from-config", "operator-log-collector.yaml"]).expect_success();
    assert!(from_yaml.status.success());
    assert_eq!(components().unwrap().stdout, from_yaml.stdout);
}

#[test]
fn host_metrics_are_queried_back_from_prometheus() {
    let Some(prometheus) = Prometheus::start(&[]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut command = built("metrics-collector", folder.path());
    let collector = Collector::run(
        command.arg(QUIET).env("PROM_URL", prometheus.write_url()),
        tempfile::tempdir().unwrap(),
    );
    let states = |series: &[Value]| -> BTreeSet<String> {
        series.iter().map(|one| one["metric"]["state"].as_str().unwrap().to_owned()).collect()
    };
    let times = prometheus.ask(&query("system_cpu_time_seconds_total{oteltest=\"cndt2023\"}"));
    let expected = ["idle", "interrupt", "nice", "softirq", "steal", "system", "user", "wait"];
    assert_eq!(states(&times), expected.map(str::to_owned).into());
    let usage = prometheus.ask(&query("system_memory_usage_bytes{oteltest=\"cndt2023\"}"));
    let expected = ["buffered", "cached", "free", "slab_reclaimable", "slab_unreclaimable", "used"];
    assert_eq!(states(&usage), expected.map(str::to_owned).into());
    let others = prometheus.now(&query("{__name__=~\"system_.*\",oteltest!=\"cndt2023\"}"));
    assert!(others.is_empty(), "{others:?}");
    let stopped = collector.stop();
    stopped.expect_clean();
    // The number of processors is the third.
    let points = format!("\"metrics\": 3, \"data points\": {}}}", times.len() + usage.len() + 1);
    assert!(stopped.line("\tMetrics\t").ends_with(&points), "{:#?}", stopped.log);
}

#[test]
fn spans_are_read_back_from_jaeger() {
    let Some(jaeger) = Jaeger::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut command = built("trace-collector", folder.path());
    // A port that no other collector has.
    command.arg("--set=receivers.otlp.protocols.grpc.endpoint=127.0.0.1:0");
    let collector = Collector::run(
        command.arg(QUIET).env("JAEGER_ENDPOINT", jaeger.otlp().to_string()),
        tempfile::tempdir().unwrap(),
    );
    let sent = python::script("send.py", ["grpc", &collector.grpc().to_string(), "spans"]);
    let sent = records::of_lines(&sent);
    assert_eq!(sent.len(), 50);
    let stopped = collector.stop();
    stopped.expect_clean();
    let counted = |line: &String| {
        let (_, count) =
            line.split_once("\tTraces\t").and_then(|(_, line)| line.split_once("\"spans\": "))?;
        count.trim_end_matches('}').parse::<usize>().ok()
    };
    assert_eq!(stopped.log.iter().filter_map(counted).sum::<usize>(), 50, "{:#?}", stopped.log);

    let traces = jaeger.traces("checkout", (1_759_999_999_000_000, 1_760_000_001_000_000), 25);
    let kept: Vec<(&Value, &Value)> = traces
        .iter()
        .flat_map(|trace| trace["spans"].as_array().unwrap().iter().map(move |span| (trace, span)))
        .collect();
    assert_eq!(kept.len(), 50);
    for record in &sent {
        let span = &record["spans"];
        let found = kept.iter().find(|(_, kept)| kept["spanID"] == span["spanId"]);
        let (trace, kept) = found.unwrap_or_else(|| panic!("no {span:#} in {traces:#?}"));
        assert_eq!((&kept["traceID"], &kept["operationName"]), (&span["traceId"], &span["name"]));
        let parent = kept["references"].as_array().unwrap().iter().find(|one| one["refType"] == "CHILD_OF");
        assert_eq!(parent.map_or(&Value::Null, |parent| &parent["spanID"]), &span["parentSpanId"]);
        let process = &trace["processes"][kept["processID"].as_str().unwrap()];
        assert_eq!((&process["serviceName"], tag(process, "host.cpus")), (&"checkout".into(), &json!(8)));
        let kind = if span["kind"] == 2.0 { "server" } else { "client" };
        assert_eq!(tag(kept, "span.kind"), kind);
        assert_eq!(tag(kept, "otel.scope.name"), "shop.checkout");
        let failed = !span["status"]["code"].is_null();
        assert_eq!(tag(kept, "error"), &(if failed { json!(true) } else { Value::Null }), "{kept:#}");
        let events = span["events"].as_array().map_or(0, Vec::len);
        assert_eq!(kept["logs"].as_array().unwrap().len(), events, "{kept:#}");
    }
}

#[test]
fn a_gateway_takes_data_on_each_of_its_ports() {
    let Some(mut jaeger) = gopher::program("jaeger") else { return };
    // The ports are what they are, so the address is one that nobody else here has.
    let ip = Ipv4Addr::new(127, 64, 31, 17);
    let at = |port: u16| SocketAddr::from((ip, port));
    let dir = tempfile::tempdir().unwrap();
    let config = copied("gateway-all-ports.yaml", dir.path());
    let mut command = Command::new(&distros::core().binary);
    let collector = Collector::run(command.arg("--config").arg(config).env("MY_POD_IP", ip.to_string()), dir);
    assert_eq!(http::get(at(13133), "/").status, 200);
    python::script("send.py", ["grpc", &at(4317).to_string()]);
    python::script("send.py", ["http", &format!("http://{}", at(4318))]);
    python::script("zipkin.py", [&format!("http://{}", at(9411))]);
    let [grpc, http, compact] = [14250, 14268, 6831].map(|port| at(port).to_string());
    run(jaeger.args([&grpc, &http, &compact, ""]), PATIENCE).expect_success();

    let begun = Instant::now();
    for line in [
        "otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"grpc\"} 50",
        "otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"http\"} 50",
        "otelcol_receiver_accepted_log_records{receiver=\"otlp\",transport=\"grpc\"} 9",
        "otelcol_receiver_accepted_log_records{receiver=\"otlp\",transport=\"http\"} 9",
        "otelcol_receiver_accepted_metric_points{receiver=\"otlp\",transport=\"grpc\"} 20",
        "otelcol_receiver_accepted_metric_points{receiver=\"otlp\",transport=\"http\"} 20",
        "otelcol_receiver_accepted_spans{receiver=\"jaeger\",transport=\"grpc\"} 2",
        "otelcol_receiver_accepted_spans{receiver=\"jaeger\",transport=\"collector_http\"} 2",
        "otelcol_receiver_accepted_spans{receiver=\"jaeger\",transport=\"udp_thrift_compact\"} 2",
        "otelcol_receiver_accepted_spans{receiver=\"zipkin\",transport=\"http_v1_json\"} 2",
        "otelcol_receiver_accepted_spans{receiver=\"zipkin\",transport=\"http_v2_json\"} 2",
        "otelcol_receiver_accepted_spans{receiver=\"zipkin\",transport=\"http_v2_proto\"} 2",
        "otelcol_exporter_sent_spans{exporter=\"debug\"} 112",
        "otelcol_exporter_sent_log_records{exporter=\"debug\"} 18",
    ] {
        loop {
            let page = http::get(at(8888), "/metrics").text();
            if page.lines().any(|found| found == line) {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "no {line} in\n{page}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    // It reads that page itself every ten seconds.
    let own = "otelcol_receiver_accepted_metric_points{receiver=\"prometheus\",transport=\"http\"} ";
    loop {
        let page = http::get(at(8888), "/metrics").text();
        if page.lines().any(|line| line.strip_prefix(own).is_some_and(|count| count != "0")) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "nothing scraped:\n{page}");
        std::thread::sleep(Duration::from_millis(100));
    }
    collector.stop().expect_clean();
}

/// The value of a tag of a span or process of Jaeger's.
fn tag<'a>(of: &'a Value, key: &str) -> &'a Value {
    let found = of["tags"].as_array().unwrap().iter().find(|tag| tag["key"] == key);
    found.map_or(&Value::Null, |tag| &tag["value"])
}

/// The collector that `slimcol` makes of a configuration alone, in `folder`, with that configuration.
fn built(name: &str, folder: &Path) -> Command {
    let file = format!("{name}.yaml");
    let config = copied(&file, folder);
    slimcol_in(folder, &["build", "--from-config", &file]).expect_success();
    let mut command = Command::new(folder.join(name).join(name));
    command.arg("--config").arg(config);
    command
}

/// A configuration, copied to where a new user has it.
fn copied(name: &str, folder: &Path) -> PathBuf {
    let to = folder.join(name);
    fs::copy(root().join("tests/suite/hands_on").join(name), &to).unwrap();
    to
}
