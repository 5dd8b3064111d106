//! The source tree's lock file and root manifest: which versions are linked, and how they are compiled.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use toml_edit::{DocumentMut, Item};

use crate::{
    error::{Doing as _, Error},
    source::SourceTree,
};

/// The source tree's root.
pub(super) struct Root {
    /// Its `Cargo.toml`.
    pub(super) manifest: DocumentMut,
    /// Its `Cargo.lock` as text. A path crate's own is ignored by cargo, so this one becomes the generated workspace's.
    pub(super) lock: String,
    dependencies: BTreeMap<String, BTreeSet<String>>,
}

impl Root {
    /// Reads both files.
    pub(super) fn read(source: &SourceTree) -> Result<Self, Error> {
        let read = |name: &str| -> Result<(String, DocumentMut), Error> {
            let file = source.root.join(name);
            let text = fs::read_to_string(&file).doing("read", &file)?;
            let toml =
                text.parse().map_err(|e| Error::Resolve(format!("`{}` is not TOML: {e}", file.display())))?;
            Ok((text, toml))
        };
        let (lock, locked) = read("Cargo.lock")?;
        Ok(Self { manifest: read("Cargo.toml")?.1, dependencies: dependencies(&locked), lock })
    }

    /// The names of all packages that `named` lead to.
    pub(super) fn reachable(&self, named: &BTreeSet<String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = named.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            if found.insert(name.to_owned()) {
                open.extend(self.dependencies.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        found
    }
}

/// The names of what each package of a lock file depends on.
fn dependencies(lock: &DocumentMut) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock.get("package").and_then(Item::as_array_of_tables).into_iter().flatten() {
        let Some(name) = package.get("name").and_then(Item::as_str) else { continue };
        let named = package.get("dependencies").and_then(Item::as_array).into_iter().flatten();
        // An entry is `name`, `name version` or `name version (source)`.
        let named = named.filter_map(|value| value.as_str()?.split(' ').next().map(str::to_owned));
        all.entry(name.to_owned()).or_default().extend(named);
    }
    all
}
