//! `slimcol.lock`: what the manifests of a folder were last built from, so that they are built from the same again.
//!
//! It is to a manifest what `Cargo.lock` is to a package, and is kept in the same way: a build writes it, takes from it the
//! versions of what is not Slimcol's own, and leaves it byte for byte as it is when nothing has changed. Slimcol's own crates
//! and their dependencies follow the sources that they come with; they are listed so that a difference shows.

mod difference;
mod file;
mod package;
mod seed;
mod toml;

use std::{fs, path::Path};

use toml_edit::Table;

use self::package::Package;
pub(crate) use self::{file::LockFile, seed::seeded};
use crate::{
    cargo::Rustc,
    credentials,
    error::{Doing as _, Error},
    generate::Workspace,
};

/// The file's name.
pub(crate) const NAME: &str = "slimcol.lock";

/// What a build does about its lock file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locking {
    /// Takes the versions from it, and writes what changed.
    Keep,
    /// Takes the versions from it, and leaves it as it is.
    Look,
    /// Takes the newest versions, and writes them.
    Renew,
    /// Builds what it says or nothing.
    Hold,
}

/// What one manifest is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Distribution {
    /// The version of the builder.
    slimcol: String,
    /// The compiler's version.
    rustc: String,
    /// The digest of the sources of all crates that do not come from a registry.
    sources: String,
    /// The components that come from a repository or a registry.
    pins: Vec<Pin>,
    /// Every crate, sorted.
    packages: Vec<Package>,
}

/// What a component that has to be fetched was last time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pin {
    /// The crate's name.
    pub(crate) name: String,
    /// What the manifest asks for, in words.
    pub(crate) wanted: String,
    /// The version that it is.
    pub(crate) version: String,
    /// Where exactly it is from, as cargo writes it: `registry+URL`, or `git+URL#COMMIT`.
    pub(crate) source: String,
    /// The digest of a registry's archive.
    pub(crate) checksum: Option<String>,
}

impl Pin {
    /// What cargo took `source` for, whose archive's digest is in `lock`.
    pub(crate) fn new(
        name: &str,
        wanted: String,
        version: String,
        source: &str,
        lock: &str,
    ) -> Result<Self, String> {
        let same = |package: &Package| package.name == name && package.source.as_deref() == Some(source);
        let checksum = toml::cargo_lock(lock)?.into_iter().find(same).and_then(|package| package.checksum);
        // What was asked for stands beside it, and asking for the commit itself must not change what is written here.
        let source = match (source.split_once('?'), source.rsplit_once('#')) {
            (Some((url, _)), Some((_, commit))) if source.starts_with("git+") => format!("{url}#{commit}"),
            _ => source.to_owned(),
        };
        let source = credentials::masked(&source);
        Ok(Self { name: name.to_owned(), wanted, version, source, checksum })
    }

    /// The pin that a table of a lock file describes.
    pub(crate) fn from_table(table: &Table) -> Result<Self, String> {
        toml::pin(table)
    }

    /// A table of a lock file.
    pub(crate) fn to_table(&self) -> Table {
        toml::pin_table(self)
    }

    /// The commit of a crate from a git repository.
    pub(crate) fn commit(&self) -> Option<&str> {
        self.source.strip_prefix("git+")?.rsplit_once('#').map(|(_, commit)| commit)
    }
}

impl Distribution {
    /// What `workspace` is built from, once it is settled in `folder`.
    pub(crate) fn of_workspace(
        workspace: &Workspace,
        folder: &Path,
        rustc: &Rustc,
        mut pins: Vec<Pin>,
    ) -> Result<Self, Error> {
        let file = folder.join("Cargo.lock");
        let text = fs::read_to_string(&file).doing("read", &file)?;
        let mut packages = toml::cargo_lock(&text)
            .map_err(|what| Error::Resolve(format!("`{}` cannot be read: {what}", file.display())))?;
        packages.retain(|package| package.name != workspace.package);
        pins.sort();
        Ok(Self {
            slimcol: env!("CARGO_PKG_VERSION").to_owned(),
            rustc: rustc.described(),
            sources: workspace.sources(),
            pins,
            packages,
        })
    }

    /// What crate `name` was when `wanted` was last asked for.
    pub(crate) fn pin(&self, name: &str, wanted: &str) -> Option<&Pin> {
        self.pins.iter().find(|pin| pin.name == name && pin.wanted == wanted)
    }
}

/// The text of the lock file of one manifest.
pub(crate) fn of_one(manifest: &str, distribution: Distribution) -> String {
    toml::render(&[(manifest.to_owned(), distribution)].into())
}

#[cfg(test)]
mod tests;
