//! The receiver as senders see it: over real sockets.

use std::{net::UdpSocket as Probe, time::Duration};

use ::http::Request;
use bytes::Bytes;
use slimcol_service::{Code, Refused};
use slimcol_testing::{Sink, Source, ask, assert_metadata, json, receiver_from_yaml};
use tokio::{
    net::{TcpStream, UdpSocket},
    time::{sleep, timeout},
};

use crate::FACTORY;

const PATIENCE: Duration = Duration::from_secs(20);

/// A `Batch` of the service "s" with one span whose only field is its name, "t".
const BATCH: &[u8] = b"\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x01s\x00\x0f\x00\x02\x0c\x00\x00\x00\x01\x0b\x00\x05\x00\x00\x00\x01t\x00\x00";
/// Calls of `emitBatch` with the same batch.
const BINARY: &[u8] = b"\x80\x01\x00\x04\x00\x00\x00\x09emitBatch\x00\x00\x00\x01\x0c\x00\x01\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x01s\x00\x0f\x00\x02\x0c\x00\x00\x00\x01\x0b\x00\x05\x00\x00\x00\x01t\x00\x00\x00";
const COMPACT: &[u8] = b"\x82\x81\x01\x09emitBatch\x1c\x1c\x18\x01s\x00\x19\x1c\x58\x01t\x00\x00\x00";
/// A `PostSpansRequest` with a batch of one span, "t".
const PROTO: &[u8] = b"\x0a\x0a\x0a\x03\x1a\x01t\x12\x03\x0a\x01s";

struct Receiving {
    source: Source,
    grpc: String,
    http: String,
    compact: String,
    binary: String,
}

impl Receiving {
    async fn start(sink: &Sink, udp: &str) -> Self {
        // Port 0 is refused, as in Go. Between looking for a free port and listening there, somebody else may take it.
        let mut attempts = 0;
        loop {
            attempts += 1;
            match Self::attempt(sink, udp).await {
                Err(reason) if attempts < 10 && reason.ends_with("address already in use") => {}
                started => return started.unwrap(),
            }
        }
    }

