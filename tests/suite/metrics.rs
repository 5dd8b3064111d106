//! What a collector tells of itself: at `/metrics` in Go's names, labels and values, and as OTLP.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Command,
    time::{Duration, Instant},
};

use slimcol_bench::Sink;
use slimcol_testing::generate;

use crate::kit::{collector::Collector, command::run, distros, http};

const PATIENCE: Duration = Duration::from_secs(20);
const LOCAL: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A port that is free, as far as can be told: nothing else here asks for a certain one.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((LOCAL, 0)).unwrap().local_addr().unwrap().port()
}

/// The page, as soon as it has `line`.
fn page(port: u16, line: &str) -> String {
    let begun = Instant::now();
    loop {
        let page = http::get(SocketAddr::from((LOCAL, port)), "/metrics").text();
        if page.lines().any(|found| found == line) {
            return page;
        }
        assert!(begun.elapsed() < PATIENCE, "no {line} in\n{page}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Spans go to `sink` in batches, metrics at once; logs go nowhere, which senders are told.
fn yaml(port: u16, nowhere: u16, sink: SocketAddr, level: &str) -> String {
    format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
processors:
  memory_limiter: {{check_interval: 1s, limit_mib: 2000}}
  batch: {{timeout: 50ms}}
exporters:
  otlp_grpc: {{endpoint: '{sink}', tls: {{insecure: true}}}}
  otlp_http:
    endpoint: http://127.0.0.1:{nowhere}
    sending_queue: {{enabled: false}}
    retry_on_failure: {{enabled: false}}
service:
  telemetry:
    metrics:
      level: {level}
      readers: [{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {port}}}}}}}}}]
  pipelines:
    traces: {{receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc]}}
    metrics: {{receivers: [otlp], exporters: [otlp_grpc]}}
    logs: {{receivers: [otlp], exporters: [otlp_http]}}
"
    )
}

/// What was counted, who was sent to and who it came to.
struct Counted {
    page: String,
    sink: u16,
    http: u16,
    nowhere: u16,
}

/// Sends 300 spans, 40 points and 50 log records; returns the page once all were counted.
fn counted(level: &str) -> Counted {
    let port = free_port();
    let sink = Sink::start(SocketAddr::from((LOCAL, 0))).unwrap();
    let nowhere = free_port();
    let config = yaml(port, nowhere, sink.address, level);
    let collector = Collector::start(&distros::core().binary, &config);
    for seed in 0..3 {
        http::export(collector.http(), "/v1/traces", &generate::traces(seed, 100));
    }
    http::export(collector.http(), "/v1/metrics", &generate::metrics(0, 40));
    let refused = http::post(
        collector.http(),
        "/v1/logs",
        &[("Content-Type", "application/x-protobuf")],
        &generate::logs(0, 50),
    );
    assert_eq!(refused.status, 503, "{}", refused.text());
    let port_of_sink = sink.address.port();
    for (items, count) in [("metric_points", 40), ("spans", 300)] {
        page(
            port,
            &format!(
                "otelcol_exporter_sent_{items}{{exporter=\"otlp_grpc\",server_address=\"127.0.0.1\",\
                 server_port=\"{port_of_sink}\"}} {count}"
            ),
        );
    }
    // What was sent leaves the queue after it was counted, and a batch is counted after it was handed on.
    page(port, "otelcol_exporter_queue_size{data_type=\"metrics\",exporter=\"otlp_grpc\"} 0");
    let last = match level {
        "basic" => "otelcol_exporter_queue_size{data_type=\"traces\",exporter=\"otlp_grpc\"} 0",
        _ => "otelcol_processor_batch_batch_send_size_sum{processor=\"batch\"} 300",
    };
    let page = page(port, last);
    let other = http::get(SocketAddr::from((LOCAL, port)), "/");
    assert_eq!(other.status, 404);
    let answer = http::get(SocketAddr::from((LOCAL, port)), "/metrics");
    let media = "content-type: text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
    assert!(answer.head.to_lowercase().contains(media), "{}", answer.head);
    let http = collector.http().port();
    collector.stop();
    Counted { page, sink: port_of_sink, http, nowhere }
}

/// The names of a page's metrics.
fn names(page: &str) -> BTreeSet<&str> {
    page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
}

