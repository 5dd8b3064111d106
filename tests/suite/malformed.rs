//! What no SDK would send: each is answered with an error, and the collector lives on in bounded memory.

use std::io::Write;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use slimcol_testing::generate;

use crate::kit::{
    collector::Collector,
    distros,
    grpc::{METRICS, Status, TRACES, call, frame},
    http::{self, post},
};

const MIB: usize = 1 << 20;
/// Levels of arrays in arrays; every level of the wire format is several of a reader's.
const DEPTH: usize = 10_000;
/// Twice the largest body it takes, the room to inflate one, and what it needs anyway.
const PEAK_MIB: u64 = 100;
const RESOURCE_EXHAUSTED: u16 = 8;
const UNIMPLEMENTED: u16 = 12;
const INTERNAL: u16 = 13;

const YAML: &str = "
receivers:
  otlp:
    protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}
exporters: {debug: }
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
";

const PROTO: (&str, &str) = ("Content-Type", "application/x-protobuf");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const GZIP: (&str, &str) = ("Content-Encoding", "gzip");

const WRONG_TYPE: &str = "415 unsupported media type, supported: [application/json, application/x-protobuf]";

#[test]
fn http_answers_everything_and_lives_on() {
    let collector = Collector::start(&distros::core().binary, YAML);
    let to = collector.http();
    let refused = |what: &str, headers: &[(&str, &str)], body: &[u8], status: u16, text: &str| {
        let answer = post(to, "/v1/traces", headers, body);
        assert_eq!(answer.status, status, "{what}: {} {}", answer.head, answer.text());
        assert!(answer.text().contains(text) && !answer.body.is_empty(), "{what}: {}", answer.text());
    };
    let good = generate::traces(1, 10);
    let zipped = gzip(&good);
    refused("garbage", &[PROTO], b"\xff\xff\xff\xff", 400, "");
    refused("cut short", &[PROTO], &good[..good.len() - 1], 400, "");
    refused("deep", &[PROTO], &deep_attribute(DEPTH), 400, "");
    refused("64 MiB", &[PROTO], &vec![0; 64 * MIB], 400, "http: request body too large");
    refused("garbage JSON", &[JSON], b"{\"resourceSpans\": [{]}", 400, "\"code\":3");
    refused("deep JSON", &[JSON], deep_json(DEPTH).as_bytes(), 400, "\"code\":3");
    refused("short id", &[JSON], SHORT_ID, 400, "\"code\":3");
    refused("not gzip", &[PROTO, GZIP], &good, 400, "");
    refused("cut gzip", &[PROTO, GZIP], &zipped[..zipped.len() / 2], 400, "unexpected EOF");
    refused("bomb", &[PROTO, GZIP], &gzip(&vec![0; 256 * MIB]), 400, "http: request body too large");
    refused("brotli", &[PROTO, ("Content-Encoding", "br")], &good, 400, "unsupported Content-Encoding: br");
    refused("text", &[("Content-Type", "text/plain")], &good, 415, WRONG_TYPE);
    refused("no type", &[], &good, 415, WRONG_TYPE);

    let absent = post(to, "/v1/logs", &[PROTO], &[]);
    assert_eq!((absent.status, &*absent.text()), (404, "404 page not found\n"));
    let get = http::get(to, "/v1/traces");
    assert_eq!((get.status, &*get.text()), (405, "405 method not allowed, supported: [POST]"));
    alive(collector, &good);
}

#[test]
fn grpc_answers_everything_and_lives_on() {
    let collector = Collector::start(&distros::core().binary, YAML);
    let to = collector.grpc();
    let refused = |what: &str, encoding: Option<&str>, body: Bytes, code: u16, text: &str| {
        let status = call(to, TRACES, encoding, body);
        assert_eq!(status.code, code, "{what}: {}", status.message);
        assert!(status.message.contains(text) && !status.message.is_empty(), "{what}: {}", status.message);
    };
    let plain = |message: &[u8]| frame(false, message);
    let good = generate::traces(1, 10);
    let zipped = gzip(&good);
    refused("garbage", None, plain(b"\xff\xff\xff\xff"), INTERNAL, "");
    refused("cut short", None, plain(&good[..good.len() - 1]), INTERNAL, "");
    refused("deep", None, plain(&deep_attribute(DEPTH)), INTERNAL, "");
    refused("half a frame", None, plain(&good).slice(..20), INTERNAL, "");
    let too_large = "grpc: received message larger than max (67108864 vs. 4194304)";
    refused("64 MiB", None, plain(&vec![0; 64 * MIB]), RESOURCE_EXHAUSTED, too_large);
    let bomb = frame(true, &gzip(&vec![0; 256 * MIB]));
    refused("bomb", Some("gzip"), bomb, RESOURCE_EXHAUSTED, "larger than max");
    refused("cut gzip", Some("gzip"), frame(true, &zipped[..zipped.len() / 2]), INTERNAL, "");
    refused("brotli", Some("br"), frame(true, &good), UNIMPLEMENTED, "br");

    let absent = call(to, METRICS, None, plain(&[]));
    assert_eq!(absent.code, UNIMPLEMENTED);
    assert_eq!(absent.message, "unknown service opentelemetry.proto.collector.metrics.v1.MetricsService");
    alive(collector, &good);
}

/// It still takes good data, never grew beyond bounds, and stops in order.
fn alive(collector: Collector, good: &[u8]) {
    let accepted = Status { code: 0, message: String::new() };
    assert_eq!(call(collector.grpc(), TRACES, None, frame(false, good)), accepted);
    http::export(collector.http(), "/v1/traces", good);
    let peak = collector.peak_mib();
    assert!(peak <= PEAK_MIB, "{peak} MiB");
    let stopped = collector.stop();
    assert_eq!(stopped.code, Some(0));
    let received = stopped.log.iter().filter(|line| line.contains("\"resource spans\": 1, \"spans\": 10"));
    assert_eq!(received.count(), 2, "{:#?}", stopped.log);
}

/// A span whose trace id is too short.
const SHORT_ID: &[u8] = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"abcd"}]}]}]}"#;

/// As [`deep_attribute`].
fn deep_json(depth: usize) -> String {
    let (open, close) = (r#"{"arrayValue":{"values":["#.repeat(depth), "]}}".repeat(depth));
    format!(r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"k","value":{open}{close}}}]}}}}]}}"#)
}

/// A resource attribute that is an array in an array in an array…
fn deep_attribute(depth: usize) -> Vec<u8> {
    // Inside out: AnyValue.array_value = 5, ArrayValue.values = 1.
    let mut value = field(1, b"x");
    for _ in 0..depth {
        value = field(5, &field(1, &value));
    }
    let attribute = [field(1, b"k"), field(2, &value)].concat();
    field(1, &field(1, &field(1, &attribute)))
}

fn field(number: u8, body: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = body.len();
    while length > 0x7f {
        field.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    field.push(u8::try_from(length).unwrap());
    field.extend_from_slice(body);
    field
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
