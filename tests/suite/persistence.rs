//! A sending queue in files: what was acknowledged arrives, whatever happens to the process, the disk or the files.

use std::{
    collections::hash_map::RandomState,
    fs,
    hash::BuildHasher,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Signal, geteuid};
use tempfile::TempDir;

use crate::kit::{
    collector::Collector,
    distros,
    numbers::{Fault, Senders, Sink, Wire, send},
};

const PATIENCE: Duration = Duration::from_mins(1);

/// How many are sent at a time.
const CONSUMERS: u64 = 4;

/// A collector whose queue is in `folder`.
fn start(folder: &Path, to: SocketAddr, queue: &str) -> Collector {
    let yaml = format!(
        "
extensions:
  file_storage: {{directory: '{}'}}
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  otlp_http:
    endpoint: 'http://{to}'
    compression: none
    retry_on_failure: {{initial_interval: 50ms, max_interval: 100ms, max_elapsed_time: 0}}
    sending_queue: {{storage: file_storage, queue_size: 1000000, {queue}}}
service:
  extensions: [file_storage]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], exporters: [otlp_http]}}
",
        folder.display()
    );
    Collector::start(&distros::contrib().binary, &yaml)
}

/// The segments of the queue, the oldest first.
fn segments(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("exporter_otlp_http__logs.store")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "log"));
    files.sort();
    files
}

/// Waits until all that was acknowledged has come.
fn expect(sink: &Sink, acknowledged: &[u64]) {
    let lost = sink.missing(acknowledged, PATIENCE);
    assert!(
        lost.is_empty(),
        "{} of {} lost: {:?} …",
        lost.len(),
        acknowledged.len(),
        &lost[..lost.len().min(10)]
    );
}