const BASIC: [&str; 27] = [
    "otelcol_exporter_in_flight_requests",
    "otelcol_exporter_queue_capacity",
    "otelcol_exporter_queue_size",
    "otelcol_exporter_send_failed_log_records",
    "otelcol_exporter_sent_log_records",
    "otelcol_exporter_sent_metric_points",
    "otelcol_exporter_sent_spans",
    "otelcol_process_cpu_seconds",
    "otelcol_process_memory_rss",
    "otelcol_process_runtime_heap_alloc_bytes",
    "otelcol_process_runtime_total_alloc_bytes",
    "otelcol_process_runtime_total_sys_memory_bytes",
    "otelcol_process_uptime",
    "otelcol_processor_incoming_items",
    "otelcol_processor_memory_limiter_accepted_spans",
    "otelcol_processor_outgoing_items",
    "otelcol_receiver_accepted_log_records",
    "otelcol_receiver_accepted_metric_points",
    "otelcol_receiver_accepted_spans",
    "otelcol_receiver_failed_log_records",
    "otelcol_receiver_failed_metric_points",
    "otelcol_receiver_failed_spans",
    "otelcol_receiver_refused_log_records",
    "otelcol_receiver_refused_metric_points",
    "otelcol_receiver_refused_spans",
    "promhttp_metric_handler_errors_total",
    "target_info",
];

#[test]
fn levels_have_gos_names() {
    let basic = BTreeSet::from(BASIC);
    let Counted { page, .. } = counted("basic");
    assert_eq!(names(&page), basic);
    let normal = [
        "otelcol_processor_batch_batch_send_size",
        "otelcol_processor_batch_metadata_cardinality",
        "otelcol_processor_batch_timeout_trigger_send",
    ];
    let Counted { page, .. } = counted("normal");
    assert_eq!(names(&page), basic.iter().copied().chain(normal).collect());
}

#[test]
fn labels_and_values_are_those_of_what_was_sent() {
    let Counted { page, sink: port, http, nowhere } = counted("detailed");
    let sink = format!("server_address=\"127.0.0.1\",server_port=\"{port}\"");
    for line in [
        "otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"http\"} 300",
        "otelcol_receiver_refused_spans{receiver=\"otlp\",transport=\"http\"} 0",
        "otelcol_receiver_failed_spans{receiver=\"otlp\",transport=\"http\"} 0",
        "otelcol_receiver_accepted_metric_points{receiver=\"otlp\",transport=\"http\"} 40",
        "otelcol_receiver_accepted_log_records{receiver=\"otlp\",transport=\"http\"} 0",
        "otelcol_receiver_refused_log_records{receiver=\"otlp\",transport=\"http\"} 50",
        "otelcol_processor_incoming_items{otel_signal=\"traces\",processor=\"memory_limiter\"} 300",
        "otelcol_processor_outgoing_items{otel_signal=\"traces\",processor=\"memory_limiter\"} 300",
        "otelcol_processor_memory_limiter_accepted_spans{processor=\"memory_limiter\"} 300",
        "otelcol_processor_batch_batch_send_size_sum{processor=\"batch\"} 300",
        "otelcol_processor_batch_batch_send_size_bucket{processor=\"batch\",le=\"10\"} 0",
        "otelcol_processor_batch_metadata_cardinality{processor=\"batch\"} 1",
        "otelcol_exporter_queue_capacity{data_type=\"metrics\",exporter=\"otlp_grpc\"} 1000",
        "otelcol_exporter_queue_size{data_type=\"metrics\",exporter=\"otlp_grpc\"} 0",
        "otelcol_exporter_in_flight_requests{data_type=\"logs\",exporter=\"otlp_http\"} 0",
        &format!("otelcol_exporter_sent_spans{{exporter=\"otlp_grpc\",{sink}}} 300"),
        "# HELP otelcol_exporter_sent_log_records Number of log record successfully sent to destination. [Alpha]",
        "# TYPE otelcol_exporter_queue_size gauge",
        "# TYPE otelcol_receiver_accepted_spans counter",
    ] {
        assert!(page.lines().any(|found| found == line), "no {line} in\n{page}");
    }
    let failed = page.lines().find(|line| line.starts_with("otelcol_exporter_send_failed_log_records{"));
    let failed = failed.unwrap_or_else(|| panic!("{page}"));
    for part in ["error_permanent=\"false\",error_type=\"_OTHER\"", "url_path=\"/v1/logs\"} 50"] {
        assert!(failed.contains(part), "{failed}");
    }
    requests_are_counted(&page, http, port, nowhere);
    let info = page.lines().find(|line| line.starts_with("target_info{")).unwrap();
    assert!(info.contains("service_name=\"otelcol\"") && info.contains("service_instance_id="), "{info}");
}

