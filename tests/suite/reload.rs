//! A changed configuration and SIGHUP: what did not change runs on, and nothing is lost.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Command,
    time::Duration,
};

use slimcol_bench::{Load, Pace, Requests, Sink};

use crate::kit::{
    collector::{Collector, Stopped},
    distros,
    numbers::{self, send},
};

const PATIENCE: Duration = Duration::from_secs(30);
const DONE: &str = "Partial reload completed successfully";

fn sink() -> Sink {
    Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap()
}

/// A relay that keeps what it sends to `kept` in files, and sends the same to `to`.
fn relay(kept: SocketAddr, to: SocketAddr, batch: usize) -> String {
    format!(
        "
extensions:
  file_storage: {{directory: '${{env:DIR}}'}}
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: 127.0.0.1:0}}}}}}
processors:
  batch: {{send_batch_size: {batch}}}
exporters:
  otlp_grpc/kept: {{endpoint: '{kept}', tls: {{insecure: true}}, sending_queue: {{storage: file_storage, block_on_overflow: true}}}}
  otlp_grpc: {{endpoint: '{to}', tls: {{insecure: true}}, sending_queue: {{block_on_overflow: true}}}}
service:
  extensions: [file_storage]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], processors: [batch], exporters: [otlp_grpc/kept, otlp_grpc]}}
"
    )
}

/// One connection that sends as fast as it is answered.
fn load(collector: &Collector) -> Load {
    let requests = Requests::generate(slimcol_pdata::Signal::Logs, 50, true).unwrap();
    Load::start(collector.grpc(), requests, Pace { connections: 1, in_flight: 4, rate: None })
}

fn count(stopped: &Stopped, text: &str) -> usize {
    stopped.log.iter().filter(|line| line.contains(text)).count()
}

#[test]
fn an_exporter_is_replaced_under_load_behind_a_connection_that_stays() {
    let (kept, first, second) = (sink(), sink(), sink());
    let collector = Collector::start(&distros::contrib().binary, &relay(kept.address, first.address, 1000));
    let load = load(&collector);
    assert!(first.received().wait(10_000, PATIENCE) >= 10_000);
    collector.reload(&relay(kept.address, second.address, 300));
    assert!(second.received().wait(10_000, PATIENCE) >= 10_000);
    let outcome = load.finish().unwrap();
    // What a queue in files still holds when the collector stops stays there.
    kept.received().wait(outcome.acknowledged, PATIENCE);
    let stopped = collector.stop();
    stopped.expect_clean();
    assert_eq!((outcome.refused, outcome.first_refusal), (0, None), "the connection was not kept");
    assert_eq!(first.received().items() + second.received().items(), outcome.acknowledged);
    assert_eq!(kept.received().items(), outcome.acknowledged);
    // The listener and the queue in files were opened once.
    assert_eq!(count(&stopped, "Starting GRPC server"), 1);
    assert_eq!(count(&stopped, "Initializing new persistent queue"), 1);
    let changes = stopped.line("Config updated, performing partial reload");
    let expected = "\"stop\": [\"processor batch\",\"exporter otlp_grpc\"], \"start\": [\"exporter otlp_grpc\",\"processor batch\"]}";
    assert!(changes.ends_with(expected), "{changes}");
    stopped.line(DONE);
}

#[test]
fn what_waits_in_files_for_one_endpoint_goes_to_the_other() {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let (kept, other) = (sink(), sink());
    let collector = Collector::start(&distros::contrib().binary, &relay(nowhere, other.address, 1000));
    let load = load(&collector);
    assert!(other.received().wait(20_000, PATIENCE) >= 20_000);
    collector.reload(&relay(kept.address, other.address, 1000));
    collector.line(DONE);
    let outcome = load.finish().unwrap();
    assert_eq!((outcome.refused, outcome.first_refusal), (0, None), "the connection was not kept");
    assert!(kept.received().wait(outcome.acknowledged, PATIENCE) >= outcome.acknowledged);
    let stopped = collector.stop();
    assert_eq!(stopped.code, Some(0), "{:#?}", stopped.log);
    assert_eq!(kept.received().items(), outcome.acknowledged);
    assert_eq!(other.received().items(), outcome.acknowledged);
}

#[test]
fn a_config_that_cannot_be_used_stops_nothing() {
    let (kept, to) = (sink(), sink());
    let good = relay(kept.address, to.address, 1000);
    let collector = Collector::start(&distros::contrib().binary, &good);
    let load = load(&collector);
    assert!(to.received().wait(1_000, PATIENCE) >= 1_000);
    collector.reload(&good.replace("send_batch_size", "send_batch_siez"));
    let message = "The new config cannot be used, going on with the one that is running";
    let line = collector.line(message);
    assert!(line.contains("\terror\t") && line.contains("has invalid keys: send_batch_siez"), "{line}");
    let before = to.received().items();
    assert!(to.received().wait(before + 1_000, PATIENCE) >= before + 1_000);
    collector.reload(&good);
    collector.line("Partial receiver reload completed successfully");
    let outcome = load.finish().unwrap();
    let stopped = collector.stop();
    assert_eq!((stopped.code, outcome.refused), (Some(0), 0), "{:#?}", stopped.log);
    assert_eq!(to.received().items(), outcome.acknowledged);
    assert_eq!(count(&stopped, "otlp_grpc: "), 0);
}

#[test]
fn a_shutdown_that_takes_too_long_is_cut_off_and_says_what_is_lost() {
    // It takes connections and never answers.
    let hanging = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let to = hanging.local_addr().unwrap();
    let yaml = |queue: &str, to: SocketAddr| {
        format!(
            "
extensions:
  file_storage: {{directory: '${{env:DIR}}/..', create_directory: false}}
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  otlp_http: {{endpoint: 'http://{to}', compression: none, timeout: 1h, sending_queue: {{num_consumers: 2, {queue}}}}}
service:
  extensions: [file_storage]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], exporters: [otlp_http]}}
"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let start = |yaml: &str| {
        let dir = tempfile::tempdir_in(folder.path()).unwrap();
        let config = dir.path().join("config.yaml");
        std::fs::write(&config, yaml).unwrap();
        let mut command = Command::new(&distros::contrib().binary);
        Collector::run(command.arg("--config").arg(&config).arg("--shutdown-timeout=1s"), dir)
    };
    for (queue, lost) in [("queue_size: 100", 50), ("storage: file_storage", 0)] {
        let collector = start(&yaml(queue, to));
        for request in 0..5 {
            assert_eq!(send(collector.http(), request * 10..request * 10 + 10).unwrap().0, 200);
        }
        let stopped = collector.stop();
        assert_eq!(stopped.code, Some(1), "{:#?}", stopped.log);
        let line = stopped.line("Shutdown timed out, cutting off what is still running");
        let running = "\"running\": [\"exporter otlp_http\",\"extension file_storage\"]";
        assert!(
            line.contains("\terror\t") && line.contains("\"timeout\": \"1s\", ") && line.contains(running),
            "{line}"
        );
        assert!(line.ends_with(&format!("\"lost_items\": {lost}}}")), "{line}");
        let error = "Error: shutdown timed out after 1s while exporter otlp_http, extension file_storage was still running";
        assert_eq!(stopped.log.last().map(String::as_str), Some(error));
    }
    // What was in files is sent by the next one, to whom it is told then.
    let sink = numbers::Sink::start();
    let collector = start(&yaml("storage: file_storage", sink.address()));
    let missing = sink.missing(&(0..50).collect::<Vec<_>>(), PATIENCE);
    assert!(missing.is_empty(), "{missing:?}");
    collector.stop().expect_clean();
}
