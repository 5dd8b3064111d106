//! Where records of one path go.

use std::{io, path::Path};

use slimcol_service::go_error;

use crate::{Config, plain::Plain, rotated::Rotated};

/// A file, rotated or not.
#[derive(Debug)]
pub(crate) enum Output {
    Plain(Plain),
    Rotated(Rotated),
}

impl Output {
    /// Opens `path` as configured; `append` overrides what the configuration says of files that are there already.
    pub(crate) fn open(path: &Path, config: &Config, append: bool) -> Result<Self, String> {
        match &config.rotation {
            Some(rotation) => Ok(Self::Rotated(Rotated::new(path, rotation))),
            None => Plain::open(path, append)
                .map(Self::Plain)
                .map_err(|e| format!("open {}: {}", path.display(), go_error(&e))),
        }
    }

    /// Adds a record, as a whole or not at all.
    pub(crate) fn write(&mut self, record: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.write(record),
            Self::Rotated(rotated) => rotated.write(record),
        }
    }

    /// Writes what waits in memory.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.flush(),
            Self::Rotated(_) => Ok(()),
        }
    }
}
