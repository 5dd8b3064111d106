//! Subsets of a distro that was compiled are linked, and nothing of theirs is compiled again.

use std::{fs, process::Command, time::Duration};

use crate::kit::{
    command::run,
    distros::{self, slimcol},
};

const MANIFEST: &str = "
dist: {name: subset, version: 1.0.0, lto: off}
receivers: [otlp, zipkin, kafka]
processors: [batch, filter]
exporters: [otlp_grpc, file, debug]
";

#[test]
fn a_subset_of_core_is_linked_and_no_more() {
    let core = distros::core();
    let folder = tempfile::tempdir().unwrap();
    let (manifest, out) = (folder.path().join("subset.yaml"), folder.path().join("out"));
    fs::write(&manifest, MANIFEST).unwrap();
    let (manifest, out) = (manifest.to_str().unwrap(), out.to_str().unwrap());
    let ended = slimcol(["build", "--config", manifest, "--output-path", out, "--verbose"]).expect_success();
    let compiled: Vec<&str> =
        ended.stderr.lines().filter_map(|line| line.trim_start().strip_prefix("Compiling ")).collect();
    assert!(matches!(compiled[..], [one] if one.starts_with("subset-")), "{compiled:?}");
    let binary = format!("{out}/subset");
    let told = run(Command::new(&binary).arg("components"), Duration::from_secs(10)).expect_success();
    assert!(told.stdout.contains("zipkin") && !told.stdout.contains("prometheus"), "{}", told.stdout);
    let size = |path: &str| fs::metadata(path).unwrap().len();
    assert!(size(&binary) < size(core.binary.to_str().unwrap()) * 2, "{} bytes", size(&binary));
}
