//! Which licences a collector's crates are under.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{License, Runtime, allowed, license_files};
use crate::{graph::Graph, manifest::Licenses, table};

/// The licences and what is under each. As JSON, fields are only ever added.
#[derive(Debug, Serialize)]
pub(crate) struct Inventory {
    licenses: Vec<Group>,
    /// What is linked besides crates.
    besides: Vec<Besides>,
}

#[derive(Debug, Serialize)]
struct Group {
    license: String,
    /// Whether the manifest's list allows it.
    allowed: bool,
    crates: Vec<Crate>,
}

#[derive(Debug, Serialize)]
struct Crate {
    name: String,
    version: String,
    /// The licence files that it ships.
    files: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Besides {
    name: String,
    version: String,
    license: String,
}

/// How wide lists are printed.
const WIDTH: usize = 100;

impl Inventory {
    /// Takes stock of `graph`. The licences of most crates come first.
    pub(crate) fn new(graph: &Graph, runtime: &Runtime, list: Option<&Licenses>) -> Self {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for linked in graph.packages.iter().skip(1) {
            let license = License::read(linked.license.as_deref());
            let group = groups.entry(license.shown()).or_insert_with(|| Group {
                license: license.shown(),
                allowed: allowed::is_allowed(&license, list),
                crates: Vec::new(),
            });
            let files = license_files::of(linked).into_iter().map(|file| file.path).collect();
            let (name, version) = (linked.name.clone(), linked.version.clone());
            group.crates.push(Crate { name, version, files });
        }
        let mut licenses: Vec<Group> = groups.into_values().collect();
        licenses.sort_by_key(|group| std::cmp::Reverse(group.crates.len()));
        let besides = runtime.parts().into_iter().map(|part| Besides {
            license: part.license.shown(),
            name: part.name,
            version: part.version,
        });
        Self { licenses, besides: besides.collect() }
    }

    /// The inventory for programs.
    pub(crate) fn json(&self) -> String {
        super::json(self)
    }

    /// The inventory for people.
    pub(crate) fn table(&self) -> String {
        let mut lines = Vec::new();
        let mut list = |heading: String, cells: &[String]| {
            lines.push(heading);
            lines.extend(table::columns(cells, WIDTH).into_iter().map(|line| format!("  {line}")));
            lines.push(String::new());
        };
        for group in &self.licenses {
            let verdict = if group.allowed { "" } else { ", which `dist.licenses` does not allow" };
            let names: Vec<String> = group.crates.iter().map(Crate::shown).collect();
            list(format!("{}: {}{verdict}", group.license, counted(names.len())), &names);
        }
        let all = self.licenses.iter().flat_map(|group| &group.crates);
        let bare: Vec<String> = all.filter(|krate| krate.files.is_empty()).map(Crate::shown).collect();
        if !bare.is_empty() {
            list(format!("without a licence file: {}", counted(bare.len())), &bare);
        }
        let besides = self.besides.iter().map(|Besides { name, version, license }| {
            let version = if version.is_empty() { String::new() } else { format!(" {version}") };
            format!("{name}{version} ({license})")
        });
        lines.push(format!("linked besides: {}", besides.collect::<Vec<_>>().join(", ")));
        lines.join("\n")
    }
}

impl Crate {
    fn shown(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

fn counted(crates: usize) -> String {
    if crates == 1 { "1 crate".to_owned() } else { format!("{crates} crates") }
}
