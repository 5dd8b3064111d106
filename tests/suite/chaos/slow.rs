//! Senders that take their time: those that may are heard to the end, those that only hold a place are shown the door.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use bytes::Bytes;
use slimcol_testing::numbered;

use crate::kit::{
    frames::{DATA, END_HEADERS, Frames, HEADERS, call_header, frame},
    grpc::{self, LOGS, call},
    numbers::{Fault, Front, PER_REQUEST, Rig, Times, Wire, send},
};

/// What a collector needs anyway (10 MiB), and 24 KiB for each of some hundred connections.
const MIB: u64 = 20;

/// Far longer than anything that is waited for, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn a_byte_at_a_time_is_heard_to_the_end() {
    let mut front = Front::start("", "");
    let wires = [front.collector.grpc(), front.collector.http()].map(Wire::to);
    let [grpc, http] = wires.each_ref().map(Wire::address);
    for wire in &wires {
        wire.fault(Fault::Dribbles);
    }
    for _ in 0..5 {
        let numbers = front.numbers(PER_REQUEST);
        let message = grpc::frame(false, &numbered(numbers.clone()).bytes());
        assert_eq!(call(grpc, LOGS, None, message).code, 0);
        front.acknowledged(numbers);
        let numbers = front.numbers(PER_REQUEST);
        assert_eq!(send(http, numbers.clone()).unwrap().0, 200);
        front.acknowledged(numbers);
    }
    // Chunks and frames of one byte, too.
    let numbers = front.numbers(PER_REQUEST);
    chunks(front.collector.http(), &numbered(numbers.clone()).bytes());
    front.acknowledged(numbers);
    let numbers = front.numbers(PER_REQUEST);
    frames(front.collector.grpc(), &grpc::frame(false, &numbered(numbers.clone()).bytes()));
    front.acknowledged(numbers);
    front.finish(MIB);
}

#[test]
fn answers_a_byte_at_a_time_are_heard_to_the_end() {
    let mut rig = Rig::start(Times::default());
    rig.fault(Fault::Dribbles);
    rig.send(20);
    rig.finish(MIB, |_, _| 0);
}

/// Posts a body of which each byte is a chunk of its own.
fn chunks(to: SocketAddr, body: &[u8]) {
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = "POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    for byte in body {
        stream.write_all(&[b'1', b'\r', b'\n', *byte, b'\r', b'\n']).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

/// Calls with a message of which each byte is a frame of its own.
fn frames(to: SocketAddr, message: &Bytes) {
    let mut frames = Frames::connect(to, &[]);
    frames.write(&frame(HEADERS, END_HEADERS, 1, &call_header(LOGS))).unwrap();
    for (at, byte) in message.iter().enumerate() {
        frames.write(&frame(DATA, u8::from(at + 1 == message.len()), 1, &[*byte])).unwrap();
    }
    // The head, the message, and the trailers with the status.
    let answer: Vec<_> = std::iter::from_fn(|| frames.read())
        .filter(|(kind, _)| [HEADERS, DATA].contains(kind))
        .take(3)
        .collect();
    assert_eq!(answer.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [HEADERS, DATA, HEADERS]);
}

/// A connection of a slow loris, and what it says bit by bit, for ever.
struct Loris {
    stream: TcpStream,
    words: &'static [u8],
    said: usize,
}

impl Loris {
    fn new(to: SocketAddr, at_once: &[u8], words: &'static [u8]) -> Self {
        let mut stream = TcpStream::connect(to).unwrap();
        stream.write_all(at_once).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self { stream, words, said: 0 }
    }

    /// Says one more byte; whether anybody still listens.
    fn goes_on(&mut self) -> bool {
        let byte = self.words.get(self.said % self.words.len().max(1));
        self.said += 1;
        let said = byte.map_or(Ok(1), |byte| self.stream.write(&[*byte]));
        let heard = !matches!(said, Err(error) if error.kind() != std::io::ErrorKind::WouldBlock);
        let mut answer = [0; 1024];
        heard && !matches!(self.stream.read(&mut answer), Ok(0))
    }
}

#[test]
fn who_only_holds_a_place_is_shown_the_door() {
    const EACH: usize = 60;
    let mut front = Front::start("", ", read_header_timeout: 1s, read_timeout: 2s");
    let (grpc, http) = (front.collector.grpc(), front.collector.http());
    let before = front.files();
    let head = b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000000\r\n\r\n";
    let begun = Instant::now();
    let mut lorises: Vec<Loris> = (0..EACH)
        .flat_map(|_| {
            [
                // A head that does not end: `read_header_timeout`.
                Loris::new(http, b"POST /v1/logs HTTP/1.1\r\n", b"X-Header: and another\r\n"),
                // A body that does not: `read_timeout`.
                Loris::new(http, head, b"x"),
                // The beginning of HTTP/2, which has ten seconds.
                Loris::new(grpc, b"PRI * HTTP/2.0\r\n\r\nSM\r\n", b""),
            ]
        })
        .collect();
    while !lorises.is_empty() {
        lorises.retain_mut(Loris::goes_on);
        front.serves(1);
        assert!(begun.elapsed() < PATIENCE, "{} are still there", lorises.len());
        std::thread::sleep(Duration::from_millis(20));
    }
    eprintln!("all have gone after {:?}", begun.elapsed());
    let end = Instant::now() + PATIENCE;
    while front.files() > before + 10 {
        assert!(Instant::now() < end, "{} files are still open", front.files());
        std::thread::sleep(Duration::from_millis(5));
    }
    front.finish(MIB);
}

/// As in Go a body may take for ever unless `read_timeout` says otherwise; a stop does not wait for it.
#[test]
fn a_stop_does_not_wait_for_who_holds_a_place() {
    let mut front = Front::start("", "");
    let head = b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx";
    let lorises: Vec<_> = (0..50).map(|_| Loris::new(front.collector.http(), head, b"x")).collect();
    let mut calls: Vec<_> = (0..50).map(|_| Frames::connect(front.collector.grpc(), &[])).collect();
    for call in &mut calls {
        call.write(&frame(HEADERS, END_HEADERS, 1, &call_header(LOGS))).unwrap();
        call.write(&frame(DATA, 0, 1, b"\0\0\0")).unwrap();
    }
    front.serves(2);
    let begun = Instant::now();
    front.finish(MIB);
    assert!(begun.elapsed() < Duration::from_secs(25), "it took {:?}", begun.elapsed());
    drop((lorises, calls));
}
