//! What travels inside the program.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;

#[test]
fn what_a_collector_is_made_of_is_there_and_nothing_else() {
    let mut archive =
        tar::Archive::new(GzDecoder::new(&include_bytes!(concat!(env!("OUT_DIR"), "/sources.tar.gz"))[..]));
    let files: BTreeMap<String, String> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().display().to_string();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (path, text)
        })
        .collect();
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
    let root = &files["Cargo.toml"];
    assert!(root.contains("\nmembers = [\"collector/*\", \"components/*/*\"]\n"), "{root}");
    for path in files.keys() {
        let top = path.split('/').next().unwrap();
        assert!(!["builder", "dist", "docs", "manifests", "tests", "target"].contains(&top), "{path}");
        for part in ["/tests/", "/fuzz/", "/benches/", "/target/"] {
            assert!(!path.contains(part), "{path}");
        }
    }
}
