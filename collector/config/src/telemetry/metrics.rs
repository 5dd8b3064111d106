//! `service::telemetry::metrics` and `traces`.

use super::raw_list;
use crate::{Leaf, Node, Section, Settings};

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
}

impl Settings for Metrics {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            level: from.get("level", MetricsLevel::Normal),
            readers: raw_list(from, "readers"),
            views: raw_list(from, "views"),
        }
    }
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
}

impl Settings for Traces {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            level: from.get("level", MetricsLevel::Basic),
            propagators: from.get("propagators", Vec::new()),
            processors: raw_list(from, "processors"),
            limits: from.node("limits").cloned(),
            sampler: from.node("sampler").cloned(),
        }
    }
}
