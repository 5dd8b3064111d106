//! Slimcol's own components, as the crates of the source tree declare them.

use std::path::PathBuf;

use super::{Declared, Package};
use crate::{cargo, error::Error, source::SourceTree};

/// The components and the framework's crates of a source tree.
#[derive(Debug)]
pub(crate) struct Index {
    components: Vec<(Declared, Package)>,
    others: Vec<Package>,
    root: PathBuf,
}

impl Index {
    /// Asks cargo for the members of the source tree. Nothing is fetched for that.
    pub(crate) fn load(source: &SourceTree) -> Result<Self, Error> {
        let mut command = cargo::command();
        command.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"]);
        let output = cargo::resolve(command.arg(source.root.join("Cargo.toml")), "read Slimcol's sources")?;
        let broken = |what: &str| Error::Resolve(format!("cannot read Slimcol's sources: {what}"));
        let metadata: cargo_metadata::Metadata =
            serde_json::from_slice(&output.stdout).map_err(|e| broken(&e.to_string()))?;
        let mut index = Self { components: Vec::new(), others: Vec::new(), root: source.root.clone() };
        for package in &metadata.packages {
            let Some(package) = Package::from_cargo(package).map_err(|e| broken(&e))? else { continue };
            if package.is_component() {
                index.components.push((package.component().map_err(|e| broken(&e))?, package));
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
