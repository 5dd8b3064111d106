use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, atomic::AtomicBool},
};

use slimcol_config::from_yaml;
use slimcol_pdata::Signal;
use slimcol_service::{Code, Context, Log, Retry, Routes, Signals, Status, StatusReporter};
use slimcol_testing::{Sink, assert_metadata, numbered};

use crate::{
    Config, FACTORY, REFUSED,
    limiter::{Check, Limiter},
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
fn said(lines: &std::sync::Mutex<Vec<String>>) -> Vec<String> {
    lines.lock().unwrap().iter().filter(|line| !line.starts_with("debug")).cloned().collect()
}

#[test]
fn refuses_from_the_soft_limit_on_and_says_so_once() {
    let root = tempfile::tempdir().unwrap();
    let (log, lines) = Log::capture();
    let config: Config = from_yaml(YAML).unwrap();
    let system = System::at(root.path());
    let limits = Limits::new(&config, &system, &log).unwrap();
    let cx = Context::standalone("memory_limiter", Signals::TRACES, Log::none());
    let statuses = Arc::new(Mutex::new(vec![cx.status().clone()]));
    let check = Check { limits, system, log, refuses: Arc::new(AtomicBool::new(false)), statuses };
    for (mib, refuses) in
        [(10, false), (79, false), (80, true), (150, true), (80, true), (79, false), (10, false)]
    {
        use_memory(root.path(), mib);
        check.check();
        assert_eq!(check.refuses.load(std::sync::atomic::Ordering::Relaxed), refuses, "{mib}");
        let (_, event) = cx.statuses().all().remove(0);
        let expected = if refuses { Status::RecoverableError } else { Status::Ok };
        assert_eq!((event.status, event.error.as_deref()), (expected, refuses.then_some(REFUSED)), "{mib}");
    }
    assert_eq!(
        said(&lines),
        [
            "warn\tMemory usage is above soft limit. Refusing data.\t{\"cur_mem_mib\": 80}",
            "info\tMemory usage back within limits. Resuming normal operation.\t{\"cur_mem_mib\": 79}",
        ]
    );
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (log, lines) = Log::capture();
    let system = System::at(root.path());
    let limits = Limits::new(&from_yaml(YAML).unwrap(), &system, &log).unwrap();
    let refuses = Arc::new(AtomicBool::new(true));
    let check = Check { limits, system, log, refuses, statuses: Arc::default() };
    check.check();
    assert!(check.refuses.load(std::sync::atomic::Ordering::Relaxed));
    assert!(said(&lines)[0].starts_with("error\tCannot read the process's memory."));
}

#[tokio::test(start_paused = true)]
async fn one_task_serves_all_pipelines_until_the_last_stops() {
    let root = tempfile::tempdir().unwrap();
    use_memory(root.path(), 10);
    let (log, lines) = Log::capture();
    let limiter = Limiter::on(System::at(root.path()), from_yaml(YAML).unwrap(), log);
    limiter.start(&StatusReporter::default()).unwrap();
    limiter.start(&StatusReporter::default()).unwrap();
    assert_eq!(
        said(&lines),
        [
            "info\tMemory limiter configured\t{\"limit_mib\": 100, \"spike_limit_mib\": 20, \"check_interval\": 1}"
        ]
    );
    limiter.stop();
    use_memory(root.path(), 90);
    assert!(!limiter.refuses());
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert!(limiter.refuses());
    limiter.stop();
    use_memory(root.path(), 10);
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert!(limiter.refuses(), "nobody looks any more");
}

#[tokio::test]
async fn a_start_without_anything_to_measure_fails() {
    let root = tempfile::tempdir().unwrap();
    let limiter = Limiter::on(System::at(root.path()), from_yaml(YAML).unwrap(), Log::none());
    let status = StatusReporter::default();
    let error = limiter.start(&status).unwrap_err().to_string();
    assert!(error.starts_with("failed to read the process's memory: "), "{error}");
    let percent = from_yaml("{check_interval: 1s, limit_percentage: 80}").unwrap();
    let error =
        Limiter::on(System::at(root.path()), percent, Log::none()).start(&status).unwrap_err().to_string();
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
