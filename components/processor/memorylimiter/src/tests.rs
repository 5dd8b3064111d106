use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use slimcol_config::from_yaml;
use slimcol_pdata::Signal;
use slimcol_service::{Code, Context, Held, Log, Memory, Retry, Routes, Signals, Status, StatusReporter};
use slimcol_testing::{Sink, assert_metadata, numbered};
use tempfile::TempDir;
use tokio::time::advance;

use crate::{
    Config, FACTORY,
    check::{Check, Gate, Place},
    heap::{Heap, Own},
    limiter::Limiter,
    limits::Limits,
    measure::System,
};

const YAML: &str = "{check_interval: 1s, limit_mib: 100, spike_limit_mib: 20}";

fn use_memory(root: &Path, mib: u64) {
    let status = root.join("proc/self/status");
    fs::create_dir_all(status.parent().unwrap()).unwrap();
    fs::write(status, format!("Name:\tx\nRssAnon:\t{} kB\n", mib << 10)).unwrap();
}

/// The lines without those of level debug.
fn said(lines: &Mutex<Vec<String>>) -> Vec<String> {
    lines.lock().unwrap().drain(..).filter(|line| !line.starts_with("debug")).collect()
}

/// An allocator of which so many MiB are in use, and whose rest a release gives back.
#[derive(Debug)]
struct Fake {
    root: TempDir,
    live: AtomicU64,
    released: AtomicUsize,
}

impl Fake {
    fn new() -> Arc<Self> {
        let root = tempfile::tempdir().unwrap();
        Arc::new(Self { root, live: AtomicU64::new(u64::MAX), released: AtomicUsize::new(0) })
    }

    fn holds(&self, resident: u64, live: u64) {
        use_memory(self.root.path(), resident);
        self.live.store(live, Relaxed);
    }
}

impl Heap for Fake {
    fn live(&self, resident: u64) -> Option<u64> {
        Some(self.live.load(Relaxed).saturating_mul(1 << 20).min(resident))
    }

    fn release(&self) {
        self.released.fetch_add(1, Relaxed);
        let live = self.live.load(Relaxed);
        if live != u64::MAX {
            use_memory(self.root.path(), live);
        }
    }
}

