//! A crate's manifest without what it took from its workspace, so that the crate can be moved.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use crate::{
    bounded,
    error::{Doing as _, Error},
    resolve::Index,
};

/// A manifest that inherits nothing, with paths still to be filled in.
pub(super) struct Standalone {
    /// The package's name.
    pub(super) name: String,
    /// The folder of the workspace that it was in.
    pub(super) workspace: Option<PathBuf>,
    /// The manifest. Dependencies in folders have no `path` yet.
    pub(super) toml: DocumentMut,
    /// The folders that it depends on, by the key of the dependency.
    pub(super) folders: BTreeMap<String, PathBuf>,
    /// The other packages that it depends on, by name.
    pub(super) packages: BTreeSet<String>,
}

/// Tables that matter only to who works on the crate.
const DROPPED: [&str; 11] = [
    "lints",
    "dev-dependencies",
    "dev_dependencies",
    "workspace",
    "profile",
    "patch",
    "replace",
    "test",
    "bench",
    "example",
    "badges",
];

/// Reads the manifest of the crate in `dir`. A dependency on a crate of the framework, however it is written, means the
/// one in the source tree: there must be one such crate in a binary, else its types would not be the same.
pub(super) fn read(dir: &Path, index: &Index) -> Result<Standalone, Error> {
    let mut toml = parse(&dir.join("Cargo.toml"))?;
    let workspace = find_workspace(dir, &toml)?;
    for key in DROPPED {
        toml.remove(key);
    }
    if let Some(package) = toml.get_mut("package").and_then(Item::as_table_like_mut) {
        package.remove("workspace");
        inherit_package(package, workspace.as_ref().map(|(_, toml)| toml));
    }
    let name =
        toml.get("package").and_then(|p| p.get("name")).and_then(Item::as_str).unwrap_or_default().to_owned();
    let mut it = Standalone {
        name,
        workspace: workspace.as_ref().map(|(root, _)| root.clone()),
        folders: BTreeMap::new(),
        packages: BTreeSet::new(),
        toml: DocumentMut::new(),
    };
    let inherited = workspace.as_ref().map(|(root, toml)| (&**root, toml));
    each_dependency_table(toml.as_table_mut(), &mut |table| {
        for (key, item) in table.iter_mut() {
            dependency(key.get(), item, dir, inherited, index, &mut it)?;
        }
        Ok(())
    })?;
    it.toml = toml;
    Ok(it)
}

impl Standalone {
    /// Fills in where the folders are, as paths from this manifest.
    pub(super) fn place(&mut self, folder_of: &BTreeMap<PathBuf, String>) {
        let folders = &self.folders;
        let placed = each_dependency_table(self.toml.as_table_mut(), &mut |table| {
            for (key, item) in table.iter_mut() {
                let folder = folders.get(key.get()).and_then(|dir| folder_of.get(dir));
                if let (Some(folder), Some(dependency)) = (folder, item.as_table_like_mut()) {
                    dependency.insert("path", value(format!("../../{folder}")));
                }
            }
            Ok(())
        });
        debug_assert!(placed.is_ok(), "placing a path cannot fail");
    }
}

fn parse(file: &Path) -> Result<DocumentMut, Error> {
    let text = bounded::read_text(file, 4 << 20).doing("read", file)?;
    text.parse().map_err(|e| Error::Resolve(format!("`{}` is not TOML: {e}", file.display())))
}

/// The workspace that the crate in `dir` belongs to: its folder and manifest.
fn find_workspace(dir: &Path, toml: &DocumentMut) -> Result<Option<(PathBuf, DocumentMut)>, Error> {
    if toml.contains_key("workspace") {
        return Ok(Some((dir.to_path_buf(), toml.clone())));
    }
    let named = toml.get("package").and_then(|p| p.get("workspace")).and_then(Item::as_str);
    if let Some(named) = named {
        let root = dir.join(named);
        return parse(&root.join("Cargo.toml")).map(|toml| Some((root, toml)));
    }
    for parent in dir.ancestors().skip(1) {
        let file = parent.join("Cargo.toml");
        if file.is_file() {
            let toml = parse(&file)?;
            if toml.contains_key("workspace") {
                return Ok(Some((parent.to_path_buf(), toml)));
            }
        }
    }
    Ok(None)
}

