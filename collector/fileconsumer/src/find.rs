//! The files that are to be read now.

mod order;

use std::{
    fs,
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use slimcol_service::go_error;

use self::order::Order;
use crate::{
    config::Config,
    glob::{Found, Glob},
};

/// Finds the files that a configuration means.
#[derive(Debug)]
pub(crate) struct Finder {
    include: Vec<Glob>,
    exclude: Vec<Glob>,
    newer_than: Option<Duration>,
    order: Option<Order>,
}

impl Finder {
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let globs = |patterns: &[String]| patterns.iter().map(|p| Glob::new(p)).collect::<Result<_, _>>();
        Ok(Self {
            include: globs(&config.include)?,
            exclude: globs(&config.exclude)?,
            newer_than: (config.exclude_older_than.0 > 0).then(|| config.exclude_older_than.std()),
            order: Order::new(&config.ordering)?,
        })
    }

    /// The files, in the order of their paths or as configured, and what went wrong.
    pub(crate) fn find(&self, now: SystemTime) -> (Vec<PathBuf>, Vec<String>) {
        let mut found = Found::default();
        for glob in &self.include {
            glob.find(&mut found);
        }
        let excluded = |path: &[u8]| self.exclude.iter().any(|glob| glob.matches(path));
        let paths = found.paths.into_iter().filter(|path| !excluded(path.as_bytes())).map(PathBuf::from);
        let paths =
            paths.filter(|path| self.newer_than.is_none_or(|age| !is_older(path, age, now))).collect();
        let errors = found.errors.iter();
        let mut errors: Vec<_> =
            errors.map(|(path, error)| format!("open {}: {}", path.display(), go_error(error))).collect();
        match &self.order {
            Some(order) => (order.apply(paths, &mut errors), errors),
            None => (paths, errors),
        }
    }
}

fn is_older(path: &PathBuf, age: Duration, now: SystemTime) -> bool {
    let changed = fs::metadata(path).and_then(|about| about.modified());
    changed.is_ok_and(|changed| now.duration_since(changed).is_ok_and(|since| since > age))
}

#[cfg(test)]
mod tests;