/// Nothing in a log says that the storage suffered.
fn no_harm(log: &[String]) {
    let wrong = ["damaged", "cannot be", "panic"];
    let wrong: Vec<_> = log.iter().filter(|line| wrong.iter().any(|word| line.contains(word))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Kills a collector under load so many times. `in_flight` is how many numbers it may send at a time.
fn kill(times: u64, queue: &str, in_flight: u64) {
    let folder = TempDir::new().unwrap();
    let sink = Sink::start();
    sink.delay(Duration::from_millis(1));
    let senders = Senders::start(4, 10, &sink);
    let chance = RandomState::new();
    for life in 0..times {
        let collector = start(folder.path(), sink.address(), queue);
        let before = senders.acknowledged();
        senders.aim(collector.http());
        thread::sleep(Duration::from_millis(20 + chance.hash_one(life) % 300));
        while senders.acknowledged() == before {
            thread::sleep(Duration::from_millis(1));
        }
        no_harm(&collector.signal(Signal::KILL).log);
    }
    let acknowledged = senders.finish();
    let last = start(folder.path(), sink.address(), queue);
    expect(&sink, &acknowledged);
    last.stop().expect_clean();
    let repeated = sink.repeated();
    eprintln!("{times} kills, {} acknowledged, 0 lost, {repeated} repeated", acknowledged.len());
    assert!(
        repeated <= times * in_flight,
        "{repeated} came twice, at most {in_flight} were in flight each time"
    );
}

#[test]
fn fifty_kills_lose_nothing() {
    kill(50, &format!("num_consumers: {CONSUMERS}"), CONSUMERS * 10);
}

#[test]
fn kills_lose_nothing_of_batches() {
    let queue =
        format!("num_consumers: {CONSUMERS}, batch: {{min_size: 40, max_size: 45, flush_timeout: 20ms}}");
    // A number of batches, and of each the rest of a request that was cut.
    kill(10, &queue, CONSUMERS * 45 + 10);
}

/// A collector whose exporter keeps what it sends in `folder`.
fn start_writing(folder: &Path, to: SocketAddr) -> Collector {
    let yaml = format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  prometheus_remote_write:
    endpoint: 'http://{to}/api/v1/write'
    retry_on_failure: {{initial_interval: 50ms, max_interval: 100ms, max_elapsed_time: 0}}
    wal: {{directory: '{}'}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    metrics: {{receivers: [otlp], exporters: [prometheus_remote_write]}}
",
        folder.display()
    );
    Collector::start(&distros::contrib().binary, &yaml)
}

#[test]
fn kills_lose_nothing_of_a_remote_write_log() {
    const LIVES: u64 = 20;
    let folder = TempDir::new().unwrap();
    let sink = Sink::start_remote_write();
    sink.delay(Duration::from_millis(1));
    let wire = Wire::to(sink.address());
    let senders = Senders::start(4, 10, &sink);
    let chance = RandomState::new();
    for life in 0..LIVES {
        let collector = start_writing(folder.path(), wire.address());
        senders.aim(collector.http());
        let pause = || thread::sleep(Duration::from_millis(20 + chance.hash_one(life) % 200));
        // Every other one finds nobody to write to at first, and the one after it dies without.
        let back = life % 2 == 1;
        if back {
            pause();
            wire.fault(Fault::None);
        }
        let before = (senders.acknowledged(), sink.asked().len());
        while senders.acknowledged() == before.0 || sink.asked().len() == before.1 {
            thread::sleep(Duration::from_millis(1));
        }
        if !back {
            wire.fault(Fault::Dead);
        }
        pause();
        no_harm(&collector.signal(Signal::KILL).log);
    }
    let acknowledged = senders.finish();
    let last = start_writing(folder.path(), wire.address());
    expect(&sink, &acknowledged);
    last.stop().expect_clean();
    let repeated = sink.repeated();
    eprintln!("{LIVES} kills, {} acknowledged, 0 lost, {repeated} repeated", acknowledged.len());
    // What was under way when the process died, and when the wire did.
    let under_way = (LIVES + LIVES / 2) * CONSUMERS * 10;
    assert!(repeated <= under_way, "{repeated} came twice, at most {under_way} were under way");
}

#[test]
fn a_damaged_segment_costs_what_is_damaged() {
    let folder = TempDir::new().unwrap();
    let sink = Sink::start();
    sink.refuse(true);
    let collector = start(folder.path(), sink.address(), "num_consumers: 1");
    for request in 0..30 {
        let (status, answer) = send(collector.http(), request * 100..request * 100 + 100).unwrap();
        assert_eq!(status, 200, "{answer}");
    }
    let log = collector.stop();
    log.expect_clean();
    assert!(log.line("Keeping data for the next start.").contains("\"kept_items\": 100"));

    // A bit in the middle, and the end of the last record.
    let file = segments(folder.path()).remove(0);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    bytes.truncate(bytes.len() - 5);
    fs::write(&file, bytes).unwrap();

    sink.refuse(false);
    let collector = start(folder.path(), sink.address(), "num_consumers: 1");
    let damaged = collector.line("The storage is damaged.");
    assert!(damaged.contains("\terror\t") && damaged.contains(&*file.to_string_lossy()), "{damaged}");
    assert!(damaged.contains("\"offset\": ") && damaged.contains("\"bytes\": 11"), "{damaged}");
    collector.line("The last write to the storage was not finished.");
    let kept: Vec<u64> =
        (0..2900).filter(|n| !(1500..1600).contains(n) && !(1400..1500).contains(n)).collect();
    expect(&sink, &kept);
    let log = collector.stop().log;
    assert_eq!(log.iter().filter(|line| line.contains("\terror\t")).count(), 1, "{log:#?}");
    let came = sink.numbers();
    assert_eq!(came.len(), 2800);
    assert!(came.is_sorted(), "not in the order in which they were taken");
}

/// A file system of its own with so little room; gone when dropped.
struct Small(TempDir);

impl Small {
    /// Without root it says so loudly and is `None`, or panics where `CI` is `true`.
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "none"]).arg(folder.path());
        if geteuid().is_root() && mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        let missing = "a small disk can only be mounted by root";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("NOT RUN: {missing}");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // Whatever the test found stays the test's outcome.
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_and_recovers() {
    let Some(small) = Small::mount() else { return };
    let folder = small.0.path();
    let sink = Sink::start();
    sink.refuse(true);
    let collector = start(folder, sink.address(), &format!("num_consumers: {CONSUMERS}"));
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    for request in 0..800 {
        let range = request * 1000..request * 1000 + 1000;
        match send(collector.http(), range.clone()).unwrap() {
            (200, _) => acknowledged.extend(range),
            (status, answer) => {
                assert!(status == 503 && answer.contains("no space left on device"), "{answer}");
                refused += 1;
            }
        }
    }
    // Some 370 of 11 kB fit.
    assert!((250_000..400_000).contains(&acknowledged.len()), "{}", acknowledged.len());
    assert!(refused > 300, "{refused}");

    sink.refuse(false);
    expect(&sink, &acknowledged);
    for request in 1000..1400 {
        let range = request * 1000..request * 1000 + 1000;
        // What has just come is about to be removed.
        let end = Instant::now() + PATIENCE;
        while send(collector.http(), range.clone()).unwrap().0 != 200 {
            assert!(Instant::now() < end, "there is still no room for {range:?}");
            thread::sleep(Duration::from_millis(5));
        }
        acknowledged.extend(range);
        if request % 20 == 0 {
            expect(&sink, &acknowledged[acknowledged.len() - 1000..]);
        }
    }
    expect(&sink, &acknowledged);
    assert_eq!(collector.stop().code, Some(0));
    assert_eq!((sink.numbers().len(), sink.repeated()), (acknowledged.len(), 0));
}
