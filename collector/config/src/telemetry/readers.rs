//! Who reads the collector's own metrics (the declarative configuration's `readers`, version 0.3), and how they are reshaped
//! (`views`).

use super::raw_list;
use crate::{Headers, NoSettings, Node, Section, Settings};

/// One of `readers`.
#[derive(Clone, Debug)]
pub enum Reader {
    /// `pull.exporter.prometheus`.
    Prometheus(Prometheus),
    /// `periodic`.
    Periodic(Periodic),
    /// Neither, which is an error.
    None,
}

/// Prometheus' page.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "the keys are what they are")]
pub struct Prometheus {
    /// What is listened on.
    pub host: String,
    /// What is listened on.
    pub port: u16,
    /// No labels that name the Go package.
    pub without_scope_info: bool,
    /// No unit in names.
    pub without_units: bool,
    /// No `_total` in names.
    pub without_type_suffix: bool,
}

/// Sending now and then.
#[derive(Clone, Debug)]
pub struct Periodic {
    /// The time between two times.
    pub interval: std::time::Duration,
    /// How long one time may take.
    pub timeout: std::time::Duration,
    /// Where to; `None` for the standard output.
    pub otlp: Option<Otlp>,
}

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
    /// The file of the server's certificate authority.
    pub certificate: String,
    /// The file of the client's certificate.
    pub client_certificate: String,
    /// The file of its key.
    pub client_key: String,
}

/// One of `views`: what becomes of instruments.
#[derive(Clone, Debug)]
pub struct View {
    /// Which instruments: a name in which `*` and `?` stand for others; empty for all.
    pub instrument: String,
    /// Which Go package's; empty for all.
    pub meter: String,
    /// The new name, or empty.
    pub name: String,
    /// The new description, or empty.
    pub description: String,
    /// Whether nothing is kept.
    pub drop: bool,
    /// Labels that are kept, if not all.
    pub included: Option<Vec<String>>,
    /// Labels that are not kept.
    pub excluded: Vec<String>,
}

/// Reads each item of a list that is also kept as it was written.
pub(super) fn list<T: Settings>(from: &mut Section<'_>, key: &'static str) -> (Option<Node>, Vec<T>) {
    let raw = raw_list(from, key);
    let items = raw.as_ref().and_then(Node::items).unwrap_or_default();
    let mut read = |(at, item)| {
        let mut section = Section::at(Some(item), format!("metrics.{key}[{at}]"), String::new());
        let value = T::read(&mut section);
        let findings = section.finish();
        for issue in findings.issues {
            from.report(issue);
        }
        value
    };
    let values = items.iter().enumerate().map(&mut read).collect();
    (raw, values)
}

impl Settings for Reader {
    fn read(from: &mut Section<'_>) -> Self {
        if from.has("periodic") {
            return Self::Periodic(from.section("periodic"));
        }
        if from.has("pull") {
            return Self::Prometheus(from.section_with("pull", |pull| {
                pull.section_with("exporter", |exporter| {
                    if !exporter.has("prometheus") {
                        exporter.error("", "no valid metric exporter");
                    }
                    exporter.section("prometheus")
                })
            }));
        }
        from.error("", "must have one of `pull` and `periodic`");
        Self::None
    }
}

impl Default for Prometheus {
    fn default() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: 8888,
            without_scope_info: true,
            without_units: true,
            without_type_suffix: true,
        }
    }
}

impl Settings for Prometheus {
    fn read(from: &mut Section<'_>) -> Self {
        from.node("with_resource_constant_labels");
        let Self { host, port, without_scope_info, without_units, without_type_suffix } = Self::default();
        Self {
            host: from.get("host", host),
            port: from.get("port", port),
            without_scope_info: from.get("without_scope_info", without_scope_info),
            without_units: from.get("without_units", without_units),
            without_type_suffix: from.get("without_type_suffix", without_type_suffix),
        }
    }
}

impl Settings for Periodic {
    fn read(from: &mut Section<'_>) -> Self {
        let interval = millis(from, "interval", 60_000);
        let timeout = millis(from, "timeout", 30_000);
        let mut otlp = None;
        from.section_with("exporter", |exporter| {
            if exporter.has("otlp") {
                otlp = Some(exporter.section("otlp"));
            } else if exporter.node("console").is_none() {
                exporter.error("", "no valid metric exporter");
            }
            NoSettings
        });
        Self { interval, timeout, otlp }
    }
}

impl Settings for Otlp {
    fn read(from: &mut Section<'_>) -> Self {
        // `timeout` is that of a request; the reader's own ends before that would.
        millis(from, "timeout", 10_000);
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
            certificate: from.get("certificate", String::new()),
            client_certificate: from.get("client_certificate", String::new()),
            client_key: from.get("client_key", String::new()),
        }
    }
}

impl Settings for View {
    fn read(from: &mut Section<'_>) -> Self {
        let (mut instrument, mut meter) = Default::default();
        from.section_with("selector", |selector| {
            for key in ["instrument_type", "unit", "meter_version", "meter_schema_url"] {
                if selector.has(key) {
                    selector.error(key, "views select by instrument_name and meter_name only");
                    selector.node(key);
                }
            }
            instrument = selector.get("instrument_name", String::new());
            meter = selector.get("meter_name", String::new());
            NoSettings
        });
        from.section_with("stream", |stream| {
            let (mut drop, mut included, mut excluded) = Default::default();
            stream.section_with("aggregation", |aggregation| {
                drop = aggregation.node("drop").is_some();
                aggregation.node("default");
                NoSettings
            });
            stream.section_with("attribute_keys", |keys| {
                included = keys.find("included");
                excluded = keys.get("excluded", Vec::new());
                NoSettings
            });
            stream.node("aggregation_cardinality_limit");
            Self {
                instrument,
                meter,
                name: stream.get("name", String::new()),
                description: stream.get("description", String::new()),
                drop,
                included,
                excluded,
            }
        })
    }
}

/// A time in milliseconds, as the declarative configuration has it.
fn millis(from: &mut Section<'_>, key: &'static str, default: u64) -> std::time::Duration {
    std::time::Duration::from_millis(from.get(key, default))
}
