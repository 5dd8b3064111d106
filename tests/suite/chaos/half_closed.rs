//! Senders that close one direction of a connection.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

use slimcol_testing::numbered;

use crate::kit::{
    frames::{DATA, END_HEADERS, END_STREAM, Frames, HEADERS, call_header, frame},
    grpc::{self, LOGS},
    numbers::{Front, PER_REQUEST},
};

/// What a collector needs anyway (10 MiB), and 24 KiB for each of some hundred connections.
const MIB: u64 = 20;

const PATIENCE: Duration = Duration::from_secs(30);

/// `printf … | nc -N` does this.
#[test]
fn who_asked_and_closed_gets_the_answer() {
    let mut front = Front::start("", "");
    for _ in 0..20 {
        let numbers = front.numbers(PER_REQUEST);
        let body = numbered(numbers.clone()).bytes();
        let mut stream = TcpStream::connect(front.collector.http()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
        front.acknowledged(numbers);
    }
    front.finish(MIB);
}

#[test]
fn what_is_half_closed_does_not_stay() {
    let mut front = Front::start("", "");
    front.serves(1);
    let before = front.files();
    let mut open: Vec<Box<dyn std::any::Any>> = Vec::new();
    let request = b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123";
    for cut in (0..request.len()).step_by(7) {
        let mut stream = TcpStream::connect(front.collector.http()).unwrap();
        stream.write_all(&request[..cut]).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        open.push(Box::new(stream));
    }
    let numbers = front.numbers(PER_REQUEST);
    let message = grpc::frame(false, &numbered(numbers).bytes());
    let call =
        [frame(HEADERS, END_HEADERS, 1, &call_header(LOGS)), frame(DATA, END_STREAM, 1, &message)].concat();
    // The whole of it as well: as in Go nobody waits for an answer on a connection of HTTP/2 that is closed.
    for cut in (0..call.len()).step_by(13).chain([call.len()]) {
        let mut frames = Frames::connect(front.collector.grpc(), &[]);
        frames.write(&call[..cut]).unwrap();
        frames.half_close();
        open.push(Box::new(frames));
    }
    let end = Instant::now() + PATIENCE;
    while front.files() > before + 5 {
        assert!(Instant::now() < end, "{} of {} are still open", front.files() - before, open.len());
        std::thread::sleep(Duration::from_millis(5));
    }
    front.finish(MIB);
}
