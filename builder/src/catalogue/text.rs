//! Components in full, for a terminal.

use std::fmt::Write as _;

use super::{Catalogue, Component, kib};
use crate::manifest::Official;

/// Everything about each component in `catalogue`, with its README.
pub(crate) fn details(catalogue: &Catalogue) -> String {
    let ours = catalogue.components.iter().map(component);
    ours.chain(catalogue.missing.iter().map(official)).collect::<Vec<_>>().join("\n")
}

fn component(component: &Component) -> String {
    let declared = &component.declared;
    let cost = component.cost.map(|bytes| format!("{} in the smallest collector", kib(bytes)));
    let facts = [
        ("signals", declared.signals.join(", ")),
        ("stability", declared.stability.clone()),
        ("also called", component.aliases()),
        ("Go module", declared.gomod.clone().unwrap_or_default()),
        ("crate", component.package.clone()),
        ("cost", cost.unwrap_or_default()),
        ("in a manifest", format!("{}: [{}]", declared.class.section(), declared.name)),
    ];
    let mut text = format!("{} {}: {}\n", declared.class, declared.name, component.description);
    for (what, is) in &facts {
        line(&mut text, what, is);
    }
    if !component.readme.is_empty() {
        let _ = write!(text, "\n{}", component.readme);
    }
    text
}

fn official(official: &Official) -> String {
    let Official { class, name, alias, gomod, distributions } = official;
    let mut text =
        format!("{class} {name}: exists for the OpenTelemetry Collector, but not in Slimcol yet\n");
    line(&mut text, "also called", alias.unwrap_or_default());
    line(&mut text, "Go module", gomod);
    line(&mut text, "official in", &distributions.join(", "));
    text
}

fn line(text: &mut String, what: &str, is: &str) {
    if !is.is_empty() {
        let _ = writeln!(text, "  {what:13}  {is}");
    }
}
