//! Profiles of a collector under load, read by `go tool pprof`.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use slimcol_testing::generate;

use crate::kit::{collector::Collector, command::run, distros, http};

/// Go compiles its tools when they are first used.
const DEADLINE: Duration = Duration::from_mins(10);

fn yaml(more: &str) -> String {
    format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  debug: {{verbosity: detailed}}
extensions:
  pprof: {{endpoint: '127.0.0.1:0'{more}}}
service:
  extensions: [pprof]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [debug]}}
"
    )
}

/// Does `work` while `collector` gets as many spans as it takes.
fn under_load<T>(collector: &Collector, work: impl FnOnce() -> T) -> T {
    let (to, spans, done) = (collector.http(), generate::traces(0, 1000), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Relaxed) {
                http::export(to, "/v1/traces", &spans);
            }
        });
        let outcome = work();
        done.store(true, Relaxed);
        outcome
    })
}

fn endpoint(collector: &Collector) -> SocketAddr {
    let line = collector.line("Starting net/http/pprof server");
    line.split("\"endpoint\": \"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}

/// Whether there is Go; if not, says so loudly, or panics where `CI` is `true`.
fn go_is_there() -> bool {
    if Command::new("go").arg("version").output().is_ok_and(|output| output.status.success()) {
        return true;
    }
    let missing = "go is not installed (apt-get install -y golang)";
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
    eprintln!("NOT RUN: {missing}");
    false
}

/// Reads a profile of `binary` and expects stacks in it that lie in the program.
fn expect_stacks(profile: &Path, binary: &Path) {
    let raw = run(Command::new("go").args(["tool", "pprof", "-raw"]).arg(profile), DEADLINE)
        .expect_success()
        .stdout;
    assert!(raw.contains("PeriodType: cpu nanoseconds\nPeriod: 10000000\n"), "{raw}");
    assert!(raw.contains("samples/count cpu/nanoseconds"), "{raw}");
    let (samples, rest) = raw.split_once("\nLocations\n").unwrap();
    let (locations, mappings) = rest.split_once("\nMappings\n").unwrap();
    // `count nanoseconds: locations`, and the thread in the line below.
    let stacks: Vec<(u64, usize)> = samples
        .lines()
        .filter_map(|line| {
            let (numbers, locations) = line.split_once(": ")?;
            let count = numbers.split_ascii_whitespace().next()?.parse().ok()?;
            Some((count, locations.split_ascii_whitespace().count()))
        })
        .collect();
    let seen: u64 = stacks.iter().map(|(count, _)| count).sum();
    assert!(seen >= 10, "{seen} samples\n{raw}");
    assert!(stacks.iter().any(|(_, depth)| *depth > 10), "{raw}");
    // The program is the first mapping, and nearly all addresses are in it.
    let binary = binary.display().to_string();
    let program = mappings.lines().next().unwrap();
    assert!(program.contains(&binary), "{program}");
    let id = program.split(&binary).nth(1).unwrap().split_ascii_whitespace().next().unwrap_or_default();
    assert!(id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{program}");
    let inside = locations.lines().filter(|line| line.contains("M=1")).count();
    assert!(inside * 10 > locations.lines().count() * 9, "{locations}");
}

#[test]
fn profiles_show_where_time_goes() {
    if !go_is_there() {
        return;
    }
    let binary = &distros::core().binary;
    let folder = tempfile::tempdir().unwrap();
    let collector = Collector::start(binary, &yaml(""));
    let at = endpoint(&collector);
    let profile = under_load(&collector, || http::get(at, "/debug/pprof/profile?seconds=5"));
    assert_eq!(profile.status, 200, "{}", profile.text());
    let file = folder.path().join("profile.pb.gz");
    fs::write(&file, &profile.body).unwrap();
    expect_stacks(&file, binary);
    let heap = http::get(at, "/debug/pprof/heap");
    assert_eq!(
        (heap.status, heap.text().starts_with("There is no heap profile: ")),
        (501, true),
        "{}",
        heap.text()
    );
    collector.stop().expect_clean();

    let saved = folder.path().join("whole.pb.gz");
    let collector = Collector::start(binary, &yaml(&format!(", save_to_file: '{}'", saved.display())));
    for _ in 0..200 {
        http::export(collector.http(), "/v1/traces", &generate::traces(0, 1000));
    }
    let refused = http::get(endpoint(&collector), "/debug/pprof/profile?seconds=1");
    assert_eq!(refused.status, 500, "{}", refused.text());
    assert_eq!(refused.text(), "Could not enable CPU profiling: cpu profiling already in use\n");
    collector.stop().expect_clean();
    expect_stacks(&saved, binary);
}
