//! Finding the files that a pattern matches.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use super::{Glob, Part};

/// Folders below each other, beyond which nothing is looked for.
const DEEPEST: usize = 256;

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Each path once, in the order of their bytes.
    pub(crate) paths: BTreeSet<OsString>,
    /// Folders that could not be read.
    pub(crate) errors: Vec<(PathBuf, io::Error)>,
}

struct Search<'a> {
    found: &'a mut Found,
    /// Device and inode of the folders that `**` is in, so that a link to one of them is no way in.
    within: Vec<(u64, u64)>,
}

impl Glob {
    /// Adds the files that match now. Links count as what they lead to; what is no regular file cannot be read to an end.
    pub(crate) fn find(&self, found: &mut Found) {
        for way in &self.ways {
            let mut search = Search { found, within: Vec::new() };
            search.look(Path::new(if way.absolute { "/" } else { "" }), &way.parts);
        }
    }
}

impl Search<'_> {
    /// Looks for what `parts` match below `folder`.
    fn look(&mut self, folder: &Path, parts: &[Part]) {
        let Some((part, rest)) = parts.split_first() else { return };
        match part {
            Part::Name(name) if name.is_empty() && rest.is_empty() => {}
            Part::Name(name) => self.take(&folder.join(OsStr::from_bytes(name)), rest, None),
            Part::Match(segment) => {
                self.each(folder, |search, path, kind| {
                    let name = path.file_name().unwrap_or_default();
                    if segment.matches(name.as_bytes()) {
                        search.take(path, rest, Some(kind));
                    }
                });
            }
            Part::Folders => self.below(folder, rest),
        }
    }

    /// Looks for `rest` in `folder` and all folders below it.
    fn below(&mut self, folder: &Path, rest: &[Part]) {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(about) = fs::metadata(here) else { return };
        let id = (about.dev(), about.ino());
        if !about.is_dir() || self.within.contains(&id) || self.within.len() >= DEEPEST {
            return;
        }
        // Two in a row are one.
        let rest = rest.strip_prefix(&[Part::Folders]).unwrap_or(rest);
        self.within.push(id);
        self.look(folder, rest);
        self.each(folder, |search, path, kind| {
            if rest.is_empty() {
                search.take(path, rest, Some(kind));
            }
            if kind.is_dir() || kind.is_symlink() {
                search.below(path, rest);
            }
        });
        self.within.pop();
    }

    /// Takes a path that matches so far.
    fn take(&mut self, path: &Path, rest: &[Part], kind: Option<fs::FileType>) {
        if !rest.is_empty() {
            if kind.is_none_or(|kind| kind.is_dir() || kind.is_symlink()) {
                self.look(path, rest);
            }
            // `a/**` is `a` too.
            if rest != [Part::Folders] {
                return;
            }
        }
        let is_file = match kind {
            Some(kind) if !kind.is_symlink() => kind.is_file(),
            _ => fs::metadata(path).is_ok_and(|about| about.is_file()),
        };
        if is_file {
            self.found.paths.insert(path.into());
        }
    }

    fn each(&mut self, folder: &Path, mut visit: impl FnMut(&mut Self, &Path, fs::FileType)) {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = match fs::read_dir(here) {
            Ok(entries) => entries,
            // A pattern may go through what is no folder, or is not there.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return;
            }
            Err(error) => return self.found.errors.push((here.to_owned(), error)),
        };
        for entry in entries {
            match entry {
                Ok(entry) => {
                    let Ok(kind) = entry.file_type() else { continue };
                    visit(self, &folder.join(entry.file_name()), kind);
                }
                Err(error) => self.found.errors.push((here.to_owned(), error)),
            }
        }
    }
}
