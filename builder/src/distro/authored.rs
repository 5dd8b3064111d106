//! The manifest's file as its author knows it.

use std::path::Path;

use super::Prepared;
use crate::digest;

/// A manifest's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authored {
    /// Its name, without the folder.
    pub(crate) name: String,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

impl Prepared {
    /// The file that the manifest was written in; none for one that is no file. `slimcol vendor` adjusts paths in its copy,
    /// and a build of that one is a build of what was copied.
    pub(crate) fn authored(&self) -> Option<Authored> {
        let written = self.manifest.written.as_ref().filter(|_| self.request.configs.is_empty())?;
        let path = Path::new(&written.name);
        let name = path.file_name().filter(|_| path.is_file())?.to_string_lossy().into_owned();
        let here = Authored { name, sha256: digest::sha256(written.text.as_bytes()) };
        let copied = self.request.vendored.as_ref().and_then(|vendored| vendored.copied(&here.sha256));
        Some(copied.unwrap_or(here))
    }
}
