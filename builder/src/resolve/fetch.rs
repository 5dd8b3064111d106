//! Third parties' crates from git and from registries, fetched by cargo.

mod stubs;

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use toml_edit::{DocumentMut, InlineTable, value};

use self::stubs::Stubs;
use super::{Index, Terms};
use crate::{
    cargo, credentials,
    error::{Doing as _, Error},
    lockfile::{self, Pin},
    manifest::{Origin, Reference},
    source::SourceTree,
};

/// A crate that was fetched.
#[derive(Debug)]
pub(super) struct Fetched {
    /// Where its sources are.
    pub(super) dir: PathBuf,
    /// What exactly it is.
    pub(super) pin: Pin,
}

/// Where a crate is fetched.
pub(super) struct Fetching<'a> {
    pub(super) index: &'a Index,
    pub(super) source: &'a SourceTree,
    pub(super) terms: Terms<'a>,
    /// The folder whose cargo configuration counts: the manifest's.
    pub(super) base: &'a Path,
}

impl Fetching<'_> {
    /// Has cargo fetch crate `name`, as it was the last time if that is locked.
    ///
    /// Cargo fetches only what it can resolve, and the framework is on no registry: a requirement of it is met with the
    /// source tree's own, and where the versions differ with an empty crate, so that the crate can be read and the
    /// difference be named.
    pub(super) fn fetch(&self, name: &str, origin: &Origin) -> Result<Fetched, Error> {
        if let Some(vendored) = self.terms.vendored {
            let (pin, dir) = vendored.component(name, &described(origin))?;
            return Ok(Fetched { dir, pin });
        }
        let temporary = std::env::temp_dir();
        let probe =
            tempfile::Builder::new().prefix("slimcol-").tempdir().doing("create a folder in", &temporary)?;
        let mut stubs = Stubs::new(self.index);
        loop {
            match self.ask(&probe, name, origin, &stubs) {
                Err(Error::Resolve(text)) if stubs.answer(&text, probe.path())? => {}
                outcome => return outcome,
            }
        }
    }

    fn ask(&self, probe: &TempDir, name: &str, origin: &Origin, stubs: &Stubs<'_>) -> Result<Fetched, Error> {
        let wanted = described(origin);
        let last = self.terms.locked.and_then(|locked| locked.pin(name, &wanted));
        let write = |name: &str, text: &str| {
            let path = probe.path().join(name);
            fs::write(&path, text).doing("write", &path)
        };
        write("Cargo.toml", &self.manifest(name, origin, last, stubs).to_string())?;
        write("lib.rs", "")?;
        let lock = self.source.root.join("Cargo.lock");
        if lock.is_file() {
            let own = fs::read_to_string(&lock).doing("read", &lock)?;
            write("Cargo.lock", &lockfile::seeded(own, self.terms.locked)?)?;
        }
        let mut command = cargo::command();
        command
            .args(["metadata", "--format-version", "1", "--manifest-path"])
            .arg(probe.path().join("Cargo.toml"))
            .args((!self.terms.network).then_some("--offline"))
            .current_dir(self.base);
        let locked = if last.is_some() { format!(", as {} has it", lockfile::NAME) } else { String::new() };
        let output = cargo::resolve(&mut command, &format!("fetch crate `{name}` ({wanted}{locked})"))?;
        let broken = |what: &str| Error::Resolve(format!("cannot fetch crate `{name}`: {what}"));
        let metadata: cargo_metadata::Metadata =
            serde_json::from_slice(&output.stdout).map_err(|e| broken(&e.to_string()))?;
        let found = metadata.packages.iter().find_map(|package| {
            let source = package.source.as_ref().filter(|_| package.name == name)?;
            Some((package.manifest_path.parent()?, package.version.to_string(), source))
        });
        let (dir, version, source) = found.ok_or_else(|| broken("cargo did not find it"))?;
        let lock = probe.path().join("Cargo.lock");
        let lock = fs::read_to_string(&lock).doing("read", &lock)?;
        let pin = Pin::new(name, wanted, version, &source.repr, &lock).map_err(|what| broken(&what))?;
        Ok(Fetched { dir: dir.as_std_path().to_path_buf(), pin })
    }

    fn manifest(&self, name: &str, origin: &Origin, last: Option<&Pin>, stubs: &Stubs<'_>) -> DocumentMut {
        let mut toml = DocumentMut::new();
        toml["package"]["name"] = value("slimcol-probe");
        toml["package"]["version"] = value("0.0.0");
        toml["package"]["edition"] = value("2024");
        toml["lib"]["path"] = value("lib.rs");
        toml["workspace"] = toml_edit::table();
        let mut dependency = InlineTable::new();
        let mut set = |key: &str, text: &str| dependency.insert(key, text.into());
        let mut registries = vec!["crates-io"];
        match origin {
            Origin::Own => {}
            Origin::Path(path) => _ = set("path", &path.to_string_lossy()),
            Origin::Registry { requirement, registry } => {
                match last {
                    Some(pin) => set("version", &format!("={}", pin.version)),
                    None => set("version", requirement),
                };
                if let Some(registry) = registry {
                    set("registry", registry);
                    registries.push(registry);
                }
            }
            Origin::Git { url, reference } => {
                set("git", url);
                match (last.and_then(Pin::commit), reference) {
                    (Some(commit), _) => _ = set("rev", commit),
                    (None, Reference::Rev(rev)) => _ = set("rev", rev),
                    (None, Reference::Default) => {}
                    (None, Reference::Tag(tag)) => _ = set("tag", tag),
                    (None, Reference::Branch(branch)) => _ = set("branch", branch),
                }
            }
        }
        toml["dependencies"][name] = value(dependency);
        for (package, folder) in self.index.framework().map(|package| (package, stubs.folder_of(package))) {
            for registry in &registries {
                let mut ours = InlineTable::new();
                ours.insert("path", folder.to_string_lossy().as_ref().into());
                toml["patch"][*registry][&package.name] = value(ours);
            }
        }
        toml
    }
}

/// An origin as people say it, and without anybody's password.
pub(super) fn described(origin: &Origin) -> String {
    match origin {
        Origin::Own => "Slimcol".to_owned(),
        Origin::Path(_) => "a folder".to_owned(),
        Origin::Registry { requirement, registry } => {
            format!("{}, version {requirement}", registry.as_deref().unwrap_or("crates.io"))
        }
        Origin::Git { url, reference } => {
            let url = credentials::masked(url);
            match reference {
                Reference::Default => format!("git {url}"),
                Reference::Rev(rev) => format!("git {url}, commit {rev}"),
                Reference::Tag(tag) => format!("git {url}, tag {tag}"),
                Reference::Branch(branch) => format!("git {url}, branch {branch}"),
            }
        }
    }
}
