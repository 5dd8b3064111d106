//! The crates that a generated workspace links: what cargo resolved, for one target.
//!
//! Only what ends in the binary counts. A procedural macro, a build script and what only those need run on the building machine
//! and are not in it.

mod checksums;
mod path;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use cargo_metadata::{DependencyKind, Metadata, PackageId};

use crate::{cargo, error::Error, resolve::Plan};

/// The crates of a collector and what depends on what. Sorted by name and version.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    /// Every linked crate; the collector's own package comes first.
    pub(crate) packages: Vec<Linked>,
}

/// A linked crate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Linked {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// cargo's name for it, by which compiler messages can be told.
    pub(crate) id: String,
    /// The licence as an SPDX expression, as written (also `MIT/Apache-2.0`).
    pub(crate) license: Option<String>,
    /// A licence file that its manifest names.
    pub(crate) license_file: Option<PathBuf>,
    /// Who wrote it.
    pub(crate) authors: Vec<String>,
    /// What it says it is.
    pub(crate) description: Option<String>,
    /// Where it is developed.
    pub(crate) repository: Option<String>,
    /// Where it comes from (`registry+…`, `git+…#commit`); `None` for what is nowhere but in the workspace.
    pub(crate) source: Option<String>,
    /// The digest that the lock file holds the crate to, for registries' crates.
    pub(crate) checksum: Option<String>,
    /// The folder of its manifest.
    pub(crate) dir: PathBuf,
    /// The features that are on.
    pub(crate) features: Vec<String>,
    /// The component in it: its position in [`Plan::components`].
    pub(crate) component: Option<usize>,
    /// The crates that it is linked with, by their positions.
    pub(crate) dependencies: Vec<usize>,
}

impl Graph {
    /// Reads the graph of the workspace in `folder`, which is settled, for `target`. Nothing is fetched.
    pub(crate) fn read(folder: &Path, target: &str, plan: &Plan) -> Result<Self, Error> {
        let mut command = cargo::command();
        command
            .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", target])
            .arg("--manifest-path")
            .arg(folder.join("Cargo.toml"))
            // Configuration is read from where cargo runs, as when it compiles.
            .current_dir(folder);
        let output = cargo::resolve(&mut command, "list the collector's crates")?;
        let broken = |what: &str| Error::Resolve(format!("cannot list the collector's crates: {what}"));
        let metadata: Metadata =
            serde_json::from_slice(&output.stdout).map_err(|e| broken(&e.to_string()))?;
        let checksums = checksums::read(&folder.join("Cargo.lock"))?;
        Self::from_metadata(&metadata, &checksums, plan).ok_or_else(|| broken("cargo gave no resolved graph"))
    }

    fn from_metadata(
        metadata: &Metadata,
        checksums: &BTreeMap<(String, String), String>,
        plan: &Plan,
    ) -> Option<Self> {
        let root = metadata.resolve.as_ref()?.root.as_ref()?;
        let edges = edges(metadata)?;
        let mut reached = BTreeSet::from([root]);
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            open.extend(edges.get(id).into_iter().flatten().filter(|id| reached.insert(*id)));
        }
        let mut chosen: Vec<_> =
            metadata.packages.iter().filter(|package| reached.contains(&package.id)).collect();
        chosen.sort_by_key(|package| (package.id != *root, &package.name, &package.version));
        let positions: BTreeMap<&PackageId, usize> =
            chosen.iter().enumerate().map(|(position, package)| (&package.id, position)).collect();
        let features: BTreeMap<&PackageId, Vec<String>> = metadata
            .resolve
            .iter()
            .flat_map(|resolve| &resolve.nodes)
            .map(|node| (&node.id, node.features.iter().map(ToString::to_string).collect()))
            .collect();
        let packages = chosen.iter().map(|package| {
            let mut dependencies: Vec<usize> = edges
                .get(&package.id)
                .into_iter()
                .flatten()
                .filter_map(|id| positions.get(id).copied())
                .collect();
            dependencies.sort_unstable();
            dependencies.dedup();
            let (name, version) = (package.name.to_string(), package.version.to_string());
            let dir = package.manifest_path.parent().map(|dir| dir.as_std_path().to_path_buf())?;
            // In a generated workspace a component is a crate in a folder, and no two crates there share a name.
            let component = plan
                .components
                .iter()
                .position(|planned| package.source.is_none() && planned.package.name == name);
            // One that was fetched was copied there; what it was fetched from is what counts.
            let pin = component.and_then(|component| plan.components[component].pin.as_ref());
            let source = package.source.as_ref().map(|source| source.repr.clone());
            let checksum = checksums.get(&(name.clone(), version.clone())).filter(|_| source.is_some());
            Some(Linked {
                id: package.id.repr.clone(),
                license: package.license.clone(),
                license_file: package.license_file.as_ref().map(|file| dir.join(file)),
                authors: package.authors.clone(),
                description: package.description.clone(),
                repository: package.repository.clone(),
                source: source.or_else(|| pin.map(|pin| pin.source.clone())),
                checksum: checksum.cloned().or_else(|| pin?.checksum.clone()),
                features: features.get(&package.id).cloned().unwrap_or_default(),
                component,
                dir,
                dependencies,
                name,
                version,
            })
        });
        packages.collect::<Option<Vec<_>>>().map(|packages| Self { packages })
    }

    /// The crates that are reached from position `from`, itself among them, without going through those that `skip` names.
    pub(crate) fn reachable(&self, from: usize, skip: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(position) = open.pop() {
            if !skip(position) && reached.insert(position) {
                open.extend(&self.packages[position].dependencies);
            }
        }
        reached
    }
}

/// What each package is linked with.
fn edges(metadata: &Metadata) -> Option<BTreeMap<&PackageId, Vec<&PackageId>>> {
    let macros: BTreeSet<&PackageId> = metadata
        .packages
        .iter()
        .filter(|package| package.targets.iter().any(cargo_metadata::Target::is_proc_macro))
        .map(|package| &package.id)
        .collect();
    let nodes = metadata.resolve.as_ref()?.nodes.iter();
    let edges = nodes.map(|node| {
        let linked = node.deps.iter().filter(|dependency| {
            let normal = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            normal && !macros.contains(&dependency.pkg)
        });
        (&node.id, linked.map(|dependency| &dependency.pkg).collect())
    });
    Some(edges.collect())
}
