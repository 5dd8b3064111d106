//! Unary calls, by a bare HTTP/2 client.

use ::http::{HeaderMap, Request};
use h2::client::SendRequest;
use slimcol_net::Compression;
use slimcol_service::{Code, Refused, Retry};

use super::*;

const TRACES: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const METRICS: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
const LOGS: &str = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

/// How a call ended.
#[derive(Debug)]
struct Ended {
    http: u16,
    message: Vec<u8>,
    /// Headers and trailers.
    headers: HeaderMap,
}

impl Ended {
    fn status(&self) -> (u32, String) {
        let text = |name| self.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        (text("grpc-status").unwrap().parse().unwrap(), text("grpc-message").unwrap_or_default())
    }
}

async fn connect(endpoint: &str) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(endpoint).await.unwrap();
    // The window also decides how many small answers may come at once.
    let mut builder = h2::client::Builder::new();
    builder.initial_connection_window_size(4 << 20);
    let (send, connection) = builder.handshake(stream).await.unwrap();
    tokio::spawn(connection);
    send.ready().await.unwrap()
}

fn framed(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[flag][..], &length, message].concat()
}

/// Calls with a body in frames of at most `frame` bytes.
async fn call(
    send: &mut SendRequest<Bytes>,
    path: &str,
    headers: &[(&'static str, &str)],
    body: &[u8],
    frame: usize,
) -> Ended {
    let mut builder = Request::post(format!("http://test{path}"));
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        builder = builder.header("content-type", "application/grpc");
    }
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let (response, mut stream) = send.send_request(builder.body(()).unwrap(), false).unwrap();
    // The server may answer, and stop listening, before all has been sent.
    for part in body.chunks(frame) {
        stream.reserve_capacity(part.len());
        let granted = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
        if !matches!(granted, Some(Ok(_))) || stream.send_data(Bytes::copy_from_slice(part), false).is_err() {
            break;
        }
    }
    let _ = stream.send_data(Bytes::new(), true);
    let response = tokio::time::timeout(PATIENCE, response).await.unwrap().unwrap();
    let http = response.status().as_u16();
    let mut headers = response.headers().clone();
    let mut body = response.into_body();
    let mut message = Vec::new();
    while let Some(data) = body.data().await {
        message.extend(data.unwrap());
    }
    if let Some(trailers) = body.trailers().await.unwrap() {
        headers.extend(trailers);
    }
    Ended { http, message, headers }
}

/// Calls with a well-formed message.
async fn unary(send: &mut SendRequest<Bytes>, path: &str, message: &[u8]) -> Ended {
    call(send, path, &[], &framed(0, message), 16 << 10).await
}

#[tokio::test]
async fn every_signal_is_taken() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    for (signal, path) in Signal::ALL.into_iter().zip([TRACES, METRICS, LOGS]) {
        let before = sink.items();
        let ended = unary(&mut send, path, &three(signal)).await;
        assert_eq!(ended.status(), (0, String::new()), "{signal}");
        assert_eq!((ended.http, &*ended.message), (200, &[0, 0, 0, 0, 2, 0x0a, 0][..]));
        assert_eq!(ended.headers["content-type"], "application/grpc");
        assert_eq!(sink.items() - before, 3);
        assert_eq!(sink.data().last().unwrap().bytes(), three(signal));
        assert_eq!(unary(&mut send, path, b"").await.status().0, 0);
    }
    assert_eq!(sink.payloads().len(), 3, "requests without items do not reach the pipeline");
    assert!(sink.payloads()[0].client.addr().unwrap().ip().is_loopback());
    receiving.source.stop().await.unwrap();
}

#[tokio::test]
async fn compressed_messages_are_read() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    let traces = generate::traces(3, 100);
    for (name, kind) in
        [("gzip", Compression::Gzip), ("snappy", Compression::SnappyFramed), ("zstd", Compression::Zstd)]
    {
        let packed = kind.compress(0, &[&traces]);
        let before = sink.items();
        let ended = call(&mut send, TRACES, &[("grpc-encoding", name)], &framed(1, &packed), 1 << 14).await;
        assert_eq!(ended.status().0, 0, "{name} {ended:?}");
        // The flag decides: a message may go as it is.
        let ended = call(&mut send, TRACES, &[("grpc-encoding", name)], &framed(0, &traces), 1 << 14).await;
        assert_eq!(ended.status().0, 0, "{name}");
        assert_eq!(sink.items() - before, 200);
        let ended = call(&mut send, TRACES, &[("grpc-encoding", name)], &framed(1, &packed[..9]), 9).await;
        let (code, message) = ended.status();
        assert_eq!(code, Code::Internal as u32, "{name}");
        let doing = if name == "gzip" { "decompress the message" } else { "read decompressed data" };
        assert!(message.starts_with(&format!("grpc: failed to {doing}: ")), "{name} {message}");
        let bomb = kind.compress(0, &[&vec![0; 64 << 20]]);
        if bomb.len() < 4 << 20 {
            let ended = call(&mut send, TRACES, &[("grpc-encoding", name)], &framed(1, &bomb), 1 << 14).await;
            let text = "grpc: received message after decompression larger than max 4194304";
            assert_eq!(ended.status(), (Code::ResourceExhausted as u32, text.to_owned()), "{name}");
        }
    }
}

