//! The files of a crate, copied within bounds: whoever wrote the crate may have meant ill.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::{
    bounded,
    error::{Doing as _, Error},
    generate::Files,
};

/// Folders of a crate that no build of it as a dependency reads.
const LEFT_OUT: [&str; 6] = ["target", "tests", "benches", "examples", "fuzz", "node_modules"];
/// As many folders may stand in one another.
const DEPTH: usize = 32;
/// What a crate may have, far beyond what crates do.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: u64 = 512 << 20;

/// The copying of one crate.
pub(super) struct Copying<'a> {
    krate: &'a Path,
    files: Files,
    count: usize,
    bytes: u64,
    /// The folders that are being copied, without links: one that leads back into one of them has nothing new.
    open: Vec<PathBuf>,
}

impl<'a> Copying<'a> {
    /// All files of the crate in `dir` that a build of it as a dependency can read, but for its manifest.
    pub(super) fn of(dir: &'a Path) -> Result<Files, Error> {
        let mut copying = Self { krate: dir, files: Files::default(), count: 0, bytes: 0, open: Vec::new() };
        copying.folder(dir, "")?;
        Ok(copying.files)
    }

    fn folder(&mut self, dir: &Path, prefix: &str) -> Result<(), Error> {
        let real = dir.canonicalize().doing("read", dir)?;
        if self.open.contains(&real) {
            return Ok(());
        }
        if self.open.len() == DEPTH {
            return Err(self.beyond("is nested too deeply", dir));
        }
        self.open.push(real);
        for entry in fs::read_dir(dir).doing("read", dir)? {
            let path = entry.doing("read", dir)?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.starts_with('.') || name == "Cargo.lock" || name == "Cargo.toml" {
                continue;
            }
            self.count += 1;
            if self.count > MOST_FILES {
                return Err(self.beyond(&format!("has more than {MOST_FILES} files"), dir));
            }
            let inside = format!("{prefix}{name}");
            // A link to nowhere is nothing.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            if metadata.is_file() {
                self.file(&path, inside)?;
            } else if metadata.is_dir() && !LEFT_OUT.contains(&name) && !path.join("Cargo.toml").exists() {
                self.folder(&path, &format!("{inside}/"))?;
            }
        }
        self.open.pop();
        Ok(())
    }

    fn file(&mut self, path: &Path, inside: String) -> Result<(), Error> {
        let left = MOST_BYTES - self.bytes;
        let content = match bounded::read(path, left) {
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                return Err(self.beyond(&format!("has more than {} MiB", MOST_BYTES >> 20), path));
            }
            content => content.doing("read", path)?,
        };
        self.bytes += content.len() as u64;
        self.files.insert(inside, content);
        Ok(())
    }

    fn beyond(&self, what: &str, at: &Path) -> Error {
        Error::Resolve(format!(
            "crate `{}` {what}, which no crate needs to be built (seen at `{}`)",
            self.krate.display(),
            at.display()
        ))
    }
}
