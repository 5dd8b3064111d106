//! Where a binary's bytes come from.
//!
//! Every byte of the file as it ships is in exactly one stretch ([`stretch`]); a stretch that a symbol names belongs to the
//! package that the symbol is from ([`origin`]); and a package belongs to a component if nothing else needs it ([`own`]). What
//! no symbol names is counted by what it is. The sums are checked: a report that misses or doubles a byte is not made.

mod archive;
pub(crate) mod budget;
mod diff;
mod html;
mod mangled;
mod origin;
mod own;
mod report;
mod stretch;
mod table;

use std::{cmp::Reverse, collections::BTreeMap};

pub(crate) use self::{
    budget::Size,
    diff::Diff,
    html::html,
    report::Report,
    table::{render, thousands},
};
use self::{
    origin::{Origins, Owner},
    report::{Component, Holder, Item, Rest, Share},
    stretch::{Part, Stretch},
};
use crate::{
    distro::{Binary, Written},
    error::Error,
    graph::Graph,
    resolve::Plan,
};

/// The largest symbols of a crate that a report names.
const LARGEST: usize = 60;
/// What is too small to be named.
const SMALLEST: u64 = 256;

/// Attributes every byte of `binary`.
pub(crate) fn measure(written: &Written, binary: &Binary) -> Result<Report, Error> {
    let Written { prepared, .. } = written;
    let failed = |what: String| {
        let path = binary.path.display();
        Error::Other(format!("cannot tell where the bytes of `{path}` come from: {what}"))
    };
    let stretches = stretch::all(&binary.data, &binary.symbols).map_err(failed)?;
    let libraries = prepared.rustc.libraries(&binary.target);
    let origins = Origins::read(&binary.graph, &binary.units, &libraries).map_err(failed)?;
    let report = attribute(&stretches, &origins, &binary.graph, &prepared.plan, &binary.target);
    report.check(binary.data.len() as u64, stretch::code(&binary.data).map_err(failed)?).map_err(failed)?;
    Ok(report)
}

/// What one crate has.
#[derive(Default)]
struct Heap<'d> {
    code: u64,
    constants: u64,
    symbols: BTreeMap<&'d str, u64>,
}

fn attribute(
    stretches: &[Stretch<'_>],
    origins: &Origins,
    graph: &Graph,
    plan: &Plan,
    target: &str,
) -> Report {
    let mut heaps: BTreeMap<Owner, Heap<'_>> = BTreeMap::new();
    let mut rest: BTreeMap<Part, u64> = BTreeMap::new();
    let (mut bytes, mut code) = (0, 0);
    for stretch in stretches {
        bytes += stretch.bytes;
        code += if stretch.part == Part::Code { stretch.bytes } else { 0 };
        let Some(symbol) = &stretch.symbol else {
            *rest.entry(stretch.part).or_default() += stretch.bytes;
            continue;
        };
        let heap = heaps.entry(origins.owner(symbol)).or_default();
        let kind = if stretch.part == Part::Code { &mut heap.code } else { &mut heap.constants };
        *kind += stretch.bytes;
        *heap.symbols.entry(symbol.name).or_default() += stretch.bytes;
    }
    let own = own::components(graph);
    let mut crates: Vec<Share> =
        heaps.into_iter().map(|(owner, heap)| share(owner, heap, graph, plan, &own)).collect();
    crates.sort_by(|a, b| b.bytes().cmp(&a.bytes()).then_with(|| a.label().cmp(&b.label())));
    let components = plan.components.iter().enumerate().map(|(position, planned)| {
        let id = planned.component.id();
        let holder = Holder::Component(id.clone());
        let shares = crates.iter().filter(|share| share.holder == holder);
        let (code, constants) =
            shares.fold((0, 0), |(code, constants), share| (code + share.code, constants + share.constants));
        let mut packages: Vec<String> = graph
            .packages
            .iter()
            .zip(&own)
            .filter(|(_, of)| **of == Some(position))
            .map(|(package, _)| format!("{} {}", package.name, package.version))
            .collect();
        packages.sort();
        Component { id, code, constants, packages }
    });
    let mut components: Vec<Component> = components.collect();
    components.sort_by(|a, b| b.bytes().cmp(&a.bytes()).then_with(|| a.id.cmp(&b.id)));
    let mut rest: Vec<Rest> =
        rest.into_iter().map(|(part, bytes)| Rest { what: part.label().to_owned(), bytes }).collect();
    rest.sort_by_key(|rest| Reverse(rest.bytes));
    Report {
        format: report::FORMAT,
        name: plan.name.clone(),
        version: plan.version.clone(),
        target: target.to_owned(),
        bytes,
        code,
        components,
        crates,
        rest,
    }
}

/// What the crate of `owner` has, and whose it is.
fn share(owner: Owner, heap: Heap<'_>, graph: &Graph, plan: &Plan, own: &[Option<usize>]) -> Share {
    let (name, version, holder) = match owner {
        Owner::Package(position) => {
            let package = &graph.packages[position];
            let holder = match own[position] {
                Some(component) => Holder::Component(plan.components[component].component.id()),
                None => Holder::Shared,
            };
            // The generated package's own name has a digest in it, and is nobody's but the distribution's.
            let generated = position == 0;
            let name = if generated { plan.name.clone() } else { package.name.clone() };
            (name, Some(package.version.clone()).filter(|_| !generated), holder)
        }
        Owner::Standard(name) => (name, None, Holder::Standard),
        Owner::System => ("libc".to_owned(), None, Holder::System),
    };
    let mut symbols: Vec<(&str, u64)> = heap.symbols.into_iter().collect();
    symbols.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let count = symbols.len() as u64;
    let largest = symbols.into_iter().take(LARGEST).filter(|(_, bytes)| *bytes >= SMALLEST);
    let largest = largest.map(|(name, bytes)| Item { name: mangled::readable(name), bytes }).collect();
    Share { name, version, holder, code: heap.code, constants: heap.constants, symbols: count, largest }
}
