//! Where the collector's own telemetry is sent.

use crate::{Headers, NoSettings, Section, Settings};

/// An OTLP server.
#[derive(Clone, Debug)]
pub struct Otlp {
    /// Whether it speaks gRPC rather than HTTP.
    pub grpc: bool,
    /// `host:port` or a URL.
    pub endpoint: String,
    /// No TLS, for gRPC and for an endpoint without a scheme.
    pub insecure: bool,
    /// Sent with each request.
    pub headers: Headers,
    /// `gzip`, `none` or nothing.
    pub compression: String,
    /// How long a request may take.
    pub timeout: std::time::Duration,
    /// The file of the server's certificate authority.
    pub certificate: String,
    /// The file of the client's certificate.
    pub client_certificate: String,
    /// The file of its key.
    pub client_key: String,
}

/// The `exporter` of a reader or a processor; `None` for the standard output. `of` is what it exports, in messages.
pub(super) fn exporter(from: &mut Section<'_>, of: &str) -> Option<Otlp> {
    let mut otlp = None;
    from.section_with("exporter", |exporter| {
        if exporter.has("otlp") {
            otlp = Some(exporter.section("otlp"));
            if exporter.node("console").is_some() {
                exporter.error("", "must not specify multiple exporters");
            }
        } else if exporter.node("console").is_none() {
            exporter.error("", format_args!("no valid {of} exporter"));
        }
        NoSettings
    });
    otlp
}

impl Settings for Otlp {
    fn read(from: &mut Section<'_>) -> Self {
        let histograms: String = from.get("default_histogram_aggregation", String::new());
        if !["", "explicit_bucket_histogram"].contains(&histograms.as_str()) {
            from.error("default_histogram_aggregation", "only explicit_bucket_histogram is supported");
        }
        from.get("headers_list", String::new());
        let protocol: String = from.get("protocol", "http/protobuf".to_owned());
        if !["grpc", "http/protobuf"].contains(&protocol.as_str()) {
            from.error("protocol", format_args!("unsupported protocol {protocol:?}"));
        }
        let compression: String = from.get("compression", String::new());
        if !["", "none", "gzip"].contains(&compression.as_str()) {
            from.error("compression", format_args!("unsupported compression {compression:?}"));
        }
        let temporality: String = from.get("temporality_preference", "cumulative".to_owned());
        if temporality != "cumulative" {
            from.error("temporality_preference", "only cumulative is supported");
        }
        Self {
            grpc: protocol == "grpc",
            endpoint: from.get("endpoint", String::new()),
            insecure: from.get("insecure", false),
            headers: from.get("headers", Headers::default()),
            compression,
            timeout: millis(from, "timeout", 10_000),
            certificate: from.get("certificate", String::new()),
            client_certificate: from.get("client_certificate", String::new()),
            client_key: from.get("client_key", String::new()),
        }
    }
}

/// A time in milliseconds, as the declarative configuration has it.
pub(super) fn millis(from: &mut Section<'_>, key: &'static str, default: u64) -> std::time::Duration {
    std::time::Duration::from_millis(from.get(key, default))
}
