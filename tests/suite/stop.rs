//! Signals end a collector in order, and only after what it took in is out.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use rustix::process::Signal;
use slimcol_bench::{Load, Pace, Requests, Sink};

use crate::kit::{
    collector::{Collector, READY},
    distros,
};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn sigterm_under_load_loses_nothing() {
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let collector = Collector::start(&distros::otlp().binary, &yaml(sink.address));
    let requests = Requests::generate(slimcol_pdata::Signal::Logs, 200, true).unwrap();
    let load = Load::start(collector.grpc(), requests, Pace { connections: 2, in_flight: 4, rate: None });
    assert!(sink.received().wait(20_000, PATIENCE) >= 20_000);
    let stopped = collector.stop();
    let outcome = load.finish().unwrap();
    stopped.expect_clean();
    assert_eq!(sink.received().items(), outcome.acknowledged);
    stopped.expect_order(&[
        READY,
        "Received signal from OS",
        "Starting shutdown...",
        "Stopping extensions...",
        "Shutdown complete.",
    ]);
    let signal = stopped.line("Received signal from OS");
    assert!(signal.contains("\"signal\": \"terminated\""), "{signal}");
}

#[test]
fn sigint_is_an_order_to_stop_too() {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let stopped = Collector::start(&distros::otlp().binary, &yaml(nowhere)).signal(Signal::INT);
    stopped.expect_clean();
    let signal = stopped.line("Received signal from OS");
    assert!(signal.contains("\"signal\": \"interrupt\""), "{signal}");
}

fn yaml(to: SocketAddr) -> String {
    format!(
        "
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: 127.0.0.1:0}}}}}}
processors: {{batch: }}
exporters:
  otlp_grpc: {{endpoint: '{to}', tls: {{insecure: true}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], processors: [batch], exporters: [otlp_grpc]}}
"
    )
}