    async fn attempt(sink: &Sink, udp: &str) -> Result<Self, String> {
        let free =
            || format!("127.0.0.1:{}", Probe::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
        let [grpc, http, compact, binary] = [free(), free(), free(), free()];
        let yaml = format!(
            "protocols: {{grpc: {{endpoint: '{grpc}'}}, thrift_http: {{endpoint: '{http}'}}, \
             thrift_compact: {{endpoint: '{compact}', {udp}}}, thrift_binary: {{endpoint: '{binary}', {udp}}}}}"
        );
        let source = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await?;
        Ok(Self { source, grpc, http, compact, binary })
    }
}

/// Status and body of the answer.
async fn post(endpoint: &str, method: &str, path: &str, media: &str, body: &[u8]) -> (u16, String) {
    let header = format!("content-type: {media}\r\n");
    let answer = ask(endpoint, &format!("{method} {path}"), &header, body).await;
    (answer.status, answer.text().1)
}

/// Code and message of a call.
async fn call(endpoint: &str, path: &str, message: &[u8]) -> (u32, String) {
    let stream = TcpStream::connect(endpoint).await.unwrap();
    let (send, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut send = send.ready().await.unwrap();
    let request = Request::post(format!("http://test{path}")).header("content-type", "application/grpc");
    let (response, mut stream) = send.send_request(request.body(()).unwrap(), false).unwrap();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    stream.send_data(Bytes::from([&[0][..], &length, message].concat()), true).unwrap();
    let response = timeout(PATIENCE, response).await.unwrap().unwrap();
    let mut headers = response.headers().clone();
    let mut body = response.into_body();
    while let Some(data) = body.data().await {
        assert_eq!(data.unwrap(), &[0; 5][..], "an empty message");
    }
    headers.extend(body.trailers().await.unwrap().unwrap_or_default());
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    (text("grpc-status").unwrap().parse().unwrap(), text("grpc-message").unwrap_or_default())
}

async fn send(endpoint: &str, packet: &[u8]) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(packet, endpoint).await.unwrap();
}

async fn until(what: &str, mut there: impl FnMut() -> bool) {
    let waiting = async {
        while !there() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(PATIENCE, waiting).await.is_ok(), "{what} in time");
}

fn shown(sink: &Sink) -> String {
    json(sink.data().last().expect("something came"))
}

const SERVICE: &str = r#"{"key":"service.name","value":{"stringValue":"s"}}"#;
const POST_SPANS: &str = "/jaeger.api_v2.CollectorService/PostSpans";

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn every_protocol_brings_spans() {
    let sink = Sink::new();
    let receiving = Receiving::start(&sink, "socket_buffer_size: 100_000").await;
    assert_eq!(call(&receiving.grpc, POST_SPANS, PROTO).await, (0, String::new()));
    assert_eq!(sink.items(), 1);
    assert!(shown(&sink).contains(SERVICE) && shown(&sink).contains(r#""name":"t""#), "{}", shown(&sink));
    for media in ["application/x-thrift", "application/vnd.apache.thrift.binary; charset=utf-8"] {
        let before = sink.items();
        let answer = post(&receiving.http, "POST", "/api/traces", media, BATCH).await;
        assert_eq!((answer, sink.items()), ((202, String::new()), before + 1));
        assert!(shown(&sink).contains(SERVICE) && shown(&sink).contains(r#""name":"t""#), "{}", shown(&sink));
    }
    for (endpoint, packet) in [(&receiving.compact, COMPACT), (&receiving.binary, BINARY)] {
        let before = sink.items();
        send(endpoint, packet).await;
        until("a packet is taken", || sink.items() == before + 1).await;
        assert!(shown(&sink).contains(SERVICE) && shown(&sink).contains(r#""name":"t""#), "{}", shown(&sink));
    }
    receiving.source.stop().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let sink = Sink::new();
    let receiving = Receiving::start(&sink, "").await;
    for (method, path, media, body, status, text) in [
        ("GET", "/api/traces", "application/x-thrift", BATCH, 405, ""),
        ("POST", "/api/spans", "application/x-thrift", BATCH, 404, "404 page not found\n"),
        ("POST", "/api/traces", "", BATCH, 400, "Cannot parse content type: mime: no media type\n"),
        ("POST", "/api/traces", "text/<b>", BATCH, 400, "Unsupported content type: text/&lt;b&gt;\n"),
        (
            "POST",
            "/api/traces",
            "application/x-thrift",
            &BATCH[..9],
            400,
            "Unable to process request body: unexpected EOF\n",
        ),
        (
            "POST",
            "/api/traces",
            "application/x-thrift",
            b"\0",
            400,
            "Unable to process request body: Required field Process is not set\n",
        ),
    ] {
        let answer = post(&receiving.http, method, path, media, body).await;
        assert_eq!(answer, (status, text.to_owned()), "{method} {path} {media}");
    }
    let (code, text) = call(&receiving.grpc, POST_SPANS, b"\x0a\x04\x0a\x02\x0a\x00").await;
    assert_eq!(code, Code::Internal as u32);
    assert!(text.contains("failed to unmarshal the received message: invalid length for TraceID"), "{text}");
    for method in
        ["/jaeger.api_v2.SamplingManager/GetSamplingStrategy", "/jaeger.api_v2.CollectorService/Other"]
    {
        assert_eq!(call(&receiving.grpc, method, b"").await.0, Code::Unimplemented as u32, "{method}");
    }
    for packet in [&b"hello"[..], &BINARY[..30]] {
        send(&receiving.binary, packet).await;
    }
    let log = receiving.source.log().clone();
    until("both are told of", || log.count("Processor failed") == 2).await;
    assert_eq!(sink.items(), 0);
    receiving.source.stop().await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_answered_as_in_go() {
    let sink = Sink::new();
    let receiving = Receiving::start(&sink, "").await;
    sink.refuse_with(|| Refused::retryable("no <room>"));
    let answer = post(&receiving.http, "POST", "/api/traces", "application/x-thrift", BATCH).await;
    assert_eq!(answer, (500, "Cannot submit Jaeger batch: no <room>\n".to_owned()));
    let answer = call(&receiving.grpc, POST_SPANS, PROTO).await;
    assert_eq!(answer, (Code::Unknown as u32, "no <room>".to_owned()));
    sink.refuse_with(|| Refused::permanent("no").with_code(Code::ResourceExhausted));
    assert_eq!(call(&receiving.grpc, POST_SPANS, PROTO).await.0, Code::ResourceExhausted as u32);
    send(&receiving.compact, COMPACT).await;
    let log = receiving.source.log().clone();
    until("it is told of", || log.count("Processor failed") == 1).await;
    receiving.source.stop().await.unwrap();
}

#[tokio::test]
async fn packets_have_a_length() {
    let sink = Sink::new();
    let receiving = Receiving::start(&sink, "max_packet_size: 20, workers: 1").await;
    send(&receiving.compact, COMPACT).await;
    let log = receiving.source.log().clone();
    until("it is told of", || log.count("unexpected EOF") == 1).await;
    receiving.source.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_in_the_queue_is_taken_before_the_end() {
    let sink = Sink::new();
    let receiving = Receiving::start(&sink, "workers: 2").await;
    for _ in 0..50 {
        send(&receiving.binary, BINARY).await;
    }
    until("the first are taken", || sink.items() > 0).await;
    receiving.source.stop().await.unwrap();
    let taken = sink.items();
    sleep(Duration::from_millis(20)).await;
    assert_eq!(sink.items(), taken, "nothing runs on");
}
