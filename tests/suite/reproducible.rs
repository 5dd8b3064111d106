//! One manifest in two directories makes the same bytes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::kit::distros::slimcol;

const MANIFEST: &str = "
dist: {name: otelcol-twin, version: 0.0.1, description: Built twice}
receivers: [otlp]
processors: [batch]
exporters: [otlp_grpc, debug]
providers: [env, file]
";
/// What is made of it, by the end of the name.
const MADE: [&str; 8] =
    ["/otelcol-twin", ".oci.tar", ".deb", ".rpm", ".tar.gz", ".cdx.json", ".spdx.json", "/SHA256SUMS"];

#[test]
fn nothing_that_is_made_depends_on_the_directory() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = build(&first.path().join("here"));
    let second = build(&second.path().join("somewhere/else/entirely"));
    for end in MADE {
        let of = |made: &BTreeMap<PathBuf, Vec<u8>>| {
            let found = made.iter().find(|(path, _)| path.to_str().unwrap().ends_with(end));
            let (path, data) = found.unwrap_or_else(|| panic!("no {end}: {:?}", made.keys()));
            (path.file_name().unwrap().to_owned(), data.clone())
        };
        // Not assert_eq: nobody wants to read two binaries.
        assert!(of(&first) == of(&second), "{end} differs");
    }
}

/// Builds in `dir`: all files that are made.
fn build(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::create_dir_all(dir).unwrap();
    let manifest = dir.join("twin.yaml");
    fs::write(&manifest, MANIFEST).unwrap();
    let (manifest, output) = (manifest.to_str().unwrap(), dir.join("out"));
    let (packages, sbom) = ("--package=deb,rpm,tar.gz", "--sbom=cyclonedx,spdx");
    let out = output.to_str().unwrap();
    slimcol(["build", "--config", manifest, "--output-path", out, "--image", packages, sbom, "--sums"])
        .expect_success();
    let files = fs::read_dir(&output).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}
