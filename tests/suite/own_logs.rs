//! Collectors that export lines of their own log to another collector.

use serde_json::Value;
use slimcol_testing::generate;

use crate::kit::{
    collector::{Collector, READY},
    distros, http,
};

const FAR_END: &str = "
receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}}}
exporters: {file: {path: '${env:DIR}/out.jsonl'}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {logs: {receivers: [otlp], exporters: [file]}}
";

/// A collector that exports its log through `processors`.
fn sender(telemetry: &str, processors: &str) -> Collector {
    let yaml = format!(
        "
receivers: {{otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}}}
processors: {{batch: }}
exporters:
  debug:
  otlp_http/gone:
    endpoint: http://127.0.0.1:1
    sending_queue: {{enabled: false}}
    retry_on_failure: {{enabled: false}}
service:
  telemetry:
    metrics: {{level: none}}
    {telemetry}
    logs: {{initial_fields: {{on: console}}, processors: [{processors}]}}
  pipelines:
    traces: {{receivers: [otlp], processors: [batch], exporters: [debug]}}
    logs: {{receivers: [otlp], exporters: [otlp_http/gone]}}
"
    );
    Collector::start(&distros::core().binary, &yaml)
}

/// Makes it log something about data.
fn use_it(sender: &Collector) {
    let headers = [("Content-Type", "application/x-protobuf")];
    assert_eq!(http::post(sender.http(), "/v1/traces", &headers, &generate::traces(0, 3)).status, 200);
    sender.line("\"spans\": 3");
    assert_eq!(http::post(sender.http(), "/v1/logs", &headers, &generate::logs(0, 2)).status, 503);
}

/// A line that was exported.
#[derive(Debug)]
struct Line {
    service: String,
    scope: Value,
    record: Value,
}

impl Line {
    fn message(&self) -> &str {
        self.record["body"]["stringValue"].as_str().unwrap()
    }

    /// An attribute of the line, or of its scope.
    fn attribute<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
        of["attributes"].as_array()?.iter().find(|one| one["key"] == name).map(|one| &one["value"])
    }

    fn text(of: &Value, name: &str) -> Option<String> {
        Some(Self::attribute(of, name)?["stringValue"].as_str()?.to_owned())
    }
}

/// All lines in a file.
fn exported(lines: &str) -> Vec<Line> {
    let list = |of: &Value, name: &str| of[name].as_array().unwrap().clone();
    let mut all = Vec::new();
    for request in lines.lines() {
        let request: Value = serde_json::from_str(request).unwrap();
        for resource in list(&request, "resourceLogs") {
            let service = Line::text(&resource["resource"], "service.name").unwrap();
            for scope in list(&resource, "scopeLogs") {
                for record in list(&scope, "logRecords") {
                    all.push(Line { service: service.clone(), scope: scope["scope"].clone(), record });
                }
            }
        }
    }
    all
}

