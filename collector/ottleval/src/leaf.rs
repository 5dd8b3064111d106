//! Error modes and contexts as they are written in configurations.

use slimcol_config::{Leaf, Node, Shape, Shown};

use crate::{context::Kind, sequence::ErrorMode};

/// The word that is written, in small letters.
fn word(node: &Node) -> Result<String, String> {
    <String as Leaf>::leaf(node).map(|text| text.to_lowercase())
}

impl Leaf for ErrorMode {
    const SHAPE: Shape = Shape::AnyCase(&["ignore", "silent", "propagate"]);

    fn leaf(node: &Node) -> Result<Self, String> {
        Self::parse(&word(node)?)
    }

    fn show(&self) -> Shown {
        Shown::text(match self {
            Self::Ignore => "ignore",
            Self::Silent => "silent",
            Self::Propagate => "propagate",
        })
    }
}

impl Leaf for Kind {
    const SHAPE: Shape =
        Shape::AnyCase(&["resource", "scope", "span", "spanevent", "metric", "datapoint", "exemplar", "log"]);

    fn leaf(node: &Node) -> Result<Self, String> {
        let name = word(node)?;
        let all = [
            Self::Resource,
            Self::Scope,
            Self::Span,
            Self::SpanEvent,
            Self::Metric,
            Self::DataPoint,
            Self::Log,
            Self::Exemplar,
        ];
        all.into_iter().find(|kind| kind.name() == name).ok_or_else(|| format!("unknown context {name}"))
    }

    fn show(&self) -> Shown {
        Shown::text(self.name())
    }
}