/// What `detailed` adds: names, labels and bounds are those of a Go collector that was sent the same.
fn requests_are_counted(page: &str, http: u16, sink: u16, nowhere: u16) {
    let version = "network_protocol_name=\"http\",network_protocol_version=\"1.1\"";
    let place = |port| format!("server_address=\"127.0.0.1\",server_port=\"{port}\"");
    let post = "http_request_method=\"POST\"";
    let served = |status, route| {
        format!(
            "{post},http_response_status_code=\"{status}\",http_route=\"{route}\",{version},{},url_scheme=\"http\"",
            place(http)
        )
    };
    let failed =
        format!("error_type=\"net.OpError\",{post},{version},{},url_scheme=\"http\"", place(nowhere));
    let spans: usize = (0..3).map(|seed| generate::traces(seed, 100).len()).sum();
    let points = generate::metrics(0, 40).len();
    let logs = generate::logs(0, 50).len();
    let export = "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    for line in [
        format!("http_server_request_duration_count{{{}}} 3", served(200, "/v1/traces")),
        format!("http_server_request_duration_count{{{}}} 1", served(200, "/v1/metrics")),
        format!("http_server_request_duration_count{{{}}} 1", served(503, "/v1/logs")),
        format!("http_server_request_body_size_sum{{{}}} {spans}", served(200, "/v1/traces")),
        format!("http_server_request_body_size_sum{{{}}} {points}", served(200, "/v1/metrics")),
        format!("http_server_request_body_size_sum{{{}}} {logs}", served(503, "/v1/logs")),
        format!("http_server_response_body_size_bucket{{{},le=\"0\"}} 0", served(503, "/v1/logs")),
        format!("http_server_response_body_size_bucket{{{},le=\"10000\"}} 1", served(503, "/v1/logs")),
        format!("http_client_request_body_size_sum{{{failed}}} {logs}"),
        format!("http_client_request_duration_count{{{failed}}} 1"),
        format!(
            "rpc_client_call_duration_count{{rpc_method=\"{export}\",rpc_response_status_code=\"OK\",\
             rpc_system_name=\"grpc\",{}}} 1",
            place(sink)
        ),
    ] {
        assert!(page.lines().any(|found| found == line), "no {line} in\n{page}");
    }
    let bounds = |start: &str| {
        let lines = page.lines().filter(|line| line.starts_with(start));
        let bounds = lines.filter_map(|line| line.split_once("le=\"")?.1.split('"').next());
        bounds.collect::<Vec<_>>().join(" ")
    };
    let times = "0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 +Inf";
    let sizes = "0 5 10 25 50 75 100 250 500 750 1000 2500 5000 7500 10000 +Inf";
    for (start, expected) in [
        (format!("http_server_request_duration_bucket{{{},le", served(503, "/v1/logs")), times),
        (format!("http_server_response_body_size_bucket{{{},le", served(503, "/v1/logs")), sizes),
        (format!("http_client_request_duration_bucket{{{failed},le"), times),
        (format!("http_client_request_body_size_bucket{{{failed},le"), sizes),
        (format!("rpc_client_call_duration_bucket{{rpc_method=\"{export}\""), times),
    ] {
        assert_eq!(bounds(&start), expected, "{start} in\n{page}");
    }
}

#[test]
fn metrics_are_sent_too() {
    let receiver = "
receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}}}
exporters: {file: {path: '${env:DIR}/out.jsonl'}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {metrics: {receivers: [otlp], exporters: [file]}}
";
    let far_end = Collector::start(&distros::core().binary, receiver);
    for (protocol, address) in [("grpc", far_end.grpc()), ("http/protobuf", far_end.http())] {
        let sender = format!(
            "
receivers: {{nop: }}
exporters: {{nop: }}
service:
  telemetry:
    resource: {{service.name: by {protocol}}}
    metrics:
      readers:
        - periodic:
            interval: 3600000
            exporter: {{otlp: {{protocol: {protocol}, endpoint: 'http://{address}', insecure: true}}}}
  pipelines: {{metrics: {{receivers: [nop], exporters: [nop]}}}}
"
        );
        // What is left is sent when it ends.
        Collector::start(&distros::core().binary, &sender).stop().expect_clean();
    }
    let stopped = far_end.stop();
    let lines = std::fs::read_to_string(stopped.file("out.jsonl")).unwrap();
    for protocol in ["grpc", "http/protobuf"] {
        let mut lines = lines.lines();
        let name = format!("{{\"stringValue\":\"by {protocol}\"}}");
        let line = lines.find(|line| line.contains(&name)).unwrap_or_else(|| panic!("nothing {name}"));
        for part in
            ["\"name\":\"otelcol_process_uptime\"", "\"isMonotonic\":true", "otelcol_process_memory_rss"]
        {
            assert!(line.contains(part), "{part} is not in {line}");
        }
    }
}

#[test]
fn two_collectors_cannot_report_at_one_address() {
    let taken = TcpListener::bind((LOCAL, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let sink = SocketAddr::from((LOCAL, free_port()));
    let config = format!("yaml:{}", yaml(port, free_port(), sink, "normal"));
    let ended = run(Command::new(&distros::core().binary).args(["--config", &config]), PATIENCE);
    let error = format!(
        "Error: failed to create meter provider: binding address 127.0.0.1:{port} for Prometheus exporter: \
         listen tcp 127.0.0.1:{port}: bind: address already in use\n"
    );
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.ends_with(&error), "{}", ended.stderr);
}
