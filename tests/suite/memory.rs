//! More data than there is memory: the memory limiter refuses in time, and what it refused is accepted later.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::process::geteuid;

use crate::kit::{
    collector::Collector,
    distros,
    heavy::{Clients, Sink},
};

const PATIENCE: Duration = Duration::from_mins(3);
const MIB: u64 = 1 << 20;

/// Clients for each protocol.
const CLIENTS: usize = 32;

fn yaml(sink: &Sink, limiter: &str) -> String {
    format!(
        "
receivers:
  otlp:
    protocols:
      http: {{endpoint: 127.0.0.1:0}}
      grpc: {{endpoint: 127.0.0.1:0}}
processors:
  memory_limiter: {{{limiter}}}
exporters:
  otlp_http:
    endpoint: 'http://{}'
    compression: none
    timeout: 10m
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], processors: [memory_limiter], exporters: [otlp_http]}}
",
        sink.address()
    )
}

/// Offers `offered` MiB in requests of `size` bytes while the sink does not answer, lets it answer, and counts everything.
fn overload(collector: &Collector, sink: &Sink, offered: u64, size: usize) {
    let requests = offered * MIB / size as u64;
    let clients = Clients::start(CLIENTS, requests, size, collector.http(), collector.grpc());
    let end = Instant::now() + PATIENCE;
    while clients.offered() < offered * MIB || clients.refused().contains(&0) {
        assert!(Instant::now() < end, "{clients:?}");
        thread::sleep(Duration::from_millis(10));
    }
    let (peak, taken, refused) = (collector.peak_mib(), clients.accepted(), clients.refused());
    collector.line("Memory usage is above soft limit. Refusing data.");
    assert!(taken < requests / 2, "{taken} of {requests} requests are held");

    sink.answer();
    let (missing, twice) = sink.wait(requests, PATIENCE);
    assert!(missing.is_empty(), "{} of {requests} are lost: {missing:?}", missing.len());
    assert_eq!(twice, [0; 0], "these came twice");
    clients.finish();
    collector.line("Memory usage back within limits. Resuming normal operation.");
    eprintln!(
        "{offered} MiB offered in {requests} requests: {taken} held, {refused:?} refused over HTTP and gRPC, \
         peak {peak} MiB, in the end {} MiB",
        collector.peak_mib()
    );
}

#[test]
fn two_gibibytes_for_a_sink_that_does_not_answer() {
    let sink = Sink::start();
    let limiter = "check_interval: 1s, limit_mib: 128";
    let collector = Collector::start(&distros::contrib().binary, &yaml(&sink, limiter));
    overload(&collector, &sink, 2048, 1 << 20);
    assert!(collector.peak_mib() < 160, "{} MiB", collector.peak_mib());
    assert_eq!(collector.stop().code, Some(0));
}

/// A control group with so much memory; gone when dropped.
struct Group(PathBuf);

impl Group {
    /// Without root and a control group of memory it says so loudly and is `None`, or panics where `CI` is `true`.
    fn make(bytes: u64) -> Option<Self> {
        let name = format!("slimcol-test-{}", std::process::id());
        for (mount, file) in
            [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")]
        {
            // Without the controller there is no such file, and nothing can be written.
            let group = Self(PathBuf::from(mount).join(&name));
            if fs::create_dir(&group.0).is_ok() && fs::write(group.0.join(file), bytes.to_string()).is_ok() {
                return Some(group);
            }
        }
        let missing = "a control group that limits memory can only be made by root";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing} (root: {})", geteuid().is_root());
        eprintln!("NOT RUN: {missing}");
        None
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Only a group without processes can be removed, and the last may still be going.
        for _ in 0..100 {
            if fs::remove_dir(&self.0).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn percentages_are_of_the_control_groups_memory() {
    let Some(group) = Group::make(256 * MIB) else { return };
    let sink = Sink::start();
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.yaml");
    let limiter = "check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 10";
    fs::write(&config, yaml(&sink, limiter)).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "echo $$ > \"$1/cgroup.procs\" && exec \"$2\" --config \"$3\"", "sh"]);
    command.arg(&group.0).arg(&distros::contrib().binary).arg(&config);
    let collector = Collector::run(&mut command, dir);
    let line = collector.line("Using percentage memory limiter");
    assert!(line.contains("\"total_memory_mib\": 256, \"limit_percentage\": 50"), "{line}");
    let line = collector.line("Memory limiter configured");
    assert!(line.contains("\"limit_mib\": 128, \"spike_limit_mib\": 25"), "{line}");
    // The kernel would kill it at 256.
    overload(&collector, &sink, 1024, 3 << 20);
    assert_eq!(collector.stop().code, Some(0));
}
