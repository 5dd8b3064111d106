//! The source tree's lock file and root manifest: which versions are linked, and how they are compiled.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use cargo_metadata::semver::Version;
use toml_edit::{DocumentMut, Item, Table};

use crate::{
    error::{Doing as _, Error},
    manifest::Origin,
    resolve::Plan,
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

    /// Whether a package of that name is in the lock file.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.dependencies.contains_key(name)
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

/// The lock file without the registries' crates that others stand in for: cargo would keep to them.
pub(super) fn without_replaced(lock: String, plan: &Plan) -> Result<String, Error> {
    let replaced: Vec<&str> = plan
        .replaced
        .iter()
        .filter(|it| !matches!(it.by, Origin::Registry { .. }))
        .map(|it| it.name.as_str())
        .collect();
    if replaced.is_empty() {
        return Ok(lock);
    }
    let broken = |e: &dyn std::fmt::Display| Error::Resolve(format!("Slimcol's Cargo.lock is not TOML: {e}"));
    let mut toml: DocumentMut = lock.parse().map_err(|e: toml_edit::TomlError| broken(&e))?;
    if let Some(packages) = toml.get_mut("package").and_then(Item::as_array_of_tables_mut) {
        packages.retain(|package| {
            let text = |key: &str| package.get(key).and_then(Item::as_str).unwrap_or_default();
            !(replaced.contains(&text("name")) && text("source").starts_with("registry+"))
        });
    }
    Ok(toml.to_string())
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

/// The versions of crate `name` from registries in the lock file of the workspace in `folder`.
pub(super) fn versions(folder: &Path, name: &str) -> Result<Vec<Version>, Error> {
    let file = folder.join("Cargo.lock");
    let text = fs::read_to_string(&file).doing("read", &file)?;
    let toml: DocumentMut =
        text.parse().map_err(|e| Error::Resolve(format!("`{}` is not TOML: {e}", file.display())))?;
    let packages = toml.get("package").and_then(Item::as_array_of_tables).into_iter().flatten();
    let text =
        |package: &Table, key: &str| package.get(key).and_then(Item::as_str).unwrap_or_default().to_owned();
    let meant = packages.filter(|it| text(it, "name") == name && text(it, "source").starts_with("registry+"));
    Ok(meant.filter_map(|package| Version::parse(&text(package, "version")).ok()).collect())
}

/// Whether cargo takes one version for the other.
pub(super) fn are_compatible(one: &Version, other: &Version) -> bool {
    let series = |it: &Version| match (it.major, it.minor) {
        (0, 0) => (0, 0, it.patch),
        (0, minor) => (0, minor, 0),
        (major, _) => (major, 0, 0),
    };
    series(one) == series(other)
}
