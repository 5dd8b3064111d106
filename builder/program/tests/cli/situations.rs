//! The probes that are about more than the manifest's text: paths, missing files, the environment, flags.

use std::{fs, io::Write as _, process::Stdio};

use crate::{files_in, manifest, said, slimcol, tree};

const GOOD: &str = "dist: {name: otelcol-probe, output_path: a/b/c}\nreceivers: [otlp]\nexporters: [debug]\n";
const GENERATE: [&str; 4] = ["--config", "manifest.yaml", "--skip-get-modules", "--skip-compilation"];

#[test]
fn missing_parents_of_the_output_path_are_made() {
    let folder = manifest(GOOD);
    let output = slimcol(folder.path()).args(GENERATE).output().unwrap();
    assert_eq!(said(&output, folder.path()), "");
    assert!(folder.path().join("a/b/c/_build/src/main.rs").is_file());
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(line.ends_with("/a/b/c/_build: workspace of otelcol-probe\n"), "{line}");
    let names: Vec<String> = fs::read_dir(folder.path().join("a/b/c"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["_build"], "nothing temporary stays");
}

#[test]
fn paths_start_from_the_manifest_wherever_the_command_runs() {
    let (folder, elsewhere) = (manifest(GOOD), tempfile::tempdir().unwrap());
    let path = folder.path().join("manifest.yaml");
    let output = slimcol(elsewhere.path())
        .args(["build", "--skip-get-modules", "--skip-compilation", "--config"])
        .arg(path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    assert!(folder.path().join("a/b/c/_build/Cargo.toml").is_file());
    assert!(files_in(elsewhere.path()).is_empty());
}

#[test]
fn the_output_path_of_the_command_line_wins_and_starts_from_the_working_directory() {
    let (folder, elsewhere) = (manifest(GOOD), tempfile::tempdir().unwrap());
    let path = folder.path().join("manifest.yaml");
    let output = slimcol(elsewhere.path())
        .args(["--skip-get-modules", "--skip-compilation", "--output-path", "here", "--config"])
        .arg(path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    assert!(elsewhere.path().join("here/_build/Cargo.toml").is_file());
    let names: Vec<String> = files_in(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["manifest.yaml", "slimcol.lock"]);
}

#[test]
fn a_manifest_comes_through_standard_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = slimcol(folder.path())
        .args(["build", "--config", "/dev/stdin", "--skip-get-modules", "--skip-compilation"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(GOOD.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(folder.path().join("a/b/c/_build/Cargo.toml").is_file());
}

#[test]
fn without_rust_it_says_what_is_needed() {
    let folder = manifest(GOOD);
    let output = slimcol(folder.path()).args(GENERATE).env_remove("CARGO").env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output, folder.path());
    assert!(said.starts_with("error: cannot run cargo (`cargo`): "), "{said}");
    assert!(said.contains("needs Rust 1.95 or later and a C compiler, see https://rustup.rs"), "{said}");
}

#[test]
fn a_manifest_that_cannot_be_read_is_the_manifests_fault() {
    let folder = manifest(GOOD);
    for (path, expected) in [
        (
            "nope.yaml",
            "error: cannot read the manifest `nope.yaml`: No such file or directory (os error 2)\n",
        ),
        (".", "error: cannot read the manifest `.`: Is a directory (os error 21)\n"),
    ] {
        let output = slimcol(folder.path()).args(["build", "--config", path]).output().unwrap();
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(2), expected));
    }
}

#[test]
fn skipping_the_first_step_first_says_so() {
    let folder = manifest(GOOD);
    let skip = ["--config", "manifest.yaml", "--skip-generate", "--skip-get-modules"];
    let output = slimcol(folder.path()).args(skip).output().unwrap();
    let expected =
        "error: --skip-generate: there is no workspace in `[dir]/a/b/c/_build`; run without it first\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(1), expected));

    assert!(slimcol(folder.path()).args(GENERATE).output().unwrap().status.success());
    fs::write(folder.path().join("manifest.yaml"), GOOD.replace("debug", "otlp_grpc")).unwrap();
    let output = slimcol(folder.path()).args(skip).output().unwrap();
    assert_eq!(
        said(&output, folder.path()),
        "error: --skip-generate: the workspace in `[dir]/a/b/c/_build` is another manifest's or an older one's; run \
         without it first\n"
    );
}

#[test]
fn only_variables_with_the_prefix_count() {
    let outcome = |variables: &[(&str, &str)]| {
        let folder = manifest(GOOD);
        let output = slimcol(folder.path()).args(GENERATE).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
        files_in(folder.path())
    };
    let hostile = [
        ("TELEMETRY", "off"),
        ("PROCESSORS", "8"),
        ("REPLACES", "yes"),
        ("dist.name", "zzz"),
        ("RUSTFLAGS", "--nonsense"),
        ("CARGO_BUILD_TARGET", "nonsense"),
    ];
    assert!(outcome(&[]) == outcome(&hostile));
}

#[test]
fn a_source_tree_that_is_none_is_refused() {
    let folder = manifest(GOOD);
    let output = slimcol(folder.path()).args(GENERATE).args(["--source", "."]).output().unwrap();
    let expected = "error: `.` does not hold Slimcol's sources (no collector/service/Cargo.toml in it)\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(1), expected));
}

#[test]
fn a_later_version_is_a_note_when_asked_for() {
    let text = "dist: {name: otelcol-probe}\nreceivers:\n  - gomod: \
                go.opentelemetry.io/collector/receiver/otlpreceiver v0.999.0\n";
    let folder = manifest(text);
    let output = slimcol(folder.path()).args(GENERATE).arg("--skip-strict-versioning").output().unwrap();
    let expected = "note: manifest.yaml:3:12: v0.999.0 is later than v0.164.0, the release of the OpenTelemetry \
                    Collector that Slimcol follows\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), expected));
}

#[test]
fn flags_for_go_are_accepted_and_said_to_have_no_effect() {
    let folder = manifest(GOOD);
    let output = slimcol(folder.path())
        .args(GENERATE)
        .args(["--ldflags=-s -w", "--gcflags", "-N -l"])
        .output()
        .unwrap();
    let expected = "note: --ldflags is for the Go toolchain and has no effect\n\
                    note: --gcflags is for the Go toolchain and has no effect\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), expected));
}

#[test]
fn contradictions_and_bad_names_are_refused_before_anything_is_written() {
    for (flags, expected) in [
        (
            &["--image", "--skip-compilation"][..],
            "error: --skip-compilation leaves out the binary that images and the like are made of\n",
        ),
        (
            &["--image=Not/A:Name:x"],
            "error: `Not/A:Name:x` is not an image's name: its parts are lower-case letters and digits, with `.`, `_` \
             and `-` between them\n",
        ),
        (
            &["--target", "pdp11-none"],
            "error: rustc knows no target `pdp11-none`: `rustc --print target-list` lists them all\n",
        ),
    ] {
        let folder = manifest(GOOD);
        let output =
            slimcol(folder.path()).args(["build", "--config", "manifest.yaml"]).args(flags).output().unwrap();
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(1), expected));
        assert_eq!(files_in(folder.path()).len(), 1);
    }
}

