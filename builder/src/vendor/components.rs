//! The component crates that are not Slimcol's, and what they need from folders, as the generated workspace has them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, Item, value};

use super::COMPONENTS;
use crate::{
    distro::Prepared,
    error::{Doing as _, Error},
    generate,
};

/// Copies them to `bundle`. The folder there of each, by the one that it was in.
pub(super) fn copy(prepared: &Prepared, bundle: &Path) -> Result<BTreeMap<PathBuf, String>, Error> {
    let Prepared { workspace, source, .. } = prepared;
    let mut copied = BTreeMap::new();
    for (dir, folder) in &workspace.folders {
        if dir.starts_with(&source.root) {
            continue;
        }
        let inside = format!("crates/{folder}/");
        for (path, content) in workspace.files.iter() {
            let Some(name) = path.strip_prefix(&inside) else { continue };
            let target = bundle.join(COMPONENTS).join(folder).join(name);
            let parent = target.parent().unwrap_or(bundle);
            fs::create_dir_all(parent).doing("create", parent)?;
            if name == "Cargo.toml" {
                let text = on_its_own(&String::from_utf8_lossy(content), prepared)?;
                fs::write(&target, text).doing("write", &target)?;
            } else {
                fs::write(&target, content).doing("write", &target)?;
            }
        }
        copied.insert(dir.clone(), format!("{COMPONENTS}/{folder}"));
    }
    Ok(copied)
}

/// A workspace's manifest of a crate with the framework as a version, as its author wrote it: the folder stays behind.
fn on_its_own(text: &str, prepared: &Prepared) -> Result<String, Error> {
    let Prepared { workspace, source, .. } = prepared;
    let parse = |text: &str| -> Result<DocumentMut, Error> {
        text.parse().map_err(|e| Error::Resolve(format!("a generated manifest is not TOML: {e}")))
    };
    let mut versions = BTreeMap::new();
    for folder in workspace.folders.iter().filter(|(dir, _)| dir.starts_with(&source.root)).map(|(_, f)| f) {
        let wanted = format!("crates/{folder}/Cargo.toml");
        let found = workspace.files.iter().find(|(path, _)| *path == wanted);
        let toml = parse(&found.map(|(_, text)| String::from_utf8_lossy(text)).unwrap_or_default())?;
        let version = toml.get("package").and_then(|p| p.get("version")).and_then(Item::as_str);
        versions.insert(format!("../../{folder}"), version.unwrap_or("*").to_owned());
    }
    let mut toml = parse(text)?;
    generate::each_dependency_table(toml.as_table_mut(), &mut |table| {
        for (_, item) in table.iter_mut() {
            let version = item.get("path").and_then(Item::as_str).and_then(|path| versions.get(path));
            if let (Some(version), Some(dependency)) = (version.cloned(), item.as_table_like_mut()) {
                dependency.remove("path");
                dependency.insert("version", value(version));
            }
        }
        Ok(())
    })?;
    Ok(toml.to_string())
}
