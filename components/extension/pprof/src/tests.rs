use std::{
    io::Read as _,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use flate2::read::GzDecoder;
use slimcol_testing::{Source, ask, assert_metadata, extension_from_yaml};
use tokio::sync::Mutex;

use super::*;

/// Profiles are taken one at a time.
static ONE: Mutex<()> = Mutex::const_new(());

fn endpoint(source: &Source) -> String {
    source.log().endpoint("Starting net/http/pprof server")
}

/// Head and body of the answer to a GET.
async fn get(endpoint: &str, path: &str) -> (String, Vec<u8>) {
    let answer = ask(endpoint, &format!("GET {path}"), "", b"").await;
    (answer.head, answer.body)
}

/// Keeps a thread busy, in a function that is to be seen in profiles.
#[inline(never)]
fn count_until_told(stop: &AtomicBool) -> u64 {
    let mut count = 0_u64;
    while !stop.load(Relaxed) {
        count = std::hint::black_box(count.wrapping_mul(3) + 1);
    }
    count
}

/// Runs `work` while a thread is busy.
async fn while_busy<T>(work: impl Future<Output = T>) -> T {
    static STOP: AtomicBool = AtomicBool::new(false);
    STOP.store(false, Relaxed);
    let busy = std::thread::spawn(|| count_until_told(&STOP));
    let outcome = work.await;
    STOP.store(true, Relaxed);
    busy.join().unwrap();
    outcome
}

/// What `go tool pprof` has to say of a profile; `None` without Go, loudly.
fn top(profile: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profile");
    std::fs::write(&file, profile).unwrap();
    let Ok(output) = Command::new("go").args(["tool", "pprof", "-top", "-nodecount=200"]).arg(file).output()
    else {
        let missing = "go is not installed (apt-get install -y golang)";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("NOT RUN: {missing}");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// That a profile is one, and shows what the processor did.
fn expect_busy(profile: &[u8]) {
    let mut plain = Vec::new();
    GzDecoder::new(profile).read_to_end(&mut plain).unwrap();
    let program = std::env::current_exe().unwrap().display().to_string();
    let has = |text: &str| plain.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("nanoseconds") && has(&program) && has("count_until_told"));
    let Some(top) = top(profile) else { return };
    assert!(top.contains("Type: cpu") && top.contains("Duration: "), "{top}");
    let line = top.lines().find(|line| line.contains("count_until_told")).unwrap_or_else(|| panic!("{top}"));
    // Nearly all of the time goes there, and none of it to taking samples.
    let share = line.split_ascii_whitespace().nth(4).unwrap().trim_end_matches('%').parse::<f64>().unwrap();
    assert!(share > 50.0 && !top.contains("ticks::tick"), "{top}");
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn a_profile_shows_what_the_processor_does() {
    let _one = ONE.lock().await;
    let source = extension_from_yaml(&FACTORY, "endpoint: localhost:0").await.unwrap();
    let endpoint = endpoint(&source);
    let (first, second) = while_busy(async {
        tokio::join!(
            get(&endpoint, "/debug/pprof/profile?seconds=1"),
            get(&endpoint, "/debug/pprof/profile?seconds=1")
        )
    })
    .await;
    let (taken, refused) =
        if first.0.starts_with("HTTP/1.1 200 ") { (first, second) } else { (second, first) };
    assert!(taken.0.contains("content-type: application/octet-stream"), "{}", taken.0);
    expect_busy(&taken.1);
    assert!(refused.0.starts_with("HTTP/1.1 500 "), "{}", refused.0);
    assert_eq!(refused.1, b"Could not enable CPU profiling: cpu profiling already in use\n");
    source.stop().await.unwrap();
}

#[tokio::test]
async fn the_whole_run_goes_to_a_file() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.pprof");
    let yaml = format!("{{endpoint: 'localhost:0', save_to_file: '{}'}}", file.display());
    let source = extension_from_yaml(&FACTORY, &yaml).await.unwrap();
    while_busy(tokio::time::sleep(std::time::Duration::from_secs(1))).await;
    source.stop().await.unwrap();
    expect_busy(&std::fs::read(&file).unwrap());
    let nowhere = "{endpoint: 'localhost:0', save_to_file: /nowhere/at/all}";
    let error = extension_from_yaml(&FACTORY, nowhere).await.unwrap_err();
    assert!(error.starts_with("open /nowhere/at/all: "), "{error}");
    assert!(!Path::new("/nowhere").exists());
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_not_there() {
    let yaml = "{endpoint: 'localhost:0', block_profile_fraction: 3, dialer: {timeout: 1s}}";
    let source = extension_from_yaml(&FACTORY, yaml).await.unwrap();
    let endpoint = endpoint(&source);
    for (path, status, text) in [
        ("/debug/pprof/", "200", "<a href=\"profile?seconds=10\">profile</a>"),
        (
            "/debug/pprof/heap",
            "501",
            "There is no heap profile: the allocator does not record who allocates.",
        ),
        ("/debug/pprof/goroutine?debug=1", "501", "There is no goroutine profile"),
        ("/debug/pprof/nonsense", "404", "Unknown profile\n"),
        ("/debug/pprof", "404", "404 page not found\n"),
        ("/", "404", "404 page not found\n"),
    ] {
        let (head, body) = get(&endpoint, path).await;
        let body = String::from_utf8(body).unwrap();
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")) && body.contains(text),
            "{path}: {head}\n{body}"
        );
    }
    assert_eq!(source.log().count("block_profile_fraction and mutex_profile_fraction have no effect"), 1);
    source.stop().await.unwrap();
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("endpoint: ''", "bad config: endpoint must be specified"),
        ("save_to_fil: x", "has invalid keys: save_to_fil"),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}
