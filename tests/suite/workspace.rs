//! A generated workspace holds what the manifest chose, and nothing else.

use std::collections::BTreeSet;

use cargo_metadata::MetadataCommand;

use crate::kit::distros::slimcol;

const MANIFEST: &str = "
dist:
  name: otelcol-tiny
  version: 1.2.3
  description: As little as can be
receivers:
  - otlp
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter v0.159.0
providers:
  - env
  - file
";

#[test]
fn only_chosen_components_are_in_cargo_metadata() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = dir.path().join("tiny.yaml");
    std::fs::write(&manifest, MANIFEST).unwrap();
    let (manifest, output) = (manifest.to_str().unwrap(), dir.path().join("out"));
    let output_path = output.to_str().unwrap();
    slimcol(["build", "--config", manifest, "--output-path", output_path, "--skip-compilation"])
        .expect_success();
    assert!(!output.join("otelcol-tiny").exists(), "compiled in spite of --skip-compilation");

    let metadata = MetadataCommand::new().manifest_path(output.join("_build/Cargo.toml")).exec().unwrap();
    let names: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let components: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| {
            ["receiver", "processor", "exporter", "connector", "extension", "provider"]
                .iter()
                .any(|kind| name.starts_with(&format!("slimcol-{kind}-")))
        })
        .collect();
    assert_eq!(
        components,
        ["slimcol-exporter-debug", "slimcol-provider-env", "slimcol-provider-file", "slimcol-receiver-otlp",]
    );
    // Nothing that only the builder, the tests or a component left out wants.
    for name in ["clap", "slimcol", "slimcol-testing", "slimcol-bench", "prost", "tonic", "serde_json"] {
        assert!(!names.contains(name), "{name} is in the workspace");
    }
}
