//! Third parties' crates from git and from registries, fetched by cargo.

use std::{fs, path::PathBuf};

use toml_edit::{DocumentMut, InlineTable, value};

use super::Index;
use crate::{
    cargo,
    error::{Doing as _, Error},
    manifest::{Origin, Reference},
    source::SourceTree,
};

/// Where the sources of crate `name` are after cargo has fetched them.
pub(super) fn folder_of(
    name: &str,
    origin: &Origin,
    index: &Index,
    source: &SourceTree,
) -> Result<PathBuf, Error> {
    let temporary = std::env::temp_dir();
    let probe =
        tempfile::Builder::new().prefix("slimcol-").tempdir().doing("create a folder in", &temporary)?;
    let write = |name: &str, text: &str| {
        let path = probe.path().join(name);
        fs::write(&path, text).doing("write", &path)
    };
    write("Cargo.toml", &probe_manifest(name, origin, index).to_string())?;
    write("lib.rs", "")?;
    let lock = source.root.join("Cargo.lock");
    if lock.is_file() {
        write("Cargo.lock", &fs::read_to_string(&lock).doing("read", &lock)?)?;
    }
    let mut command = cargo::command();
    command
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(probe.path().join("Cargo.toml"));
    let output = cargo::resolve(&mut command, &format!("fetch crate `{name}` ({})", described(origin)))?;
    let broken = |what: &str| Error::Resolve(format!("cannot fetch crate `{name}`: {what}"));
    let metadata: cargo_metadata::Metadata =
        serde_json::from_slice(&output.stdout).map_err(|e| broken(&e.to_string()))?;
    let found = metadata.packages.iter().find(|package| package.name == name && package.source.is_some());
    found
        .and_then(|package| package.manifest_path.parent())
        .map(|dir| dir.as_std_path().to_path_buf())
        .ok_or_else(|| broken("cargo did not find it"))
}

/// An origin as people say it.
pub(super) fn described(origin: &Origin) -> String {
    match origin {
        Origin::Own => "Slimcol".to_owned(),
        Origin::Path(_) => "a folder".to_owned(),
        Origin::Registry(requirement) => format!("crates.io, version {requirement}"),
        Origin::Git { url, reference } => match reference {
            Reference::Default => format!("git {url}"),
            Reference::Rev(rev) => format!("git {url}, commit {rev}"),
            Reference::Tag(tag) => format!("git {url}, tag {tag}"),
            Reference::Branch(branch) => format!("git {url}, branch {branch}"),
        },
    }
}

fn probe_manifest(name: &str, origin: &Origin, index: &Index) -> DocumentMut {
    let mut toml = DocumentMut::new();
    toml["package"]["name"] = value("slimcol-probe");
    toml["package"]["version"] = value("0.0.0");
    toml["package"]["edition"] = value("2024");
    toml["lib"]["path"] = value("lib.rs");
    toml["workspace"] = toml_edit::table();
    let mut dependency = InlineTable::new();
    let mut set = |key: &str, text: &str| dependency.insert(key, text.into());
    match origin {
        Origin::Own => {}
        Origin::Path(path) => _ = set("path", &path.to_string_lossy()),
        Origin::Registry(requirement) => _ = set("version", requirement),
        Origin::Git { url, reference } => {
            set("git", url);
            match reference {
                Reference::Default => {}
                Reference::Rev(rev) => _ = set("rev", rev),
                Reference::Tag(tag) => _ = set("tag", tag),
                Reference::Branch(branch) => _ = set("branch", branch),
            }
        }
    }
    toml["dependencies"][name] = value(dependency);
    // The framework is not on crates.io: a requirement of it is met with the source tree's own.
    for package in index.framework() {
        let mut ours = InlineTable::new();
        ours.insert("path", package.dir.to_string_lossy().as_ref().into());
        toml["patch"]["crates-io"][&package.name] = value(ours);
    }
    toml
}
