//! The configuration that a new distribution starts with: each component as its `start.yaml` has it, in pipelines for each
//! signal.

use std::fs;

use minijinja::{Value, context};

use crate::{
    catalogue::{Catalogue, Component},
    class::Class,
    source::SourceTree,
};

use super::Choice;

/// The signals, in the order of a configuration.
pub(super) const SIGNALS: [&str; 3] = ["traces", "metrics", "logs"];

/// The file beside a component's README that has settings to start with; without one its defaults do.
const START: &str = "start.yaml";

/// What a configuration is rendered from.
pub(super) struct Config {
    /// The template's values.
    pub(super) values: Value,
    /// The environment variables that it reads, with their defaults.
    pub(super) variables: Vec<(String, String)>,
}

/// The configuration of the components chosen.
pub(super) fn of(choice: &Choice, catalogue: &Catalogue, source: &SourceTree) -> Config {
    let chosen = choice.of(catalogue);
    let of = |class: Class| chosen.iter().copied().filter(move |it| it.declared.class == class);
    let has_env = of(Class::Provider).any(|it| it.declared.name == "env");
    let mut variables = Vec::new();
    let mut sections = Vec::new();
    for class in [Class::Extension, Class::Receiver, Class::Processor, Class::Exporter] {
        let components: Vec<Value> = of(class)
            .map(|component| {
                let file = source.root.join(&component.folder).join(START);
                let mut text = fs::read_to_string(file).unwrap_or_default();
                if has_env {
                    collect_variables(&text, &mut variables);
                } else {
                    text = with_defaults(&text);
                }
                let lines: Vec<String> = text.lines().map(str::to_owned).collect();
                context! { name => &component.declared.name, lines }
            })
            .collect();
        if !components.is_empty() {
            sections.push(context! { name => class.section(), components });
        }
    }
    let names = |class: Class, signal: &str| -> Vec<String> {
        let mut found: Vec<&Component> =
            of(class).filter(|it| it.declared.signals.iter().any(|other| other == signal)).collect();
        found.sort_by_key(|it| place(&it.declared.name));
        found.into_iter().map(|it| it.declared.name.clone()).collect()
    };
    let pipelines: Vec<Value> = SIGNALS
        .into_iter()
        .filter_map(|signal| {
            let [receivers, processors, exporters] =
                [Class::Receiver, Class::Processor, Class::Exporter].map(|class| names(class, signal));
            let complete = !receivers.is_empty() && !exporters.is_empty();
            complete.then(|| context! { signal, receivers, processors, exporters })
        })
        .collect();
    let extensions: Vec<String> = of(Class::Extension).map(|it| it.declared.name.clone()).collect();
    Config { values: context! { sections, extensions, pipelines }, variables }
}

/// Where a processor stands in a pipeline: the limiter refuses before anything has been done, the batches are what leaves.
fn place(name: &str) -> u8 {
    match name {
        "memory_limiter" => 0,
        "batch" => 2,
        _ => 1,
    }
}

/// Adds what `${env:NAME:-default}` asks for.
fn collect_variables(text: &str, variables: &mut Vec<(String, String)>) {
    for part in text.split("${env:").skip(1) {
        let Some((inside, _)) = part.split_once('}') else { continue };
        let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
        if !variables.iter().any(|(known, _)| known == name) {
            variables.push((name.to_owned(), default.to_owned()));
        }
    }
}

/// The text with the default of each `${env:NAME:-default}` in its place, for a collector that cannot read variables.
fn with_defaults(text: &str) -> String {
    let mut parts = text.split("${env:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, rest) = part.split_once('}').unwrap_or((part, ""));
        out.push_str(inside.split_once(":-").map_or("", |(_, default)| default));
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_listed_or_replaced() {
        let text = "a: ${env:A:-1}:2\nb: ${env:B}x${env:A:-3}\n";
        let mut variables = Vec::new();
        collect_variables(text, &mut variables);
        let text_of = |(name, default): &(String, String)| format!("{name}={default}");
        assert_eq!(variables.iter().map(text_of).collect::<Vec<_>>(), ["A=1", "B="]);
        assert_eq!(with_defaults(text), "a: 1:2\nb: x3\n");
    }
}
