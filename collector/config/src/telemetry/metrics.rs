//! `service::telemetry::metrics` and `traces`.

use super::{
    processors::TelemetryProcessor,
    readers::{Prometheus, Reader, View, list},
};
use crate::{Leaf, Node, Section, Settings, Shape, Shown};

/// How much is measured or traced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the levels are configtelemetry's")]
pub enum MetricsLevel {
    None,
    Basic,
    Normal,
    Detailed,
}

impl Leaf for MetricsLevel {
    const SHAPE: Shape = Shape::AnyCase(&["none", "basic", "normal", "detailed"]);

    fn show(&self) -> Shown {
        match self {
            Self::None => Shown::text("None"),
            Self::Basic => Shown::text("Basic"),
            Self::Normal => Shown::text("Normal"),
            Self::Detailed => Shown::text("Detailed"),
        }
    }

    fn leaf(node: &Node) -> Result<Self, String> {
        let word = String::leaf(node)?;
        Ok(match word.to_ascii_lowercase().as_str() {
            "none" | "" => Self::None,
            "basic" => Self::Basic,
            "normal" => Self::Normal,
            "detailed" => Self::Detailed,
            _ => return Err(format!("unknown metrics level {word:?}")),
        })
    }
}

/// The `metrics` section.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// How much is measured.
    pub level: MetricsLevel,
    /// Who reads the metrics, as written; `None` for the default, Prometheus at `localhost:8888`.
    pub readers: Option<Node>,
    /// How metrics are reshaped, as written.
    pub views: Option<Node>,
    read_by: Vec<Reader>,
    reshaped: Vec<View>,
}

impl Metrics {
    /// Who reads the metrics.
    pub fn read_by(&self) -> &[Reader] {
        &self.read_by
    }

    /// How metrics are reshaped.
    pub fn reshaped(&self) -> &[View] {
        &self.reshaped
    }
}

impl Settings for Metrics {
    fn read(from: &mut Section<'_>) -> Self {
        let terse = from.terse(false);
        let level = from.get("level", MetricsLevel::Normal);
        from.terse(terse);
        let (readers, mut read_by) = list(from, "metrics", "readers", Reader::read);
        let (views, reshaped) = list(from, "metrics", "views", View::read);
        if readers.is_none() {
            from.print_as("readers", &|| Some(default_readers()));
            read_by.push(Reader::Prometheus(Prometheus::default()));
        }
        Self { level, readers, views, read_by, reshaped }
    }
}

/// Prometheus at `localhost:8888`.
fn default_readers() -> Shown {
    let prometheus = Shown::map([
        ("host", Shown::text("localhost")),
        ("port", Shown::Int(8888)),
        ("without_scope_info", Shown::Bool(true)),
        ("without_type_suffix", Shown::Bool(true)),
        ("without_units", Shown::Bool(true)),
    ]);
    let exporter = Shown::map([("prometheus", prometheus)]);
    Shown::List(vec![Shown::map([("pull", Shown::map([("exporter", exporter)]))])])
}

/// The `traces` section.
#[derive(Clone, Debug)]
pub struct Traces {
    /// Whether spans are made.
    pub level: MetricsLevel,
    /// How context crosses processes: `tracecontext`, `b3`.
    pub propagators: Vec<String>,
    /// Where spans go, as written.
    pub processors: Option<Node>,
    /// Limits of spans, as written.
    pub limits: Option<Node>,
    /// Which spans are made, as written.
    pub sampler: Option<Node>,
    sent_by: Vec<TelemetryProcessor>,
}

impl Traces {
    /// Who exports spans.
    pub fn sent_by(&self) -> &[TelemetryProcessor] {
        &self.sent_by
    }
}

impl Settings for Traces {
    fn read(from: &mut Section<'_>) -> Self {
        let terse = from.terse(false);
        let level = from.get("level", MetricsLevel::Basic);
        let propagators: Vec<String> = from.get("propagators", Vec::new());
        from.terse(terse);
        if level == MetricsLevel::Basic && propagators.is_empty() {
            // All of it is Go's zero then.
            from.print_as("level", &|| None);
            from.print_as("propagators", &|| None);
        }
        let (processors, sent_by) =
            list(from, "traces", "processors", |one| TelemetryProcessor::read(one, "span", 5000));
        Self {
            level,
            propagators,
            processors,
            sent_by,
            limits: from.node("limits").cloned(),
            sampler: from.node("sampler").cloned(),
        }
    }
}