/// Replaces `version.workspace = true` and its like. What is a path there cannot come along.
fn inherit_package(package: &mut dyn TableLike, workspace: Option<&DocumentMut>) {
    let shared = workspace.and_then(|toml| toml["workspace"].get("package"));
    let inherited: Vec<String> =
        package.iter().filter(|(_, item)| inherits(item)).map(|(key, _)| key.to_owned()).collect();
    for key in inherited {
        match shared.and_then(|shared| shared.get(&key)) {
            Some(item) if !matches!(&*key, "readme" | "license-file" | "include" | "exclude") => {
                package.insert(&key, item.clone());
            }
            _ => _ = package.remove(&key),
        }
    }
}

fn inherits(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

/// Makes one dependency independent of the workspace and notes what it is.
fn dependency(
    key: &str,
    item: &mut Item,
    dir: &Path,
    workspace: Option<(&Path, &DocumentMut)>,
    index: &Index,
    out: &mut Standalone,
) -> Result<(), Error> {
    let mut base = dir;
    let mut full = as_table(item);
    if inherits(item) {
        let shared =
            workspace.and_then(|(root, toml)| Some((root, toml["workspace"].get("dependencies")?.get(key)?)));
        let (root, shared) = shared.ok_or_else(|| {
            let file = dir.join("Cargo.toml");
            Error::Resolve(format!("`{}`: its workspace has no dependency `{key}`", file.display()))
        })?;
        base = root;
        full = merged(as_table(shared), &full);
    }
    let name = full.get("package").and_then(Item::as_str).unwrap_or(key).to_owned();
    let folder = match (index.package(&name), full.get("path").and_then(Item::as_str)) {
        (Some(ours), _) => Some(ours.dir.clone()),
        (None, Some(path)) => {
            let path = base.join(path);
            Some(path.canonicalize().doing("read", &path)?)
        }
        (None, None) => None,
    };
    if let Some(folder) = folder {
        for key in ["path", "version", "git", "rev", "tag", "branch", "registry"] {
            full.remove(key);
        }
        out.folders.insert(key.to_owned(), folder);
    } else {
        out.packages.insert(name);
    }
    full.set_implicit(false);
    *item = Item::Value(Value::InlineTable(full.into_inline_table()));
    Ok(())
}

/// A dependency's settings as a table, whichever way they are written.
fn as_table(item: &Item) -> Table {
    match item {
        Item::Table(table) => table.clone(),
        Item::Value(Value::InlineTable(table)) => table.clone().into_table(),
        Item::Value(version) => {
            let mut table = Table::new();
            table.insert("version", Item::Value(version.clone().decorated("", "")));
            table
        }
        _ => Table::new(),
    }
}

/// A workspace's settings with a member's on top: cargo adds features up, and the member may make it optional or turn
/// default features on.
fn merged(mut shared: Table, member: &Table) -> Table {
    for (key, item) in member {
        match key {
            "workspace" => {}
            "features" => {
                let texts = |item: Option<&Item>| -> Vec<String> {
                    let array = item.and_then(Item::as_array);
                    array.into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
                };
                let all: BTreeSet<String> =
                    texts(shared.get("features")).into_iter().chain(texts(Some(item))).collect();
                shared.insert("features", value(all.into_iter().collect::<Array>()));
            }
            "default-features" if item.as_bool() == Some(false) && !shared.contains_key(key) => {}
            _ => _ = shared.insert(key, item.clone()),
        }
    }
    shared
}

/// Calls `each` for every table of dependencies that a build needs, after dropping those it doesn't.
pub(crate) fn each_dependency_table(
    toml: &mut Table,
    each: &mut dyn FnMut(&mut dyn TableLike) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut visit = |table: &mut dyn TableLike| -> Result<(), Error> {
        for key in ["dev-dependencies", "dev_dependencies"] {
            table.remove(key);
        }
        for key in ["dependencies", "build-dependencies", "build_dependencies"] {
            if let Some(table) = table.get_mut(key).and_then(Item::as_table_like_mut) {
                each(table)?;
            }
        }
        Ok(())
    };
    visit(toml)?;
    let targets = toml.get_mut("target").and_then(Item::as_table_like_mut);
    for (_, item) in targets.into_iter().flat_map(TableLike::iter_mut) {
        if let Some(table) = item.as_table_like_mut() {
            visit(table)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
