//! The receiver as senders see it: over real sockets, with clients that know nothing of this framework.

mod grpc;
mod http;
mod life;

use std::{io::Write, time::Duration};

use bytes::Bytes;
use slimcol_pdata::Signal;
use slimcol_service::{Outputs, Refused};
use slimcol_testing::{Sink, Source, generate, receiver_from_yaml};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::FACTORY;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a pipeline refuses with.
type Refusal = fn() -> Refused;

/// A running receiver and where it listens.
struct Receiving {
    source: Source,
    grpc: String,
    http: String,
}

impl Receiving {
    /// One with these keys under `grpc` and `http`, and both on free ports.
    async fn start(grpc: &str, http: &str, to: Outputs) -> Self {
        let yaml = format!(
            "protocols: {{grpc: {{endpoint: 'localhost:0', {grpc}}}, http: {{endpoint: 'localhost:0', {http}}}}}"
        );
        let source = receiver_from_yaml(&FACTORY, &yaml, to).await.unwrap();
        let endpoint = |line: &str| {
            let lines = source.log().all();
            let found = lines.iter().find(|all| all.contains(line)).expect("the line is logged");
            found.split("\"endpoint\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        Self { grpc: endpoint("Starting GRPC server"), http: endpoint("Starting HTTP server"), source }
    }

    async fn default() -> (Self, Sink) {
        let sink = Sink::new();
        (Self::start("", "", sink.outputs()).await, sink)
    }
}

/// An answer of HTTP/1.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// The whole of one request, as bytes.
fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    write!(whole, "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n").unwrap();
    for (name, value) in headers {
        write!(whole, "{name}: {value}\r\n").unwrap();
    }
    write!(whole, "content-length: {}\r\n\r\n", body.len()).unwrap();
    whole.extend(body);
    whole
}

/// Sends bytes on a connection of their own and reads to its end.
async fn exchange(endpoint: &str, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(endpoint).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    answer(&mut stream).await
}

async fn answer(stream: &mut TcpStream) -> Answer {
    let mut all = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all)).await.unwrap().unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8(all[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: all[end + 4..].to_vec() }
}

async fn post(receiving: &Receiving, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    exchange(&receiving.http, &request("POST", path, headers, body)).await
}

const JSON: (&str, &str) = ("content-type", "application/json");
const PROTO: (&str, &str) = ("content-type", "application/x-protobuf");

/// A request with three items of `signal`.
fn three(signal: Signal) -> Bytes {
    match signal {
        Signal::Traces => generate::traces(1, 3),
        Signal::Metrics => {
            // Points come in tens, so here are three by hand: a gauge with three empty points.
            let metric = [&[0x2a, 6][..], &[0x0a, 0, 0x0a, 0, 0x0a, 0]].concat();
            let nest =
                |inner: &[u8], key: u8| [&[key, u8::try_from(inner.len()).unwrap()][..], inner].concat();
            nest(&nest(&nest(&metric, 0x12), 0x12), 0x0a).into()
        }
        Signal::Logs => generate::logs(1, 3),
    }
}
