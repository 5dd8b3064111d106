//! Values of the official Helm chart `opentelemetry-collector`, rendered as the chart does: its own configuration below the
//! user's, presets, renames. Follows chart 0.170.0 (`templates/_config.tpl`).
//!
//! What the values say stands where the user wrote it, what a preset adds at the preset, and what is the chart's own at
//! `config`, where it can be changed.

mod check;
mod edit;
mod presets;
mod rename;
mod telemetry;

use slimcol_config::{Entry, Node, Place, parse};

use crate::manifest::Findings;

/// The chart's name, which Kubernetes objects are called by too.
const CHART: &str = "opentelemetry-collector";

/// What a null in the values does to the chart's own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// It takes them away.
    Delete,
    /// Nothing: with the chart as a dependency of another chart Helm loses them.
    Lost,
}

/// Whether `node` can be values of the chart.
pub(super) fn is_values(node: &Node) -> bool {
    let is_map = |key: &str| node.get(key).is_some_and(Node::is_map);
    let mode = node.get("mode").and_then(Node::as_str);
    is_map("presets")
        || is_map("config")
        || is_map("alternateConfig")
        || mode.is_some_and(|mode| check::MODES.contains(&mode))
}

/// Values that the chart is given as a dependency, by the name that it has there.
pub(super) fn dependencies(node: &Node) -> impl Iterator<Item = &Entry> {
    node.entries().iter().filter(|entry| {
        let value = entry.value();
        value.is_map() && (entry.key() == CHART || value.get("mode").is_some()) && is_values(value)
    })
}

/// Lays values over values, as `helm -f a.yaml -f b.yaml` does.
pub(super) fn lay_over(under: &Node, over: &Node) -> Node {
    edit::merged(under, over, &|_, over| Some(over.clone()))
}

/// The collector's configuration that the chart makes of `values`.
pub(super) fn render(values: &Node, nulls: Nulls, findings: &mut Findings) -> Node {
    check::check(values, findings);
    let mode = values.get("mode").and_then(Node::as_str).unwrap_or("deployment");
    let chart = Chart { values, mode };
    let mut config = chart.base(nulls);
    presets::apply(&chart, &mut config);
    if chart.is_on(&["rewriteDeprecatedComponentNames"], true) {
        rename::apply(&mut config);
    }
    config
}

/// The values with their defaults.
struct Chart<'v> {
    values: &'v Node,
    mode: &'v str,
}

impl Chart<'_> {
    /// The chart's configuration with the user's over it, before presets.
    fn base(&self, nulls: Nulls) -> Node {
        let alternate = self.values.get("alternateConfig");
        if let Some(alternate) = alternate.filter(|config| !config.entries().is_empty()) {
            return alternate.clone();
        }
        let place = self.place(&["config"]);
        let mut own = parse("base.yaml", include_str!("helm/base.yaml")).expect("the chart's own is YAML");
        own.stand_at(&place);
        let mut config = match self.values.get("config") {
            Some(user) => edit::merged(&own, user, &|under, over| match nulls {
                Nulls::Delete if over.is_null() => None,
                Nulls::Lost if over.is_null() => Some(under.clone()),
                _ => Some(over.clone()),
            }),
            None => own,
        };
        telemetry::apply(self, &mut config);
        config
    }

    /// Where the value at `path` is written, or else the nearest one above it.
    fn place(&self, path: &[&str]) -> Place {
        let mut place = self.values.entries().first().map_or(self.values.place(), Entry::place);
        let mut node = self.values;
        for key in path {
            let Some(entry) = node.entry(key) else { break };
            place = entry.place();
            node = entry.value();
        }
        place.clone()
    }

    fn get(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self.values, |node, key| node.get(key)).filter(|node| !node.is_null())
    }

    fn is_on(&self, path: &[&str], default: bool) -> bool {
        self.get(path).and_then(Node::as_bool).unwrap_or(default)
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path).and_then(Node::as_str).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests;
