//! What a manifest takes from around it: environment variables, standard input, the working directory.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Output, Stdio},
};

use crate::{files_in, manifest, said, slimcol};

const MANIFEST: &str = "dist:\n  name: otelcol-probe\n  version: 1.0.0\n  output_path: out\nreceivers: [otlp]\nexporters: [debug]\n";

fn generate(folder: &Path, variables: &[(&str, &str)]) -> Output {
    slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--skip-get-modules", "--skip-compilation"])
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn main_of(workspace: &Path) -> String {
    fs::read_to_string(workspace.join("_build/src/main.rs")).unwrap()
}

#[test]
fn a_variable_stands_for_a_key_of_dist() {
    let folder = manifest(MANIFEST);
    let elsewhere = tempfile::tempdir().unwrap();
    let variables = [
        ("SLIMCOL_DIST_NAME", "otelcol-other"),
        ("SLIMCOL_DIST_VERSION", "1.10"),
        ("SLIMCOL_DIST_DEBUG_COMPILATION", "true"),
        ("SLIMCOL_DIST_DESCRIPTION", ""),
        ("SLIMCOL_DIST_OUTPUT_PATH", "there"),
    ];
    let output = slimcol(elsewhere.path())
        .args(["build", "--skip-get-modules", "--skip-compilation", "--config"])
        .arg(folder.path().join("manifest.yaml"))
        .envs(variables)
        .output()
        .unwrap();
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
    assert_eq!(files_in(folder.path()).len(), 2, "the path starts from the working directory");
    let main = main_of(&elsewhere.path().join("there"));
    assert!(main.contains("name: \"otelcol-other\"") && main.contains("version: \"1.10\""), "{main}");
    let toml = fs::read_to_string(elsewhere.path().join("there/_build/Cargo.toml")).unwrap();
    assert!(toml.contains("debug = true"), "{toml}");
}

#[test]
fn a_variable_counts_for_a_derived_manifest_too() {
    let folder = tempfile::tempdir().unwrap();
    let config = "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {debug: }\nservice: {pipelines: {traces: {receivers: \
                  [otlp], exporters: [debug]}}}\n";
    fs::write(folder.path().join("edge.yaml"), config).unwrap();
    let run = |flags: &[&str], variables: &[(&str, &str)]| {
        let output = slimcol(folder.path())
            .args(["build", "--from-config", "edge.yaml", "--skip-get-modules", "--skip-compilation"])
            .args(flags)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        (output.status.code().unwrap(), said(&output, folder.path()))
    };
    let variables = [
        ("SLIMCOL_DIST_NAME", "otelcol-other"),
        ("SLIMCOL_DIST_VERSION", "1.10"),
        ("SLIMCOL_DIST_OUTPUT_PATH", "out"),
    ];
    assert_eq!(run(&[], &variables), (0, String::new()));
    let main = main_of(&folder.path().join("out"));
    assert!(main.contains("name: \"otelcol-other\"") && main.contains("version: \"1.10\""), "{main}");
    assert_eq!(run(&["--name", "mine"], &variables), (0, String::new()));
    assert!(
        main_of(&folder.path().join("out")).contains("name: \"mine\""),
        "the command line has the last word"
    );
    let expected = "error: `lto` cannot be `fatt`\n --> SLIMCOL_DIST_LTO\n  = help: did you mean `fat`?\n";
    assert_eq!(run(&[], &[("SLIMCOL_DIST_LTO", "fatt")]), (2, expected.to_owned()));
}

#[test]
fn a_variable_that_is_wrong_is_named() {
    let folder = manifest(MANIFEST);
    for (variable, value, expected) in [
        (
            "SLIMCOL_DIST_NAME",
            "a/b",
            "error: `a/b` cannot be a binary's name\n --> SLIMCOL_DIST_NAME\n  = help: use up to 64 letters, digits, `-`, `_` \
             and `.`, a letter or digit first\n",
        ),
        (
            "SLIMCOL_DIST_LTO",
            "fatt",
            "error: `lto` cannot be `fatt`\n --> SLIMCOL_DIST_LTO\n  = help: did you mean `fat`?\n",
        ),
        (
            "SLIMCOL_DIST_CGO_ENABLED",
            "1",
            "error: `cgo_enabled` is `true` or `false`\n --> SLIMCOL_DIST_CGO_ENABLED\n",
        ),
        (
            "SLIMCOL_DIST_VERSON",
            "1",
            "error: `SLIMCOL_DIST_VERSON` stands for no key of `dist`\n  = help: did you mean `SLIMCOL_DIST_VERSION`?\n",
        ),
    ] {
        let output = generate(folder.path(), &[(variable, value)]);
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(2), expected));
        assert_eq!(files_in(folder.path()).len(), 1);
    }
}

