//! Log records, or points, that are a number each, sent to a collector and counted behind it: what was promised, what came, what
//! came twice.

mod answer;
mod front;
mod grpc;
mod items;
mod rig;
mod wire;

use std::{
    collections::HashMap,
    io::{BufReader, Read as _, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use self::items::Items;
use super::served::Request;

pub(crate) use self::{
    answer::Answer,
    front::Front,
    rig::{PER_REQUEST, Protocol, Rig, Times},
    wire::{Cut, Fault, Wire},
};

/// An OTLP server, over HTTP or gRPC, or one that is written to as Prometheus is; it remembers each number and answers as it is told.
#[derive(Clone, Debug)]
pub(crate) struct Sink(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    items: Items,
    answer: Mutex<Answer>,
    /// When each request came, taken or not.
    asked: Mutex<Vec<Instant>>,
    /// How long it takes for each request, in microseconds.
    delay: AtomicU64,
    numbers: Mutex<Vec<u64>>,
    /// How often each came.
    counts: Mutex<HashMap<u64, u64>>,
    came: AtomicU64,
}

impl Sink {
    /// Speaks HTTP until the process ends.
    pub(crate) fn start() -> Self {
        Self::start_for(Items::Records)
    }

    /// Takes remote write until the process ends, at any path.
    pub(crate) fn start_remote_write() -> Self {
        Self::start_for(Items::Points)
    }

    fn start_for(items: Items) -> Self {
        let (sink, listener) = Self::bind(items);
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

    /// Speaks gRPC until the process ends.
    pub(crate) fn start_grpc() -> Self {
        let (sink, listener) = Self::bind(Items::Records);
        grpc::serve(listener, sink.clone());
        sink
    }

    fn bind(items: Items) -> (Self, TcpListener) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sink = Self(Arc::new(Shared {
            address: listener.local_addr().unwrap(),
            items,
            answer: Mutex::default(),
            asked: Mutex::default(),
            delay: AtomicU64::new(0),
            numbers: Mutex::default(),
            counts: Mutex::default(),
            came: AtomicU64::new(0),
        }));
        (sink, listener)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }

    pub(crate) fn refuse(&self, refuses: bool) {
        self.answer(if refuses { Answer::refusal(503) } else { Answer::default() });
    }

    /// What it answers from now on.
    pub(crate) fn answer(&self, answer: Answer) {
        *self.0.answer.lock().unwrap() = answer;
    }

    /// When each request came, taken or not.
    pub(crate) fn asked(&self) -> Vec<Instant> {
        self.0.asked.lock().unwrap().clone()
    }

    pub(crate) fn delay(&self, delay: Duration) {
        self.0.delay.store(u64::try_from(delay.as_micros()).unwrap(), Relaxed);
    }

    /// Everything that came, in order.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.0.numbers.lock().unwrap().clone()
    }

    /// Waits until all of `expected` have come; what has not by then.
    pub(crate) fn missing(&self, expected: &[u64], patience: Duration) -> Vec<u64> {
        let end = Instant::now() + patience;
        loop {
            // Looked at only when it can be: looking takes its time.
            if self.0.came.load(Relaxed) < expected.len() as u64 && Instant::now() < end {
                thread::sleep(Duration::from_millis(2));
                continue;
            }
            let came = self.0.counts.lock().unwrap();
            let missing: Vec<u64> = expected.iter().copied().filter(|n| !came.contains_key(n)).collect();
            drop(came);
            if missing.is_empty() || Instant::now() > end {
                return missing;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// How many came once too often.
    pub(crate) fn repeated(&self) -> u64 {
        self.0.counts.lock().unwrap().values().map(|times| times - 1).sum()
    }

    /// Takes a request's numbers, if it is to be taken; the answer to it.
    fn judge(&self, request: &[u8]) -> Answer {
        self.0.asked.lock().unwrap().push(Instant::now());
        let answer = self.0.answer.lock().unwrap().clone();
        if answer.takes {
            let numbers = self.0.items.of(request);
            for number in &numbers {
                *self.0.counts.lock().unwrap().entry(*number).or_default() += 1;
            }
            self.0.came.fetch_add(numbers.len() as u64, Relaxed);
            self.0.numbers.lock().unwrap().extend(numbers);
        }
        answer
    }

    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let mut from = BufReader::new(stream.try_clone().ok()?);
        loop {
            let body = Request::read(&mut from)?.body;
            thread::sleep(Duration::from_micros(self.0.delay.load(Relaxed)));
            let answer = self.judge(&body);
            let mut head = format!("HTTP/1.1 {} chaos\r\n", answer.status);
            for (name, value) in &answer.headers {
                head = format!("{head}{name}: {value}\r\n");
            }
            head = format!("{head}Content-Length: {}\r\n\r\n", answer.body.len());
            stream.write_all(&[head.as_bytes(), &answer.body].concat()).ok()?;
        }
    }
}

/// Sends a request with these numbers as log records; the status of the answer, if there is one, and its body.
pub(crate) fn send(to: SocketAddr, range: Range<u64>) -> Option<(u16, String)> {
    send_as(Items::Records, to, range)
}

fn send_as(items: Items, to: SocketAddr, range: Range<u64>) -> Option<(u16, String)> {
    let (path, body) = items.request(range);
    let mut stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nContent-Type: application/x-protobuf\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Some((answer.split(' ').nth(1)?.parse().ok()?, answer))
}

/// Senders that go on whatever becomes of the collector, never sending a number twice.
#[derive(Debug)]
pub(crate) struct Senders {
    shared: Arc<Sending>,
    threads: Vec<thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct Sending {
    to: Mutex<Option<SocketAddr>>,
    next: AtomicU64,
    acknowledged: Mutex<Vec<u64>>,
    stop: AtomicBool,
    sink: Sink,
}

/// How far senders may be ahead of the sink, in numbers.
const AHEAD: u64 = 5_000;

impl Senders {
    /// So many senders, with so many numbers a request, which wait while `sink` is far behind.
    pub(crate) fn start(senders: usize, numbers: u64, sink: &Sink) -> Self {
        let shared = Arc::new(Sending {
            to: Mutex::default(),
            next: AtomicU64::new(0),
            acknowledged: Mutex::default(),
            stop: AtomicBool::new(false),
            sink: sink.clone(),
        });
        let threads = (0..senders).map(|_| {
            let shared = shared.clone();
            thread::spawn(move || shared.run(numbers))
        });
        Self { threads: threads.collect(), shared }
    }

    /// Where the collector is now.
    pub(crate) fn aim(&self, to: SocketAddr) {
        *self.shared.to.lock().unwrap() = Some(to);
    }

    /// How many numbers were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.shared.acknowledged.lock().unwrap().len()
    }

    /// All numbers that were acknowledged.
    pub(crate) fn finish(self) -> Vec<u64> {
        self.shared.stop.store(true, Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        std::mem::take(&mut self.shared.acknowledged.lock().unwrap())
    }
}

impl Sending {
    fn run(&self, numbers: u64) {
        while !self.stop.load(Relaxed) {
            let to = *self.to.lock().unwrap();
            let acknowledged = self.acknowledged.lock().unwrap().len() as u64;
            if acknowledged > self.sink.0.came.load(Relaxed) + AHEAD {
                thread::sleep(Duration::from_millis(1));
                continue;
            }
            let first = self.next.fetch_add(numbers, Relaxed);
            let range = first..first + numbers;
            match to.and_then(|to| send_as(self.sink.0.items, to, range.clone())) {
                Some((200, _)) => self.acknowledged.lock().unwrap().extend(range),
                _ => thread::sleep(Duration::from_millis(2)),
            }
        }
    }
}
