//! The real SDK sends, and every record arrives as it was handed over.

use crate::kit::{collector::Collector, distros, python, records};

const TO_FILE: &str = "
receivers:
  otlp:
    protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}
processors: {batch: }
exporters: {file: {path: '${env:DIR}/out.jsonl'}}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [file]}
    metrics: {receivers: [otlp], processors: [batch], exporters: [file]}
    logs: {receivers: [otlp], processors: [batch], exporters: [file]}
";

/// 50 spans, 9 log records and 5 metrics.
const RECORDS: usize = 64;

#[test]
fn grpc_reaches_the_file_record_by_record() {
    let collector = Collector::start(&distros::core().binary, TO_FILE);
    let sent = python::script("send.py", ["grpc", &collector.grpc().to_string()]);
    check(collector, &sent);
}

#[test]
fn http_reaches_the_file_record_by_record() {
    let collector = Collector::start(&distros::core().binary, TO_FILE);
    let sent = python::script("send.py", ["http", &format!("http://{}", collector.http())]);
    check(collector, &sent);
}

fn check(collector: Collector, sent: &str) {
    let stopped = collector.stop();
    stopped.expect_clean();
    let sent = records::of_lines(sent);
    assert_eq!(sent.len(), RECORDS);
    records::assert_same(&sent, &records::of_file(&stopped.file("out.jsonl")));
}
