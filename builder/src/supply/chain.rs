//! How a crate came into a collector.

use std::collections::VecDeque;

use crate::{graph::Graph, resolve::Plan};

/// A shortest way from the manifest to the crate at `position`, for people: ``receiver `otlp` → slimcol-net → h2``.
pub(super) fn to(position: usize, graph: &Graph, plan: &Plan) -> String {
    let name = |&position: &usize| {
        let linked = &graph.packages[position];
        match linked.component {
            Some(component) => {
                let declared = &plan.components[component].component;
                format!("{} `{}`", declared.class, declared.name)
            }
            None => linked.name.clone(),
        }
    };
    shortest(graph, position).iter().map(name).collect::<Vec<_>>().join(" → ")
}

/// The positions on the way, without the collector's own package.
fn shortest(graph: &Graph, to: usize) -> Vec<usize> {
    let mut reached_from = vec![None; graph.packages.len()];
    let mut open = VecDeque::from([0]);
    while let Some(position) = open.pop_front() {
        for &next in &graph.packages[position].dependencies {
            if next != 0 && reached_from[next].is_none() {
                reached_from[next] = Some(position);
                open.push_back(next);
            }
        }
    }
    let mut way = vec![to];
    let mut at = to;
    while let Some(before) = reached_from[at].filter(|&before| before != 0) {
        way.push(before);
        at = before;
    }
    way.reverse();
    way
}
