//! The receiver as senders see it: over real sockets.

use std::io::Write;

use crate::FACTORY;
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use slimcol_service::Refused;
use slimcol_testing::{Sink, Source, ask, assert_metadata, json, receiver_from_yaml};

const V2: &str = r#"[{"traceId":"1","id":"2","name":"two","timestamp":1000,"tags":{"n":"7"}}]"#;
const V1: &str = r#"[{"traceId":"0000000000000001","id":"0000000000000002","name":"one","timestamp":1000,
    "binaryAnnotations":[{"key":"n","value":"7"}]}]"#;
/// A list of one span with the name "t".
const THRIFT: &[u8] =
    b"\x0c\x00\x00\x00\x01\x0b\x00\x03\x00\x00\x00\x01t\x0a\x00\x04\x00\x00\x00\x00\x00\x00\x00\x02\x00";
const PROTO: &[u8] = b"\x0a\x1f\x0a\x10aaaaaaaaaaaaaaaa\x1a\x08bbbbbbbb\x2a\x01p";

async fn start(yaml: &str, sink: &Sink) -> (Source, String) {
    let yaml = format!("{{endpoint: 'localhost:0', {yaml}}}");
    let source = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let endpoint = source.log().endpoint("Starting HTTP server");
    (source, endpoint)
}

/// Status and body of the answer.
async fn post(endpoint: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String) {
    let answer = ask(endpoint, &format!("POST {path}"), headers, body).await;
    (answer.status, answer.text().1)
}

fn shown(sink: &Sink) -> String {
    json(sink.data().last().expect("something came"))
}

#[test]
fn metadata_is_right() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn every_encoding_is_taken() {
    let sink = Sink::new();
    let (source, endpoint) = start("", &sink).await;
    for (path, headers, body, name) in [
        ("/api/v2/spans", "content-type: application/json\r\n", V2.as_bytes(), "two"),
        ("/", "", V2.as_bytes(), "two"),
        ("/api/v1/spans", "", V1.as_bytes(), "one"),
        ("/zipkin/api/v1/spans", "content-type: application/x-thrift\r\n", THRIFT, "t"),
        ("/api/v2/spans", "content-type: application/x-protobuf\r\nx-b3-flags: 1\r\n", PROTO, "p"),
    ] {
        let before = sink.items();
        assert_eq!(post(&endpoint, path, headers, body).await, (202, String::new()), "{path} {headers}");
        assert_eq!(sink.items(), before + 1);
        assert!(shown(&sink).contains(&format!(r#""name":"{name}""#)), "{}", shown(&sink));
    }
    assert_eq!(post(&endpoint, "/api/v2/spans", "", b"[]").await, (202, String::new()));
    source.stop().await.unwrap();
}

#[tokio::test]
async fn tags_become_numbers_if_they_shall() {
    let sink = Sink::new();
    let (source, endpoint) = start("parse_string_tags: true", &sink).await;
    for (path, body) in [("/api/v2/spans", V2), ("/api/v1/spans", V1)] {
        assert_eq!(post(&endpoint, path, "", body.as_bytes()).await.0, 202);
        assert!(shown(&sink).contains(r#"{"key":"n","value":{"intValue":"7"}}"#), "{}", shown(&sink));
    }
    source.stop().await.unwrap();
}

#[tokio::test]
async fn bodies_may_be_compressed() {
    let sink = Sink::new();
    let (source, endpoint) = start("", &sink).await;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(V2.as_bytes()).unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(V2.as_bytes()).unwrap();
    let zlib = zlib.finish().unwrap();
    for (name, body) in [("gzip", &gzip.finish().unwrap()), ("zlib", &zlib), ("deflate", &zlib)] {
        let header = format!("content-encoding: {name}\r\n");
        assert_eq!(post(&endpoint, "/api/v2/spans", &header, body).await, (202, String::new()), "{name}");
    }
    assert_eq!(sink.items(), 3);
    source.stop().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let sink = Sink::new();
    let (source, endpoint) = start("max_request_body_size: 100", &sink).await;
    for (path, headers, body, text) in [
        ("/api/v2/spans", "", &b"[{}]"[..], "valid span id required\n"),
        (
            "/api/v1/spans",
            "",
            b"{",
            "zipkinv1: ReadArray: expect [ or n, but found {, error found in #0 byte\n",
        ),
        ("/api/v1/spans", "content-type: application/x-thrift\r\n", b"\x0c", "unexpected EOF\n"),
        ("/api/v2/spans", "content-type: application/x-protobuf\r\n", b"\x0a\x7f", "proto: unexpected EOF\n"),
        ("/api/v2/spans", "", &[b' '; 101], "http: request body too large\n"),
    ] {
        assert_eq!(post(&endpoint, path, headers, body).await, (400, text.to_owned()), "{path}");
    }
    assert_eq!(sink.items(), 0);
    source.stop().await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_answered_as_in_go() {
    let sink = Sink::new();
    let (source, endpoint) = start("", &sink).await;
    for (refusal, status, text) in [
        ((|| Refused::permanent("no")) as fn() -> Refused, 400, r#""Bad Request""#),
        (|| Refused::retryable("later"), 500, r#""Internal Server Error""#),
    ] {
        sink.refuse_with(refusal);
        assert_eq!(post(&endpoint, "/api/v2/spans", "", V2.as_bytes()).await, (status, text.to_owned()));
    }
    source.stop().await.unwrap();
}
