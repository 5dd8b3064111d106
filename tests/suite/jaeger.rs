//! Spans in everything that Jaeger's own generated code speaks.

use std::{
    net::{Ipv4Addr, UdpSocket},
    path::Path,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::kit::{collector::Collector, command::run, distros, gopher, records};

const DEADLINE: Duration = Duration::from_mins(1);

#[test]
fn a_client_of_jaegers_is_understood_on_each_port() {
    let Some(mut client) = gopher::program("jaeger") else { return };
    // Port 0 is refused, as in Go.
    let free = || {
        let probe = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        probe.local_addr().unwrap().to_string()
    };
    let ports = [free(), free(), free(), free()];
    let [grpc, http, compact, binary] = &ports;
    let yaml = format!(
        "
receivers:
  jaeger:
    protocols:
      grpc: {{endpoint: '{grpc}'}}
      thrift_http: {{endpoint: '{http}'}}
      thrift_compact: {{endpoint: '{compact}'}}
      thrift_binary: {{endpoint: '{binary}'}}
exporters: {{file: {{path: '${{env:DIR}}/out.jsonl', flush_interval: 100ms}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [jaeger], exporters: [file]}}}}
"
    );
    let collector = Collector::start(&distros::core().binary, &yaml);
    run(client.args(&ports), DEADLINE).expect_success();
    // Nobody answers to packets: that they have come shows in the file.
    await_lines(&collector.file("out.jsonl"), 4);
    let stopped = collector.stop();
    stopped.expect_clean();
    let spans = records::of_file(&stopped.file("out.jsonl"));
    assert_eq!(spans.len(), 8);
    for protocol in ["grpc", "http", "compact", "binary"] {
        let find = |name: &str| {
            let name = format!("{protocol} {name}");
            let found = spans.iter().find(|record| record["spans"]["name"] == *name);
            found.unwrap_or_else(|| panic!("{name} in {spans:#?}"))
        };
        let (server, child) = (find("server"), find("child"));
        let resource = attributes(&server["resource"]);
        assert_eq!(
            resource,
            [
                "cpus={\"intValue\":\"8\"}",
                "host.name={\"stringValue\":\"h\"}",
                "service.name={\"stringValue\":\"shop\"}"
            ],
            "{protocol}"
        );
        let (server, child) = (&server["spans"], &child["spans"]);
        assert_eq!(server["traceId"], "00000000000000010000000000000002");
        assert_eq!(
            (&server["spanId"], &child["parentSpanId"]),
            (&"0000000000000003".into(), &server["spanId"])
        );
        assert_eq!((&server["kind"], &server["flags"]), (&2.0.into(), &1.0.into()));
        assert_eq!(server["startTimeUnixNano"], "1760000000000000000");
        assert_eq!(server["endTimeUnixNano"], "1760000000005000000");
        assert_eq!(attributes(server), ["paid={\"boolValue\":true}", "total={\"doubleValue\":9.5}"]);
        assert_eq!(server["events"][0]["name"], "rows");
        assert_eq!(child["status"]["code"], 2.0);
        assert_eq!(attributes(child), ["bytes={\"bytesValue\":\"AP8=\"}"]);
    }
}

/// `key=value` of each attribute, in order.
fn attributes(of: &Value) -> Vec<String> {
    let all = of["attributes"].as_array().map_or(&[][..], Vec::as_slice);
    let mut all: Vec<_> =
        all.iter().map(|one| format!("{}={}", one["key"].as_str().unwrap(), one["value"])).collect();
    all.sort();
    all
}

fn await_lines(file: &Path, count: usize) {
    let deadline = Instant::now() + DEADLINE;
    while std::fs::read_to_string(file).unwrap_or_default().lines().count() < count {
        assert!(Instant::now() < deadline, "{count} requests came");
        std::thread::sleep(Duration::from_millis(20));
    }
}
