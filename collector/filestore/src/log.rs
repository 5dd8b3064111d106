//! A log of changes in a folder: the store itself, without a collector around it.
//!
//! Changes are appended to the newest of several segments and never changed. Memory knows where each key's value stands.
//! Segments go from the oldest on, once nothing in them is kept; if something in the oldest one stays for long while much
//! behind it is of no more use, what stays is written again at the end. So a queue costs one write for each value and
//! nothing for each removal but a few bytes, and a handful of positions that change all the time never takes much room.

mod compact;
mod files;
mod index;
mod open;
mod record;
mod scan;
mod write;

use std::{
    fmt,
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use slimcol_service::Change;

use self::{files::path, index::Index, write::Writer};

/// How a log is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether what was written is on the disk, rather than with the kernel, when a write returns.
    pub fsync: bool,
    /// The most that all segments may take, in bytes; zero is without limit.
    pub max_size: u64,
    /// A segment is ended at half the size of what is kept, but not before this size …
    pub least_segment: u64,
    /// … and always at this one.
    pub most_segment: u64,
    /// How many things are written again at a time.
    pub at_a_time: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            fsync: false,
            max_size: 0,
            least_segment: 1 << 20,
            most_segment: 16 << 20,
            at_a_time: usize::MAX,
        }
    }
}

/// What is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The end of the newest segment was never finished, and was cut off: what a killed process or a lost machine leaves.
    Unfinished {
        /// The segment.
        file: PathBuf,
        /// Where its last good record ends.
        at: u64,
        /// How much was cut off.
        bytes: u64,
    },
    /// Parts of a segment cannot be read; everything else can.
    Damaged {
        /// The segment.
        file: PathBuf,
        /// Where the first damage begins.
        at: u64,
        /// How much is damaged in all.
        bytes: u64,
    },
}

/// A log that is open.
pub struct Log {
    folder: PathBuf,
    options: Options,
    report: Box<dyn Fn(Finding) + Send + Sync>,
    /// Locked after `writer` where both are.
    index: Mutex<Index>,
    writer: Mutex<Writer>,
    /// The segment that was read last. Locked after `index`.
    reader: Mutex<Option<(u64, Arc<File>)>>,
}

impl Log {
    /// All keys with the lengths of their values, by key.
    pub fn keys(&self) -> Vec<(Bytes, u64)> {
        self.index().keys()
    }

    /// The value under `key`.
    ///
    /// # Errors
    /// It cannot be read, or is damaged.
    pub fn get(&self, key: &[u8]) -> io::Result<Option<Bytes>> {
        let (place, file) = {
            let index = self.index();
            let Some(place) = index.get(key) else { return Ok(None) };
            // Opened before the index can let go of the segment.
            (place, self.open_segment(place.segment)?)
        };
        let mut value = vec![0; place.len as usize];
        match file.read_exact_at(&mut value, place.at) {
            Ok(()) if crc32fast::hash(&value) == place.crc => return Ok(Some(value.into())),
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
            _ => {}
        }
        let file = path(&self.folder, place.segment);
        let text = format!("{}: {} bytes at {} are damaged", file.display(), place.len, place.at);
        Err(io::Error::new(io::ErrorKind::InvalidData, text))
    }

    /// Makes the changes of each group, all of a group or none of it; what became of each group.
    pub fn write(&self, groups: &[Vec<Change>]) -> Vec<io::Result<()>> {
        if groups.iter().all(Vec::is_empty) {
            return groups.iter().map(|_| Ok(())).collect();
        }
        let mut writer = lock(&self.writer);
        let outcomes = self.write_groups(&mut writer, groups);
        self.tidy(&mut writer);
        outcomes
    }

    /// The bytes that all segments take, and how many of them are of use.
    pub fn sizes(&self) -> (u64, u64) {
        let index = self.index();
        (index.total, index.live)
    }

    fn open_segment(&self, number: u64) -> io::Result<Arc<File>> {
        let mut reader = lock(&self.reader);
        if let Some((open, file)) = &*reader
            && *open == number
        {
            return Ok(file.clone());
        }
        let file = Arc::new(File::open(path(&self.folder, number))?);
        *reader = Some((number, file.clone()));
        Ok(file)
    }

    /// At what size the segment that is written to is ended.
    fn segment_limit(&self) -> u64 {
        let Options { least_segment, most_segment, .. } = self.options;
        (self.index().live / 2).clamp(least_segment, most_segment)
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        lock(&self.index)
    }

    /// The folder of the log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
