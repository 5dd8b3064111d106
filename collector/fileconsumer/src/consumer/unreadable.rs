//! Files that cannot be opened: each is complained of once.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};

use slimcol_service::{Log, go_error};

/// More are not remembered, and complained of each time.
const MOST: usize = 10_000;

/// The files that could not be opened for want of permission.
#[derive(Debug, Default)]
pub(super) struct Unreadable(HashSet<PathBuf>);

impl Unreadable {
    /// Forgets those that were not found any more.
    pub(super) fn keep(&mut self, found: &[PathBuf]) {
        if !self.0.is_empty() {
            self.0.retain(|path| found.contains(path));
        }
    }

    pub(super) fn failed(&mut self, path: &Path, error: &io::Error, log: &Log) {
        if error.kind() == io::ErrorKind::NotFound {
            // It went away since it was found.
            return;
        }
        let denied = error.kind() == io::ErrorKind::PermissionDenied;
        if denied && (self.0.contains(path) || self.0.len() < MOST && !self.0.insert(path.to_owned())) {
            return;
        }
        let error = format!("open {}: {}", path.display(), go_error(error));
        log.error("Failed to open file", &[("error", error.into())]);
    }

    pub(super) fn opened(&mut self, path: &Path, log: &Log) {
        if !self.0.is_empty() && self.0.remove(path) {
            log.info(
                "Previously unreadable file is now readable",
                &[("path", path.display().to_string().into())],
            );
        }
    }
}
