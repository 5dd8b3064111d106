//! What is generated.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use crate::{files_in, golden, manifest, repository, said, slimcol, third_party, tree::FACTORY};

const MANIFEST: &str = r#"
dist:
  name: otelcol.probe
  version: 1.10
  description: 'It says "hello"'
receivers:
  - otlp
exporters:
  - crate: slimcol-exporter-otlpgrpc
    features: [extra]
    default-features: false
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter v0.159.0
providers: [file, env]
"#;

fn generate(text: &str, flags: &[&str]) -> tempfile::TempDir {
    let folder = manifest(text);
    let output = slimcol(folder.path())
        .args(["build", "--config", "manifest.yaml", "--output-path", "out", "--skip-compilation"])
        .args(flags)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    folder
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join("out/_build").join(path)).unwrap()
}

#[test]
fn the_workspace_is_as_reviewed() {
    let folder = generate(MANIFEST, &["--skip-get-modules"]);
    for name in ["Cargo.toml", "src/main.rs", "README.md"] {
        golden(&format!("workspace/{name}.golden"), &read(folder.path(), name));
    }
    let names: Vec<String> =
        files_in(&folder.path().join("out/_build")).into_iter().map(|(name, _)| name).collect();
    let files = names.join("\n") + "\n";
    golden("workspace/files.golden", &files);
    let component =
        files.lines().find(|name| name.ends_with("/slimcol-exporter-otlpgrpc/Cargo.toml")).unwrap();
    golden("workspace/component.golden", &read(folder.path(), component));
}

#[test]
fn equal_manifests_give_equal_workspaces_and_others_another_package() {
    let package = |text: &str| {
        let folder = generate(text, &["--skip-get-modules"]);
        let toml = read(folder.path(), "Cargo.toml");
        let name = toml.lines().find(|line| line.starts_with("name = ")).unwrap().to_owned();
        (name, files_in(&folder.path().join("out")))
    };
    assert!(package(MANIFEST) == package(MANIFEST));
    for (from, to) in [("1.10", "1.11"), ("hello", "hullo"), ("[file, env]", "[file]")] {
        assert_ne!(package(MANIFEST).0, package(&MANIFEST.replace(from, to)).0, "{from}");
    }
}

#[test]
fn a_workspace_is_replaced_as_a_whole() {
    let folder = generate(MANIFEST, &["--skip-get-modules"]);
    let stale = folder.path().join("out/_build/stale.rs");
    fs::write(&stale, "").unwrap();
    let args = [
        "build",
        "--config",
        "manifest.yaml",
        "--output-path",
        "out",
        "--skip-compilation",
        "--skip-get-modules",
    ];
    assert!(slimcol(folder.path()).args(args).output().unwrap().status.success());
    assert!(!stale.exists());
}

#[test]
fn symbols_stay_when_asked_for() {
    let text = MANIFEST.replace("  version: 1.10\n", "  debug_compilation: true\n");
    let folder = generate(&text, &["--skip-get-modules"]);
    let toml = read(folder.path(), "Cargo.toml");
    assert!(toml.contains("strip = false\n") && toml.contains("debug = true\n"), "{toml}");
    assert!(!folder.path().join("out/_build/build.rs").exists());
}

#[test]
fn without_unwinding_the_tables_go() {
    let unwinding = generate(MANIFEST, &["--skip-get-modules"]);
    assert!(!unwinding.path().join("out/_build/no-unwind.ld").exists());
    let text = MANIFEST.replace("  version: 1.10\n", "  panic: abort\n  lto: fat\n");
    let aborting = generate(&text, &["--skip-get-modules"]);
    let toml = read(aborting.path(), "Cargo.toml");
    assert!(toml.contains("panic = \"abort\"\n") && toml.contains("lto = \"fat\"\n"), "{toml}");
    assert_eq!(read(aborting.path(), "build.rs"), read(unwinding.path(), "build.rs"));
    assert!(read(aborting.path(), "build.rs").contains("SCRIPT: &str = \"no-unwind.ld\""));
    assert!(read(aborting.path(), "no-unwind.ld").contains("/DISCARD/"));
}

/// The features that each crate is compiled with in the workspace of `manifest`, by its name and version.
fn features(manifest: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = generate(manifest, &["--source", repository().to_str().unwrap()]);
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "no-dev", "--prefix", "none", "--no-dedupe"])
        .args(["--format", "{p} |{f}", "--target", "x86_64-unknown-linux-gnu", "--manifest-path"])
        .arg(folder.path().join("out/_build/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines().filter(|line| !line.is_empty()) {
        let (package, features) = line.split_once(" |").unwrap();
        // Where a crate of ours was copied to, or that it is a macro, is of no interest.
        let package = package.split(" (").next().unwrap();
        found.entry(package.to_owned()).or_default().insert(features.to_owned());
    }
    found
}

