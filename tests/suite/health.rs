//! What a collector says of its health while its backend goes away and comes back, to who asks over HTTP and over gRPC.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, ChildStdout, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use slimcol_bench::Sink;
use slimcol_testing::generate;

use crate::kit::{collector::Collector, command::run, distros, http, python};

const PATIENCE: Duration = Duration::from_secs(30);
const SPANS: usize = 10;
const SECRET: &str = "hush-hush";

#[test]
fn an_outage_is_told_while_it_lasts_and_no_longer() {
    let first = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = first.address;
    let collector = Collector::start(&distros::contrib().binary, &yaml(address));
    let (http, grpc) = (endpoint(&collector, "http"), endpoint(&collector, "grpc"));
    let mut watch = Watch::start(&grpc.to_string());
    assert_eq!(watch.next(), "SERVING");

    send(&collector);
    let all = u64::try_from(SPANS).unwrap();
    assert_eq!(first.received().wait(all, PATIENCE), all);
    let (code, status) = ask(http, "/status?verbose");
    assert_eq!(
        (code, &status["status"], &status["healthy"]),
        (200, &"StatusOK".into(), &true.into()),
        "{status}"
    );
    let parts = |of: &str| -> Vec<String> {
        status["components"][of]["components"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(parts("extensions"), ["extension:healthcheckv2"]);
    assert_eq!(
        parts("pipeline:traces/out"),
        ["exporter:otlp_grpc", "processor:batch", "processor:memory_limiter", "receiver:otlp"]
    );
    assert_eq!(parts("pipeline:logs"), ["exporter:debug", "receiver:otlp"]);
    for (service, answer) in
        [("", "SERVING"), ("traces/out", "SERVING"), ("metrics", "NOT_FOUND Service not found.")]
    {
        assert_eq!(python::script("health.py", ["check", &grpc.to_string(), service]).trim(), answer);
    }

    drop(first);
    send(&collector);
    let (code, status) = until(http, |status| status["status"] == "StatusRecoverableError");
    assert_eq!((code, &status["healthy"]), (200, &true.into()), "not for long enough yet: {status}");
    let began = status["status_time"].clone();
    let (code, status) = until(http, |status| status["healthy"] == false);
    assert_eq!((code, &status["status"]), (500, &"StatusRecoverableError".into()), "{status}");
    assert_eq!(status["status_time"], began, "it began with the first attempt that failed");
    // The first attempt may still have reached a server about to close.
    assert!(status["error"].as_str().unwrap().contains("connection refused"), "{status}");
    assert_eq!(watch.next(), "NOT_SERVING");
    assert_eq!(ask(http, "/status?pipeline=traces/out").0, 500);
    let (said, text) = healthcheck(http);
    assert!(!said && text.contains("answers HTTP/1.1 500"), "{text}");
    assert_eq!(ask(http, "/status?pipeline=logs").0, 200, "the others are fine");

    let second = Sink::start(address).unwrap();
    assert_eq!(second.received().wait(all, PATIENCE), all);
    let (code, status) = until(http, |status| status["status"] == "StatusOK");
    assert_eq!((code, &status["healthy"], &status["error"]), (200, &true.into(), &Value::Null), "{status}");
    assert_eq!(watch.next(), "SERVING");
    assert_eq!(healthcheck(http), (true, "healthy\n".to_owned()));

    let stopped = collector.stop();
    stopped.expect_clean();
    assert_eq!(watch.rest(), ["NOT_SERVING", "CANCELLED Server shutting down."]);
}

#[test]
fn the_configuration_is_shown_without_its_secrets() {
    let collector =
        Collector::start(&distros::contrib().binary, &yaml(SocketAddr::from((Ipv4Addr::LOCALHOST, 1))));
    let (code, config) = ask(endpoint(&collector, "http"), "/config");
    assert_eq!(code, 200);
    assert!(!config.to_string().contains(SECRET), "{config}");
    let exporter = &config["exporters"]["otlp_grpc"];
    let header = serde_json::json!([{"name": "authorization", "value": "[REDACTED]"}]);
    assert_eq!(exporter["headers"], header);
    assert_eq!(exporter["endpoint"], "127.0.0.1:1");
    // What nobody wrote, and what holds all the same.
    assert_eq!(exporter["sending_queue"]["queue_size"], 1000);
    assert_eq!(config["service"]["extensions"], serde_json::json!(["healthcheckv2"]));
    collector.stop().expect_clean();
}

fn yaml(to: SocketAddr) -> String {
    format!(
        "
extensions:
  healthcheckv2:
    use_v2: true
    component_health: {{include_recoverable_errors: true, recovery_duration: 5s}}
    http: {{endpoint: 127.0.0.1:0, config: {{enabled: true}}}}
    grpc: {{endpoint: 127.0.0.1:0}}
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
processors:
  batch: {{timeout: 10ms}}
  memory_limiter: {{check_interval: 1s, limit_mib: 4000}}
exporters:
  debug:
  otlp_grpc:
    endpoint: '{to}'
    tls: {{insecure: true}}
    headers: {{authorization: Bearer {SECRET}}}
    retry_on_failure: {{initial_interval: 100ms, max_interval: 200ms}}
service:
  extensions: [healthcheckv2]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces/out: {{receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc]}}
    logs: {{receivers: [otlp], exporters: [debug]}}
"
    )
}

fn send(collector: &Collector) {
    http::export(collector.http(), "/v1/traces", &generate::traces(1, SPANS));
}

/// Where the extension listens for a protocol.
fn endpoint(collector: &Collector, protocol: &str) -> SocketAddr {
    let start = format!("{{\"protocol\": \"{protocol}\", \"endpoint\": \"");
    let line = collector.line(&format!("\"protocol\": \"{protocol}\""));
    let (_, rest) = line.split_once(&start[1..]).unwrap_or_else(|| panic!("no endpoint in {line}"));
    rest.split('"').next().unwrap().parse().unwrap()
}

fn ask(to: SocketAddr, path: &str) -> (u16, Value) {
    let answer = http::get(to, path);
    let body = serde_json::from_slice(&answer.body);
    (answer.status, body.unwrap_or_else(|error| panic!("{error}: {}\n{}", answer.head, answer.text())))
}

/// What the command says with the configuration that names this address, and whether it says that all is well.
fn healthcheck(http: SocketAddr) -> (bool, String) {
    let config = yaml(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)))
        .replace("http: {endpoint: 127.0.0.1:0, ", &format!("http: {{endpoint: '{http}', "));
    let mut command = Command::new(&distros::contrib().binary);
    let ended = run(command.args(["healthcheck", "--config", &format!("yaml:{config}")]), PATIENCE);
    (ended.code == Some(0), ended.stdout + &ended.stderr)
}

/// The collector's status once it is as `wanted`.
fn until(to: SocketAddr, wanted: impl Fn(&Value) -> bool) -> (u16, Value) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (code, status) = ask(to, "/status");
        if wanted(&status) {
            return (code, status);
        }
        assert!(Instant::now() < deadline, "{status}");
        sleep(Duration::from_millis(100));
    }
}

/// Python's gRPC, watching the collector.
struct Watch {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Watch {
    fn start(address: &str) -> Self {
        let script = format!("{}/python/health.py", env!("CARGO_MANIFEST_DIR"));
        let mut child = python::program("python")
            .args([&script, "watch", address, ""])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// What it is told next; the script gives up after a minute.
    fn next(&mut self) -> String {
        self.lines.next().expect("the watch has ended").unwrap()
    }

    fn rest(mut self) -> Vec<String> {
        let rest = self.lines.map(Result::unwrap).collect();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}
