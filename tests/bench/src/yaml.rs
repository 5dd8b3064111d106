//! The YAML of a collector under test, and the two addresses in it.

use std::{net::SocketAddr, path::Path};

use slimcol_pdata::Signal;

use crate::{
    Error,
    args::{Gzip, Lines, Queue, Target},
};

/// Where a YAML for the bench keeps its queue.
pub(crate) const QUEUE_FOLDER: &str = "${env:QUEUE_DIR}";

/// Where a YAML for the bench listens and where it sends; both are replaced by addresses that are free.
const LISTEN: &str = "127.0.0.1:16100";
const SEND: &str = "127.0.0.1:16200";

/// otlp, batch, otlp for one signal.
pub(crate) fn relay(signal: Signal, queue: Queue) -> String {
    let (extension, storage, extensions) = match queue {
        Queue::Memory => (String::new(), "", ""),
        Queue::File | Queue::FileFsync => (
            format!(
                "extensions:\n  file_storage: {{directory: \"{QUEUE_FOLDER}\", fsync: {}}}\n",
                queue == Queue::FileFsync
            ),
            ", sending_queue: {storage: file_storage}",
            "  extensions: [file_storage]\n",
        ),
    };
    format!(
        "\
{extension}receivers:
  otlp: {{protocols: {{grpc: {{endpoint: {LISTEN}, max_recv_msg_size_mib: 64}}}}}}
processors:
  batch: {{}}
exporters:
  otlp: {{endpoint: \"{SEND}\", compression: none, tls: {{insecure: true}}{storage}}}
service:
{extensions}  telemetry: {{metrics: {{level: none}}, logs: {{level: warn}}}}
  pipelines:
    {signal}: {{receivers: [otlp], processors: [batch], exporters: [otlp]}}
"
    )
}

/// Where a YAML for the bench names the targets to scrape.
pub(crate) const TARGETS: &str = "TARGETS";

/// `prometheus`, which finds its targets in place of [`TARGETS`], to nowhere; `otlp` only says when it is there.
pub(crate) fn scrape(interval: u32) -> String {
    format!(
        "\
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: {LISTEN}}}}}}}
  prometheus:
    config:
      scrape_configs:
        - {{job_name: bench, scrape_interval: {interval}s, static_configs: [{{targets: [{TARGETS}]}}]}}
exporters:
  nop: {{}}
service:
  telemetry: {{metrics: {{level: none}}, logs: {{level: warn}}}}
  pipelines:
    metrics: {{receivers: [otlp, prometheus], exporters: [nop]}}
"
    )
}

/// The text with a real address to listen on, and the targets to scrape.
pub(crate) fn find(text: &str, listen: SocketAddr, targets: &str) -> String {
    text.replace(LISTEN, &listen.to_string()).replace(TARGETS, targets)
}

/// One OTLP receiver and exporter in a pipeline of each signal.
pub(crate) fn idle() -> String {
    format!(
        "\
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: {LISTEN}, max_recv_msg_size_mib: 64}}}}}}
exporters:
  otlp: {{endpoint: \"{SEND}\", compression: none, tls: {{insecure: true}}}}
service:
  telemetry: {{metrics: {{level: none}}, logs: {{level: warn}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [otlp]}}
    metrics: {{receivers: [otlp], exporters: [otlp]}}
    logs: {{receivers: [otlp], exporters: [otlp]}}
"
    )
}

/// Where a YAML for the bench has its own metrics, and the file that it follows.
const METRICS_PORT: &str = "${env:METRICS_PORT}";
const LOG_FILE: &str = "${env:LOG_FILE}";

/// What the operators are, in YAML.
pub fn operators(lines: Lines) -> &'static str {
    match lines {
        Lines::Plain => "",
        Lines::Json => "{type: json_parser}",
        Lines::Chain => {
            "
      {type: json_parser},
      {type: time_parser, parse_from: attributes.time, layout: '%Y-%m-%dT%H:%M:%S.%LZ'},
      {type: severity_parser, parse_from: attributes.level},
      {type: regex_parser, parse_from: attributes.path, regex: '^/api/(?P<version>[^/]+)/(?P<kind>[a-z]+)'},
      {type: move, from: attributes.msg, to: body},
      {type: add, field: attributes.env, value: prod},
      {type: copy, from: attributes.status, to: attributes.code},
      {type: remove, field: attributes.took},
      {type: flatten, field: attributes.user},
      {type: filter, expr: 'attributes.level == \"debug\"'}"
        }
    }
}

/// A file, operators, and nothing or otlp behind.
pub(crate) fn tail(lines: Lines, target: Target) -> String {
    let operators = operators(lines);
    let (processors, exporter) = match target {
        Target::Nop => ("", "nop"),
        Target::Otlp => ("batch", "otlp"),
    };
    let exporters = match target {
        Target::Nop => "nop: {}".to_owned(),
        Target::Otlp => format!("otlp: {{endpoint: \"{SEND}\", compression: none, tls: {{insecure: true}}}}"),
    };
    let batch = if processors.is_empty() { "" } else { "processors: {batch: {}}\n" };
    format!(
        "\
receivers:
  filelog: {{include: [\"{LOG_FILE}\"], start_at: beginning, operators: [{operators}]}}
{batch}exporters:
  {exporters}
service:
  telemetry:
    metrics: {{readers: [{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {METRICS_PORT}}}}}}}}}]}}
    logs: {{level: warn}}
  pipelines:
    logs: {{receivers: [filelog], processors: [{processors}], exporters: [{exporter}]}}
"
    )
}

