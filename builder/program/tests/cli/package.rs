//! Packages: what stands in their way is said before anything is compiled, and what they are made of is what was built.

use std::{path::Path, process::Output};

use crate::{files_in, manifest, said, slimcol};

const COMPONENTS: &str = "receivers: [otlp]\nexporters: [debug]\nproviders: [file]\n";

fn package(folder: &Path, flags: &[&str]) -> Output {
    // As everywhere in these tests, one target directory for all manifests.
    let target_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("target");
    slimcol(folder)
        .args(["package", "--config", "manifest.yaml", "--target-dir"])
        .arg(target_dir)
        .args(flags)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

/// All that is said about a manifest that nothing can be packaged of.
fn refused(dist: &str, components: &str) -> String {
    let folder = manifest(&format!("{dist}\n{components}"));
    let output = package(folder.path(), &[]);
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(files_in(folder.path()).len(), 1, "nothing may be written");
    said
}

#[test]
fn what_cannot_be_packaged_is_refused_with_its_place() {
    assert_eq!(
        refused("dist: {name: Otelcol_X, version: v1.0}", COMPONENTS),
        "error: `Otelcol_X` cannot be a package's name\n --> manifest.yaml:1:14\n  |\n1 | dist: {name: Otelcol_X, version: v1.0}\n  |              \
         ^^^^^^^^^ a package is called with two or more lower-case letters, digits, `-` and `.`: for example `otelcol-x`\n\n\
         error: `v1.0` cannot be a package's version: it does not begin with a digit\n --> manifest.yaml:1:34\n  |\n\
         1 | dist: {name: Otelcol_X, version: v1.0}\n  |                                  \
         ^^^^ write it with a digit first, then letters, digits, `.`, `-` and `+`\n"
    );
    assert_eq!(
        refused("dist: {name: otelcol.x}", COMPONENTS),
        "error: a package needs a version, and the manifest has none\n --> manifest.yaml:1:1\n  |\n1 | dist: {name: otelcol.x}\n  | \
         ^^^^ say which with `dist.version`, for example `version: 1.0.0`\n"
    );
    assert_eq!(
        refused("dist: {name: otelcol.x, version: 1.0.0}", COMPONENTS),
        "error: the service cannot run as a user called `otelcol.x`\n --> manifest.yaml:1:14\n  |\n\
         1 | dist: {name: otelcol.x, version: 1.0.0}\n  |              \
         ^^^^^^^^^ say whom it runs as with `dist.package.user`\n"
    );
    assert_eq!(
        refused("dist: {name: otelcol-x, version: 1.0.0}", "receivers: [otlp]\nexporters: [otlp_grpc]\n"),
        "note: the manifest has no `dist.package.maintainer`, so the packages say `Unset Maintainer <unset@localhost>`\n\
         error: packages need a configuration, and the manifest has none\n --> manifest.yaml:1:1\n  |\n\
         1 | dist: {name: otelcol-x, version: 1.0.0}\n  | \
         ^^^^ name one with `dist.config`: only for a receiver `otlp` or `nop` with an exporter `debug` or `nop` is there one to start with\n"
    );
}

#[test]
fn an_unknown_format_is_refused() {
    let folder = manifest(&format!("dist: {{name: otelcol-x, version: 1.0.0}}\n{COMPONENTS}"));
    let output = package(folder.path(), &["--format", "apk"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output, folder.path()).contains("[possible values: deb, rpm, tar.gz]"));
}

#[test]
fn a_collector_becomes_three_packages_that_are_the_same_anywhere() {
    let folders = [(); 2].map(|()| {
        let folder = manifest(&format!(
            "dist:\n  name: otelcol-probe\n  version: 1.2.0-rc.1\n  output_path: out\n  package:\n    \
             maintainer: Jane Doe <jane@example.org>\n    release: 3\n{COMPONENTS}"
        ));
        let output = package(folder.path(), &["-o", "packages"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
        // Other tests build in the same target directory.
        let waiting = |line: &&str| line.starts_with("waiting for another build");
        let said = said(&output, folder.path());
        assert_eq!(said.lines().find(|line| !waiting(line)), None);
        let line = String::from_utf8(output.stdout).unwrap();
        let place = folder.path().canonicalize().unwrap().join("packages/otelcol-probe_1.2.0~rc.1-3_");
        assert!(line.starts_with(place.to_str().unwrap()) && line.ends_with(" s\n"), "{line}");
        assert_eq!(line.matches(" MB; ").count(), 3, "{line}");
        folder
    });
    let [one, other] = folders.map(|folder| files_in(&folder.path().join("packages")));
    let names: Vec<_> = one.iter().map(|(name, _)| &**name).collect();
    let starts =
        ["otelcol-probe-1.2.0~rc.1-3.", "otelcol-probe_1.2.0-rc.1_linux_", "otelcol-probe_1.2.0~rc.1-3_"];
    let ends = [".rpm", ".tar.gz", ".deb"];
    assert_eq!(names.len(), 3, "{names:?}");
    for (name, (start, end)) in names.iter().zip(starts.into_iter().zip(ends)) {
        assert!(name.starts_with(start) && name.ends_with(end), "{names:?}");
    }
    assert!(one == other);
}
