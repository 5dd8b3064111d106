//! For which version of the framework a crate was written: what its requirement of `slimcol-service` and its like says.
//!
//! A collector is compiled with one framework, the one that came with this Slimcol, whatever a crate asks for. So what a
//! crate asks for is compared before anything is compiled: a compiler's complaints would be long and would not say this.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use cargo_metadata::semver::{Version, VersionReq};
use slimcol_config::{Issue, Place};
use toml_edit::{Item, TableLike};

use super::{Index, cargo_toml::CargoToml};

/// A crate in folders depends on others in folders, which count as it does; more of them than this are no one's.
const MOST: usize = 256;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// The requirements that this framework does not meet.
    pub(super) mismatches: Vec<Issue>,
    /// The ones that say nothing about a version.
    pub(super) silent: Vec<Issue>,
}

/// Compares what the crate in `dir`, and those in folders that it depends on, require of the framework with what there is.
/// Files that cannot be read are left to who copies them.
pub(super) fn compare(dir: &Path, index: &Index) -> Comparison {
    let mut found = Comparison::default();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        if seen.len() == MOST || !seen.insert(dir.clone()) {
            continue;
        }
        let Ok(toml) = CargoToml::read(&dir) else { continue };
        let name = toml.find(&["package", "name"]).and_then(Item::as_str).unwrap_or_default().to_owned();
        let workspace = workspace(&dir, &toml);
        each_dependency(&toml, &mut |key, item| {
            let inherited = item.get("workspace").and_then(Item::as_bool) == Some(true);
            let written = match &workspace {
                Some((_, root)) if inherited => {
                    root.find(&["workspace", "dependencies", key]).map(|item| (root, item))
                }
                _ => Some((&toml, item)),
            };
            let Some((file, item)) = written else { return };
            let package = item.get("package").and_then(Item::as_str).unwrap_or(key);
            let Some(ours) = index.framework().find(|ours| ours.name == package) else {
                let base = file.path.parent().unwrap_or(&dir);
                let path = item.get("path").and_then(Item::as_str).map(|path| base.join(path));
                open.extend(path.and_then(|path| path.canonicalize().ok()));
                return;
            };
            let requirement = Requirement { by: &name, of: package, item, file };
            match requirement.compare(&ours.version) {
                Ok(()) => {}
                Err(Difference::Other(issue)) => found.mismatches.push(issue),
                Err(Difference::Unsaid(issue)) => found.silent.push(issue),
            }
        });
    }
    found
}

/// A dependency on a crate of the framework.
struct Requirement<'a> {
    by: &'a str,
    of: &'a str,
    item: &'a Item,
    file: &'a CargoToml,
}

enum Difference {
    Other(Issue),
    Unsaid(Issue),
}

impl Requirement<'_> {
    fn compare(&self, ours: &str) -> Result<(), Difference> {
        let Ok(version) = Version::parse(ours) else { return Ok(()) };
        let written = self.item.as_str().map(|text| (self.item, text));
        let written =
            written.or_else(|| self.item.get("version").and_then(|item| Some((item, item.as_str()?))));
        let place = |item: &Item| self.file.place(item.span());
        let Some((item, text)) = written else { return self.compare_folder(&version, place(self.item)) };
        // What is no requirement cargo refuses in words of its own.
        let Ok(requirement) = VersionReq::parse(text) else { return Ok(()) };
        if requirement.matches(&version) { Ok(()) } else { Err(self.other(text, &version, place(item))) }
    }

    /// For a dependency that only names a folder: the version is what is there.
    fn compare_folder(&self, version: &Version, place: Place) -> Result<(), Difference> {
        let base = self.file.path.parent().unwrap_or(Path::new(""));
        let folder = self.item.get("path").and_then(Item::as_str).map(|path| base.join(path));
        let there = folder.and_then(|folder| version_in(&folder));
        match there {
            Some(there) if compatible(&there, version) => Ok(()),
            Some(there) => Err(self.other(&there.to_string(), version, place)),
            None => Err(Difference::Unsaid(
                Issue::new(format!(
                    "crate `{}` does not say for which version of `{}` it was written",
                    self.by, self.of
                ))
                .at(place)
                .help(format!("add `version = \"{}\"`", wanted(version))),
            )),
        }
    }

    fn other(&self, theirs: &str, version: &Version, place: Place) -> Difference {
        let Self { by, of, .. } = self;
        let message = format!("crate `{by}` was written for `{of}` {theirs}, and this Slimcol has {version}");
        let help = format!("make it `\"{}\"` once the crate is", wanted(version));
        Difference::Other(Issue::new(message).at(place).help(help))
    }
}

/// The requirement that a crate for `version` has: what cargo takes for compatible.
pub(crate) fn wanted(version: &Version) -> String {
    if version.major > 0 { version.major.to_string() } else { format!("0.{}", version.minor) }
}

fn compatible(there: &Version, ours: &Version) -> bool {
    (there.major, if there.major == 0 { there.minor } else { 0 })
        == (ours.major, if ours.major == 0 { ours.minor } else { 0 })
}

/// The version of the crate in `folder`.
fn version_in(folder: &Path) -> Option<Version> {
    let toml = CargoToml::read(folder).ok()?;
    let item = toml.find(&["package", "version"])?;
    if let Some(text) = item.as_str() {
        return Version::parse(text).ok();
    }
    let (_, root) = workspace(folder, &toml)?;
    Version::parse(root.find(&["workspace", "package", "version"])?.as_str()?).ok()
}

/// The workspace that the crate in `dir` belongs to.
fn workspace(dir: &Path, toml: &CargoToml) -> Option<(PathBuf, CargoToml)> {
    if toml.find(&["workspace"]).is_some() {
        return Some((dir.to_path_buf(), CargoToml::read(dir).ok()?));
    }
    if let Some(named) = toml.find(&["package", "workspace"]).and_then(Item::as_str) {
        let root = dir.join(named);
        return Some((root.clone(), CargoToml::read(&root).ok()?));
    }
    dir.ancestors().skip(1).filter(|parent| parent.join("Cargo.toml").is_file()).find_map(|parent| {
        let toml = CargoToml::read(parent).ok()?;
        toml.find(&["workspace"])?;
        Some((parent.to_path_buf(), toml))
    })
}

/// Calls `each` for every dependency that a build of the crate as a dependency has.
fn each_dependency(toml: &CargoToml, each: &mut dyn FnMut(&str, &Item)) {
    let targets = toml.find(&["target"]).and_then(Item::as_table_like);
    let targets = targets.into_iter().flat_map(TableLike::iter).filter_map(|(_, item)| item.as_table_like());
    let root: &dyn TableLike = toml.root();
    for table in std::iter::once(root).chain(targets) {
        for key in ["dependencies", "build-dependencies", "build_dependencies"] {
            let dependencies = table.get(key).and_then(Item::as_table_like);
            for (name, item) in dependencies.into_iter().flat_map(TableLike::iter) {
                each(name, item);
            }
        }
    }
}

#[cfg(test)]
mod tests;
