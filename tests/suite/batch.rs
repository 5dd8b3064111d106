//! Batches by metadata in a whole collector: who shares one, how many there may be, and what is told of it.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use slimcol_bench::Sink;
use slimcol_testing::generate;

use crate::kit::{collector::Collector, distros, grpc, http};

const PATIENCE: Duration = Duration::from_secs(20);
const REFUSAL: &str = "too many batcher metadata-value combinations";

fn yaml(sink: SocketAddr, port: u16) -> String {
    format!(
        "
receivers:
  otlp:
    protocols:
      http: {{endpoint: 127.0.0.1:0, include_metadata: true}}
      grpc: {{endpoint: 127.0.0.1:0, include_metadata: true}}
processors:
  memory_limiter: {{check_interval: 1s, limit_mib: 2000}}
  batch: {{timeout: 50ms, metadata_keys: [tenant], metadata_cardinality_limit: 2}}
exporters:
  otlp_grpc:
    endpoint: '{sink}'
    tls: {{insecure: true}}
    sending_queue: {{batch: {{flush_timeout: 10ms}}}}
service:
  telemetry:
    metrics:
      level: detailed
      readers: [{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {port}}}}}}}}}]
  pipelines:
    traces: {{receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc]}}
"
    )
}

fn post(to: SocketAddr, tenant: &str, seed: u64) -> http::Answer {
    let headers = [("Content-Type", "application/x-protobuf"), ("Tenant", tenant)];
    http::post(to, "/v1/traces", &headers, &generate::traces(seed, 10))
}

fn call(to: SocketAddr, tenant: &str, seed: u64) -> grpc::Status {
    let body = grpc::frame(false, &generate::traces(seed, 10));
    grpc::call_with(to, grpc::TRACES, &[("tenant", tenant)], body)
}

#[test]
fn a_combination_too_many_is_refused_for_good() {
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let collector = Collector::start(&distros::contrib().binary, &yaml(sink.address, port));
    assert_eq!(post(collector.http(), "a", 0).status, 200);
    assert_eq!(call(collector.grpc(), "b", 1).code, 0);

    let refused = post(collector.http(), "c", 2);
    assert_eq!(refused.status, 500, "{}", refused.head);
    assert!(refused.text().contains(REFUSAL), "{}", refused.text());
    let refused = call(collector.grpc(), "c", 3);
    assert_eq!(refused.code, 13, "{refused:?}");
    assert!(refused.message.contains(REFUSAL), "{refused:?}");

    assert_eq!(call(collector.grpc(), "a", 4).code, 0);
    assert_eq!(post(collector.http(), "b", 5).status, 200);
    assert_eq!(sink.received().wait(40, PATIENCE), 40);

    let expected = [
        "otelcol_processor_batch_metadata_cardinality{processor=\"batch\"} 2",
        "otelcol_processor_internal_duration_count{otel_signal=\"traces\",processor=\"memory_limiter\"} 6",
        "otelcol_exporter_enqueue_size_sum{exporter=\"otlp_grpc\"} 40",
    ];
    let begun = Instant::now();
    let page = loop {
        let page = http::get(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "/metrics").text();
        if expected.iter().all(|line| page.lines().any(|found| found == *line)) {
            break page;
        }
        assert!(begun.elapsed() < PATIENCE, "{page}");
        thread::sleep(Duration::from_millis(50));
    };
    let bounds = |name: &str| -> Vec<f64> {
        let start = format!("{name}_bucket{{");
        let bounds = page.lines().filter(|line| line.starts_with(&start));
        bounds
            .map(|line| line.split("le=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
            .collect()
    };
    let powers: Vec<f64> = (7..=24).map(|power| 2_f64.powi(power)).chain([f64::INFINITY]).collect();
    for name in [
        "otelcol_processor_batch_batch_send_size_bytes",
        "otelcol_exporter_enqueue_size_bytes",
        "otelcol_exporter_queue_batch_send_size_bytes",
    ] {
        assert_eq!(bounds(name), powers, "{name}");
    }
    assert!(
        page.contains(
            "otelcol_exporter_queue_batch_send_size_sum{exporter=\"otlp_grpc\",server_address=\"127.0.0.1\""
        ),
        "{page}"
    );
    let log = collector.stop();
    assert_eq!(log.code, Some(0));
    assert_eq!(sink.received().items(), 40);
}
