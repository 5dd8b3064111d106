//! Files that cannot be read: each is complained of once.

use std::{
    collections::{HashMap, HashSet},
    io, mem,
    path::{Path, PathBuf},
};

use slimcol_service::{Log, go_error};

/// More are not remembered, and complained of each time.
const MOST: usize = 10_000;

/// The files that could not be opened for want of permission, or whose beginning could not be read.
#[derive(Debug, Default)]
pub(super) struct Unreadable(HashMap<PathBuf, io::ErrorKind>);

impl Unreadable {
    /// Forgets those that were not found any more.
    pub(super) fn keep(&mut self, found: &[PathBuf]) {
        if !self.0.is_empty() {
            // Both can be tens of thousands, at every poll.
            let found: HashSet<_> = found.iter().collect();
            self.0.retain(|path, _| found.contains(path));
        }
    }

    pub(super) fn failed(&mut self, path: &Path, error: &io::Error, log: &Log) {
        if error.kind() == io::ErrorKind::NotFound {
            // It went away since it was found.
            return;
        }
        if error.kind() == io::ErrorKind::PermissionDenied && !self.is_new(path, error) {
            return;
        }
        let error = format!("open {}: {}", path.display(), go_error(error));
        log.error("Failed to open file", &[("error", error.into())]);
    }

    /// Its first bytes cannot be had, so that it is not known which file it is.
    pub(super) fn damaged(&mut self, path: &Path, error: &io::Error, log: &Log) {
        if self.is_new(path, error) {
            let fields = [("error", go_error(error).into()), ("path", path.display().to_string().into())];
            log.error("Failed creating fingerprint", &fields);
        }
    }

    fn is_new(&mut self, path: &Path, error: &io::Error) -> bool {
        let kind = error.kind();
        if let Some(known) = self.0.get_mut(path) {
            return mem::replace(known, kind) != kind;
        }
        if self.0.len() < MOST {
            self.0.insert(path.to_owned(), kind);
        }
        true
    }

    pub(super) fn readable(&mut self, path: &Path, log: &Log) {
        if !self.0.is_empty() && self.0.remove(path).is_some() {
            log.info(
                "Previously unreadable file is now readable",
                &[("path", path.display().to_string().into())],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn many_that_stay_unreadable_cost_no_look_at_all_the_others() {
        let found: Vec<_> = (0..40_000).map(|n| PathBuf::from(format!("/var/log/pods/{n:05}.log"))).collect();
        let denied = found.iter().skip(25_000).take(MOST);
        let mut unreadable =
            Unreadable(denied.map(|path| (path.clone(), io::ErrorKind::PermissionDenied)).collect());
        let began = Instant::now();
        for _ in 0..5 {
            unreadable.keep(&found);
        }
        // One look at each for each took minutes.
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!(unreadable.0.len(), MOST);
        unreadable.keep(&found[..30_000]);
        assert_eq!(unreadable.0.len(), 5000);
    }
}
