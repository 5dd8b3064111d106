//! The whole exporter against a server that answers as a test says.

use std::net::SocketAddr;

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, Response};
use slimcol_pdata::Data;
use slimcol_testing::{
    Part, assert_metadata, exporter_from_yaml,
    generate::{logs, metrics, traces},
};
use tokio::{net::TcpListener, sync::mpsc};

use super::*;

/// A request as it arrived: the path, the headers, the message.
type Seen = (String, HeaderMap, Bytes);

/// Answers every call with this message and these trailers.
async fn server(message: &'static [u8], trailers: HeaderMap) -> (SocketAddr, mpsc::UnboundedReceiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (sender, seen) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (sender, trailers) = (sender.clone(), trailers.clone());
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((request, respond))) = connection.accept().await {
                    tokio::spawn(reply(request, respond, message, trailers.clone(), sender.clone()));
                }
            });
        }
    });
    (addr, seen)
}

async fn reply(
    request: http::Request<h2::RecvStream>,
    mut respond: h2::server::SendResponse<Bytes>,
    message: &'static [u8],
    trailers: HeaderMap,
    seen: mpsc::UnboundedSender<Seen>,
) {
    let (head, mut body) = request.into_parts();
    let mut whole = BytesMut::new();
    while let Some(Ok(data)) = body.data().await {
        body.flow_control().release_capacity(data.len()).unwrap();
        whole.extend_from_slice(&data);
    }
    let _ = seen.send((head.uri.path().to_owned(), head.headers, whole.freeze()));
    let head = Response::builder().header("content-type", "application/grpc").body(()).unwrap();
    let mut stream = respond.send_response(head, false).unwrap();
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap());
    framed.put_slice(message);
    stream.send_data(framed.freeze(), false).unwrap();
    stream.send_trailers(trailers).unwrap();
}

fn status(code: u16, message: &str) -> HeaderMap {
    HeaderMap::from_iter([
        ("grpc-status".parse().unwrap(), code.into()),
        ("grpc-message".parse().unwrap(), message.parse().unwrap()),
    ])
}

/// An exporter to this address that hands each outcome straight back.
async fn exporter(addr: SocketAddr, more: &str) -> Part {
    let yaml = format!(
        "endpoint: '{addr}'\ntls: {{insecure: true}}\nsending_queue: {{enabled: false}}\n\
         retry_on_failure: {{enabled: false}}\n{more}"
    );
    exporter_from_yaml(&FACTORY, &yaml).await.unwrap()
}

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn each_signal_goes_to_its_service_as_it_came() {
    let (addr, mut seen) = server(b"", status(0, "")).await;
    let exporter = exporter(addr, "compression: none\ntimeout: 7s").await;
    for (signal, request, path) in [
        (Signal::Traces, traces(1, 10), "/opentelemetry.proto.collector.trace.v1.TraceService/Export"),
        (Signal::Metrics, metrics(1, 10), "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"),
        (Signal::Logs, logs(1, 10), "/opentelemetry.proto.collector.logs.v1.LogsService/Export"),
    ] {
        let parts = vec![request.clone(), request.clone()];
        let parts = parts.into_iter().map(|part| Data::from_bytes(signal, part).unwrap()).collect();
        exporter.push(Data::concat(parts).unwrap()).await.unwrap();
        let (called, headers, body) = seen.recv().await.unwrap();
        assert_eq!(called, path);
        assert!(!headers.contains_key("grpc-encoding"));
        // Seven seconds, less what has passed.
        assert!(headers["grpc-timeout"].to_str().unwrap().ends_with('u'), "{headers:?}");
        assert_eq!(body[5..], [&request[..], &request[..]].concat());
    }
}

#[tokio::test]
async fn gzip_is_the_default() {
    let (addr, mut seen) = server(b"", status(0, "")).await;
    let data = Data::from_bytes(Signal::Logs, logs(1, 10)).unwrap();
    exporter(addr, "").await.push(data.clone()).await.unwrap();
    let (_, headers, body) = seen.recv().await.unwrap();
    assert_eq!((&headers["grpc-encoding"], body[0]), (&"gzip".parse().unwrap(), 1));
    let plain = slimcol_net::Compression::Gzip.decompress(&body[5..], 1 << 20).unwrap();
    assert_eq!(plain, data.bytes());
}

#[tokio::test]
async fn refusals_come_back_with_their_code() {
    for (code, text, permanent) in [
        (3, "Permanent error: rpc error: code = InvalidArgument desc = bad", true),
        (14, "rpc error: code = Unavailable desc = bad", false),
    ] {
        let (addr, _seen) = server(b"", status(code, "bad")).await;
        let data = Data::from_bytes(Signal::Traces, traces(1, 1)).unwrap();
        let refused = exporter(addr, "").await.push(data).await.unwrap_err();
        assert_eq!((refused.to_string().as_str(), refused.is_permanent()), (text, permanent));
        assert_eq!(refused.status() as u16, code);
    }
}

#[tokio::test]
async fn partial_success_is_logged_and_counts_as_sent() {
    let (addr, _seen) = server(&[10, 7, 8, 3, 18, 3, b'o', b'l', b'd'], status(0, "")).await;
    let exporter = exporter(addr, "").await;
    exporter.push(Data::from_bytes(Signal::Traces, traces(1, 10)).unwrap()).await.unwrap();
    assert_eq!(exporter.log().count("Partial success response"), 1);
    let lines = exporter.log().all().join("\n");
    assert!(lines.contains("\"message\": \"old\"") && lines.contains("\"dropped_spans\": 3"), "{lines}");
}

#[tokio::test]
async fn the_timeout_is_told_in_gos_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let exporter = exporter(addr, "timeout: 30ms").await;
    let refused = exporter.push(Data::from_bytes(Signal::Traces, traces(1, 1)).unwrap()).await.unwrap_err();
    assert_eq!(refused.status(), slimcol_service::Code::DeadlineExceeded);
    assert!(refused.to_string().ends_with("context deadline exceeded"), "{refused}");
}

#[tokio::test]
async fn what_cannot_work_is_refused_at_start() {
    let yaml = "{endpoint: 'a:1', auth: {authenticator: oauth2}}";
    let error = exporter_from_yaml(&FACTORY, yaml).await.unwrap_err();
    assert!(
        error.ends_with("failed to resolve authenticator \"oauth2\": authenticator not found"),
        "{error}"
    );
}
