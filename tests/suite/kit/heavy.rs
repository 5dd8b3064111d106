//! Large requests: each is a number and as many bytes as it takes to make it large, sent until it is accepted and counted
//! behind the collector.

use std::{
    collections::HashMap,
    io::{BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use slimcol_testing::{field, numbered};

use super::{grpc, http, served::Request};

/// The method that takes log records.
const LOGS: &str = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

/// An OTLP/HTTP server that reads requests and does not answer them until it is told to.
#[derive(Clone, Debug)]
pub(crate) struct Sink(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    answers: Mutex<bool>,
    told: Condvar,
    /// How often each number came in a request that was answered.
    came: Mutex<HashMap<u64, u64>>,
}

impl Sink {
    /// Listens until the process ends.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sink = Self(Arc::new(Shared {
            address: listener.local_addr().unwrap(),
            answers: Mutex::new(false),
            told: Condvar::new(),
            came: Mutex::default(),
        }));
        let shared = sink.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let sink = shared.clone();
                // A connection ends when the collector does.
                thread::spawn(move || sink.serve(stream.unwrap()));
            }
        });
        sink
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// From now on everything is answered, also what came before.
    pub(crate) fn answer(&self) {
        *self.0.answers.lock().unwrap() = true;
        self.0.told.notify_all();
    }

    /// Waits until every number below `numbers` has come; those that have not by then, and those that came twice.
    pub(crate) fn wait(&self, numbers: u64, patience: Duration) -> (Vec<u64>, Vec<u64>) {
        let end = Instant::now() + patience;
        loop {
            let came = self.0.came.lock().unwrap();
            let missing: Vec<u64> = (0..numbers).filter(|number| !came.contains_key(number)).collect();
            if missing.is_empty() || Instant::now() > end {
                let twice = came.iter().filter(|(_, times)| **times > 1).map(|(number, _)| *number);
                return (missing, twice.collect());
            }
            drop(came);
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let mut from = BufReader::new(stream.try_clone().ok()?);
        loop {
            let body = Request::read(&mut from)?.body;
            let mut answers = self.0.answers.lock().unwrap();
            while !*answers {
                answers = self.0.told.wait(answers).unwrap();
            }
            drop(answers);
            for number in numbers(&body) {
                *self.0.came.lock().unwrap().entry(number).or_default() += 1;
            }
            stream
                .write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n",
                )
                .ok()?;
        }
    }
}

/// A request with one record, which is `number`, and about `size` bytes.
fn request(number: u64, size: usize) -> Bytes {
    // An entry without records, whose resource has a long attribute: fields in fields, from the inside out.
    // Entry { resource { attribute { value { text } } } }
    let filler = [1, 2, 1, 1, 1].into_iter().fold(vec![b'x'; size], |inner, number| field(number, &inner));
    [&numbered(number..number + 1).bytes()[..], &filler].concat().into()
}

/// The numbers in a request that may be several joined.
fn numbers(mut request: &[u8]) -> Vec<u64> {
    let mut found = Vec::new();
    while let [0x0a, rest @ ..] = request {
        let digits = rest.iter().position(|byte| *byte < 0x80).unwrap();
        let length = rest[..=digits].iter().rev().fold(0, |all, byte| all << 7 | usize::from(byte & 0x7f));
        let content = &rest[digits + 1..digits + 1 + length];
        // Scope, record, time: two bytes each but for the time's one.
        if let [0x12, 11, 0x12, 9, 0x09, number @ ..] = content {
            found.push(u64::from_le_bytes(number.try_into().unwrap()));
        }
        request = &rest[digits + 1 + length..];
    }
    found
}

/// Clients that send each of the numbers until it is accepted, and that wait a little after a refusal.
#[derive(Debug)]
pub(crate) struct Clients {
    shared: Arc<Sending>,
    threads: Vec<thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct Sending {
    size: usize,
    numbers: u64,
    next: AtomicU64,
    /// Bytes, whatever became of them.
    offered: AtomicU64,
    refused: [AtomicU64; 2],
    accepted: AtomicU64,
    stop: AtomicBool,
}

impl Clients {
    /// So many clients for each protocol, which together send `numbers` requests of `size` bytes.
    pub(crate) fn start(
        clients: usize,
        numbers: u64,
        size: usize,
        http: SocketAddr,
        grpc: SocketAddr,
    ) -> Self {
        let shared = Arc::new(Sending {
            size,
            numbers,
            next: AtomicU64::new(0),
            offered: AtomicU64::new(0),
            refused: Default::default(),
            accepted: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        });
        let threads = (0..2 * clients).map(|client| {
            let shared = shared.clone();
            thread::spawn(move || shared.run(client % 2, [http, grpc][client % 2]))
        });
        Self { threads: threads.collect(), shared }
    }

    /// The bytes that were sent, however often.
    pub(crate) fn offered(&self) -> u64 {
        self.shared.offered.load(Relaxed)
    }

    /// How many requests were refused over HTTP and over gRPC.
    pub(crate) fn refused(&self) -> [u64; 2] {
        [0, 1].map(|protocol| self.shared.refused[protocol].load(Relaxed))
    }

    /// How many requests were accepted.
    pub(crate) fn accepted(&self) -> u64 {
        self.shared.accepted.load(Relaxed)
    }

    /// Waits until all were accepted.
    pub(crate) fn finish(mut self) {
        for thread in std::mem::take(&mut self.threads) {
            thread.join().unwrap();
        }
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        self.shared.stop.store(true, Relaxed);
    }
}

impl Sending {
    fn run(&self, protocol: usize, to: SocketAddr) {
        loop {
            let number = self.next.fetch_add(1, Relaxed);
            if number >= self.numbers {
                return;
            }
            let body = request(number, self.size);
            while !self.try_send(protocol, to, &body) {
                if self.stop.load(Relaxed) {
                    return;
                }
                self.refused[protocol].fetch_add(1, Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
            self.accepted.fetch_add(1, Relaxed);
        }
    }

    /// Whether it was accepted; if not, it must be for the one reason, and so that clients try again.
    fn try_send(&self, protocol: usize, to: SocketAddr, body: &Bytes) -> bool {
        const REFUSAL: &str = "data refused due to high memory usage";
        self.offered.fetch_add(body.len() as u64, Relaxed);
        if protocol == 0 {
            let answer = http::post(to, "/v1/logs", &[("Content-Type", "application/x-protobuf")], body);
            let text = answer.text();
            assert!(
                answer.status == 200 || answer.status == 503 && text.contains(REFUSAL),
                "{}\n{text}",
                answer.head
            );
            answer.status == 200
        } else {
            let status = grpc::call(to, LOGS, None, grpc::frame(false, body));
            assert!(status.code == 0 || status.code == 14 && status.message == REFUSAL, "{status:?}");
            status.code == 0
        }
    }
}
