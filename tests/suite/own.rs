//! Components and distributions of one's own: what `slimcol new` and `slimcol init` make compiles, passes its tests, and
//! handles real data.

use std::{
    fs,
    io::{BufReader, Write},
    net::{SocketAddr, TcpListener},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::kit::{
    collector::Collector,
    command::{Ended, run},
    distros::{self, BUILD_DEADLINE, slimcol},
    http,
    served::Request,
};

const KINDS: [&str; 5] = ["receiver", "processor", "exporter", "connector", "extension"];
/// The framework and five crates with their tests, compiled on a machine that does other things besides.
const TESTS_DEADLINE: Duration = Duration::from_mins(30);
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes posts at a port of its own and hands on their bodies.
fn sink() -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let (send, bodies) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let send = send.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                // A connection carries one request after the other until the collector is done with it.
                while let Some(request) = Request::read(&mut reader) {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                    if reader.get_mut().write_all(answer).is_err()
                        || send.send(String::from_utf8(request.body).unwrap()).is_err()
                    {
                        break;
                    }
                }
            });
        }
    });
    (addr, bodies)
}

/// Waits for a body that contains all of `texts`.
fn wait(bodies: &mpsc::Receiver<String>, texts: &[&str]) {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let Ok(body) = bodies.recv_timeout(PATIENCE) else { break };
        if texts.iter().all(|text| body.contains(text)) {
            return;
        }
    }
    panic!("no body with {texts:?}");
}

fn config(to: SocketAddr) -> String {
    format!(
        "
extensions:
  acme: {{file: '${{env:DIR}}/ready'}}
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
  acme: {{interval: 50ms, message: tick}}
processors:
  acme: {{key: deployment.environment.name, value: trial}}
exporters:
  acme/post: {{endpoint: 'http://{to}/in', compression: none}}
  file: {{path: '${{env:DIR}}/counts.jsonl'}}
connectors:
  acme/count: {{metric: seen}}
service:
  extensions: [acme]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp, acme], processors: [acme], exporters: [acme/post, acme/count]}}
    metrics: {{receivers: [acme/count], exporters: [file]}}
"
    )
}

const RECORD: &str = r#"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
    "scopeLogs":[{"logRecords":[{"body":{"stringValue":"from outside"}}]}]}]}"#;

/// The code blocks of the tutorial with this mark.
fn blocks(mark: &str) -> Vec<String> {
    let text = fs::read_to_string(distros::root().join("docs/components-of-your-own.md")).unwrap();
    // Between the fences every other part is a block.
    let inside = text.split("\n```").skip(1).step_by(2);
    let marked = inside.filter_map(|block| block.strip_prefix(mark)?.strip_prefix('\n'));
    marked.map(|block| format!("{block}\n")).collect()
}

/// A folder to follow the tutorial in, with a `slimcol` on the path.
struct Reader(TempDir);

impl Reader {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bin = dir.path().join("bin");
        fs::create_dir(&bin).unwrap();
        symlink(distros::program(), bin.join("slimcol")).unwrap();
        Self(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(name)
    }

    /// Runs commands in a folder, as somebody types them.
    fn run(&self, folder: &str, script: &str, deadline: Duration) -> Ended {
        let mut command = Command::new("sh");
        let others = std::env::var_os("PATH").unwrap();
        let path = std::env::join_paths([self.path("bin")].into_iter().chain(std::env::split_paths(&others)));
        command.args(["-euc", script]).current_dir(self.path(folder)).env("PATH", path.unwrap());
        command.envs(distros::caches());
        if script.starts_with("cargo ") {
            // Compiled once for all runs of this test. Where slimcol itself is compiled is another matter.
            command.env("CARGO_TARGET_DIR", distros::root().join("target/components"));
            command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
        run(&mut command, deadline)
    }

    /// A text with this reader's folder as the tutorial writes it.
    fn without_folder(&self, text: &str) -> String {
        text.replace(self.path("").to_str().unwrap().trim_end_matches('/'), "…")
    }
}

#[test]
fn the_tutorial_is_true_and_a_component_of_each_kind_handles_data() {
    let [make, test, link, build]: [String; 4] = blocks("sh").try_into().unwrap();
    let shown = blocks("");
    let reader = Reader::new();
    let scaffolded = reader.run("", &make, BUILD_DEADLINE).expect_success();
    let (_, remarks) = scaffolded.stderr.split_once("config.yaml`\n").unwrap();
    let said = format!("{}\n{remarks}", scaffolded.stdout.lines().nth(1).unwrap());
    assert_eq!(reader.without_folder(&said), shown[0]);
    let manifest = reader.path("otelcol-edge/acme-exporter/Cargo.toml");
    let original = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, original.replace("slimcol-service = \"0.1\"", "slimcol-service = \"0.2\"")).unwrap();
    let refused = reader.run("otelcol-edge", "slimcol build", BUILD_DEADLINE);
    assert_eq!((refused.code, reader.without_folder(&refused.stderr)), (Some(2), shown[1].clone()));
    fs::write(&manifest, original).unwrap();
    for kind in KINDS.into_iter().filter(|kind| *kind != "exporter") {
        let new = format!("slimcol new {kind} acme --manifest manifest.yaml");
        reader.run("otelcol-edge", &new, BUILD_DEADLINE).expect_success();
    }

    let ended = reader.run("otelcol-edge", &test, TESTS_DEADLINE).expect_success();
    // Each crate's own, and the examples in its documentation.
    assert_eq!(ended.stdout.matches("test result: ok. ").count(), 2 * KINDS.len(), "{}", ended.stdout);
    assert!(!ended.stderr.contains("warning"), "{}", ended.stderr);
    reader.run("otelcol-edge", &link, BUILD_DEADLINE).expect_success();

    let compiled = reader.run("otelcol-edge", &build, BUILD_DEADLINE).expect_success();
    for kind in KINDS {
        assert!(compiled.stdout.contains(&format!("acme-{kind}")), "{}", compiled.stdout);
    }
    handles_data(&reader.path("otelcol-edge/build/otelcol-edge"));
}

/// Every component of the five kinds does its work on data that comes from outside and from the receiver.
fn handles_data(binary: &Path) {
    let (to, bodies) = sink();
    let collector = Collector::start(binary, &config(to));
    wait(&bodies, &[r#""stringValue":"tick""#, r#""stringValue":"trial""#]);
    let json = [("Content-Type", "application/json")];
    let answer = http::post(collector.http(), "/v1/logs", &json, RECORD.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    wait(
        &bodies,
        &[r#""stringValue":"from outside""#, r#""stringValue":"shop""#, r#""stringValue":"trial""#],
    );
    assert!(collector.line("\tready\t").contains("acme"));
    let stopped = collector.stop();
    stopped.expect_clean();
    assert!(!stopped.file("ready").exists());
    let counts = fs::read_to_string(stopped.file("counts.jsonl")).unwrap();
    assert!(counts.contains(r#""name":"seen""#) && counts.contains(r#""asInt":"1""#), "{counts}");
}

#[test]
fn a_configuration_of_everything_is_valid() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("all");
    slimcol(["init", folder.to_str().unwrap(), "--with", "all"]).expect_success();
    validate(&distros::contrib().binary, &folder.join("config.yaml"));
}

fn validate(binary: &Path, config: &Path) {
    let mut command = Command::new(binary);
    command.args(["validate", "--config"]).arg(config);
    run(&mut command, PATIENCE).expect_success();
}