#[test]
fn values_take_variables_that_they_name() {
    let text =
        MANIFEST.replace("1.0.0", "${env:PROBE_VERSION}").replace("out\n", "'${env:PROBE_OUT:-out}'\n");
    let folder = manifest(&text);
    let output = generate(folder.path(), &[("PROBE_VERSION", "2.10")]);
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
    assert!(main_of(&folder.path().join("out")).contains("version: \"2.10\""));
    let output = generate(folder.path(), &[]);
    let expected = "error: environment variable `PROBE_VERSION` is not set\n --> manifest.yaml:3:12\n  |\n3 |   version: \
                    ${env:PROBE_VERSION}\n  |            ^^^^^^^^^^^^^^^^^^^^ set it, or give a default: \
                    `${env:PROBE_VERSION:-default}`\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(2), expected));
    let output = generate(folder.path(), &[("SLIMCOL_DIST_VERSION", "3.0.0")]);
    assert_eq!(output.status.code(), Some(0), "what is overridden need not be set");
}

#[test]
fn a_dash_is_standard_input() {
    for (text, code, expected) in [
        (MANIFEST, 0, ""),
        (
            "dist: {",
            2,
            "error: yaml: line 1: unclosed bracket '{'\n --> <stdin>:1:7\n  |\n1 | dist: {\n  |       ^\n",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = slimcol(folder.path())
            .args(["build", "-c", "-", "--skip-get-modules", "--skip-compilation"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(code), expected));
        assert_eq!(folder.path().join("out/_build/src/main.rs").exists(), code == 0);
    }
}

#[test]
fn without_a_name_the_usual_manifest_of_the_working_directory_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        let flags = ["build", "--skip-get-modules", "--skip-compilation"];
        let output = slimcol(folder.path()).args(flags).output().unwrap();
        (output.status.code().unwrap(), said(&output, folder.path()))
    };
    let none = "error: there is no manifest.yaml or builder-config.yaml here: name a manifest with --config FILE, take one \
                from a collector's configuration with --from-config FILE, or make one with `slimcol init`\n";
    assert_eq!(run(), (1, none.to_owned()));
    for name in ["builder-config.yaml", "manifest.yaml"] {
        fs::write(folder.path().join(name), MANIFEST).unwrap();
        if name == "manifest.yaml" {
            let both = "error: there are manifest.yaml and builder-config.yaml here: say which one with --config FILE\n";
            assert_eq!(run(), (1, both.to_owned()));
            fs::remove_file(folder.path().join("builder-config.yaml")).unwrap();
        }
        assert_eq!(run(), (0, String::new()), "{name}");
    }
}

#[test]
fn a_manifest_is_one_document_of_text() {
    for (bytes, expected) in [
        (
            &b"dist: {name: a}\nreceivers: [otlp]\n---\ndist: {name: b}\n"[..],
            "error: a second document: a manifest is one, and ocb ignores what follows\n --> manifest.yaml:4:1\n  |\n4 | \
             dist: {name: b}\n  | ^ delete it, or move it to a file of its own\n",
        ),
        (
            b"dist:\n  name: \xe4\n",
            "error: `manifest.yaml` is not UTF-8 text: byte 0xe4 at line 2, column 9\n",
        ),
        (b"\xff\xfed\0i\0s\0t\0", "error: `manifest.yaml` is UTF-16 text: save it as UTF-8\n"),
    ] {
        let folder = manifest("");
        fs::write(folder.path().join("manifest.yaml"), bytes).unwrap();
        let output = generate(folder.path(), &[]);
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(2), expected));
    }
    for good in
        [format!("\u{feff}---\n{MANIFEST}...\n"), MANIFEST.replace('\n', "\r\n"), format!("{MANIFEST}---\n")]
    {
        let folder = manifest(&good);
        let output = generate(folder.path(), &[]);
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""), "{good:?}");
        assert!(main_of(&folder.path().join("out")).contains("name: \"otelcol-probe\","));
    }
}

#[test]
fn a_manifest_may_be_json() {
    let text = r#"{"dist": {"name": "otelcol-probe", "version": 1.10, "output_path": "out"},
        "receivers": ["otlp"], "exporters": [{"gomod": "go.opentelemetry.io/collector/exporter/debugexporter v0.159.0"}]}"#;
    let folder = manifest(text);
    let output = generate(folder.path(), &[]);
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
    assert!(main_of(&folder.path().join("out")).contains("version: \"1.10\""));
}

#[test]
fn what_never_ends_is_no_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let output = slimcol(folder.path()).args(["build", "--config", "/dev/zero"]).output().unwrap();
    let expected = "error: `/dev/zero` is larger than 16 MiB: no manifest is\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(2), expected));
}
