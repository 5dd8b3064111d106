//! The sources that travel inside the program.

use std::{collections::BTreeMap, io::Read as _, sync::OnceLock};

use flate2::read::GzDecoder;

use crate::error::Error;

/// A gzipped tar, which the program brings along.
static ARCHIVE: OnceLock<&[u8]> = OnceLock::new();

/// Makes these the sources that travel along. The first call counts.
pub(crate) fn travelling(archive: &'static [u8]) {
    let _ = ARCHIVE.set(archive);
}

/// The sources that travel along.
pub(super) fn archive() -> Result<&'static [u8], Error> {
    ARCHIVE.get().copied().ok_or_else(|| Error::Other("no sources travel inside this program".into()))
}

/// The files of an archive by their paths.
pub(super) fn files(archive: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let broken = |e: std::io::Error| Error::Other(format!("the sources in this binary are damaged: {e}"));
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(GzDecoder::new(archive)).entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(broken)?;
        files.insert(path, content);
    }
    Ok(files)
}
