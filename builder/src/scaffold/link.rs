//! Telling cargo where the framework is.
//!
//! A component's `Cargo.toml` asks for the framework by its version, as it would of a registry, and stays right on every
//! machine. Where the framework's sources are on this one stands in `.cargo/config.toml` as a `[patch]`, which cargo and
//! language servers read and no one publishes. slimcol puts its own framework in place of either.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::Metadata;
use toml_edit::{DocumentMut, InlineTable, Item, Table, value};

use crate::{
    bounded, cargo,
    error::{Doing as _, Error},
    replace,
    resolve::Index,
};

const HEADER: &str = "# Written by `slimcol link`: where the framework is on this machine.\n";

/// Writes where the framework is for the crate in `dir` or the workspace that it belongs to; gives the file.
pub(crate) fn link(dir: &Path, index: &Index) -> Result<PathBuf, Error> {
    let manifest = dir.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(Error::Other(format!(
            "there is no crate in `{}`: run `slimcol link` where a component's Cargo.toml is, or name that folder",
            dir.display()
        )));
    }
    let mut command = cargo::command();
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"]);
    let output = cargo::resolve(command.arg(&manifest), "read the crate's manifest")?;
    let broken = |e: &dyn std::fmt::Display| Error::Resolve(format!("cannot read the crate's manifest: {e}"));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|e| broken(&e))?;
    // Cargo warns of a patch that nothing asks for with every command, so only those that something does are written.
    let required = metadata.packages.iter().flat_map(|package| &package.dependencies);
    let required: BTreeSet<&str> =
        required.filter(|it| it.path.is_none()).map(|it| it.name.as_str()).collect();
    let folder = metadata.workspace_root.as_std_path().join(".cargo");
    let file = folder.join("config.toml");
    let (before, mut toml) = read(&file)?;
    let patches = toml.entry("patch").or_insert_with(implicit);
    let patches = patches.as_table_like_mut().map(|all| all.entry("crates-io").or_insert_with(table));
    let Some(patches) = patches.and_then(Item::as_table_like_mut) else {
        return Err(Error::Other(format!("`patch` in `{}` is no table", file.display())));
    };
    for package in index.framework() {
        if required.contains(package.name.as_str()) {
            let mut place = InlineTable::new();
            place.insert("path", package.dir.to_string_lossy().as_ref().into());
            patches.insert(&package.name, value(place));
        } else {
            patches.remove(&package.name);
        }
    }
    let text = if before.is_empty() { format!("{HEADER}{toml}") } else { toml.to_string() };
    if text != before {
        fs::create_dir_all(&folder).doing("create", &folder)?;
        replace::file(&file, text.as_bytes(), 0o666)?;
    }
    Ok(file)
}

/// The file's text and what it says; nothing if it is not there.
fn read(file: &Path) -> Result<(String, DocumentMut), Error> {
    if !file.exists() {
        return Ok((String::new(), DocumentMut::new()));
    }
    let text = bounded::read_text(file, 4 << 20).doing("read", file)?;
    let toml = text.parse().map_err(|e| Error::Other(format!("`{}` is not TOML: {e}", file.display())))?;
    Ok((text, toml))
}

fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn table() -> Item {
    Item::Table(Table::new())
}
