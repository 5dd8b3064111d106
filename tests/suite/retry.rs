//! The backend goes away and comes back; nothing is lost and nothing comes twice.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use slimcol_bench::Sink;
use slimcol_testing::generate;

use crate::kit::{collector::Collector, distros, http};

const PATIENCE: Duration = Duration::from_secs(20);
const SPANS: usize = 100;
const REQUESTS: u64 = 8;

#[test]
fn what_a_dead_backend_missed_is_delivered_when_it_is_back() {
    let first = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = first.address;
    let collector = Collector::start(&distros::otlp().binary, &yaml(address));
    let all = REQUESTS * u64::try_from(SPANS).unwrap();

    send(&collector);
    assert_eq!(first.received().wait(all, PATIENCE), all);
    drop(first);

    send(&collector);
    let retry = collector.line("Exporting failed. Will retry the request after interval.");
    assert!(retry.contains("\"otelcol.component.id\": \"otlp_grpc\""), "{retry}");
    assert!(retry.contains("\"interval\": \""), "{retry}");

    let second = Sink::start(address).unwrap();
    assert_eq!(second.received().wait(all, PATIENCE), all);
    assert_eq!(collector.stop().code, Some(0));
    assert_eq!(second.received().items(), all, "something came twice");
}

fn send(collector: &Collector) {
    for seed in 0..REQUESTS {
        http::export(collector.http(), "/v1/traces", &generate::traces(seed, SPANS));
    }
}

fn yaml(to: SocketAddr) -> String {
    format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  otlp_grpc:
    endpoint: '{to}'
    tls: {{insecure: true}}
    retry_on_failure: {{initial_interval: 100ms, max_interval: 200ms}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [otlp_grpc]}}
"
    )
}
