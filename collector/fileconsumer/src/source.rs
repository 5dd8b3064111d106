//! Where a file's text comes from: its bytes, or what they decompress to.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
};

use flate2::read::MultiGzDecoder;

/// A stretch of a file, read without moving the file's own position.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

/// What text is read from.
#[derive(Debug)]
pub(crate) enum Source<'a> {
    Plain(Section<'a>),
    Gzip(Box<MultiGzDecoder<Section<'a>>>),
}

impl<'a> Section<'a> {
    pub(crate) fn new(file: &'a File, at: u64, end: u64) -> Self {
        Self { file, at, end }
    }
}

impl Read for Section<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = to.len().min(left);
        let read = loop {
            match self.file.read_at(&mut to[..most], self.at) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => break done?,
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl<'a> Source<'a> {
    pub(crate) fn plain(file: &'a File, at: u64) -> Self {
        Self::Plain(Section::new(file, at, u64::MAX))
    }

    /// Up to where the file was read, if it is read as it is.
    pub(crate) fn reached(&self) -> Option<u64> {
        match self {
            Self::Plain(section) => Some(section.at),
            Self::Gzip(_) => None,
        }
    }

    /// What a stretch of a file decompresses to, without the first `skip` bytes of that.
    pub(crate) fn gzip(file: &'a File, at: u64, end: u64, skip: u64) -> io::Result<Self> {
        let mut unpacked = Box::new(MultiGzDecoder::new(Section::new(file, at, end)));
        io::copy(&mut unpacked.by_ref().take(skip), &mut io::sink())?;
        Ok(Self::Gzip(unpacked))
    }
}

impl Read for Source<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(section) => section.read(to),
            Self::Gzip(unpacked) => unpacked.read(to),
        }
    }
}
