//! The whole exporter against a server that answers as a test says.

use std::{convert::Infallible, net::SocketAddr};

use http::{Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use slimcol_pdata::Signal;
use slimcol_service::{Code, Retry};
use slimcol_testing::{
    Part, assert_metadata, exporter_from_yaml,
    generate::{logs, metrics, traces},
};
use tokio::{net::TcpListener, sync::mpsc};

use super::*;

/// A request as it arrived: the target, the headers, the body.
type Seen = (String, HeaderMap, Bytes);

/// Answers every request with this status, content type and body.
async fn server(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: &'static [u8],
) -> (SocketAddr, mpsc::UnboundedReceiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (sender, seen) = mpsc::unbounded_channel();
    let mut answer = Response::new(Full::new(Bytes::from_static(body)));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        answer.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (sender, answer) = (sender.clone(), answer.clone());
            tokio::spawn(http1::Builder::new().serve_connection(
                TokioIo::new(stream),
                service_fn(move |request: http::Request<Incoming>| {
                    let (sender, answer) = (sender.clone(), answer.clone());
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await.unwrap().to_bytes();
                        let _ = sender.send((head.uri.to_string(), head.headers, body));
                        Ok::<_, Infallible>(answer)
                    }
                }),
            ));
        }
    });
    (addr, seen)
}

/// An exporter to this address that hands each outcome straight back.
async fn exporter(addr: SocketAddr, more: &str) -> Part {
    let yaml = format!(
        "endpoint: 'http://{addr}'\nsending_queue: {{enabled: false}}\n\
         retry_on_failure: {{enabled: false}}\n{more}"
    );
    exporter_from_yaml(&FACTORY, &yaml).await.unwrap()
}

fn data(signal: Signal) -> Data {
    let request = match signal {
        Signal::Traces => traces(1, 10),
        Signal::Metrics => metrics(1, 10),
        Signal::Logs => logs(1, 10),
    };
    Data::from_bytes(signal, request).unwrap()
}

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn each_signal_goes_to_its_url_as_it_came() {
    let (addr, mut seen) = server(200, &[("content-type", "application/x-protobuf")], &[10, 0]).await;
    let exporter = exporter(addr, &format!("compression: none\nlogs_endpoint: http://{addr}/logs?x=1")).await;
    for (signal, target) in
        [(Signal::Traces, "/v1/traces"), (Signal::Metrics, "/v1/metrics"), (Signal::Logs, "/logs?x=1")]
    {
        let data = data(signal);
        exporter.push(data.clone()).await.unwrap();
        let (uri, headers, body) = seen.recv().await.unwrap();
        assert_eq!((uri.as_str(), body), (target, data.bytes()));
        assert_eq!(headers["content-type"], "application/x-protobuf");
        assert!(!headers.contains_key("content-encoding"));
        assert!(headers["user-agent"].to_str().unwrap().ends_with(')'), "{headers:?}");
    }
    assert_eq!(exporter.log().all(), Vec::<String>::new());
}

#[tokio::test]
async fn gzip_is_the_default_also_for_json() {
    let (addr, mut seen) =
        server(200, &[("content-type", "application/json")], b"{\"partialSuccess\":{}}").await;
    let data = data(Signal::Logs);
    exporter(addr, "encoding: json").await.push(data.clone()).await.unwrap();
    let (_, headers, body) = seen.recv().await.unwrap();
    assert_eq!(
        (&headers["content-type"], &headers["content-encoding"]),
        (&HeaderValue::from_static("application/json"), &HeaderValue::from_static("gzip"),)
    );
    let plain = slimcol_net::Compression::Gzip.decompress(&body, 1 << 20).unwrap();
    let mut expected = Vec::new();
    data.write_json(&mut expected);
    assert_eq!(plain, expected);
    assert!(plain.starts_with(b"{\"resourceLogs\":["));
}

#[tokio::test]
async fn refusals_come_back_with_code_and_delay() {
    let (addr, _seen) = server(
        503,
        &[("retry-after", "7"), ("content-type", "application/x-protobuf")],
        b"\x08\x0e\x12\x04full",
    )
    .await;
    let refused = exporter(addr, "").await.push(data(Signal::Logs)).await.unwrap_err();
    assert_eq!(
        (refused.retry, refused.status()),
        (Retry::After(std::time::Duration::from_secs(7)), Code::Unavailable)
    );
    assert_eq!(
        refused.to_string(),
        format!(
            "Throttle (7s), error: rpc error: code = Unavailable desc = error exporting items, request to \
             http://{addr}/v1/logs responded with HTTP Status Code 503, Message=full, Details=[]"
        )
    );

    let (addr, _seen) = server(400, &[], b"no").await;
    let refused = exporter(addr, "").await.push(data(Signal::Logs)).await.unwrap_err();
    assert_eq!((refused.retry, refused.status()), (Retry::Never, Code::InvalidArgument));
}

#[tokio::test]
async fn a_server_that_is_not_there_may_come_back() {
    let addr = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = exporter(addr, "").await.push(data(Signal::Traces)).await.unwrap_err();
    assert_eq!(refused.retry, Retry::Later);
    assert_eq!(
        refused.to_string(),
        format!(
            "failed to make an HTTP request: Post \"http://{addr}/v1/traces\": \
             dial tcp {addr}: connect: connection refused"
        )
    );
}

#[tokio::test]
async fn partial_success_is_logged_and_counts_as_sent() {
    let (addr, _seen) =
        server(200, &[("content-type", "application/x-protobuf")], &[10, 7, 8, 3, 18, 3, b'o', b'l', b'd'])
            .await;
    let exporter = exporter(addr, "").await;
    exporter.push(data(Signal::Metrics)).await.unwrap();
    let lines = exporter.log().all().join("\n");
    assert!(lines.contains("Partial success response"), "{lines}");
    assert!(
        lines.contains("\"message\": \"old\"") && lines.contains("\"dropped_data_points\": 3"),
        "{lines}"
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_no_reason_to_send_again() {
    let (addr, _seen) = server(200, &[("content-type", "application/x-protobuf")], b"\xff\xff").await;
    let refused = exporter(addr, "").await.push(data(Signal::Metrics)).await.unwrap_err();
    assert_eq!(refused.to_string(), "Permanent error: error parsing protobuf response: unexpected EOF");
}

#[tokio::test]
async fn the_timeout_is_told_in_gos_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let refused = exporter(addr, "timeout: 30ms").await.push(data(Signal::Traces)).await.unwrap_err();
    assert_eq!(
        (refused.retry, refused.to_string()),
        (
            Retry::Later,
            format!(
                "failed to make an HTTP request: Post \"http://{addr}/v1/traces\": context deadline exceeded \
                 (Client.Timeout exceeded while awaiting headers)"
            )
        )
    );
}

#[tokio::test]
async fn what_cannot_work_is_refused() {
    for (yaml, text) in [
        ("endpoint: 'localhost:4318'", "endpoint must be a valid URL"),
        (
            "{endpoint: 'https://a', tls: {ca_file: /nowhere}}",
            "failed to load cert /nowhere: open /nowhere: no such file or directory",
        ),
        (
            "{endpoint: 'http://a', auth: {authenticator: o}}",
            "failed to resolve authenticator \"o\": authenticator not found",
        ),
    ] {
        let error = exporter_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.ends_with(text), "{error}");
    }
}
