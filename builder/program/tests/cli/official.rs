//! The official distributions' manifests, as they are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use crate::{data, files_in, golden, manifest, repository, said, slimcol};

const MANIFESTS: [&str; 4] = ["otelcol", "otelcol-otlp", "otelcol-k8s", "otelcol-contrib"];

fn path_of(name: &str) -> PathBuf {
    data(&format!("official/{name}.yaml"))
}

/// A folder with the manifest in it, and what generating its workspace says.
fn generate(name: &str, flags: &[&str]) -> (tempfile::TempDir, Output) {
    let folder = manifest(&fs::read_to_string(path_of(name)).unwrap());
    let output = slimcol(folder.path())
        .args(["--config", "manifest.yaml", "--skip-get-modules", "--skip-compilation"])
        .args(flags)
        .output()
        .unwrap();
    (folder, output)
}

/// The components that a generated collector links, as `receiver/otlp`.
fn linked(folder: &Path) -> Vec<String> {
    let main = fs::read_to_string(folder.join("_build/_build/src/main.rs")).unwrap();
    main.lines()
        .filter_map(|line| line.trim().strip_suffix("::FACTORY,")?.strip_prefix("&slimcol_"))
        .map(|name| name.replacen('_', "/", 1))
        .collect()
}

#[test]
fn what_is_missing_is_one_message_and_nothing_is_written() {
    for name in MANIFESTS {
        let (folder, output) = generate(name, &[]);
        golden(&format!("official/{name}.refused.txt"), &said(&output, folder.path()));
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert_eq!(files_in(folder.path()).len(), 1, "{name}");
    }
}

#[test]
fn what_is_missing_can_be_left_out() {
    for name in MANIFESTS {
        let (folder, output) = generate(name, &["--skip-missing"]);
        let said = said(&output, folder.path());
        assert_eq!(output.status.code(), Some(0), "{said}");
        golden(&format!("official/{name}.left-out.txt"), &said);
        // What is written is linked or said to be left out.
        let wanted = fs::read_to_string(path_of(name)).unwrap();
        let wanted = wanted.lines().filter(|line| line.trim().starts_with("- gomod:")).count();
        let left_out: usize = said
            .lines()
            .find_map(|line| line.strip_prefix("note: left out "))
            .map_or(0, |rest| rest.split(' ').next().unwrap().parse().unwrap());
        assert_eq!(linked(folder.path()).len() + left_out, wanted, "{name}");
    }
}

#[test]
fn with_the_real_sources_the_otlp_distribution_lacks_nothing() {
    let sources = repository().to_str().unwrap();
    let (folder, output) = generate("otelcol-otlp", &["--source", sources]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    assert_eq!(
        linked(folder.path()),
        ["receiver/otlp", "exporter/otlpgrpc", "exporter/otlphttp", "provider/env", "provider/file"]
    );
    let (folder, output) = generate("otelcol", &["--source", sources, "--skip-missing"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    let linked = linked(folder.path());
    for component in ["receiver/otlp", "processor/memorylimiter", "exporter/file", "provider/https"] {
        assert!(linked.iter().any(|name| name == component), "{component} is not in {linked:?}");
    }
}

#[test]
fn a_collector_of_nothing_is_not_built() {
    let folder = manifest("dist: {name: otelcol-probe}\nreceivers: [kafka]\nexporters: [kafka]\n");
    let output = slimcol(folder.path())
        .args(["build", "--config", "manifest.yaml", "--skip-missing", "--skip-compilation"])
        .output()
        .unwrap();
    let expected = "error: nothing to build: Slimcol has none of the manifest's components\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(2), expected));
}

#[test]
fn others_go_modules_can_be_left_out_and_misspelt_ones_cannot() {
    let text = "dist: {name: otelcol-probe}\nreceivers: [otlp]\nexporters:\n  - debug\n  - gomod: \
                example.com/somebody/else v1.2.3\n";
    let folder = manifest(text);
    let generate = ["--config", "manifest.yaml", "--skip-missing", "--skip-compilation", "--offline"];
    let output = slimcol(folder.path()).args(generate).output().unwrap();
    let expected = "note: left out 1 component that is not in Slimcol\n --> manifest.yaml\n  exporters, 1 of 2:\n      5 \
                    example.com/somebody/else\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), expected));
    let path = folder.path().join("manifest.yaml");
    fs::write(path, text.replace("debug", "debgu")).unwrap();
    let output = slimcol(folder.path()).args(generate).output().unwrap();
    assert!(
        said(&output, folder.path()).starts_with("error: unknown exporter `debgu`\n --> manifest.yaml:4:5\n")
    );
}
