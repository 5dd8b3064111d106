//! Filling the folder.

use std::{fs, path::Path};

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::{MARK, SOURCES, VERSION, components, crates, manifest};
use crate::{
    digest,
    distro::Written,
    error::{Doing as _, Error},
    interrupt,
    lockfile::NAME as LOCK,
    report::Step,
};

/// What of a source tree no build of a collector reads.
const LEFT_OUT: [&str; 7] = ["benches", "examples", "fuzz", "node_modules", "out", "target", "tests"];
/// What of a source tree's root is taken.
const ROOT: [&str; 5] = ["Cargo.lock", "Cargo.toml", "LICENSE", "collector", "components"];

/// Puts into `bundle`, an empty folder, all that builds of what is `written` need. How many crates of registries there are.
pub(crate) fn fill(written: &Written, bundle: &Path) -> Result<usize, Error> {
    let _step = Step::begin("copying what a build needs");
    let prepared = &written.prepared;
    let write = |name: &str, text: String| {
        let path = bundle.join(name);
        fs::write(&path, text).doing("write", &path)
    };
    let network = prepared.request.network;
    let count = crates::copy(&written.folder, bundle, &prepared.targets, &prepared.rustc.host, network)?;
    for name in ROOT {
        copy(&prepared.source.root.join(name), &bundle.join(SOURCES).join(name))?;
    }
    let folders = components::copy(prepared, bundle)?;
    let mut mark = DocumentMut::new();
    mark.decor_mut().set_prefix("# Made by `slimcol vendor`: see README.md.\n");
    mark["version"] = value(VERSION);
    mark["slimcol"] = value(env!("CARGO_PKG_VERSION"));
    mark["targets"] = value(prepared.targets.iter().collect::<Array>());
    let fetched = prepared.plan.components.iter().filter_map(|planned| {
        let mut table = planned.pin.as_ref()?.to_table();
        table["folder"] = value(folders.get(&planned.package.dir)?);
        Some(table)
    });
    let fetched: ArrayOfTables = fetched.collect();
    if !fetched.is_empty() {
        mark["component"] = Item::ArrayOfTables(fetched);
    }
    let text = manifest::write(prepared, bundle, &folders)?;
    if let Some(authored) = prepared.authored() {
        let mut table = Table::new();
        table["name"] = value(authored.name);
        table["sha256"] = value(authored.sha256);
        table["adjusted"] = value(digest::sha256(text.as_bytes()));
        mark["manifest"] = Item::Table(table);
    }
    write(MARK, mark.to_string())?;
    write(LOCK, written.lock_of(super::MANIFEST)?)?;
    write("README.md", readme(written))?;
    Ok(count)
}

/// Copies a file, or a folder without what is left out.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    interrupt::check()?;
    if !from.is_dir() {
        if !from.exists() {
            return Ok(());
        }
        let folder = to.parent().unwrap_or(to);
        fs::create_dir_all(folder).doing("create", folder)?;
        return fs::copy(from, to).map(drop).doing("copy", from);
    }
    fs::create_dir_all(to).doing("create", to)?;
    for entry in fs::read_dir(from).doing("read", from)? {
        let entry = entry.doing("read", from)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && !LEFT_OUT.contains(&&*name) {
            copy(&entry.path(), &to.join(&*name))?;
        }
    }
    Ok(())
}

fn readme(written: &Written) -> String {
    let prepared = &written.prepared;
    format!(
        "# {name} {version}, to build without a network\n\n\
         Everything that the build of `{manifest}` reads, for {targets}. What it takes besides is slimcol {slimcol}, Rust \
         {rust} with the standard library of each target, and a C compiler. In this folder:\n\n\
         ```\nslimcol build\n```\n\n\
         or from anywhere, with this manifest or another one that needs nothing else:\n\n\
         ```\nslimcol build --vendor path/to/this/folder --output-path out\n```\n\n\
         | what | where from |\n|---|---|\n\
         | `{manifest}`, `files/` | the manifest and the files that it names |\n\
         | `{lock}` | the exact versions; `slimcol build --locked` insists on them |\n\
         | `{sources}/` | the framework and components of slimcol {slimcol} |\n\
         | `{components}/` | the components from elsewhere, if there are any |\n\
         | `{crates}/` | crates of registries. Those that only other platforms need are empty |\n",
        name = prepared.plan.name,
        version = prepared.plan.version,
        manifest = super::MANIFEST,
        targets = prepared.targets.join(" and "),
        slimcol = env!("CARGO_PKG_VERSION"),
        rust = prepared.rustc.release,
        lock = LOCK,
        sources = SOURCES,
        components = super::COMPONENTS,
        crates = super::CRATES,
    )
}
