//! Files that are rotated while they are read, by a collector that is killed again and again.
//!
//! `FILELOG_GB=10 cargo test --release -p slimcol-tests --test suite filelog` is the same with so much text.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use rustix::process::Signal;

use crate::kit::{collector::Collector, distros, served::Request};

/// What numbers stand behind.
const MARK: &[u8] = b"line=";
/// The length of a line, with its end.
const LINE: usize = 250;
/// A file is rotated when it is so long.
const ROTATED: u64 = 4 << 20;
/// How many lines may be written that have not come yet.
const AHEAD: u64 = 100_000;
/// How often the collector is killed.
const KILLS: usize = 10;

/// An OTLP server that remembers the numbers of lines.
#[derive(Clone)]
struct Sink(Arc<Shared>);

struct Shared {
    address: SocketAddr,
    counts: Mutex<HashMap<u64, u32>>,
    came: AtomicU64,
    /// The most lines of one request.
    largest: AtomicU64,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (came, largest) = (AtomicU64::new(0), AtomicU64::new(0));
        let sink = Self(Arc::new(Shared { address, counts: Mutex::default(), came, largest }));
        let of_listener = sink.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let sink = of_listener.clone();
                // A connection ends when the collector does.
                thread::spawn(move || sink.serve(&stream.unwrap()));
            }
        });
        sink
    }

    fn serve(&self, stream: &TcpStream) {
        let mut from = BufReader::new(stream);
        while let Some(request) = Request::read(&mut from) {
            let numbers = numbers(&request.body);
            self.0.largest.fetch_max(numbers.len() as u64, Relaxed);
            let mut counts = self.0.counts.lock().unwrap();
            for number in numbers {
                *counts.entry(number).or_default() += 1;
            }
            self.0.came.store(counts.len() as u64, Relaxed);
            drop(counts);
            let answer =
                b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
            let mut stream = stream;
            if stream.write_all(answer).is_err() {
                return;
            }
        }
    }

    /// Waits until so many different lines have come, and panics if they do not.
    fn expect(&self, lines: u64, patience: Duration) {
        let mut end = Instant::now() + patience;
        let mut before = 0;
        while self.0.came.load(Relaxed) < lines {
            let came = self.0.came.load(Relaxed);
            if came > before {
                (before, end) = (came, Instant::now() + patience);
            }
            assert!(Instant::now() < end, "{came} of {lines} lines came");
            sleep(Duration::from_millis(20));
        }
        let counts = self.0.counts.lock().unwrap();
        assert!((0..lines).all(|number| counts.contains_key(&number)), "other lines came");
    }

    /// How many came once more than they were written.
    fn doubled(&self) -> u64 {
        self.0.counts.lock().unwrap().values().map(|count| u64::from(count - 1)).sum()
    }
}

/// The numbers of the lines in a request.
fn numbers(request: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut rest = request;
    while let Some(at) = rest.windows(MARK.len()).position(|part| part == MARK) {
        let digits = &rest[at + MARK.len()..][..12];
        numbers.push(std::str::from_utf8(digits).unwrap().parse().unwrap());
        rest = &rest[(at + LINE - 1).min(rest.len())..];
    }
    numbers
}

fn line(number: u64) -> String {
    format!("line={number:012} {:x<width$}\n", "", width = LINE - 19)
}

/// How a file makes room for the next.
#[derive(Clone, Copy)]
enum Rotation {
    Move,
    CopyTruncate,
}

/// Writes lines and rotates, until it is told to stop; tells how many lines there are.
struct Writer {
    thread: thread::JoinHandle<u64>,
    stops: Arc<AtomicBool>,
}

impl Writer {
    fn start(dir: PathBuf, rotation: Rotation, least: u64, sink: &Sink) -> Self {
        let sink = sink.0.clone();
        let stops = Arc::new(AtomicBool::new(false));
        let told = stops.clone();
        let thread = thread::spawn(move || {
            let path = dir.join("app.log");
            let open = || File::options().create(true).append(true).open(&path).unwrap();
            let (mut file, mut length, mut rotated, mut number) = (open(), 0, 0, 0);
            while !told.load(Relaxed) || number * (LINE as u64) < least {
                let lines: String = (number..number + 400).map(line).collect();
                file.write_all(lines.as_bytes()).unwrap();
                number += 400;
                length += lines.len() as u64;
                if length >= ROTATED {
                    length = 0;
                    rotated += 1;
                    let to = dir.join(format!("app.log.{rotated:05}"));
                    match rotation {
                        Rotation::Move => {
                            fs::rename(&path, to).unwrap();
                            file = open();
                        }
                        Rotation::CopyTruncate => {
                            // What is still being copied is not looked at.
                            let part = dir.join("part");
                            fs::copy(&path, &part).unwrap();
                            fs::rename(&part, to).unwrap();
                            file.set_len(0).unwrap();
                        }
                    }
                }
                // About 40 MB a second, so that there is something to kill it in the midst of; a machine that is slow at reading
                // is not to read for ever.
                sleep(Duration::from_micros(2500));
                while number > sink.came.load(Relaxed) + AHEAD && !told.load(Relaxed) {
                    sleep(Duration::from_millis(1));
                }
            }
            number
        });
        Self { thread, stops }
    }