#[tokio::test]
async fn frames_of_any_size_are_put_together() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    let body = framed(0, &three(Signal::Logs));
    for frame in [1, 3, 5, 6, 100, body.len()] {
        let ended = call(&mut send, LOGS, &[], &body, frame).await;
        assert_eq!(ended.status(), (0, String::new()), "{frame}");
    }
    assert_eq!(sink.items(), 18);
    assert!(sink.data().iter().all(|data| data.bytes() == three(Signal::Logs)));
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    let whole = framed(0, &three(Signal::Traces));
    let twice = [whole.clone(), whole.clone()].concat();
    let cut = generate::traces(1, 100);
    let cut = framed(1, &Compression::Gzip.compress(0, &[&cut])[..100]);
    let cases: [(&[u8], &str, Code, &str); 10] = [
        (
            b"",
            "",
            Code::Internal,
            "cardinality violation: received no request message from non-client-streaming RPC",
        ),
        (&cut, "gzip", Code::Internal, "grpc: failed to read decompressed data: unexpected EOF"),
        (
            &framed(1, b"certainly not gzip"),
            "gzip",
            Code::Internal,
            "grpc: failed to decompress the message: gzip: invalid header",
        ),
        (&whole[..3], "", Code::Internal, "unexpected EOF"),
        (&whole[..whole.len() - 1], "", Code::Internal, "unexpected EOF"),
        (
            &twice,
            "",
            Code::Internal,
            "cardinality violation: received multiple request messages for non-client-streaming RPC",
        ),
        (&framed(2, b"x"), "", Code::Internal, "grpc: received unexpected payload format 2"),
        (&framed(1, b"x"), "", Code::Internal, "grpc: compressed flag set with identity or empty encoding"),
        (
            &framed(0, b"x"),
            "lz4",
            Code::Unimplemented,
            "grpc: Decompressor is not installed for grpc-encoding \"lz4\"",
        ),
        (
            &framed(0, &vec![0; 4 << 20 | 1]),
            "",
            Code::ResourceExhausted,
            "grpc: received message larger than max (4194305 vs. 4194304)",
        ),
    ];
    for (body, encoding, code, text) in cases {
        let encoding = [("grpc-encoding", encoding)];
        let headers = if encoding[0].1.is_empty() { &[][..] } else { &encoding };
        let ended = call(&mut send, TRACES, headers, body, 16 << 10).await;
        assert_eq!(ended.status(), (code as u32, text.to_owned()), "{}", body.len());
    }
    let (code, message) = unary(&mut send, TRACES, &three(Signal::Traces)[1..]).await.status();
    assert_eq!(code, Code::Internal as u32);
    assert!(message.starts_with("grpc: failed to unmarshal the received message: "), "{message}");
    assert!(sink.payloads().is_empty());
}

#[tokio::test]
async fn unknown_services_and_methods() {
    let sink = Sink::new();
    let only = Outputs::default().with(Signal::Traces, sink.next());
    let receiving = Receiving::start("", "", only).await;
    let mut send = connect(&receiving.grpc).await;
    for (path, text) in [
        (METRICS, "unknown service opentelemetry.proto.collector.metrics.v1.MetricsService"),
        ("/a.B/Export", "unknown service a.B"),
        (
            "/opentelemetry.proto.collector.trace.v1.TraceService/Import",
            "unknown method Import for service opentelemetry.proto.collector.trace.v1.TraceService",
        ),
        ("/export", "malformed method name: \"/export\""),
    ] {
        let ended = unary(&mut send, path, b"").await;
        assert_eq!(ended.status(), (Code::Unimplemented as u32, text.to_owned()));
    }
    let ended = call(&mut send, TRACES, &[("content-type", "text/plain")], b"", 1).await;
    assert_eq!(ended.http, 415);
    assert_eq!(ended.status(), (3, "invalid gRPC request content-type \"text/plain\"".to_owned()));
    for content_type in ["application/grpc+proto", "application/grpc;charset=utf-8"] {
        let ended = call(&mut send, TRACES, &[("content-type", content_type)], &framed(0, b""), 9).await;
        assert_eq!(ended.status().0, 0, "{content_type}");
    }
}