#[test]
fn what_core_has_compiled_is_as_a_subset_wants_it() {
    let core = fs::read_to_string(repository().join("manifests/core.yaml")).unwrap();
    let core = core.replace("  config: ../dist/core/config.yaml\n", "");
    let core = features(&core);
    assert!(core.len() > 150, "{} crates", core.len());
    for subset in [
        "receivers: [otlp]\nprocessors: [batch]\nexporters: [otlp_grpc]",
        "receivers: [file_log]\nprocessors: [attributes]\nexporters: [file]",
        "receivers: [host_metrics]\nexporters: [otlp_http]",
        "receivers: [prometheus]\nexporters: [prometheus_remote_write]",
        "receivers: [kafka, jaeger]\nprocessors: [transform]\nexporters: [zipkin]\nextensions: [pprof]",
    ] {
        let subset_features = features(&format!("dist: {{name: subset, version: 1.0.0}}\n{subset}\n"));
        for (package, features) in &subset_features {
            // Its own package is the distribution's; what compiles (build scripts, macros) may want a crate otherwise.
            let Some(of_core) = core.get(package) else {
                assert!(package.starts_with("subset-"), "{package} is not in core");
                continue;
            };
            assert!(
                features.is_subset(of_core),
                "{package} would be compiled anew, with {features:?} and not with {of_core:?}, for\n{subset}"
            );
        }
    }
}

/// The packages that cargo sees in a generated workspace.
fn packages(folder: &Path) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform"])
        .args(["x86_64-unknown-linux-gnu", "--manifest-path"])
        .arg(folder.join("out/_build/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn cargo_sees_the_chosen_crates_and_what_they_depend_on() {
    let folder = generate(MANIFEST, &[]);
    let mut found = packages(folder.path());
    let own = found.iter().find(|name| name.starts_with("otelcol-probe-")).unwrap().clone();
    found.remove(&own);
    let expected = [
        "slimcol-exporter-debug",
        "slimcol-exporter-otlpgrpc",
        "slimcol-net",
        "slimcol-provider-env",
        "slimcol-provider-file",
        "slimcol-receiver-otlp",
        "slimcol-service",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}

#[test]
fn of_the_real_sources_too_only_what_is_chosen_comes_along() {
    let folder =
        manifest("dist: {name: otelcol-probe}\nreceivers: [nop]\nexporters: [nop]\nproviders: [file]\n");
    let sources = repository();
    let output = slimcol(folder.path())
        .args([
            "build",
            "--config",
            "manifest.yaml",
            "--output-path",
            "out",
            "--skip-compilation",
            "--source",
        ])
        .arg(sources)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    let found = packages(folder.path());
    for chosen in
        ["slimcol-receiver-nop", "slimcol-exporter-nop", "slimcol-provider-file", "slimcol-service", "tokio"]
    {
        assert!(found.contains(chosen), "{chosen} is missing: {found:?}");
    }
    let ours = |name: &&String| name.starts_with("slimcol-");
    let framework = [
        "slimcol-config",
        "slimcol-libc",
        "slimcol-order",
        "slimcol-pdata",
        "slimcol-service",
        "slimcol-timeformat",
    ];
    let chosen = ["slimcol-receiver-nop", "slimcol-exporter-nop", "slimcol-provider-file"];
    let unexpected: Vec<_> = found
        .iter()
        .filter(ours)
        .filter(|name| !framework.contains(&&***name) && !chosen.contains(&&***name))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    for foreign in ["hyper", "rustls", "h2", "prost", "proptest", "clap"] {
        assert!(!found.contains(foreign), "{foreign} came along");
    }
    // Every version is the one of the repository's lock file.
    let entries = |path: &Path| -> BTreeSet<String> {
        let text = fs::read_to_string(path).unwrap();
        let blocks = text.split("\n[[package]]\n").filter(|block| block.contains("\nchecksum = "));
        blocks.map(|block| block.lines().take(2).collect::<Vec<_>>().join(" ")).collect()
    };
    let (here, there) =
        (entries(&folder.path().join("out/_build/Cargo.lock")), entries(&sources.join("Cargo.lock")));
    assert!(!here.is_empty() && here.is_subset(&there), "{:?}", here.difference(&there).collect::<Vec<_>>());
}

#[test]
fn the_c_library_is_whole_where_there_is_code_of_somebody_elses() {
    let manifest_of = |exporter: &str| {
        let folder = manifest(&format!(
            "dist: {{name: otelcol-probe, output_path: out}}\nreceivers: [nop]\nexporters: [nop, {exporter}]\n"
        ));
        third_party::component(&folder.path().join("third"), "exporter", FACTORY);
        let output = slimcol(folder.path())
            .args([
                "build",
                "--config",
                "manifest.yaml",
                "--skip-compilation",
                "--skip-get-modules",
                "--source",
            ])
            .arg(repository())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
        (read(folder.path(), "Cargo.toml"), read(folder.path(), "src/main.rs"))
    };
    let (toml, main) = manifest_of("debug");
    assert!(toml.contains("\nslimcol-libc = {") && main.contains("use slimcol_libc as _;"), "{toml}{main}");
    let (toml, main) = manifest_of("{crate: mine, path: third/mine}");
    assert!(!toml.contains("slimcol-libc") && !main.contains("slimcol_libc"), "{toml}{main}");
}