    fn stop(self) -> u64 {
        self.stops.store(true, Relaxed);
        self.thread.join().unwrap()
    }
}

fn start(dir: &Path, to: SocketAddr, more: &str) -> Collector {
    let yaml = format!(
        "
extensions:
  file_storage: {{directory: '{dir}/kept'}}
receivers:
  file_log:
    include: ['{dir}/app.log*']
    start_at: beginning
    storage: file_storage
    poll_interval: 20ms
    retry_on_failure: {{enabled: true, initial_interval: 10ms, max_elapsed_time: 0}}
    {more}
exporters:
  otlp_http: {{endpoint: 'http://{to}', compression: none, sending_queue: {{enabled: false}}, retry_on_failure: {{initial_interval: 10ms}}}}
service:
  extensions: [file_storage]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [file_log], exporters: [otlp_http]}}
",
        dir = dir.display()
    );
    Collector::start(&distros::contrib().binary, &yaml)
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("kept")).unwrap();
    dir
}

/// How much is written, bytes.
fn amount() -> u64 {
    std::env::var("FILELOG_GB").map_or(100 << 20, |gigabytes| gigabytes.parse::<u64>().unwrap() << 30)
}

fn survive(rotation: Rotation) {
    let (dir, sink) = (folder(), Sink::start());
    let writer = Writer::start(dir.path().to_owned(), rotation, amount(), &sink);
    for kill in 1..=KILLS as u64 {
        let collector = start(dir.path(), sink.0.address, "");
        let goal = (amount() / LINE as u64 / KILLS as u64) * kill * 8 / 10;
        let end = Instant::now() + Duration::from_mins(2) + Duration::from_secs(amount() >> 24);
        while sink.0.came.load(Relaxed) < goal {
            assert!(Instant::now() < end, "{} of {goal} lines came", sink.0.came.load(Relaxed));
            sleep(Duration::from_millis(1));
        }
        collector.signal(Signal::KILL);
    }
    let lines = writer.stop();
    let collector = start(dir.path(), sink.0.address, "");
    sink.expect(lines, Duration::from_mins(1));
    collector.stop();
    let (doubled, largest) = (sink.doubled(), sink.0.largest.load(Relaxed));
    eprintln!("{lines} lines, {doubled} of them twice, at most {largest} at a time");
    assert!(doubled <= KILLS as u64 * largest, "{doubled} lines came twice, {largest} at most in a request");
}

#[test]
fn files_that_are_moved_survive_kills() {
    survive(Rotation::Move);
}

#[test]
fn files_that_are_copied_and_truncated_survive_kills() {
    survive(Rotation::CopyTruncate);
}

#[test]
fn compressed_files_are_read_once() {
    let (dir, sink) = (folder(), Sink::start());
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    for number in 0..5000 {
        packed.write_all(line(number).as_bytes()).unwrap();
    }
    fs::write(dir.path().join("app.log.1.gz"), packed.finish().unwrap()).unwrap();
    fs::write(dir.path().join("app.log"), (5000..6000).map(line).collect::<String>()).unwrap();
    let collector = start(dir.path(), sink.0.address, "compression: auto");
    sink.expect(6000, Duration::from_mins(1));
    collector.stop().expect_clean();
    // What was read is known, compressed or not.
    let collector = start(dir.path(), sink.0.address, "compression: auto");
    let more: String = (6000..6010).map(line).collect();
    File::options()
        .append(true)
        .open(dir.path().join("app.log"))
        .unwrap()
        .write_all(more.as_bytes())
        .unwrap();
    sink.expect(6010, Duration::from_mins(1));
    collector.stop().expect_clean();
    assert_eq!(sink.doubled(), 0);
}
