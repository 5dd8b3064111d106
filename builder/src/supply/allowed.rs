//! Holding a collector's crates to the licences that its manifest allows.

use std::collections::BTreeMap;

use slimcol_config::Issue;

use super::{License, chain};
use crate::{error::Error, graph::Graph, manifest::Licenses, resolve::Plan};

/// Crates that a message names for one licence.
const NAMED: usize = 4;

/// Whether `license` can be met with the licences on the list. Without a list, every licence can.
pub(super) fn is_allowed(license: &License, allowed: Option<&Licenses>) -> bool {
    let Some(allowed) = allowed else { return true };
    match license {
        License::Known(expression) => {
            expression.evaluate(|wanted| allowed.allowed.iter().any(|licensee| licensee.satisfies(wanted)))
        }
        License::Other(_) | License::None => false,
    }
}

/// Refuses a collector with crates under other licences: an issue for each of these, with the crates and how they came in.
pub(crate) fn check(graph: &Graph, plan: &Plan, allowed: Option<&Licenses>) -> Result<(), Error> {
    let Some(list) = allowed else { return Ok(()) };
    let mut refused: BTreeMap<String, (License, Vec<usize>)> = BTreeMap::new();
    // The first package is the generated one, which has no licence of its own.
    for (position, linked) in graph.packages.iter().enumerate().skip(1) {
        let license = License::read(linked.license.as_deref());
        if !is_allowed(&license, allowed) {
            refused.entry(license.quoted()).or_insert_with(|| (license, Vec::new())).1.push(position);
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    let issue = |(shown, (license, positions)): (&String, &(License, Vec<usize>))| {
        let crates = positions.iter().take(NAMED).map(|&position| {
            let linked = &graph.packages[position];
            format!("{} {} ({})", linked.name, linked.version, chain::to(position, graph, plan))
        });
        let mut crates = crates.collect::<Vec<_>>().join(", ");
        if let Some(more) = positions.len().checked_sub(NAMED).filter(|&more| more > 0) {
            crates.extend([", and ", &more.to_string(), " more, which `slimcol licenses` lists"]);
        }
        Issue::new(format!("`licenses` does not allow {shown}: {crates}")).at(list.place.clone()).help(
            match license {
                License::Known(_) => "allow it, or leave out what brings it",
                _ => "have the crate declare an SPDX expression, or leave out what brings it",
            },
        )
    };
    Err(Error::Manifest(refused.iter().map(issue).collect()))
}
