//! The agent with the configuration that comes with it: lines of files reach an OTLP server, whoever is killed between.

use std::{
    collections::HashMap,
    fs::File,
    io::Write,
    path::Path,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::Value;

use crate::kit::{collector::Collector, distros, records};

const PATIENCE: Duration = Duration::from_mins(1);

/// What takes the lines and writes them to a file.
const GATEWAY: &str = "
receivers: {otlp: {protocols: {grpc: {endpoint: '127.0.0.1:0'}}}}
exporters: {file: {path: '${env:DIR}/all.json', flush_interval: 10ms}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {logs: {receivers: [otlp], exporters: [file]}}
";

fn start(logs: &Path, home: &Path, gateway: &Collector) -> Collector {
    let mut command = Command::new(&distros::agent().binary);
    command.arg("--config").arg(distros::root().join("dist/agent/config.yaml"));
    // What the collector of another test listens on stays free.
    command.arg("--set=service.telemetry.metrics.level=none");
    command.env("LOGS", logs).env("HOME", home).env("ENDPOINT", gateway.grpc().to_string());
    Collector::run(&mut command, tempfile::tempdir().unwrap())
}

fn write(to: &Path, numbers: std::ops::Range<u32>) {
    let mut file = File::options().create(true).append(true).open(to).unwrap();
    numbers.for_each(|number| writeln!(file, "line {number}").unwrap());
}

/// How often each line came, once so many different ones have.
fn came(gateway: &Collector, lines: usize) -> HashMap<String, u32> {
    let end = Instant::now() + PATIENCE;
    loop {
        let text = std::fs::read_to_string(gateway.file("all.json")).unwrap_or_default();
        // The last line may not be whole yet.
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let mut counts = HashMap::new();
        for record in records::of_lines(whole) {
            let body = &record["logRecords"]["body"]["stringValue"];
            *counts.entry(body.as_str().unwrap().to_owned()).or_default() += 1;
            let names: Vec<&Value> = record["logRecords"]["attributes"].as_array().unwrap().iter().collect();
            assert!(names.iter().any(|pair| pair["key"] == "log.file.name"), "{record}");
        }
        if counts.len() >= lines {
            return counts;
        }
        assert!(Instant::now() < end, "{} of {lines} lines came", counts.len());
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn lines_reach_the_gateway_whoever_is_killed() {
    let (logs, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = logs.path().join("app.log");
    let gateway = Collector::start(&distros::core().binary, GATEWAY);
    write(&file, 0..1000);
    let agent = start(logs.path(), home.path(), &gateway);
    came(&gateway, 1000);
    // Killed before anything of this can have been sent, or in the midst of it, or behind it.
    for round in 0..3 {
        let from = 1000 + round * 1000;
        write(&file, from..from + 1000);
        if round == 0 {
            came(&gateway, 2000);
        }
    }
    agent.signal(Signal::KILL);
    let agent = start(logs.path(), home.path(), &gateway);
    let counts = came(&gateway, 4000);
    assert!((0..4000).all(|number| counts.contains_key(&format!("line {number}"))));
    agent.stop().expect_clean();
    let before: u32 = counts.values().sum();
    // Nothing of it comes again when it is started once more.
    let agent = start(logs.path(), home.path(), &gateway);
    write(&file, 4000..4001);
    let counts = came(&gateway, 4001);
    assert_eq!(counts.values().sum::<u32>(), before + 1);
    agent.stop().expect_clean();
}