/// The text of [`tail`] with a file, a port and a sink.
pub(crate) fn follow(text: &str, file: &Path, metrics: SocketAddr, sink: SocketAddr) -> String {
    text.replace(LOG_FILE, &file.display().to_string())
        .replace(METRICS_PORT, &metrics.port().to_string())
        .replace(SEND, &sink.to_string())
}

/// The text with real addresses, and with its exporter's compression turned on if the bench is to measure that.
pub(crate) fn aim(text: &str, listen: SocketAddr, send: SocketAddr, gzip: Gzip) -> Result<String, Error> {
    for address in [LISTEN, SEND] {
        if !text.contains(address) {
            return Err(format!("the configuration does not name {address}, which the bench replaces").into());
        }
    }
    let text = text.replace(LISTEN, &listen.to_string()).replace(SEND, &send.to_string());
    if gzip != Gzip::Both {
        return Ok(text);
    }
    if !text.contains("compression: none") {
        return Err("the configuration does not say `compression: none`, which the bench replaces".into());
    }
    Ok(text.replace("compression: none", "compression: gzip"))
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::Signal;

    use super::{Gzip, Queue, aim, idle, relay};

    #[test]
    fn addresses_and_compression_are_replaced() {
        let (listen, send) = ("127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap());
        for text in Signal::ALL.map(|signal| relay(signal, Queue::File)).into_iter().chain([idle()]) {
            let plain = aim(&text, listen, send, Gzip::In).unwrap();
            assert!(plain.contains("endpoint: 127.0.0.1:1,") && plain.contains("\"127.0.0.1:2\""), "{plain}");
            assert!(plain.contains("compression: none") && !plain.contains("16100"), "{plain}");
            let gzip = aim(&text, listen, send, Gzip::Both).unwrap();
            assert!(gzip.contains("compression: gzip") && !gzip.contains("none, tls"), "{gzip}");
        }
    }

    #[test]
    fn a_text_that_cannot_be_aimed_is_refused() {
        let to = "127.0.0.1:1".parse().unwrap();
        for (text, gzip, problem) in [
            ("endpoint: 127.0.0.1:16200", Gzip::None, "does not name 127.0.0.1:16100"),
            ("endpoint: 127.0.0.1:16100", Gzip::None, "does not name 127.0.0.1:16200"),
            ("127.0.0.1:16100 127.0.0.1:16200", Gzip::Both, "does not say `compression: none`"),
        ] {
            let error = aim(text, to, to, gzip).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
