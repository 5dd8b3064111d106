//! What tells a file from others: its first bytes.

use std::{
    fs::File,
    io::{self, Read},
};

use flate2::read::MultiGzDecoder;

use crate::source::Section;

/// The first bytes of a file, or of what it decompresses to. It grows with its file up to the configured size.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fingerprint(Vec<u8>);

impl Fingerprint {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The fingerprint that a file has now.
    pub(crate) fn of(file: &File, size: usize, decompress: bool) -> io::Result<Self> {
        let mut bytes = Vec::with_capacity(size);
        let section = Section::new(file, 0, u64::MAX);
        if decompress && is_gzip(file)? {
            let mut unpacked = MultiGzDecoder::new(section).take(size as u64);
            match unpacked.read_to_end(&mut bytes) {
                // What is wrong behind a beginning is told when the file is read.
                Err(error) if bytes.is_empty() && error.kind() != io::ErrorKind::UnexpectedEof => {
                    return Err(error);
                }
                // What cannot be decompressed yet may be written later.
                _ => {}
            }
        } else {
            section.take(size as u64).read_to_end(&mut bytes)?;
        }
        Ok(Self(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a file with this one may be what had `old`.
    pub(crate) fn extends(&self, old: &Self) -> bool {
        self.0.starts_with(&old.0)
    }
}

/// Whether a file is gzip by its first two bytes.
pub(crate) fn is_gzip(file: &File) -> io::Result<bool> {
    let mut magic = Vec::with_capacity(2);
    Section::new(file, 0, 2).read_to_end(&mut magic)?;
    Ok(magic == [0x1f, 0x8b])
}
