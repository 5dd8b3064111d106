//! `service::telemetry`: how the collector reports on itself.

mod logs;
mod metrics;
mod otlp;
mod processors;
mod readers;
mod resource;

use crate::{Node, Problems, Section, Settings};

pub use self::{
    logs::{LogLevel, Logs, Sampling},
    metrics::{Metrics, MetricsLevel, Traces},
    otlp::Otlp,
    processors::TelemetryProcessor,
    readers::{Periodic, Prometheus, Reader, View},
    resource::Resource,
};

/// The `service::telemetry` section.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// Its log.
    pub logs: Logs,
    /// Its metrics.
    pub metrics: Metrics,
    /// Its traces.
    pub traces: Traces,
    /// Attributes of everything it reports.
    pub resource: Resource,
}

impl Settings for Telemetry {
    fn read(from: &mut Section<'_>) -> Self {
        from.terse(true);
        Self {
            logs: from.section("logs"),
            metrics: from.section("metrics"),
            traces: from.section("traces"),
            resource: from.section("resource"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.metrics.level != MetricsLevel::None && self.metrics.readers.as_ref().is_some_and(is_empty) {
            let message = "collector telemetry metrics reader should exist when metric level is not none";
            problems.add("metrics.readers", message);
        }
        if self.metrics.views.is_some() && self.metrics.level != MetricsLevel::Detailed {
            let message = "service::telemetry::metrics::views can only be set when \
                           service::telemetry::metrics::level is detailed";
            problems.add("metrics.views", message);
        }
        problems.within("resource", &self.resource);
    }
}

fn is_empty(list: &Node) -> bool {
    list.items().is_some_and(<[Node]>::is_empty)
}

/// A list that is kept as written.
fn raw_list(from: &mut Section<'_>, key: &'static str) -> Option<Node> {
    let node = from.node(key).filter(|n| !n.is_null())?;
    if node.items().is_none() {
        from.error(key, format!("source data must be an array or slice, got {}", node.go_kind()));
    }
    Some(node.clone())
}

#[cfg(test)]
mod tests;
