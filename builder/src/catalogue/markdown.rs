//! The catalogue as a page of the documentation.

use std::fmt::Write as _;

use super::{Catalogue, Component, kib};
use crate::class::Class;

/// `docs/components.md`: links lead to the READMEs in the source tree, from a folder below its root.
pub(crate) fn markdown(catalogue: &Catalogue) -> String {
    let mut text = "# Components\n\n\
        Made by `slimcol components --markdown`. Cost is what the smallest collector grows by with the component: what components \
        share (TLS, HTTP/2) counts for each here, and is in a collector once. Measured on x86_64, `lto: off`, `panic: unwind`.\n"
        .to_owned();
    for class in Class::ALL {
        let components = catalogue.components.iter().filter(|component| component.declared.class == class);
        let lines: String = components.map(line).collect();
        if lines.is_empty() {
            continue;
        }
        let heading = capitalised(class.section());
        let _ = write!(
            text,
            "\n## {heading}\n\n| type | for | signals | stability | cost | stands for |\n|---|---|---|---|---:|---|\n{lines}"
        );
    }
    let missing: String = Class::ALL.into_iter().map(|class| missing(catalogue, class)).collect();
    if !missing.is_empty() {
        let _ = write!(
            text,
            "\n## Not there yet\n\nWhat the official distributions (v0.159.0) have besides. A manifest that names one is refused, \
             or built without it with `--skip-missing`.\n\n{missing}"
        );
    }
    text
}

fn line(component: &Component) -> String {
    let declared = &component.declared;
    let aliases: Vec<String> = declared.aliases.iter().map(|alias| format!(", `{alias}`")).collect();
    format!(
        "| [`{name}`](../{folder}/README.md){aliases} | {description} | {signals} | {stability} | {cost} | {gomod} |\n",
        name = declared.name,
        folder = component.folder,
        aliases = aliases.concat(),
        description = component.description,
        signals = declared.signals.join(", "),
        stability = declared.stability,
        cost = component.cost.map(kib).unwrap_or_default(),
        gomod = declared.gomod.as_ref().map(|gomod| format!("`{gomod}`")).unwrap_or_default(),
    )
}

fn missing(catalogue: &Catalogue, class: Class) -> String {
    let names: Vec<String> = catalogue
        .missing
        .iter()
        .filter(|official| official.class == class)
        .map(|official| format!("`{}`", official.name))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!("* {} ({}): {}\n", class.section(), names.len(), names.join(", "))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