#[test]
fn every_line_of_the_log_is_exported() {
    let far_end = Collector::start(&distros::core().binary, FAR_END);
    let mut logged = Vec::new();
    for (service, kind, protocol, address) in [
        ("batch by gRPC", "batch: {schedule_delay: 3600000,", "grpc", far_end.grpc()),
        ("batch by HTTP", "batch: {schedule_delay: 50,", "http/protobuf", far_end.http()),
        ("simple by gRPC", "simple: {", "grpc", far_end.grpc()),
    ] {
        let otlp = format!("otlp: {{protocol: {protocol}, endpoint: 'http://{address}', insecure: true}}");
        let sender = sender(
            &format!("resource: {{attributes: [{{name: service.name, value: {service}}}]}}"),
            &format!("{{{kind} exporter: {{{otlp}}}}}}}"),
        );
        use_it(&sender);
        let stopped = sender.stop();
        assert_eq!(stopped.code, Some(0), "{:#?}", stopped.log);
        logged.push((service, stopped.log));
    }
    let stopped = far_end.stop();
    stopped.expect_clean();
    let all = exported(&std::fs::read_to_string(stopped.file("out.jsonl")).unwrap());
    for (service, log) in logged {
        let of: Vec<&Line> = all.iter().filter(|line| line.service == service).collect();
        // Each once: what the console shows is what was exported.
        let mut console: Vec<&str> = log.iter().map(|line| line.split('\t').rev().nth(1).unwrap()).collect();
        let mut messages: Vec<&str> = of.iter().map(|line| line.message()).collect();
        console.sort_unstable();
        messages.sort_unstable();
        assert_eq!(messages, console, "{service}");
        let one = |message: &str| {
            let such: Vec<&&Line> = of.iter().filter(|line| line.message() == message).collect();
            let [line] = such[..] else { panic!("{service}: {such:?}") };
            assert!(Line::attribute(&line.record, "on").is_none(), "{line:?}");
            assert_eq!(line.record["timeUnixNano"], line.record["observedTimeUnixNano"]);
            line
        };
        for (message, file) in [
            ("Internal trace telemetry disabled", "slimcol-service/src/lifecycle/setup.rs"),
            (READY, "slimcol-service/src/lifecycle/service.rs"),
            ("Shutdown complete.", "slimcol-service/src/lifecycle/service.rs"),
        ] {
            let line = one(message);
            assert_eq!(line.record["severityNumber"], 9);
            assert_eq!(line.record["severityText"], "info");
            assert_eq!(line.scope["name"], "go.opentelemetry.io/collector/service");
            assert!(line.scope.get("attributes").is_none(), "{line:?}");
            assert_eq!(Line::text(&line.record, "code.file.path").as_deref(), Some(file));
            let at = Line::attribute(&line.record, "code.line.number").unwrap()["intValue"].as_str();
            assert!(at.unwrap().parse::<u32>().unwrap() > 0);
        }
        let shown = one("Traces");
        for (name, value) in [("component.id", "debug"), ("component.kind", "exporter"), ("signal", "traces")]
        {
            let found = Line::text(&shown.scope, &format!("otelcol.{name}"));
            assert_eq!(found.as_deref(), Some(value), "{shown:?}");
        }
        assert_eq!(Line::attribute(&shown.record, "spans").unwrap()["intValue"], "3");
        assert!(Line::attribute(&shown.record, "code.file.path").is_none(), "{shown:?}");
        let failed: Vec<_> = of.iter().filter(|line| line.record["severityNumber"] == 17).collect();
        let [failed] = failed[..] else { panic!("{service}: {failed:?}") };
        assert_eq!(Line::text(&failed.scope, "otelcol.component.id").as_deref(), Some("otlp_http/gone"));
        let why = Line::text(&failed.record, "exception.message").unwrap();
        assert!(why.contains("refused"), "{why}");
    }
}

#[test]
fn a_far_end_that_is_gone_is_told_of_once_for_each_attempt() {
    let otlp = |protocol: &str| {
        format!("exporter: {{otlp: {{protocol: {protocol}, endpoint: 'http://127.0.0.1:1'}}}}")
    };
    for (processor, least) in [
        (format!("{{batch: {{schedule_delay: 3600000, {}}}}}", otlp("grpc")), 1),
        (format!("{{batch: {{schedule_delay: 3600000, {}}}}}", otlp("http/protobuf")), 1),
        // Many attempts, of which the log shows as many as of any line that repeats.
        (format!("{{simple: {{{}}}}}", otlp("http/protobuf")), 6),
    ] {
        let sender = sender("", &processor);
        use_it(&sender);
        let stopped = sender.stop();
        assert_eq!(stopped.code, Some(0), "{:#?}", stopped.log);
        let failures: Vec<_> =
            stopped.log.iter().filter(|line| line.contains("failed to export logs")).collect();
        assert!(
            failures.iter().all(|line| line.contains("\terror\t") && line.contains("refused")),
            "{failures:#?}"
        );
        // Were they exported themselves, there would be no end of them.
        let others = stopped.log.len() - failures.len();
        assert!((least..=others).contains(&failures.len()), "{:#?}", stopped.log);
        assert!(least > 1 || failures.len() == 1, "{failures:#?}");
    }
}
