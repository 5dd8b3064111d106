//! How many tokens a second of processor time takes from files: `cargo bench -p slimcol-fileconsumer`.
//!
//! The files are in the page cache. Compare lines of one run, not runs.
#![expect(clippy::print_stdout, reason = "what it measures is for who runs it")]

use std::{
    fmt::Write as _,
    fs,
    hint::black_box,
    io::Write as _,
    os::unix::fs::FileExt,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use slimcol_config::from_yaml;
use slimcol_fileconsumer::{Batch, Config, Consume, Consumer};
use slimcol_service::{BoxError, BoxFuture, Log};
use tokio::runtime::{Builder, Runtime};

const LINES: usize = 4_000_000;

/// Counts tokens, and keeps the last batch's if that is what is measured.
#[derive(Default)]
struct Count {
    tokens: AtomicUsize,
    kept: Option<Mutex<Vec<Bytes>>>,
}

impl Consume for Count {
    fn consume<'a>(&'a self, batch: Batch<'a>) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            if let Some(kept) = &self.kept {
                let mut kept = kept.lock().expect("nobody panics with it");
                kept.clear();
                kept.extend(batch.tokens().map(|token| batch.body(token)));
                self.tokens.fetch_add(kept.len(), Relaxed);
            } else {
                self.tokens.fetch_add(batch.tokens().count(), Relaxed);
            }
            Ok(())
        })
    }
}

fn main() {
    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers");
    pieces(&runtime);
    idle(&runtime, 400);
    idle(&runtime, 1000);
    let mut text = String::new();
    for n in 0..LINES {
        let _ = writeln!(
            text,
            "2026-11-22T03:04:05.{:06}Z INFO request {n} served by backend-{} in {} ms",
            n % 1_000_000,
            n % 7,
            n % 97
        );
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).expect("memory takes all");
    let packed = packed.finish().expect("memory takes all");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    println!("{LINES} lines, {} bytes", text.len());
    let start = r"multiline: {line_start_pattern: '^\d{4}-\d{2}-\d{2}T'}";
    let cases: [(&str, &[u8], &str, bool); 7] = [
        ("plain", text.as_bytes(), "", false),
        ("plain, kept", text.as_bytes(), "", true),
        ("utf-8-raw", text.as_bytes(), "encoding: utf-8-raw", false),
        ("line_start_pattern", text.as_bytes(), start, false),
        ("line_end_pattern", text.as_bytes(), r"multiline: {line_end_pattern: 'ms\n'}", false),
        ("utf-16", &wide, "encoding: utf-16", false),
        ("gzip", &packed, "compression: gzip", false),
    ];
    for (name, bytes, yaml, keep) in cases {
        let dir = tempfile::tempdir().expect("a folder for the file");
        let path = dir.path().join("a.log");
        fs::write(&path, bytes).expect("room for the file");
        let yaml = format!("{{include: [{}], start_at: beginning, {yaml}}}", path.display());
        let config: Config = from_yaml(&yaml).expect("the configuration is right");
        let sink = Count { kept: keep.then(Mutex::default), ..Count::default() };
        runtime.block_on(async {
            let mut consumer =
                Consumer::new(&config, None, Log::none()).await.expect("the configuration is right");
            let before = processor_seconds();
            consumer.poll(&sink).await;
            let spent = processor_seconds() - before;
            let tokens = sink.tokens.load(Relaxed);
            #[allow(clippy::cast_precision_loss, reason = "it is a figure to read")]
            let rate = tokens as f64 / spent / 1e6;
            println!("{name:20} {tokens:8} tokens, {spent:5.2} s, {rate:6.1} M tokens a second");
        });
    }
}

/// What a poll costs that finds nothing new.
fn idle(runtime: &Runtime, files: u32) {
    const POLLS: u32 = 100;
    let dir = tempfile::tempdir().expect("a folder for the files");
    for n in 0..files {
        fs::write(dir.path().join(format!("{n}.log")), format!("file {n}\n").repeat(200))
            .expect("room for a file");
    }
    let yaml = format!("{{include: [{}/*.log]}}", dir.path().display());
    let config: Config = from_yaml(&yaml).expect("the configuration is right");
    let sink = Count::default();
    runtime.block_on(async {
        let mut consumer =
            Consumer::new(&config, None, Log::none()).await.expect("the configuration is right");
        // Files that were written long ago, or so it seems.
        let later = SystemTime::now() + Duration::from_secs(10);
        consumer.poll_at(later, &sink).await;
        let before = processor_seconds();
        for _ in 0..POLLS {
            consumer.poll_at(later, &sink).await;
        }
        let each = (processor_seconds() - before) * 1e6 / f64::from(POLLS) / f64::from(files);
        println!("idle, {files} files: {each:.1} µs a file and poll");
    });
}

/// What reading one piece takes, and what letting another thread do it would take on top.
fn pieces(runtime: &Runtime) {
    const TIMES: u32 = 20_000;
    let dir = tempfile::tempdir().expect("a folder for the file");
    let path = dir.path().join("piece");
    let mut piece = vec![b'x'; 256 << 10];
    fs::write(&path, &piece).expect("room for the file");
    let file = fs::File::open(&path).expect("it was written");
    let before = processor_seconds();
    for _ in 0..TIMES {
        black_box(file.read_at(&mut piece, 0).expect("it is there"));
    }
    let read = (processor_seconds() - before) * 1e6 / f64::from(TIMES);
    let before = processor_seconds();
    runtime.block_on(async {
        for _ in 0..TIMES {
            tokio::task::spawn_blocking(|| ()).await.expect("it does nothing");
        }
    });
    let hop = (processor_seconds() - before) * 1e6 / f64::from(TIMES);
    println!("a piece: {read:.1} µs to read, {hop:.1} µs to have another thread do it");
}

/// What the process took, user and system, in steps of 10 ms.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    ticks / 100.0
}
