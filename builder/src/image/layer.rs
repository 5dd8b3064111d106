//! Layers: tars with numbers for owners, one time, and nothing of this machine.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::{Created, User};
use crate::error::Error;

/// A tar that is being written.
pub(super) struct Layer {
    tar: Builder<Vec<u8>>,
    time: u64,
}

impl Layer {
    /// An empty one whose files all have the same time.
    pub(super) fn new(created: Created) -> Self {
        Self { tar: Builder::new(Vec::new()), time: created.seconds() }
    }

    /// Adds a folder of `owner`; `path` ends with a slash.
    pub(super) fn directory(&mut self, path: &str, mode: u32, owner: User) -> Result<(), Error> {
        self.entry(EntryType::Directory, path, mode, owner, &[])
    }

    /// Adds a file of root's.
    pub(super) fn file(&mut self, path: &str, mode: u32, data: &[u8]) -> Result<(), Error> {
        self.entry(EntryType::Regular, path, mode, User { uid: 0, gid: 0 }, data)
    }

    fn entry(
        &mut self,
        kind: EntryType,
        path: &str,
        mode: u32,
        owner: User,
        data: &[u8],
    ) -> Result<(), Error> {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(owner.uid.into());
        header.set_gid(owner.gid.into());
        header.set_mtime(self.time);
        header.set_size(data.len() as u64);
        self.tar.append_data(&mut header, path, data).map_err(failed)
    }

    /// The tar's bytes.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        self.tar.into_inner().map_err(failed)
    }
}

/// Gzips a layer as small as it gets: it is done once and downloaded many times.
pub(super) fn compress(layer: &[u8]) -> Result<Vec<u8>, Error> {
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(9));
    gzip.write_all(layer).map_err(failed)?;
    gzip.finish().map_err(failed)
}

fn failed(source: std::io::Error) -> Error {
    Error::Io { doing: "cannot write the image".to_owned(), source }
}
