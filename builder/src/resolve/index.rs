//! Slimcol's own components, as the crates of the source tree declare them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use slimcol_config::Issue;
use toml_edit::Item;

use super::{Declared, Package, cargo_toml::CargoToml};
use crate::{
    error::{Doing as _, Error},
    source::SourceTree,
};

/// The components and the framework's crates of a source tree.
#[derive(Debug)]
pub(crate) struct Index {
    components: Vec<(Declared, Package)>,
    others: Vec<Package>,
    root: PathBuf,
}

impl Index {
    /// Reads the manifests of the source tree. Asking cargo for them would take longer than all the rest up to the plan.
    pub(crate) fn load(source: &SourceTree) -> Result<Self, Error> {
        let mut index = Self { components: Vec::new(), others: Vec::new(), root: source.root.clone() };
        let mut crates = folders(&source.root.join("collector"))?;
        for class in folders(&source.root.join("components"))? {
            crates.append(&mut folders(&class)?);
        }
        let broken = |what: String| Error::Resolve(format!("cannot read Slimcol's sources: {what}"));
        let unreadable = |issue: Issue| broken(slimcol_config::render(&issue));
        let root = CargoToml::read(&source.root).map_err(unreadable)?;
        let shared = root.find(&["workspace", "package", "version"]).and_then(Item::as_str);
        for dir in crates.into_iter().filter(|dir| dir.join("Cargo.toml").is_file()) {
            let mut package = Package::read(&dir).map_err(unreadable)?;
            if package.version.is_empty() {
                shared.unwrap_or_default().clone_into(&mut package.version);
            }
            if package.is_component() {
                index.components.push((package.component().map_err(broken)?, package));
            } else {
                index.others.push(package);
            }
        }
        index.components.sort_by(|(a, _), (b, _)| (a.class, &a.name).cmp(&(b.class, &b.name)));
        Ok(index)
    }

    /// Every component, sorted by class and name.
    pub(crate) fn components(&self) -> impl Iterator<Item = (&Declared, &Package)> {
        self.components.iter().map(|(component, package)| (component, package))
    }

    /// The crates that components are made with.
    pub(crate) fn framework(&self) -> impl Iterator<Item = &Package> {
        let folder = self.root.join("collector");
        self.others.iter().filter(move |package| package.dir.starts_with(&folder))
    }

    /// A crate of the source tree, component or not, by its name.
    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        let components = self.components.iter().map(|(_, package)| package);
        components.chain(&self.others).find(|package| package.name == name)
    }
}

/// The folders in `dir`, sorted; none if it is not there.
fn folders(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).doing("read", dir)? {
        let path = entry.doing("read", dir)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
