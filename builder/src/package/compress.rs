//! Compressors, set so that the same bytes in are the same bytes out.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use lzma_rust2::{XzOptions, XzWriter};

/// xz, a fifth smaller than gzip on a collector. Every dpkg and rpm of the last ten years reads it.
pub(super) fn xz(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(6))?;
    writer.write_all(data)?;
    writer.finish()
}

/// gzip without a name or a time in it.
pub(super) fn gzip(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    writer.write_all(data)?;
    writer.finish()
}
