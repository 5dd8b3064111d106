//! `router`: sends each entry the way of the first route whose expression holds.

use std::{collections::BTreeMap, ops::Range};

use slimcol_config::{Section, Settings};
use slimcol_expr::Condition;
use slimcol_service::{Field as LogField, Log};

use crate::{
    Entry, Labels, expression,
    guard::described,
    operator::{Build, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct RouterConfig {
    routes: Vec<RouteConfig>,
    default: Vec<String>,
}

#[derive(Debug)]
struct RouteConfig {
    expr: String,
    outputs: Vec<String>,
    attributes: BTreeMap<String, String>,
}

/// Sends entries their ways.
#[derive(Debug)]
pub(crate) struct Router {
    routes: Vec<Route>,
    log: Log,
}

#[derive(Debug)]
struct Route {
    /// The default has none.
    condition: Option<Condition>,
    labels: Labels,
    /// Which of the operator's outputs are this route's.
    outputs: Range<usize>,
}

impl Settings for RouterConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self { routes: from.list("routes"), default: from.get("default", Vec::new()) }
    }
}

impl Settings for RouteConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.warn_of_unknown_keys();
        Self {
            expr: from.get("expr", String::new()),
            outputs: from.get("output", Vec::new()),
            attributes: from.get("attributes", BTreeMap::new()),
        }
    }
}

impl Build for RouterConfig {
    fn outputs(&self) -> Option<Vec<String>> {
        let routes = self.routes.iter().map(|route| &route.outputs);
        Some(routes.chain([&self.default]).flatten().cloned().collect())
    }

    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let mut first = 0;
        let mut next = |outputs: &[String]| {
            first += outputs.len();
            first - outputs.len()..first
        };
        let mut routes = Vec::with_capacity(self.routes.len() + 1);
        for route in &self.routes {
            let labels = Labels::new(&route.attributes)
                .map_err(|error| format!("failed to build attributer for route '{}': {error}", route.expr))?;
            let condition = Some(expression::condition(&route.expr)?);
            routes.push(Route { condition, labels, outputs: next(&route.outputs) });
        }
        if !self.default.is_empty() {
            let outputs = next(&self.default);
            routes.push(Route { condition: None, labels: Labels::default(), outputs });
        }
        Ok(Work::Router(Router { routes, log: with.log.clone() }))
    }
}

impl Router {
    /// The entries by their ways: which of the outputs, and what goes there. What has no way is dropped.
    pub(crate) fn sort(&self, entries: Vec<Entry>) -> Vec<(Range<usize>, Vec<Entry>)> {
        let mut ways: Vec<_> = self.routes.iter().map(|route| (route.outputs.clone(), Vec::new())).collect();
        for mut entry in entries {
            if let Some(way) = self.way(&mut entry) {
                ways[way].1.push(entry);
            }
        }
        ways
    }

    fn way(&self, entry: &mut Entry) -> Option<usize> {
        let way = self.routes.iter().position(|route| {
            route.condition.as_ref().is_none_or(|condition| {
                condition.holds(entry).unwrap_or_else(|error| {
                    self.log.warn("Running expression returned an error", &fields(entry, &error.to_string()));
                    false
                })
            })
        })?;
        if let Err(error) = self.routes[way].labels.label(entry) {
            self.log.error("Failed to label entry", &fields(entry, &error));
            return None;
        }
        Some(way)
    }
}

fn fields<'a>(entry: &'a Entry, error: &'a str) -> Vec<(&'a str, LogField<'a>)> {
    described(entry).chain([("error", error.into())]).collect()
}