/// A check of `yaml` on a made-up system.
struct Bench {
    heap: Arc<Fake>,
    gate: Arc<Gate>,
    memory: Arc<Memory>,
    check: Check,
    cx: Context,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Bench {
    fn new(yaml: &str) -> Self {
        let heap = Fake::new();
        let (log, lines) = Log::capture();
        let config: Config = from_yaml(yaml).unwrap();
        let system = System::at(heap.root.path());
        let limits = Limits::new(&config, &system, &log).unwrap();
        let (gate, memory) = (Arc::<Gate>::default(), Arc::<Memory>::default());
        let cx = Context::standalone("memory_limiter", Signals::TRACES, Log::none());
        let statuses = Arc::new(Mutex::new(vec![cx.status().clone()]));
        let place = Place { system, heap: heap.clone(), log, memory: memory.clone() };
        let check = Check::new(limits, &config, place, gate.clone(), statuses);
        Self { heap, gate, memory, check, cx, lines }
    }

    fn said(&self) -> Vec<String> {
        said(&self.lines)
    }
}

#[tokio::test(start_paused = true)]
async fn refuses_from_the_soft_limit_on_and_says_so_once() {
    let bench = Bench::new(YAML);
    for (mib, refuses) in
        [(10, false), (79, false), (80, true), (99, true), (80, true), (79, false), (10, false)]
    {
        bench.heap.holds(mib, u64::MAX);
        bench.check.look();
        assert_eq!(bench.gate.refuses(), refuses, "{mib}");
        let (_, event) = bench.cx.statuses().all().remove(0);
        let expected = if refuses { Status::RecoverableError } else { Status::Ok };
        let error = refuses.then_some("data refused due to high memory usage");
        assert_eq!((event.status, event.error.as_deref()), (expected, error), "{mib}");
    }
    assert_eq!(
        bench.said(),
        [
            "warn\tMemory usage is above soft limit. Refusing data.\t{\"cur_mem_mib\": 80}",
            "info\tMemory usage back within limits. Resuming normal operation.\t{\"cur_mem_mib\": 79}",
        ]
    );
    assert_eq!(bench.heap.released.load(Relaxed), 0, "a start is less than 10 s ago, and nothing can be had");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_for_nothing_is_given_back_before_data_is_refused() {
    let bench = Bench::new(YAML);
    bench.heap.holds(90, 30);
    advance(Duration::from_secs(1)).await;
    bench.check.look();
    assert!(!bench.gate.refuses());
    assert_eq!(
        bench.said(),
        [
            "info\tMemory usage is above soft limit. Forcing a GC.\t{\"cur_mem_mib\": 90}",
            "info\tMemory usage after GC.\t{\"cur_mem_mib\": 30}",
        ]
    );
    // Less than half a spike is not worth the while, and is left to the intervals.
    bench.heap.holds(90, 81);
    advance(Duration::from_secs(1)).await;
    bench.check.look();
    assert!(bench.gate.refuses());
    bench.said();
    // Emptied, but kept: back at the next look, however long the intervals.
    bench.heap.holds(90, 10);
    advance(Duration::from_secs(1)).await;
    bench.check.look();
    assert!(!bench.gate.refuses());
    let back = "info\tMemory usage back within limits. Resuming normal operation.\t{\"cur_mem_mib\": 10}";
    assert_eq!(bench.said().last().unwrap(), back);
}

#[tokio::test(start_paused = true)]
async fn useless_releases_are_made_ever_more_seldom() {
    let releases = async |yaml: &str, mib: u64, seconds: usize| {
        let bench = Bench::new(yaml);
        bench.heap.holds(mib, u64::MAX);
        let mut at = Vec::new();
        for second in 1..=seconds {
            advance(Duration::from_secs(1)).await;
            bench.check.look();
            if bench.heap.released.swap(0, Relaxed) > 0 {
                at.push(second);
            }
        }
        (at, bench.said())
    };
    // Above the hard limit at every look at first, then after 1.9 s, 3.8 s, 7.6 s … and in the end every 30 s.
    let (at, said) = releases(YAML, 120, 100).await;
    assert_eq!(at, [1, 3, 7, 15, 31, 62, 93]);
    assert_eq!(
        said[..4],
        [
            "warn\tMemory usage is above hard limit. Forcing a GC.\t{\"cur_mem_mib\": 120}",
            "info\tMemory usage after GC.\t{\"cur_mem_mib\": 120}",
            "warn\tForced GC did not reclaim enough memory. Will back off GC frequency to preserve CPU for \
             recovery.\t{\"next_soft_gc_interval\": 20, \"next_hard_gc_interval\": 1.9, \"cur_mem_mib\": 120}",
            "warn\tMemory usage is above soft limit. Refusing data.\t{\"cur_mem_mib\": 120}",
        ]
    );
    let (at, _) = releases(YAML, 90, 100).await;
    assert_eq!(at, [11, 32, 63, 94]);
    let fixed = "{check_interval: 1s, limit_mib: 100, max_gc_interval_when_soft_limited: 0, \
                 max_gc_interval_when_hard_limited: 0, min_gc_interval_when_soft_limited: 3s}";
    assert_eq!(releases(fixed, 90, 13).await.0, [4, 8, 12]);
    assert_eq!(releases(fixed, 120, 4).await.0, [1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn between_looks_what_comes_is_counted() {
    let heap = Fake::new();
    heap.holds(20, u64::MAX);
    let memory = Arc::<Memory>::default();
    let limiter = Limiter::at(
        Place {
            system: System::at(heap.root.path()),
            heap: heap.clone(),
            log: Log::none(),
            memory: memory.clone(),
        },
        from_yaml("{check_interval: 1h, limit_mib: 100, spike_limit_mib: 20}").unwrap(),
    );
    limiter.start(&StatusReporter::default()).unwrap();
    for _ in 0..59 {
        assert!(limiter.admits(1 << 20));
    }
    // It was sent on in time.
    advance(Duration::from_secs(1)).await;
    assert!(limiter.admits(1 << 20));
    for _ in 0..58 {
        assert!(limiter.admits(1 << 20));
    }
    heap.holds(85, u64::MAX);
    advance(Duration::from_secs(1)).await;
    let mut taken = 0;
    while limiter.admits(1 << 20) {
        taken += 1;
    }
    assert!(taken < 4, "{taken}");
    // Nor is more read.
    let mut held = Held::new(&memory);
    assert!(!held.add(1));
    drop(held);
    heap.holds(75, u64::MAX);
    advance(Duration::from_secs(1)).await;
    let mut held = Held::new(&memory);
    assert!(held.add(2 << 20));
    heap.holds(81, u64::MAX);
    advance(Duration::from_secs(1)).await;
    assert!(!held.add(3 << 20));
    drop(held);
    limiter.stop();
    assert!(Held::new(&memory).add(1 << 40), "who has stopped limits nothing");
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let bench = Bench::new(YAML);
    bench.check.look();
    assert!(!bench.gate.refuses());
    assert!(bench.said()[0].starts_with("error\tCannot read the process's memory."));
    bench.heap.holds(90, u64::MAX);
    bench.check.look();
    fs::remove_file(bench.heap.root.path().join("proc/self/status")).unwrap();
    bench.check.look();
    assert!(bench.gate.refuses());
    assert_eq!(bench.memory.noted(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_task_serves_all_pipelines_until_the_last_stops() {
    let heap = Fake::new();
    heap.holds(10, u64::MAX);
    let (log, lines) = Log::capture();
    let system = System::at(heap.root.path());
    let limiter = Limiter::at(
        Place { system, heap: heap.clone(), log, memory: Arc::default() },
        from_yaml(YAML).unwrap(),
    );
    limiter.start(&StatusReporter::default()).unwrap();
    limiter.start(&StatusReporter::default()).unwrap();
    assert_eq!(
        said(&lines),
        [
            "info\tMemory limiter configured\t{\"limit_mib\": 100, \"spike_limit_mib\": 20, \"check_interval\": 1}"
        ]
    );
    limiter.stop();
    heap.holds(90, u64::MAX);
    assert!(limiter.admits(0));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(!limiter.admits(0));
    limiter.stop();
    heap.holds(10, u64::MAX);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(!limiter.admits(0), "nobody looks any more");
}

#[tokio::test]
async fn a_start_without_anything_to_measure_fails() {
    let root = tempfile::tempdir().unwrap();
    let start = |yaml| {
        let (system, config) = (System::at(root.path()), from_yaml(yaml).unwrap());
        let place = Place { system, heap: Arc::new(Own), log: Log::none(), memory: Arc::default() };
        Limiter::at(place, config).start(&StatusReporter::default()).unwrap_err().to_string()
    };
    let error = start(YAML);
    assert!(error.starts_with("failed to read the process's memory: "), "{error}");
    let error = start("{check_interval: 1s, limit_percentage: 80}");
    assert!(
        error.starts_with("failed to get total memory, use fixed memory settings (limit_mib): "),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn pipelines_of_one_id_refuse_together() {
    // Held until the end, so that the process is above the limit whatever else it does.
    let ballast = vec![1_u8; 4 << 20];
    let sink = Sink::new();
    let yaml = "{check_interval: 1s, limit_mib: 2, spike_limit_mib: 1}";
    let cx = Context::standalone("memory_limiter", Signals::ALL, Log::none());
    let routes = || Routes::new(vec![(Signal::Logs, "logs".to_owned(), sink.next())]);
    let one = FACTORY.part_alone(yaml, &cx, routes()).unwrap();
    let other = FACTORY.part_alone(yaml, &cx, routes()).unwrap();
    one.start().await.unwrap();
    other.start().await.unwrap();
    one.next().consume(numbered(0..1).into()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    for part in [&one, &other] {
        let refused = part.next().consume(numbered(1..2).into()).await.unwrap_err();
        assert_eq!(refused.to_string(), "data refused due to high memory usage");
        assert_eq!((refused.retry, refused.status()), (Retry::Later, Code::Unavailable));
    }
    one.stop().await;
    other.stop().await;
    assert_eq!(sink.items(), 1);
    assert!(ballast.iter().all(|byte| *byte == 1));
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}
