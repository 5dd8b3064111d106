//! The sources that travel inside this binary.

use std::{collections::BTreeMap, io::Read as _};

use flate2::read::GzDecoder;

use crate::error::Error;

/// A gzipped tar, made by the build script.
pub(super) const ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sources.tar.gz"));

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_collector_is_made_of_is_there_and_nothing_else() {
        let files = files(ARCHIVE).unwrap();
        for path in [
            "Cargo.toml",
            "Cargo.lock",
            "LICENSE",
            "collector/service/src/lib.rs",
            "components/receiver/otlp/Cargo.toml",
            "components/receiver/otlp/README.md",
        ] {
            assert!(files.contains_key(path), "{path}");
        }
        let root = String::from_utf8(files["Cargo.toml"].clone()).unwrap();
        assert!(root.contains("\nmembers = [\"collector/*\", \"components/*/*\"]\n"), "{root}");
        for path in files.keys() {
            let top = path.split('/').next().unwrap();
            assert!(!["builder", "dist", "docs", "manifests", "tests", "target"].contains(&top), "{path}");
            for part in ["/tests/", "/fuzz/", "/benches/", "/target/"] {
                assert!(!path.contains(part), "{path}");
            }
        }
    }
}
