//! What is compiled: static, the same everywhere, and the manifest's own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use auditable_info::Limits;

use crate::{manifest, repository, said, slimcol, third_party, tree::FACTORY};

const MANIFEST: &str = "dist: {name: otelcol-probe, version: 1.0.0, output_path: out, config: config.yaml}\n\
                        receivers: [otlp]\nexporters: [debug]\nproviders: [file]\n";

/// A target directory for all of these tests, as users have one for all of their manifests.
pub(crate) fn target_dir() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"))
}

fn build(folder: &Path, flags: &[&str]) -> Output {
    fs::write(folder.join("config.yaml"), "receivers:\n  otlp:\n").unwrap();
    slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--target-dir"])
        .arg(target_dir())
        .args(flags)
        .output()
        .unwrap()
}

fn built(folder: &Path, flags: &[&str]) -> String {
    let output = build(folder, flags);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder));
    String::from_utf8(output.stdout).unwrap()
}

/// What the collector in `folder` prints.
fn printed(folder: &Path) -> String {
    let output = Command::new(folder.join("out/otelcol-probe")).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_same_manifest_gives_the_same_bytes_in_any_folder() {
    let text = format!("{MANIFEST}processors:\n  - {{crate: mine, path: third/mine}}\n");
    let folders = [manifest(&text), manifest(&text)];
    let [one, other] = folders.each_ref().map(|folder| {
        third_party::component(&folder.path().join("third"), "processor", FACTORY);
        let line = built(folder.path(), &["--image"]);
        let out = folder.path().join("out");
        let digest = line.split("otelcol-probe:1.0.0 ").nth(1).unwrap().split(';').next().unwrap().to_owned();
        assert!(digest.starts_with("sha256:") && digest.len() == 71, "{line}");
        assert!(
            line.starts_with(out.canonicalize().unwrap().join("otelcol-probe: ").to_str().unwrap()),
            "{line}"
        );
        assert!(line.ends_with(" s\n") && line.contains(" MB; "), "{line}");
        (
            fs::read(out.join("otelcol-probe")).unwrap(),
            fs::read(out.join("otelcol-probe.oci.tar")).unwrap(),
            digest,
        )
    });
    assert!(one == other);
    for folder in [folders[0].path(), target_dir(), &repository().canonicalize().unwrap()] {
        let name = folder.to_str().unwrap().as_bytes();
        assert!(
            !one.0.windows(name.len()).any(|window| window == name),
            "{} is in the binary",
            folder.display()
        );
    }
}

#[test]
fn two_manifests_of_one_name_in_one_target_directory_give_each_its_own() {
    let texts = [MANIFEST.to_owned(), MANIFEST.replace("[debug]", "[otlp_grpc]")];
    for text in texts.iter().chain(&texts) {
        let folder = manifest(text);
        built(folder.path(), &[]);
        let printed = printed(folder.path());
        let places: Vec<&str> = printed.lines().skip(1).map(|line| line.split('/').nth(2).unwrap()).collect();
        let exporter =
            if text.contains("[debug]") { "slimcol-exporter-debug" } else { "slimcol-exporter-otlpgrpc" };
        assert_eq!(places, ["slimcol-receiver-otlp", exporter, "slimcol-provider-file"]);
    }
}

#[test]
fn what_does_not_compile_is_reported_and_leaves_the_binary_that_was_there() {
    let text = format!("{MANIFEST}processors:\n  - {{crate: mine, path: third/mine}}\n");
    let folder = manifest(&text);
    let third = folder.path().join("third");
    third_party::component(&third, "processor", FACTORY);
    built(folder.path(), &[]);
    let before = fs::read(folder.path().join("out/otelcol-probe")).unwrap();
    third_party::component(&third, "processor", &format!("{FACTORY}fn broken() -> u8 {{ \"text\" }}\n"));
    let output = build(folder.path(), &["--image"]);
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(4), "{said}");
    // Another test may hold the target directory for a while, which is said first.
    let failure = said.trim_start_matches(|c| c != '\n').trim_start_matches('\n');
    let failure = if said.starts_with("waiting for another build") { failure } else { &said[..] };
    assert!(
        failure
            .starts_with("error: cargo could not compile the collector:\nerror[E0308]: mismatched types\n"),
        "{said}"
    );
    assert!(!said.contains("Compiling"), "{said}");
    assert!(before == fs::read(folder.path().join("out/otelcol-probe")).unwrap());
    assert!(!folder.path().join("out/otelcol-probe.oci.tar").exists());
}

#[test]
fn the_generated_workspace_compiles_later_too() {
    let folder = manifest(&MANIFEST.replace("1.0.0", "'a \"b\"'").replace("version", "description"));
    let line = built(folder.path(), &["--skip-compilation"]);
    assert!(line.ends_with("out/_build: workspace of otelcol-probe\n"), "{line}");
    assert!(!folder.path().join("out/otelcol-probe").exists());
    built(folder.path(), &["--skip-generate"]);
    assert!(printed(folder.path()).starts_with("otelcol-probe  a \"b\"\n"), "{}", printed(folder.path()));
}

#[test]
fn a_binary_carries_the_list_of_its_crates() {
    let text = format!("{MANIFEST}processors:\n  - {{crate: mine, path: third/mine}}\n");
    let folder = manifest(&text);
    third_party::component(&folder.path().join("third"), "processor", FACTORY);
    built(folder.path(), &[]);
    let binary = folder.path().join("out/otelcol-probe");
    let found = auditable_info::audit_info_from_file(&binary, Limits::default()).unwrap();
    let name = |position: &usize| &*found.packages[*position].name;
    let mut list: Vec<(String, Vec<&str>)> = Vec::new();
    for package in &found.packages {
        let root = if package.root { "root " } else { "" };
        let title = format!("{root}{} {} {:?}", package.name, package.version, package.source);
        list.push((title, package.dependencies.iter().map(name).collect()));
    }
    let components = ["mine", "slimcol-exporter-debug", "slimcol-provider-file", "slimcol-receiver-otlp"];
    let expected: [(&str, Vec<&str>); 8] = [
        ("root otelcol-probe 1.0.0 Local", components.into_iter().chain(["slimcol-service"]).collect()),
        ("base 0.3.0 Local", vec![]),
        ("mine 0.3.0 Local", vec!["base", "slimcol-service"]),
        ("slimcol-exporter-debug 0.1.0 Local", vec!["slimcol-service"]),
        ("slimcol-net 0.1.0 Local", vec![]),
        ("slimcol-provider-file 0.1.0 Local", vec!["slimcol-service"]),
        ("slimcol-receiver-otlp 0.1.0 Local", vec!["slimcol-net", "slimcol-service"]),
        ("slimcol-service 0.1.0 Local", vec![]),
    ];
    let found: Vec<_> = list.iter().map(|(title, depends)| (&**title, depends.clone())).collect();
    assert_eq!(found, expected);
}
