//! What there is to choose from: Slimcol's components, what they cost, and what the OpenTelemetry Collector's official
//! distributions have besides. One value, shown in several forms.

mod cost;
mod html;
mod json;
mod list;
mod manifest;
mod markdown;
mod measure;
mod readme;
mod text;

use std::fs;

use slimcol_config::nearest;
use toml_edit::DocumentMut;

pub(crate) use self::{
    html::html, json::json, list::list, manifest::manifest, markdown::markdown, measure::measure,
    text::details,
};
use crate::{
    class::Class,
    manifest::{Official, officials},
    resolve::{Declared, Index, Package},
    source::SourceTree,
};

/// What there is and what there is not yet.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// Slimcol's components, by class and name.
    pub(crate) components: Vec<Component>,
    /// The official distributions' components that are not among them.
    pub(crate) missing: Vec<Official>,
}

/// One of Slimcol's components.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// What its crate declares.
    pub(crate) declared: Declared,
    /// Its crate.
    pub(crate) package: String,
    /// What it is for, in a line.
    pub(crate) description: String,
    /// Its folder in the source tree, which has its README (`components/receiver/otlp`).
    pub(crate) folder: String,
    /// Its README, which documents its keys.
    pub(crate) readme: String,
    /// The bytes that the smallest collector grows by with it, where that was measured.
    pub(crate) cost: Option<u64>,
}

impl Catalogue {
    /// Everything in `index`, whose crates are in `source`.
    pub(crate) fn of(index: &Index, source: &SourceTree) -> Self {
        let components: Vec<Component> =
            index.components().map(|(declared, package)| Component::of(declared, package, source)).collect();
        let there = |official: &Official| {
            components.iter().any(|component| {
                component.declared.class == official.class
                    && (component.declared.name == official.name
                        || component.declared.gomod.as_deref() == Some(official.gomod))
            })
        };
        let missing = officials().filter(|official| !there(official)).collect();
        Self { components, missing }
    }

    /// What of it is of one class.
    pub(crate) fn of_class(mut self, class: Class) -> Self {
        self.components.retain(|component| component.declared.class == class);
        self.missing.retain(|official| official.class == class);
        self
    }

    /// What of it answers to `name`: a key in collectors' configuration, a crate or a Go module. The error says what else
    /// was likely meant.
    pub(crate) fn named(mut self, name: &str) -> Result<Self, String> {
        let ours = |component: &Component| {
            let declared = &component.declared;
            declared.keys().any(|key| key == name)
                || component.package == name
                || declared.gomod.as_deref() == Some(name)
        };
        let theirs = |official: &Official| {
            official.name == name || official.alias == Some(name) || official.gomod == name
        };
        if !self.components.iter().any(ours) && !self.missing.iter().any(theirs) {
            let names = self.components.iter().flat_map(|component| component.declared.keys());
            let names = names.chain(self.missing.iter().map(|official| official.name));
            let help = nearest(name, names).map_or_else(
                || "`slimcol components --all` lists all that there are".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            return Err(format!("no component is called `{name}`; {help}"));
        }
        self.components.retain(ours);
        self.missing.retain(theirs);
        Ok(self)
    }
}

impl Component {
    fn of(declared: &Declared, package: &Package, source: &SourceTree) -> Self {
        let read = |name: &str| fs::read_to_string(package.dir.join(name)).unwrap_or_default();
        let toml: DocumentMut = read("Cargo.toml").parse().unwrap_or_default();
        let description = toml.get("package").and_then(|package| package.get("description")?.as_str());
        let folder = package.dir.strip_prefix(&source.root).unwrap_or(&package.dir);
        Self {
            description: description.unwrap_or_default().to_owned(),
            folder: folder.display().to_string(),
            readme: read("README.md"),
            cost: cost::of(declared.class, &declared.name),
            declared: declared.clone(),
            package: package.name.clone(),
        }
    }

    /// What it calls itself besides its name.
    pub(crate) fn aliases(&self) -> String {
        self.declared.aliases.join(", ")
    }
}

/// A size in the unit that components are compared in.
pub(crate) fn kib(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}
