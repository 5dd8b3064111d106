//! A file that only grows.

use std::{fs::OpenOptions, io, os::unix::fs::OpenOptionsExt, path::Path};

use crate::whole::Whole;

/// Records of up to this many bytes together wait in memory.
const BUFFER: usize = 64 << 10;

/// A file with the records that are not in it yet.
#[derive(Debug)]
pub(crate) struct Plain {
    file: Whole,
    waiting: Vec<u8>,
}

impl Plain {
    /// Opens or makes the file at `path`; what is in it is kept or dropped.
    pub(crate) fn open(path: &Path, append: bool) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        if append {
            options.append(true);
        } else {
            options.write(true).truncate(true);
        }
        let file = options.create(true).mode(0o644).open(path)?;
        Ok(Self { file: Whole::new(file)?, waiting: Vec::new() })
    }

    /// Adds a record. On an error it was not added; earlier ones still wait.
    pub(crate) fn write(&mut self, record: &[u8]) -> io::Result<()> {
        if self.waiting.len() + record.len() > BUFFER {
            self.flush()?;
        }
        if record.len() > BUFFER {
            return self.file.append(record);
        }
        self.waiting.extend_from_slice(record);
        Ok(())
    }

    /// Writes what waits. On an error it still waits.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if !self.waiting.is_empty() {
            self.file.append(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }
}
