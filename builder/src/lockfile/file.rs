//! The file: which one it is, what it must say, and keeping it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{Distribution, Locking, NAME, difference, toml};
use crate::{
    distro::Request,
    error::{Doing as _, Error},
    lock, replace, report, source,
};

/// The key of a distribution whose manifest is not a file.
const NO_MANIFEST: &str = "-";
/// A difference is worth reading, a hundred are not.
const SHOWN: usize = 10;

/// A manifest's part of a lock file.
#[derive(Debug)]
pub(crate) struct LockFile {
    path: PathBuf,
    /// The manifest's name.
    manifest: String,
    /// Whether the file is in the manifest's folder.
    beside: bool,
    /// What is done about it.
    locking: Locking,
    /// What it says of the manifest.
    locked: Option<Distribution>,
}

impl LockFile {
    /// The lock file for `request`, whose manifest is at `manifest`: the one that was asked for, else the one beside it.
    /// There is none for a manifest that is not a file.
    pub(crate) fn find(manifest: Option<&Path>, request: &Request) -> Result<Option<Self>, Error> {
        let (given, locking) = (request.lock_file.as_deref(), request.locking);
        let manifest = manifest.filter(|path| path.is_file());
        let name = manifest.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let path = match (given, manifest) {
            (Some(given), _) => given.to_path_buf(),
            (None, Some(manifest)) => manifest.with_file_name(NAME),
            (None, None) if matches!(locking, Locking::Keep | Locking::Look) => return Ok(None),
            (None, None) => {
                return Err(Error::Other(format!(
                    "only a manifest that is a file has a {NAME} beside it: name one with --lock-file FILE"
                )));
            }
        };
        let path = std::path::absolute(&path).doing("use", &path)?;
        let manifest = name.unwrap_or_else(|| NO_MANIFEST.to_owned());
        let locked = read(&path)?.remove(&manifest);
        let it = Self { path, manifest, beside: given.is_none(), locking, locked };
        if locking == Locking::Hold && it.locked.is_none() {
            return Err(it.nothing_to_hold_to());
        }
        Ok(Some(it))
    }

    /// What the manifest was last built from, if it is to be built from that again.
    pub(crate) fn locked(&self) -> Option<&Distribution> {
        self.locked.as_ref().filter(|_| self.locking != Locking::Renew)
    }

    /// Takes note of what the manifest is built from now, or refuses it.
    pub(crate) fn settle(&self, new: Distribution) -> Result<(), Error> {
        match (&self.locked, self.locking) {
            (Some(old), Locking::Hold) => self.check(old, &new),
            (None, Locking::Hold) => Err(self.nothing_to_hold_to()),
            (_, Locking::Look) => Ok(()),
            (_, Locking::Keep | Locking::Renew) => {
                self.update(new, source::cache_folder().ok().map(|cache| cache.join("turns")).as_deref())
            }
        }
    }

    fn nothing_to_hold_to(&self) -> Error {
        let there = if self.path.is_file() { "says nothing of" } else { "is not there for" };
        Error::Resolve(format!(
            "`{}` {there} `{}`, and --locked holds builds to it: build once without --locked, and commit the file",
            self.path.display(),
            self.manifest
        ))
    }

    fn check(&self, old: &Distribution, new: &Distribution) -> Result<(), Error> {
        let mut differences = difference::between(old, new);
        if differences.is_empty() {
            return Ok(());
        }
        let more = differences.len().saturating_sub(SHOWN);
        differences.truncate(SHOWN);
        if more > 0 {
            differences.push(format!("and {more} more"));
        }
        Err(Error::Resolve(format!(
            "`{}` does not agree with `{}`, and --locked holds builds to it:\n  {}\nbuild once without --locked to bring it \
             up to date",
            self.path.display(),
            self.manifest,
            differences.join("\n  ")
        )))
    }

    /// Makes the file say what the manifest is built from. A folder that cannot be written to is no reason not to build.
    /// Builds of other manifests of the folder take turns by a lock on `turns`: not on that folder, which a build whose
    /// output goes there holds until it is done.
    fn update(&self, new: Distribution, turns: Option<&Path>) -> Result<(), Error> {
        if self.locked.as_ref() == Some(&new) {
            return Ok(());
        }
        let _turn = turns.and_then(|folder| lock::folder_shortly(folder).ok());
        // Read again: the others may have changed their parts meanwhile.
        let mut all = read(&self.path)?;
        all.insert(self.manifest.clone(), new);
        if self.beside {
            all.retain(|manifest, _| manifest == NO_MANIFEST || self.path.with_file_name(manifest).exists());
        }
        match replace::file(&self.path, toml::render(&all).as_bytes(), 0o666) {
            Err(error @ Error::Io { .. }) => {
                let path = self.path.display();
                report::remark(&format!("note: versions are not locked: {} (`{path}`)", error.chain()));
                Ok(())
            }
            done => done,
        }
    }
}

fn read(path: &Path) -> Result<BTreeMap<String, Distribution>, Error> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        text => text.doing("read", path)?,
    };
    toml::parse(&text).map_err(|what| {
        Error::Resolve(format!(
            "`{}` is not a lock file that can be read: {}; delete it to have a new one written",
            path.display(),
            what.trim_end()
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn builds_that_write_at_once_leave_each_others_parts() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        let write = |number: usize| {
            let manifest = format!("{number}.yaml");
            let (path, locking) = (path.clone(), Locking::Keep);
            let lock = LockFile { path, manifest, beside: false, locking, locked: None };
            let text = || number.to_string();
            let (pins, packages) = (Vec::new(), Vec::new());
            let new = Distribution { slimcol: text(), rustc: text(), sources: text(), pins, packages };
            lock.update(new, Some(&dir.path().join("turns"))).unwrap();
        };
        thread::scope(|scope| (0..32).for_each(|number| _ = scope.spawn(move || write(number))));
        let all = read(&path).unwrap();
        assert_eq!(all.len(), 32);
        assert!(all.iter().all(|(manifest, part)| *manifest == format!("{}.yaml", part.slimcol)), "{all:?}");
    }
}
