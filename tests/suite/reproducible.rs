//! One manifest in two directories makes the same bytes.

use std::path::Path;

use crate::kit::distros::slimcol;

const MANIFEST: &str = "
dist: {name: otelcol-twin, version: 0.0.1, description: Built twice}
receivers: [otlp]
processors: [batch]
exporters: [otlp_grpc]
providers: [env, file]
";

#[test]
fn binary_and_image_do_not_depend_on_the_directory() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (first.path().join("here"), second.path().join("somewhere/else/entirely"));
    build(&first);
    build(&second);
    for file in ["otelcol-twin", "otelcol-twin.oci.tar"] {
        let read = |dir: &Path| std::fs::read(dir.join("out").join(file)).unwrap();
        // Not assert_eq: nobody wants to read two binaries.
        assert!(read(&first) == read(&second), "{file} differs");
    }
}

fn build(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let manifest = dir.join("twin.yaml");
    std::fs::write(&manifest, MANIFEST).unwrap();
    let output = dir.join("out");
    slimcol([
        "build",
        "--config",
        manifest.to_str().unwrap(),
        "--output-path",
        output.to_str().unwrap(),
        "--image",
    ])
    .expect_success();
}
