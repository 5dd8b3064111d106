//! Copying crates into the workspace, each after the ones it depends on.

mod copying;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use self::copying::Copying;
use super::{Files, standalone};
use crate::{
    bounded, digest,
    error::{Doing as _, Error},
    resolve::Index,
    supply,
};

/// The crates that were copied so far.
pub(super) struct Staging<'i> {
    index: &'i Index,
    /// Their files.
    pub(super) files: Files,
    /// The folder in the workspace of each crate, by where it was copied from.
    pub(super) folders: BTreeMap<PathBuf, String>,
    /// Their names.
    pub(super) packages: BTreeSet<String>,
    /// The packages from registries and repositories that they name.
    pub(super) required: BTreeSet<String>,
    entered: BTreeSet<PathBuf>,
}

impl<'i> Staging<'i> {
    /// Nothing copied yet.
    pub(super) fn new(index: &'i Index) -> Self {
        Self {
            index,
            files: Files::default(),
            folders: BTreeMap::new(),
            packages: BTreeSet::new(),
            required: BTreeSet::new(),
            entered: BTreeSet::new(),
        }
    }

    /// Copies the crate in `dir` and the crates in folders that it depends on.
    pub(super) fn add(&mut self, dir: &Path) -> Result<(), Error> {
        if self.folders.contains_key(dir) {
            return Ok(());
        }
        if !self.entered.insert(dir.to_path_buf()) {
            return Err(Error::Resolve(format!("crate `{}` depends on itself", dir.display())));
        }
        let mut crate_ = standalone::read(dir, self.index)?;
        for folder in crate_.folders.values() {
            self.add(folder)?;
        }
        crate_.place(&self.folders);
        self.required.extend(crate_.packages);
        let mut files = Copying::of(dir)?;
        files.insert("Cargo.toml", crate_.toml.to_string());
        if let Some(workspace) = &crate_.workspace {
            take_license(workspace, &mut files)?;
        }
        // Cargo judges whether a path crate has changed by its files' times, which say nothing when two checkouts share a
        // target directory. With the content's digest in its place, what has changed is another crate. The name comes last:
        // log lines show the last folder of where they were written.
        let folder = format!("{}/{}", digest::of_files(files.iter()), crate_.name);
        for (path, content) in files.iter() {
            self.files.insert(format!("crates/{folder}/{path}"), content);
        }
        self.folders.insert(dir.to_path_buf(), folder);
        self.packages.insert(crate_.name);
        Ok(())
    }
}

/// A crate without a licence file is under its workspace's, and takes that along.
fn take_license(workspace: &Path, files: &mut Files) -> Result<(), Error> {
    if files.iter().any(|(path, _)| supply::is_license(path)) {
        return Ok(());
    }
    for entry in fs::read_dir(workspace).doing("read", workspace)? {
        let path = entry.doing("read", workspace)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if supply::is_license(name) && path.is_file() {
            files.insert(name, bounded::read(&path, 1 << 20).doing("read", &path)?);
        }
    }
    Ok(())
}
