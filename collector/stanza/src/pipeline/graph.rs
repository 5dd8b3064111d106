//! Which operator hands its entries to which.

use slimcol_config::nearest;

use super::Input;
use crate::{OperatorConfig, operator::detailed};

/// The target that stands for the end of the pipeline.
pub(super) const EMITTER: usize = usize::MAX;

/// The way of the entries.
#[derive(Debug)]
pub(super) struct Wiring {
    /// The operators' names.
    pub(super) ids: Vec<String>,
    /// Their targets, by the targets' places in `order`.
    pub(super) outputs: Vec<Vec<usize>>,
    /// An order in which no operator comes before one that hands to it.
    pub(super) order: Vec<usize>,
    /// The input's targets, likewise.
    pub(super) first: Vec<usize>,
}

/// Finds targets and order.
pub(super) fn wire(input: Input<'_>, operators: &[OperatorConfig]) -> Result<Wiring, String> {
    let ids = names(input.id, operators);
    let mut outputs = Vec::with_capacity(operators.len());
    for (at, operator) in operators.iter().enumerate() {
        outputs.push(if operator.routes {
            routed(&ids, &operator.outputs)?
        } else {
            targets(input.id, &ids, &operator.outputs, at + 1)?
        });
    }
    let mut first = targets(input.id, &ids, input.outputs, 0)?;
    for (at, id) in ids.iter().enumerate() {
        if id == input.id || ids[..at].contains(id) {
            return Err(format!("operator with id '{id}' already exists in pipeline"));
        }
    }
    let order = sorted(&outputs).map_err(|cycle| {
        let names: Vec<_> = cycle.iter().map(|at| &*ids[*at]).collect();
        let shown = format!("({} -> {})", names.join(" -> "), names[0]);
        detailed("pipeline has a circular dependency", &[("cycles", &shown)])
    })?;
    let mut places = vec![0; order.len()];
    for (place, at) in order.iter().enumerate() {
        places[*at] = place;
    }
    for target in outputs.iter_mut().chain([&mut first]).flatten().filter(|target| **target != EMITTER) {
        *target = places[*target];
    }
    Ok(Wiring { ids, outputs, order, first })
}

/// Each operator's name. Those that have their type's get a number from the second on.
fn names(input: &str, operators: &[OperatorConfig]) -> Vec<String> {
    let mut ids: Vec<String> =
        operators.iter().map(|o| if o.id.is_empty() { o.kind.clone() } else { o.id.clone() }).collect();
    for at in 0..ids.len() {
        let kind = &operators[at].kind;
        let seen = ids[..at].contains(kind) || input == kind;
        if ids[at] == *kind && seen {
            let free =
                (1..=ids.len() + 1).map(|n| format!("{kind}{n}")).find(|id| !ids.contains(id) && input != id);
            ids[at] = free.expect("there are more numbers than operators");
        }
    }
    ids
}

/// The operators of these names; if there are none, the operator at `next`, or the end of the pipeline.
fn targets(input: &str, ids: &[String], outputs: &[String], next: usize) -> Result<Vec<usize>, String> {
    if outputs.is_empty() {
        return Ok(vec![if next < ids.len() { next } else { EMITTER }]);
    }
    let find = |id: &String| match ids.iter().position(|other| other == id) {
        Some(at) => Ok(at),
        None if id == input => Err(format!("operator '{id}' can not process entries")),
        None => Err(format!("operator '{id}' does not exist{}", meant(id, ids))),
    };
    outputs.iter().map(find).collect()
}

/// The operators that a router names.
fn routed(ids: &[String], outputs: &[String]) -> Result<Vec<usize>, String> {
    let find = |id: &String| {
        let at = ids.iter().position(|other| other == id);
        let missing =
            || format!("failed to set outputs on route: operator {id} does not exist{}", meant(id, ids));
        at.ok_or_else(missing)
    };
    outputs.iter().map(find).collect()
}

/// What is to be said of the operator that `id` was likely meant to be.
fn meant(id: &str, ids: &[String]) -> String {
    let near = nearest(id, ids.iter().map(String::as_str));
    near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default()
}

/// The operators so that each comes before its targets, otherwise as they were written; or operators that form a ring.
fn sorted(outputs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut sources = vec![0; outputs.len()];
    for target in outputs.iter().flatten().filter(|target| **target != EMITTER) {
        sources[*target] += 1;
    }
    let mut order = Vec::with_capacity(outputs.len());
    while order.len() < outputs.len() {
        let free = (0..outputs.len()).find(|at| sources[*at] == 0 && !order.contains(at));
        let Some(at) = free else { return Err(ring(outputs, &order)) };
        order.push(at);
        for target in outputs[at].iter().filter(|target| **target != EMITTER) {
            sources[*target] -= 1;
        }
    }
    Ok(order)
}

/// A ring among the operators that could not be ordered: going back from any of them long enough, one is met again.
fn ring(outputs: &[Vec<usize>], ordered: &[usize]) -> Vec<usize> {
    let source =
        |of: usize| (0..outputs.len()).find(|at| !ordered.contains(at) && outputs[*at].contains(&of));
    let mut way: Vec<usize> = (0..outputs.len()).filter(|at| !ordered.contains(at)).take(1).collect();
    while let Some(before) = way.last().and_then(|at| source(*at)) {
        if let Some(start) = way.iter().position(|at| *at == before) {
            let mut ring = way.split_off(start);
            ring.reverse();
            return ring;
        }
        way.push(before);
    }
    way
}