#[tokio::test]
async fn refusals_become_statuses() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    let cases: [(Refusal, Code, &str, Option<Duration>); 4] = [
        (|| Refused::retryable("sending queue is full"), Code::Unavailable, "sending queue is full", None),
        (|| Refused::permanent("50% \u{e9}"), Code::Internal, "50%25 %C3%A9", None),
        (|| Refused::permanent("no").with_code(Code::InvalidArgument), Code::InvalidArgument, "no", None),
        (
            || Refused::retryable("wait").with_retry(Retry::After(Duration::from_secs(7))),
            Code::Unavailable,
            "wait",
            Some(Duration::from_secs(7)),
        ),
    ];
    for (refusal, code, text, delay) in cases {
        sink.refuse_with(refusal);
        let ended = unary(&mut send, TRACES, &three(Signal::Traces)).await;
        assert_eq!(ended.status(), (code as u32, text.to_owned()));
        // A `google.rpc.Status` with a `RetryInfo` of seven seconds, in base64 without padding.
        let details = "CA4SBHdhaXQaMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIBw";
        let expected = delay.map(|_| details);
        assert_eq!(
            ended.headers.get("grpc-status-details-bin").map(|value| value.to_str().unwrap()),
            expected
        );
    }
}

#[tokio::test]
async fn the_senders_deadline_holds() {
    let never = slimcol_service::Next::from_fn(|_| std::future::pending());
    let receiving = Receiving::start("", "", Outputs::default().with(Signal::Traces, never)).await;
    let mut send = connect(&receiving.grpc).await;
    let body = framed(0, &three(Signal::Traces));
    let ended = call(&mut send, TRACES, &[("grpc-timeout", "20m")], &body, 1 << 14).await;
    assert_eq!(ended.status(), (Code::DeadlineExceeded as u32, "context deadline exceeded".to_owned()));
    let ended = call(&mut send, TRACES, &[("grpc-timeout", "soon")], &body, 1 << 14).await;
    assert_eq!(ended.status().0, Code::Internal as u32);
}

#[tokio::test]
async fn many_streams_at_once() {
    let (receiving, sink) = Receiving::default().await;
    let send = connect(&receiving.grpc).await;
    let calls: Vec<_> = (0..400u64)
        .map(|seed| {
            let send = send.clone();
            tokio::spawn(async move {
                let mut send = send.ready().await.unwrap();
                unary(&mut send, TRACES, &generate::traces(seed, 20)).await.status().0
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 0);
    }
    assert_eq!(sink.items(), 8000);
}

#[tokio::test]
async fn senders_are_told_how_many_streams_there_may_be() {
    for (yaml, streams) in [("", 1024), ("max_concurrent_streams: 7", 7)] {
        let receiving = Receiving::start(yaml, "", Sink::new().outputs()).await;
        let mut send = connect(&receiving.grpc).await;
        assert_eq!(unary(&mut send, TRACES, &three(Signal::Traces)).await.status().0, 0);
        assert_eq!(send.current_max_send_streams(), streams);
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    let long = "x".repeat(70 << 10);
    let request = Request::post(format!("http://test{TRACES}"))
        .header("content-type", "application/grpc")
        .header("x-long", long);
    let (response, mut body) = send.send_request(request.body(()).unwrap(), false).unwrap();
    // It may be refused before the body is asked for.
    let _ = body.send_data(framed(0, &three(Signal::Traces)).into(), true);
    let refused = match response.await {
        Ok(response) => response.status().as_u16() == 431,
        Err(error) => error.is_reset(),
    };
    assert!(refused);
    // The connection is as good as before.
    assert_eq!(unary(&mut send, TRACES, &three(Signal::Traces)).await.status().0, 0);
    assert_eq!(sink.items(), 3);
}

#[tokio::test]
async fn a_bomb_is_refused() {
    let (receiving, sink) = Receiving::default().await;
    let mut send = connect(&receiving.grpc).await;
    let zeros = vec![0; 64 << 20];
    for name in ["gzip", "zstd", "snappy"] {
        let of = if name == "snappy" { "x-snappy-framed" } else { name };
        let bomb = Compression::from_name(of).unwrap().compress(0, &[&zeros]);
        assert!(bomb.len() < 4 << 20, "{name}");
        let ended = call(&mut send, TRACES, &[("grpc-encoding", name)], &framed(1, &bomb), 1 << 14).await;
        assert_eq!(ended.status().0, Code::ResourceExhausted as u32, "{name}");
    }
    assert_eq!(sink.items(), 0);
}

#[tokio::test]
async fn metadata_goes_along_when_asked_for() {
    for (grpc, tenants) in [("", 0), ("include_metadata: true", 2)] {
        let sink = Sink::new();
        let receiving = Receiving::start(grpc, "", sink.outputs()).await;
        let mut send = connect(&receiving.grpc).await;
        let headers = [("x-tenant", "a"), ("x-tenant", "b")];
        let ended = call(&mut send, TRACES, &headers, &framed(0, &three(Signal::Traces)), 1 << 14).await;
        assert_eq!(ended.status().0, 0);
        let client = &sink.payloads()[0].client;
        assert_eq!(client.metadata("X-Tenant").len(), tenants);
        assert_eq!(
            client.metadata(":authority").first().map(String::as_str),
            (tenants > 0).then_some("test")
        );
    }
}
