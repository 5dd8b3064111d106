//! Files as a value: paths and contents, sorted.

use std::collections::BTreeMap;

/// The files of a folder by their paths in it.
#[derive(Debug, Default)]
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Puts a file there, in place of the one of the same path.
    pub(crate) fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), content.into());
    }

    /// Paths and contents in the order of the paths.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, content)| (&**path, &**content))
    }
}