#[test]
fn a_target_without_its_standard_library_is_refused_with_the_ways_to_get_it() {
    let folder = manifest(GOOD);
    // No collector runs there, so nobody has it for that.
    let target = "thumbv6m-none-eabi";
    let mut command = slimcol(folder.path());
    let output = command.args(["build", "--config", "manifest.yaml", "--target", target]).output().unwrap();
    let said = said(&output, folder.path());
    let expected = format!(
        "error: the standard library for `{target}` is not installed; get it with `rustup target add {target}`, or where \
         Rust is not from rustup, from where it came: it belongs into `"
    );
    assert!(output.status.code() == Some(1) && said.starts_with(&expected), "{said}");
    assert!(said.ends_with(&format!("/lib/rustlib/{target}/lib`\n")), "{said}");
    assert_eq!(files_in(folder.path()).len(), 1);
}

#[test]
fn the_version_goes_to_standard_output() {
    let output = slimcol(tree::root()).arg("version").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("slimcol {}\n", env!("CARGO_PKG_VERSION")));
    let output = slimcol(tree::root()).output().unwrap();
    let expected = "error: there is nothing to do: name a manifest with --config FILE, or see --help\n";
    assert_eq!((output.status.code(), &*said(&output, tree::root())), (Some(1), expected));
}

#[test]
fn a_target_that_the_compiler_does_not_know_is_refused_with_the_likely_one() {
    let folder = manifest(GOOD);
    for (target, hint) in [
        ("x86_64-unknown-linux-gun", "did you mean `x86_64-unknown-linux-gnu`?"),
        ("moon", "`rustc --print target-list` lists them all"),
    ] {
        let output = slimcol(folder.path())
            .args(["build", "--config", "manifest.yaml", "--target", target])
            .output()
            .unwrap();
        let expected = format!("error: rustc knows no target `{target}`: {hint}\n");
        assert_eq!(said(&output, folder.path()), expected);
    }
}
