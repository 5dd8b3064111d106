//! A component in the manifest: a short name, ocb's `gomod` line, or a crate from anywhere.

mod krate;

use std::path::{Path, PathBuf};

use slimcol_config::{Entry as Pair, Issue, Node, Place};

use super::{Findings, Gomod, Input, Strictness, keys, schema};
use crate::class::Class;

pub(super) use krate::is_package_name;
pub(crate) use krate::{Crate, Feature, Origin, Reference};

/// A component that the manifest wants.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The section that it stands in.
    pub(crate) class: Class,
    /// What is wanted.
    pub(crate) wanted: Wanted,
    /// Where that was written.
    pub(crate) place: Place,
}

/// How a component is named.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// By its key in collectors' configuration.
    Named(String),
    /// By the Go module that it stands for. `path` is a local folder to take it from.
    Module { gomod: Gomod, path: Option<PathBuf> },
    /// As a crate.
    Crate(Crate),
}

impl Wanted {
    /// Whether it has to be fetched from a repository or a registry.
    pub(crate) fn is_remote(&self) -> bool {
        matches!(self, Self::Crate(Crate { origin: Origin::Git { .. } | Origin::Registry { .. }, .. }))
    }
}

impl Entry {
    /// Takes a component that is named by its Go module from the folder that stands in for the module, if one does.
    pub(super) fn take_from(&mut self, modules: &[(String, PathBuf)]) {
        if let Wanted::Module { gomod, path: path @ None } = &mut self.wanted {
            *path =
                modules.iter().find(|(module, _)| *module == gomod.path).map(|(_, folder)| folder.clone());
        }
    }

    /// A provider of ocb's default set.
    pub(super) fn default_provider(name: &str, place: &Place) -> Self {
        Self { class: Class::Provider, wanted: Wanted::Named(name.to_owned()), place: place.clone() }
    }
}

/// Reads the section of a class.
pub(super) fn read(
    class: Class,
    section: &Pair,
    base: &Path,
    strictness: Strictness,
    findings: &mut Findings,
) -> Vec<Entry> {
    let items = keys::list(section, example(class), findings);
    items.iter().filter_map(|item| read_item(class, item, base, strictness, findings)).collect()
}

/// A name that exists in each class, for examples.
fn example(class: Class) -> &'static str {
    match class {
        Class::Receiver => "otlp",
        Class::Processor => "batch",
        Class::Exporter => "debug",
        Class::Connector => "forward",
        Class::Extension => "health_check",
        Class::Provider => "env",
    }
}

fn read_item(
    class: Class,
    item: &Node,
    base: &Path,
    strictness: Strictness,
    findings: &mut Findings,
) -> Option<Entry> {
    if let Some(name) = item.as_str().filter(|name| !name.trim().is_empty()) {
        let wanted = Wanted::Named(name.trim().to_owned());
        return Some(Entry { class, wanted, place: item.place().clone() });
    }
    if !item.is_map() {
        findings.issue(
            Issue::new(format!("{} is a name, a `gomod:` or a `crate:`", class.with_article()))
                .at(item.place().clone())
                .help(format!("for example `- {}`", example(class))),
        );
        return None;
    }
    let has = |key: &str| item.entries().iter().any(|entry| entry.key().eq_ignore_ascii_case(key));
    if has("crate") {
        let keys = keys::Keys::open(item, schema::CRATE, findings);
        return krate::read(class, &keys, base, findings);
    }
    let keys = keys::Keys::open(item, schema::MODULE, findings);
    read_module(class, item, &keys, base, strictness, findings)
}

/// ocb's form: `gomod`, and `path` for a local folder. `import` and `name` are how Go code refers to it.
fn read_module(
    class: Class,
    item: &Node,
    keys: &keys::Keys<'_>,
    base: &Path,
    strictness: Strictness,
    findings: &mut Findings,
) -> Option<Entry> {
    for (key, entry) in ["import", "name"].into_iter().filter_map(|key| Some((key, keys.get(key)?))) {
        let text = keys::filled(entry, findings);
        let valid = |text: &str| if key == "name" { is_go_name(text) } else { super::gomod::is_path(text) };
        if let Some(text) = text.filter(|text| !valid(text)) {
            let what = if key == "name" { "name" } else { "import path" };
            findings
                .issue(Issue::new(format!("`{text}` is not a Go {what}")).at(entry.value_place().clone()));
        } else {
            let note = Issue::new(format!(
                "`{key}` is how Go code refers to the module; nothing depends on it here"
            ));
            findings.note(note.at(entry.place().clone()));
        }
    }
    let path = keys.get("path").and_then(|entry| existing_folder(entry, base, findings));
    let Some(entry) = keys.get("gomod") else {
        if !keys.complete() {
            return None;
        }
        findings.issue(
            Issue::new(format!("{} needs a `gomod:`, a `crate:` or just its name", class.with_article()))
                .at(item.place().clone())
                .help(format!("for example `- {}`", example(class))),
        );
        return None;
    };
    let text = keys::filled(entry, findings)?;
    let gomod = Gomod::parse(&text)
        .map_err(|(message, help)| {
            findings.issue(Issue::new(message).at(entry.value_place().clone()).help(help));
        })
        .ok()?;
    if let Some(message) = gomod.later_than_followed() {
        let issue = Issue::new(message).at(entry.value_place().clone());
        if strictness.versions {
            findings.issue(issue.help("lower it, or pass --skip-strict-versioning to build what there is"));
        } else {
            findings.note(issue);
        }
    }
    // A folder that was asked for and is not there has been reported: nothing else stands in for it.
    if keys.get("path").is_some() && path.is_none() {
        return None;
    }
    Some(Entry { class, wanted: Wanted::Module { gomod, path }, place: entry.value_place().clone() })
}

/// The folder that `path` names, which must be there.
fn existing_folder(entry: &Pair, base: &Path, findings: &mut Findings) -> Option<PathBuf> {
    let path = keys::path(entry, base, findings)?;
    let path = existing(&path, entry.value_place(), findings)?;
    findings.input(entry.value_place(), Input::Folder(path.clone()));
    Some(path)
}

/// The folder at `path`, which is written at `place` and must be there, without symbolic links.
pub(super) fn existing(path: &Path, place: &Place, findings: &mut Findings) -> Option<PathBuf> {
    match path.canonicalize() {
        Ok(path) if path.is_dir() => Some(path),
        _ => {
            findings.issue(
                Issue::new(format!("there is no folder `{}`", path.display()))
                    .at(place.clone())
                    .help("relative paths start from the manifest's folder"),
            );
            None
        }
    }
}

/// Whether Go would take `name` for a package.
fn is_go_name(name: &str) -> bool {
    const RESERVED: [&str; 25] = [
        "break",
        "case",
        "chan",
        "const",
        "continue",
        "default",
        "defer",
        "else",
        "fallthrough",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "interface",
        "map",
        "package",
        "range",
        "return",
        "select",
        "struct",
        "switch",
        "type",
        "var",
    ];
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !RESERVED.contains(&name)
}
