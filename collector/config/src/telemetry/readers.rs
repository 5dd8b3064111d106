//! Who reads the collector's own metrics (the declarative configuration's `readers`, version 0.3), and how they are reshaped
//! (`views`).

use super::{
    otlp::{self, Otlp},
    raw_list,
};
use crate::{NoSettings, Node, Section, Settings};

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

/// Reads each item of a list that is also kept as it was written; messages name it after `of`, where it stands.
pub(super) fn list<T>(
    from: &mut Section<'_>,
    of: &str,
    key: &'static str,
    read: fn(&mut Section<'_>) -> T,
) -> (Option<Node>, Vec<T>) {
    let raw = raw_list(from, key);
    let items = raw.as_ref().and_then(Node::items).unwrap_or_default();
    let mut read_one = |(at, item)| {
        let mut section = Section::at(Some(item), format!("{of}.{key}[{at}]"), String::new());
        let value = read(&mut section);
        let findings = section.finish();
        for issue in findings.issues {
            from.report(issue);
        }
        value
    };
    let values = items.iter().enumerate().map(&mut read_one).collect();
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
        let interval = otlp::millis(from, "interval", 60_000);
        let timeout = otlp::millis(from, "timeout", 30_000);
        let otlp = otlp::exporter(from, "metric");
        Self { interval, timeout, otlp }
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
