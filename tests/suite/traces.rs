//! Collectors that export spans of their own to another collector, as part of their senders' traces.

use serde_json::Value;
use slimcol_testing::generate;

use crate::kit::{collector::Collector, distros, grpc, http};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

const FAR_END: &str = "
receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}}}
exporters: {file: {path: '${env:DIR}/out.jsonl'}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [otlp], exporters: [file]}}
";

/// All spans in a file, each with its scope and its service.
fn spans(lines: &str) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        for resource in line["resourceSpans"].as_array().unwrap() {
            let attributes = resource["resource"]["attributes"].as_array().unwrap();
            let service = attributes.iter().find(|one| one["key"] == "service.name").unwrap();
            let service = service["value"]["stringValue"].as_str().unwrap();
            for scope in resource["scopeSpans"].as_array().unwrap() {
                let name = scope["scope"]["name"].as_str().unwrap();
                for span in scope["spans"].as_array().unwrap() {
                    all.push((service.to_owned(), name.to_owned(), span.clone()));
                }
            }
        }
    }
    all
}

#[test]
fn a_collector_exports_its_own_spans_in_its_senders_traces() {
    let binary = &distros::core().binary;
    let far_end = Collector::start(binary, FAR_END);
    for (protocol, address) in [("grpc", far_end.grpc()), ("http/protobuf", far_end.http())] {
        let sender = Collector::start(
            binary,
            &format!(
                "
receivers: {{otlp: {{protocols: {{grpc: {{endpoint: 127.0.0.1:0}}, http: {{endpoint: 127.0.0.1:0}}}}}}}}
exporters: {{nop: , debug/x: }}
service:
  telemetry:
    metrics: {{level: none}}
    resource: {{service.name: by {protocol}}}
    traces:
      propagators: [tracecontext, b3]
      processors:
        - batch:
            schedule_delay: 3600000
            exporter: {{otlp: {{protocol: {protocol}, endpoint: 'http://{address}', insecure: true}}}}
  pipelines: {{traces: {{receivers: [otlp], exporters: [nop, debug/x]}}}}
"
            ),
        );
        assert_eq!(sender.log().count(|line| line.contains("Internal trace telemetry disabled")), 0);
        let body = generate::traces(0, 3);
        let traceparent = format!("00-{TRACE}-{PARENT}-01");
        let headers = [("Content-Type", "application/x-protobuf"), ("traceparent", &*traceparent)];
        assert_eq!(http::post(sender.http(), "/v1/traces", &headers, &body).status, 200);
        // Its sender wants no trace of this one.
        let unsampled = format!("00-{}-{PARENT}-00", TRACE.replace('4', "5"));
        let headers = [("Content-Type", "application/x-protobuf"), ("traceparent", &*unsampled)];
        assert_eq!(http::post(sender.http(), "/v1/traces", &headers, &body).status, 200);
        let b3 = format!("{TRACE}-{PARENT}-1");
        let method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
        let status = grpc::call_with(sender.grpc(), method, &[("b3", &b3)], grpc::frame(false, &body));
        assert_eq!(status.code, 0, "{status:?}");
        // What is left is sent when it ends.
        sender.stop().expect_clean();
    }
    let stopped = far_end.stop();
    let all = spans(&std::fs::read_to_string(stopped.file("out.jsonl")).unwrap());
    for protocol in ["grpc", "http/protobuf"] {
        let service = format!("by {protocol}");
        let of = |name: &str| {
            let such = |(by, _, span): &&(String, String, Value)| *by == service && span["name"] == name;
            all.iter().filter(such).collect::<Vec<_>>()
        };
        for (name, package) in [
            ("POST /v1/traces", "otelhttp"),
            ("opentelemetry.proto.collector.trace.v1.TraceService/Export", "otelgrpc"),
        ] {
            let requests = of(name);
            let [(_, scope, request)] = &requests[..] else { panic!("{name} of {protocol}: {all:?}") };
            assert!(scope.ends_with(package), "{scope}");
            assert_eq!((&request["traceId"], &request["parentSpanId"]), (&TRACE.into(), &PARENT.into()));
            assert_eq!(request["kind"], 2);
            let received = of("receiver/otlp/TraceDataReceived");
            assert_eq!(received.len(), 2, "{all:?}");
            let inside = |(_, _, span): &&&(String, String, Value)| span["parentSpanId"] == request["spanId"];
            let (_, scope, received) = received.iter().find(inside).unwrap();
            assert_eq!(scope, "go.opentelemetry.io/collector/receiver/receiverhelper");
            assert!(received["traceId"] == TRACE && received["kind"] == 1, "{received}");
        }
        let exported = of("exporter/debug/x/traces");
        assert!(exported.len() >= 2, "{all:?}");
        assert!(exported.iter().all(|(_, scope, _)| scope.ends_with("exporter/exporterhelper")), "{all:?}");
    }
    assert!(all.iter().all(|(by, _, _)| by.starts_with("by ")), "{all:?}");
}

#[test]
fn a_propagator_that_there_is_not_ends_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.yaml");
    let yaml = "
receivers: {nop: }
exporters: {nop: }
service:
  telemetry: {metrics: {level: none}, traces: {propagators: [jaeger]}}
  pipelines: {traces: {receivers: [nop], exporters: [nop]}}
";
    std::fs::write(&config, yaml).unwrap();
    let mut command = std::process::Command::new(&distros::core().binary);
    let ended =
        crate::kit::command::run(command.arg("--config").arg(&config), std::time::Duration::from_secs(30));
    assert_eq!(ended.code, Some(1));
    let text = "failed to create tracer provider: error creating propagator: unsupported trace propagator";
    assert!(ended.stderr.contains(text), "{}", ended.stderr);
}
