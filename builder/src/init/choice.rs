//! Which components a new distribution has.

use slimcol_config::nearest;

use crate::{
    catalogue::{Catalogue, Component},
    class::Class,
};

/// Components, by class and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice(Vec<(Class, String)>);

/// What is useful to most, and small.
const USUAL: [(Class, &str); 6] = [
    (Class::Receiver, "otlp"),
    (Class::Processor, "batch"),
    (Class::Processor, "memory_limiter"),
    (Class::Exporter, "debug"),
    (Class::Exporter, "otlp_grpc"),
    (Class::Extension, "health_check"),
];
/// Without these no configuration comes in. The web's cost much and are seldom used.
const PROVIDERS: [&str; 3] = ["env", "file", "yaml"];

impl Choice {
    /// What is chosen when nobody chooses.
    pub(crate) fn usual(catalogue: &Catalogue) -> Self {
        let providers = PROVIDERS.map(|name| (Class::Provider, name));
        let all = USUAL.into_iter().chain(providers);
        Self(
            all.filter(|one| is_there(catalogue, *one))
                .map(|(class, name)| (class, name.to_owned()))
                .collect(),
        )
    }

    /// The components that `words` name: `otlp`, `exporter/otlp_grpc`, `all`. The error says what is wrong.
    pub(crate) fn named(words: &[String], catalogue: &Catalogue) -> Result<Self, String> {
        let mut choice = Self(Vec::new());
        for word in words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
            let found = named(word, catalogue)?;
            choice.0.extend(found.iter().map(|it| (it.declared.class, it.declared.name.clone())));
        }
        if !choice.0.iter().any(|(class, _)| *class == Class::Provider) {
            choice.0.extend(PROVIDERS.map(|name| (Class::Provider, name.to_owned())));
        }
        choice.0.sort();
        choice.0.dedup();
        Ok(choice)
    }

    /// Whether a component is chosen.
    pub(crate) fn has(&self, component: &Component) -> bool {
        self.0
            .iter()
            .any(|(class, name)| *class == component.declared.class && *name == component.declared.name)
    }

    /// Chooses a component, or no longer.
    pub(crate) fn switch(&mut self, component: &Component) {
        let declared = &component.declared;
        if self.has(component) {
            self.0.retain(|(class, name)| *class != declared.class || *name != declared.name);
        } else {
            self.0.push((declared.class, declared.name.clone()));
        }
    }

    /// The chosen components of `catalogue`, in its order.
    pub(crate) fn of<'c>(&self, catalogue: &'c Catalogue) -> Vec<&'c Component> {
        catalogue.components.iter().filter(|component| self.has(component)).collect()
    }

    /// Says what is missing before a collector can run.
    pub(crate) fn check(&self, catalogue: &Catalogue) -> Result<(), String> {
        let chosen = self.of(catalogue);
        let of = |class: Class| chosen.iter().filter(move |component| component.declared.class == class);
        for class in [Class::Receiver, Class::Exporter] {
            if of(class).next().is_none() {
                return Err(format!("a collector needs {}", class.with_article()));
            }
        }
        if !of(Class::Provider).any(|component| component.declared.name == "file") {
            return Err("without the provider `file` it cannot read its configuration".to_owned());
        }
        let handles = |class: Class, signal: &str| {
            of(class).any(|component| component.declared.signals.iter().any(|other| other == signal))
        };
        let any = super::config::SIGNALS
            .iter()
            .any(|signal| handles(Class::Receiver, signal) && handles(Class::Exporter, signal));
        if any { Ok(()) } else { Err("no exporter takes what the receivers bring in".to_owned()) }
    }
}

fn is_there(catalogue: &Catalogue, (class, name): (Class, &str)) -> bool {
    catalogue.components.iter().any(|it| it.declared.class == class && it.declared.name == name)
}

/// The components that one word names: by name in every class, else by an older name.
fn named<'c>(word: &str, catalogue: &'c Catalogue) -> Result<Vec<&'c Component>, String> {
    if word == "all" {
        return Ok(catalogue.components.iter().collect());
    }
    let (class, name) = match word.split_once('/') {
        Some((kind, name)) => {
            let class = Class::from_word(kind).or_else(|| Class::from_section(kind));
            (Some(class.ok_or_else(|| format!("`{kind}` is not a kind of component"))?), name)
        }
        None => (None, word),
    };
    let in_class = |it: &Class| class.is_none_or(|class| class == *it);
    let ours = || catalogue.components.iter().filter(|it| in_class(&it.declared.class));
    let mut found: Vec<&Component> = ours().filter(|it| it.declared.name == name).collect();
    if found.is_empty() {
        found = ours().filter(|it| it.declared.aliases.iter().any(|alias| alias == name)).collect();
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let official = catalogue.missing.iter().filter(|it| in_class(&it.class));
    if official.clone().any(|it| it.name == name || it.alias == Some(name)) {
        return Err(format!("`{name}` exists for the OpenTelemetry Collector, but not in Slimcol yet"));
    }
    Err(match nearest(name, ours().flat_map(|it| it.declared.keys())) {
        Some(near) => format!("no component is called `{name}`; did you mean `{near}`?"),
        None => format!("no component is called `{name}`; `slimcol components` lists all that there are"),
    })
}
