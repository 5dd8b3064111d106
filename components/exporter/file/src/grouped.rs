//! A file for each value of a resource attribute, of which so many are open at a time.

use std::{
    collections::HashMap,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::Path,
    time::{Duration, SystemTime},
};

use slimcol_service::{Log, go_error};

use crate::{Config, output::Output, path::Pattern};

/// The kernel stamps files with a clock that may lag behind by a tick.
const TICK: Duration = Duration::from_millis(20);

/// The open files.
#[derive(Debug)]
pub(crate) struct Grouped {
    pattern: Pattern,
    most_open: usize,
    began: SystemTime,
    open: HashMap<String, Open>,
    /// Counts uses, to find the file that was not used for longest.
    uses: u64,
}

#[derive(Debug)]
struct Open {
    output: Output,
    used: u64,
}

impl Grouped {
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let most_open = usize::try_from(config.group_by.max_open_files).unwrap_or_default();
        if most_open == 0 {
            // Go's text, from its cache of open files.
            return Err("must provide a positive size".to_owned());
        }
        let began = SystemTime::now().checked_sub(TICK).unwrap_or(SystemTime::UNIX_EPOCH);
        Ok(Self { pattern: Pattern::new(&config.path), most_open, began, open: HashMap::new(), uses: 0 })
    }

    /// Adds a record to the file of `segment`.
    pub(crate) fn write(
        &mut self,
        segment: &str,
        record: &[u8],
        config: &Config,
        log: &Log,
    ) -> Result<(), String> {
        let path = self.pattern.with(segment);
        self.uses += 1;
        let used = self.uses;
        if !self.open.contains_key(&path) {
            self.make_room(log);
            let output = self.open(Path::new(&path), config)?;
            self.open.insert(path.clone(), Open { output, used });
        }
        let Some(open) = self.open.get_mut(&path) else { return Ok(()) };
        open.used = used;
        open.output.write(record).map_err(|e| format!("write {path}: {}", go_error(&e)))
    }

    /// Writes what waits in memory; the first error and its file.
    pub(crate) fn flush(&mut self) -> Result<(), (String, io::Error)> {
        let failures =
            self.open.iter_mut().filter_map(|(path, open)| Some((path, open.output.flush().err()?)));
        // All are flushed, whatever becomes of the first.
        let failures: Vec<_> = failures.collect();
        failures.into_iter().next().map_or(Ok(()), |(path, error)| Err((path.clone(), error)))
    }

    /// Closes the file that was not used for longest, if as many are open as may be.
    fn make_room(&mut self, log: &Log) {
        if self.open.len() < self.most_open {
            return;
        }
        let oldest = self.open.iter().min_by_key(|(_, open)| open.used).map(|(path, _)| path.clone());
        if let Some((path, mut open)) = oldest.and_then(|path| self.open.remove_entry(&path))
            && let Err(error) = open.output.flush()
        {
            log.warn("Failed to close file", &[("error", go_error(&error).into()), ("path", path.into())]);
        }
    }

    fn open(&self, path: &Path, config: &Config) -> Result<Output, String> {
        if let Some(dir) = path.parent() {
            make_directory(dir, config.directory_mode())?;
        }
        // A file that was written since the start is one of ours that was closed for room: it must not lose what it
        // holds (in Go it does).
        let ours =
            || fs::metadata(path).and_then(|about| about.modified()).is_ok_and(|time| time >= self.began);
        Output::open(path, config, config.append || ours())
    }
}

/// Makes `dir` and those above it, as far as they are missing.
pub(crate) fn make_directory(dir: &Path, mode: u32) -> Result<(), String> {
    let created = DirBuilder::new().recursive(true).mode(mode).create(dir);
    created.map_err(|e| format!("mkdir {}: {}", dir.display(), go_error(&e)))
}
