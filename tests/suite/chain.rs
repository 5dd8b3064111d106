//! An agent sends to a gateway, over gRPC and over HTTP, under the exporters' old names.

use crate::kit::{collector::Collector, distros, python, records};

const GATEWAY: &str = "
receivers:
  otlp:
    protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}
exporters: {file: {path: '${env:DIR}/out.jsonl'}}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], exporters: [file]}
    metrics: {receivers: [otlp], exporters: [file]}
    logs: {receivers: [otlp], exporters: [file]}
";

#[test]
fn an_agent_relays_every_record_to_a_gateway() {
    let gateway = Collector::start(&distros::core().binary, GATEWAY);
    let agent = Collector::start(&distros::otlp().binary, &agent(&gateway));
    let sent = python::script("send.py", ["grpc", &agent.grpc().to_string()]);
    let agent = agent.stop();
    agent.expect_clean();
    let gateway = gateway.stop();
    gateway.expect_clean();
    records::assert_same(&records::of_lines(&sent), &records::of_file(&gateway.file("out.jsonl")));

    for (old, new) in [("otlp", "otlp_grpc"), ("otlphttp", "otlp_http")] {
        let warning = format!("\twarn\t\"{old}\" alias is deprecated; use \"{new}\" instead\t");
        assert!(agent.log.iter().any(|line| tabs(line).contains(&warning)), "{:#?}", agent.log);
    }
}

/// Traces go on over gRPC, metrics over HTTP, logs over HTTP as JSON.
fn agent(gateway: &Collector) -> String {
    let (grpc, http) = (gateway.grpc(), gateway.http());
    format!(
        "
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: 127.0.0.1:0}}}}}}
processors:
  batch: {{timeout: 50ms}}
exporters:
  otlp: {{endpoint: '{grpc}', tls: {{insecure: true}}}}
  otlphttp: {{endpoint: 'http://{http}'}}
  otlphttp/json: {{endpoint: 'http://{http}', encoding: json, compression: none}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], processors: [batch], exporters: [otlp]}}
    metrics: {{receivers: [otlp], processors: [batch], exporters: [otlphttp]}}
    logs: {{receivers: [otlp], exporters: [otlphttp/json]}}
"
    )
}

/// A log line without the name of the source file, which no test should depend on.
fn tabs(line: &str) -> String {
    let mut fields: Vec<&str> = line.split('\t').collect();
    if fields.len() > 4 {
        fields.remove(2);
    }
    fields.join("\t")
}
