//! From collectors' configurations to a manifest: every component that one of them defines is in it, used in a pipeline or
//! not, because a collector refuses what it does not know; and the providers that they are read through.
//!
//! Nothing is expanded: what `${…}` gives where the collector will run is not known here.

mod components;
mod content;
mod helm;
mod included;
mod kubernetes;
mod name;
mod parts;
mod print;
mod providers;
mod yaml;

use std::path::{Path, PathBuf};

use slimcol_config::{Issue, Node, Place, lay_over};

use self::{
    content::{Content, Found},
    helm::Nulls,
};
use crate::{
    class::Class,
    error::{Doing as _, Error},
    manifest::{Crate, Dist, Entry, Findings, Manifest, Wanted, check_name, officials},
    resolve::Index,
};

pub(crate) use self::print::print;

/// What configurations ask for.
#[derive(Debug)]
pub(crate) struct Derived {
    /// The manifest.
    pub(crate) manifest: Manifest,
    /// Why each entry of the manifest is there, in their order.
    pub(crate) reasons: Vec<Reason>,
    /// The configurations: one if a collector can be started with all that was found together, else each by itself.
    pub(crate) configurations: Vec<Configuration>,
}

/// Why a component is in the manifest.
#[derive(Debug)]
pub(crate) struct Reason {
    /// Its name today.
    pub(crate) name: String,
    /// What configurations call it, and where; the first is what stands for all.
    pub(crate) uses: Vec<(String, Place)>,
    /// What it is for if no configuration asks for it.
    pub(crate) always: Option<&'static str>,
    /// The parts of the component that are wanted, if it comes in parts.
    pub(crate) parts: Option<Crate>,
}

/// A configuration as collectors take it.
#[derive(Debug)]
pub(crate) struct Configuration {
    /// Where it comes from, for people.
    pub(crate) name: String,
    /// The whole of it, as YAML.
    pub(crate) text: String,
    /// The files that it is the content of, if it is; else it stood inside of something.
    pub(crate) files: Vec<PathBuf>,
    /// The tree, with the places that people know.
    pub(crate) root: Node,
}

/// A component that something names.
#[derive(Debug)]
struct Use {
    class: Class,
    name: String,
    place: Place,
    /// What is written of it.
    settings: Option<Node>,
}

/// The Helm chart's values in all files that have some: Helm lays them over each other before it renders.
#[derive(Debug)]
struct Values {
    node: Node,
    source: String,
    /// Whose turn it is among all that is found.
    group: usize,
}

impl Values {
    fn add(&mut self, more: &Node, source: &str) {
        self.node = helm::lay_over(&self.node, more);
        self.source = format!("{}, {source}", self.source);
    }
}

/// Derives the manifest of a collector for the configurations in `files`. What is wrong with what is in them is among the
/// findings; the error is for what cannot be read at all.
pub(crate) fn derive(
    files: &[PathBuf],
    name: Option<&str>,
    index: &Index,
    findings: &mut Findings,
) -> Result<Derived, Error> {
    let mut groups: Vec<Vec<Found>> = Vec::new();
    let mut values: Option<Values> = None;
    for file in files {
        match (content::read(file, findings)?, &mut values) {
            (Content::Configurations(found), _) => groups.push(found),
            (Content::Values { values: more, source }, Some(first)) => first.add(&more, &source),
            (Content::Values { values: node, source }, first) => {
                *first = Some(Values { node, source, group: groups.len() });
                groups.push(Vec::new());
            }
        }
    }
    if let Some(Values { node, source, group }) = values {
        let root = helm::render(&node, Nulls::Delete, findings);
        groups[group].push(Found { root, text: None, source, file: None, name: None });
    }
    if let Some(Err(issue)) = name.map(check_name) {
        findings.issue(issue);
    }
    let base = std::env::current_dir().doing("find", Path::new("."))?;
    let chosen = name::chosen(name, files, groups.iter().flatten());
    // The name of the command line was checked above, and it stands whatever the environment says.
    let default = if name.is_some() { "otelcol-custom" } else { &chosen };
    let texts = [("name", default), ("version", "0.1.0"), ("description", "Custom OpenTelemetry Collector")];
    let mut dist = Dist::unwritten(&texts, &base, findings);
    if name.is_some() {
        dist.name = chosen;
    }
    let configurations = together(groups, findings);
    let mut uses = Vec::new();
    for configuration in &configurations {
        let mut read = components::of(configuration, findings);
        uses.append(&mut read.uses);
        uses.extend(providers::of(&configuration.root, findings));
        for included in &read.included {
            uses.extend(providers::of(included, findings));
        }
    }
    if uses.iter().all(|used| used.class == Class::Provider) && !findings.has_issues() {
        let place = configurations.first().map(|one| one.root.place().clone());
        let issue = Issue::new("nothing to build: the configuration defines no components").at(place);
        findings.issue(issue.help("define at least a receiver and an exporter"));
    }
    let (entries, reasons) = entries(uses, &configurations, index);
    Ok(Derived { manifest: Manifest { dist, entries, ..Manifest::empty(base) }, reasons, configurations })
}

/// What a collector that is given all files would run. A file with several configurations in it is for several collectors.
fn together(groups: Vec<Vec<Found>>, findings: &mut Findings) -> Vec<Configuration> {
    if groups.iter().all(|group| group.len() == 1) {
        let all: Vec<Found> = groups.into_iter().flatten().collect();
        return configuration(&all, findings).into_iter().collect();
    }
    groups.iter().flatten().filter_map(|one| configuration(std::slice::from_ref(one), findings)).collect()
}

/// The configuration that `found` are together, each over the ones before.
fn configuration(found: &[Found], findings: &mut Findings) -> Option<Configuration> {
    let mut root = Node::empty(found.first()?.root.place().clone());
    for one in found {
        if let Err(issue) = lay_over(&mut root, one.root.clone()) {
            findings.issue(issue);
        }
    }
    let names: Vec<&str> = found.iter().map(|one| &*one.source).collect();
    let as_written = if let [one] = found { one.text.clone() } else { None };
    let files = found.iter().map(|one| one.file.clone()).collect::<Option<Vec<_>>>();
    Some(Configuration {
        name: names.join(", "),
        text: as_written.unwrap_or_else(|| yaml::write(&root)),
        files: files.unwrap_or_default(),
        root,
    })
}

/// One entry a component, whatever names it goes by, by class and in the configurations' order.
fn entries(uses: Vec<Use>, configurations: &[Configuration], index: &Index) -> (Vec<Entry>, Vec<Reason>) {
    let mut found: Vec<(Class, Reason)> = Vec::new();
    if !configurations.is_empty() {
        for (name, always) in providers::ALWAYS {
            found.push((
                Class::Provider,
                Reason { name: name.to_owned(), uses: Vec::new(), always: Some(always), parts: None },
            ));
        }
    }
    for Use { class, name, place, settings } in uses {
        let today = name_today(class, &name, index);
        let parts = parts::of(class, &today, settings.as_ref(), index);
        match found.iter_mut().find(|(other, reason)| *other == class && reason.name == today) {
            Some((_, reason)) => {
                reason.uses.push((name, place));
                reason.parts = parts::joined(reason.parts.take(), parts);
            }
            None => {
                found.push((class, Reason { name: today, uses: vec![(name, place)], always: None, parts }));
            }
        }
    }
    found.sort_by_key(|(class, _)| *class);
    let anywhere = configurations.first().map(|one| one.root.place().clone());
    let anywhere = anywhere.unwrap_or_else(|| Place::named("configuration"));
    found
        .into_iter()
        .map(|(class, reason)| {
            let place = reason.uses.first().map_or(&anywhere, |(_, place)| place).clone();
            let wanted = match &reason.parts {
                Some(parts) => Wanted::Crate(parts.clone()),
                None => Wanted::Named(reason.name.clone()),
            };
            (Entry { class, wanted, place }, reason)
        })
        .unzip()
}

/// The name that a component has today, for one that may be an older name.
fn name_today(class: Class, name: &str, index: &Index) -> String {
    let ours = index.components().map(|(component, _)| component);
    if let Some(ours) = ours.filter(|c| c.class == class).find(|c| c.keys().any(|key| key == name)) {
        return ours.name.clone();
    }
    let official = officials().find(|o| o.class == class && o.alias == Some(name));
    official.map_or(name, |official| official.name).to_owned()
}

#[cfg(test)]
mod tests;
