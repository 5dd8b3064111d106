//! `slimcol.lock`: written by builds, and what builds are held to.

use std::{fs, io::Write as _, path::Path, process::Stdio};

use crate::{manifest, said, slimcol, third_party, tree::FACTORY};

const MANIFEST: &str = "dist: {name: otelcol-probe, output_path: out}\nreceivers: [otlp]\nexporters:\n  - {crate: mine, path: \
                        third/mine}\nproviders: [file]\n";

/// The exit code and what is said when a workspace is generated.
fn generate(folder: &Path, manifest: &str, flags: &[&str]) -> (Option<i32>, String) {
    let output = slimcol(folder)
        .args(["build", "--skip-compilation", "--offline", "--config", manifest])
        .args(flags)
        .output()
        .unwrap();
    (output.status.code(), said(&output, folder))
}

fn lock(folder: &Path) -> String {
    fs::read_to_string(folder.join("slimcol.lock")).unwrap()
}

#[test]
fn a_build_writes_it_and_leaves_it_alone_while_nothing_changes() {
    let folder = manifest(MANIFEST);
    third_party::component(&folder.path().join("third"), "exporter", FACTORY);
    let done = (Some(0), String::new());
    assert_eq!(generate(folder.path(), "manifest.yaml", &[]), done);
    let first = lock(folder.path());
    let crates: Vec<&str> = first.lines().filter_map(|line| line.strip_prefix("name = ")).collect();
    let expected = [
        "\"base\"",
        "\"mine\"",
        "\"slimcol-net\"",
        "\"slimcol-provider-file\"",
        "\"slimcol-receiver-otlp\"",
        "\"slimcol-service\"",
    ];
    assert_eq!(crates, expected, "{first}");
    let head = format!(
        "version = 1\n\n[[distribution]]\nmanifest = \"manifest.yaml\"\nslimcol = \"{}\"\nrustc = \"1.",
        env!("CARGO_PKG_VERSION")
    );
    assert!(first.contains(&head), "{first}");
    assert!(
        first.contains("name = \"mine\"\nversion = \"0.3.0\"\ndependencies = [\n \"base 0.3.0\",\n \"slimcol-service 0.1.0\",\n]\n"),
        "{first}"
    );

    let time = |folder: &Path| fs::metadata(folder.join("slimcol.lock")).unwrap().modified().unwrap();
    let written = time(folder.path());
    for flags in [&[][..], &["--locked"], &["--update"], &["--output-path", "elsewhere"]] {
        assert_eq!(generate(folder.path(), "manifest.yaml", flags), done, "{flags:?}");
        assert_eq!((lock(folder.path()), time(folder.path())), (first.clone(), written), "{flags:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5, "nothing else is written");
}

#[test]
fn with_locked_nothing_else_is_built() {
    let folder = manifest(MANIFEST);
    let dir = folder.path();
    third_party::component(&dir.join("third"), "exporter", FACTORY);
    let missing = "error: `[dir]/slimcol.lock` is not there for `manifest.yaml`, and --locked holds builds to it: build once \
                   without --locked, and commit the file\n";
    assert_eq!(generate(dir, "manifest.yaml", &["--locked"]), (Some(3), missing.to_owned()));
    assert!(!dir.join("out").exists());

    assert_eq!(generate(dir, "manifest.yaml", &[]).0, Some(0));
    let (locked, main) = (lock(dir), fs::read(dir.join("out/_build/src/main.rs")).unwrap());
    let refused = |text: &str, differences: &str| {
        fs::write(dir.join("manifest.yaml"), text).unwrap();
        let expected = format!(
            "error: `[dir]/slimcol.lock` does not agree with `manifest.yaml`, and --locked holds builds to \
             it:\n{differences}build once without --locked to bring it up to date\n"
        );
        assert_eq!(generate(dir, "manifest.yaml", &["--locked"]), (Some(3), expected));
        assert_eq!(lock(dir), locked);
        assert!(fs::read(dir.join("out/_build/src/main.rs")).unwrap() == main, "what was there stays");
    };
    refused(
        &MANIFEST.replace("[file]", "[env]"),
        "  `slimcol-provider-env` 0.1.0 is not in it\n  `slimcol-provider-file` 0.1.0 in it is not needed\n",
    );
    third_party::component(&dir.join("third"), "exporter", &format!("{FACTORY}// More.\n"));
    refused(MANIFEST, "  the sources of crates that are Slimcol's or in folders have changed\n");
    assert_eq!(generate(dir, "manifest.yaml", &[]), (Some(0), String::new()));
    assert!(lock(dir) != locked);
    assert_eq!(generate(dir, "manifest.yaml", &["--locked"]), (Some(0), String::new()));
}

#[test]
fn the_manifests_of_a_folder_share_it() {
    let folder = manifest("");
    let dir = folder.path();
    let text = |name| format!("dist: {{name: {name}}}\nreceivers: [otlp]\nexporters: [debug]\n");
    for name in ["b", "a", "c"] {
        fs::write(dir.join(format!("{name}.yaml")), text(name)).unwrap();
        assert_eq!(generate(dir, &format!("{name}.yaml"), &[]), (Some(0), String::new()));
    }
    let manifests = |dir: &Path| -> Vec<String> {
        let lock = lock(dir);
        lock.lines().filter_map(|line| line.strip_prefix("manifest = ").map(str::to_owned)).collect()
    };
    assert_eq!(manifests(dir), ["\"a.yaml\"", "\"b.yaml\"", "\"c.yaml\""]);
    fs::remove_file(dir.join("b.yaml")).unwrap();
    fs::write(dir.join("a.yaml"), text("a").replace("debug", "otlp_grpc")).unwrap();
    assert_eq!(generate(dir, "a.yaml", &[]), (Some(0), String::new()));
    assert_eq!(manifests(dir), ["\"a.yaml\"", "\"c.yaml\""]);
    let (code, said) = generate(dir, "manifest.yaml", &["--locked"]);
    assert_eq!(code, Some(3));
    assert!(
        said.starts_with("error: `[dir]/slimcol.lock` says nothing of `manifest.yaml`, and --locked"),
        "{said}"
    );
}

#[test]
fn a_manifests_part_is_its_own() {
    let folder = manifest("");
    let dir = folder.path();
    third_party::component(&dir.join("third"), "exporter", FACTORY);
    let write = |name: &str, exporter: &str| {
        let text = format!("dist: {{name: {name}}}\nreceivers: [otlp]\nexporters: [{exporter}]\n");
        fs::write(dir.join(format!("{name}.yaml")), text).unwrap();
    };
    let part = |name: &str| -> String {
        let lock = lock(dir);
        let mark = format!("manifest = \"{name}.yaml\"\n");
        lock.split("[[distribution]]\n").find(|part| part.starts_with(&mark)).unwrap().to_owned()
    };
    let done = (Some(0), String::new());
    write("a", "debug");
    assert_eq!(generate(dir, "a.yaml", &[]), done);
    let first = part("a");
    for (exporter, flags) in [("otlp_grpc", &[][..]), ("{crate: mine, path: third/mine}", &["--update"])] {
        write("b", exporter);
        assert_eq!(generate(dir, "b.yaml", flags), done);
        assert_eq!(part("a").trim_end(), first.trim_end());
        for name in ["a.yaml", "b.yaml"] {
            assert_eq!(generate(dir, name, &["--locked"]), done, "{name}");
        }
    }
}

#[test]
fn where_there_is_no_file_or_no_room_there_is_none() {
    let text = "dist: {name: otelcol-probe}\nreceivers: [otlp]\nexporters: [debug]\n";
    let folder = manifest(text);
    let dir = folder.path();
    let from_stdin = |flags: &[&str]| {
        let mut child = slimcol(dir)
            .args(["build", "--skip-compilation", "--offline", "--config", "-"])
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), said(&output, dir))
    };
    assert_eq!(from_stdin(&[]), (Some(0), String::new()));
    assert!(!dir.join("slimcol.lock").exists());
    let expected = "error: only a manifest that is a file has a slimcol.lock beside it: name one with --lock-file FILE\n";
    assert_eq!(from_stdin(&["--locked"]), (Some(1), expected.to_owned()));
    assert_eq!(from_stdin(&["--lock-file", "my.lock"]), (Some(0), String::new()));
    assert!(fs::read_to_string(dir.join("my.lock")).unwrap().contains("manifest = \"-\"\n"));
    assert_eq!(from_stdin(&["--lock-file", "my.lock", "--locked"]), (Some(0), String::new()));

    let (code, said) = generate(dir, "manifest.yaml", &["--lock-file", "none/my.lock"]);
    assert_eq!(code, Some(0));
    assert!(
        said.starts_with(
            "note: versions are not locked: cannot write to `[dir]/none`: No such file or directory"
        ),
        "{said}"
    );
    fs::write(dir.join("slimcol.lock"), "<<<<<<< ours\n").unwrap();
    let (code, said) = generate(dir, "manifest.yaml", &[]);
    assert_eq!(code, Some(3));
    assert!(
        said.starts_with("error: `[dir]/slimcol.lock` is not a lock file that can be read: TOML parse error"),
        "{said}"
    );
    assert!(said.ends_with("; delete it to have a new one written\n"), "{said}");
}

#[test]
fn offline_it_says_what_is_missing_and_what_to_do() {
    let folder = manifest("");
    // Slimcol's own sources, which need crates from a registry, and a machine that has none.
    fs::write(
        folder.path().join("manifest.yaml"),
        "dist: {name: x}\nreceivers: [otlp]\nexporters: [debug]\n",
    )
    .unwrap();
    let output = slimcol(folder.path())
        .args(["build", "--skip-compilation", "--offline", "--config", "manifest.yaml"])
        .env_remove("SLIMCOL_SOURCE")
        .env("CARGO_HOME", folder.path().join("home"))
        .output()
        .unwrap();
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.starts_with("error: cannot agree on the crates' versions: no matching package named `"),
        "{said}"
    );
    let end = "nothing is fetched with --offline: build once without it, or bring along what the build needs with `slimcol \
               vendor`\n";
    assert!(said.ends_with(end) && said.lines().count() == 3, "{said}");
    assert!(!folder.path().join("slimcol.lock").exists() && !folder.path().join("x/_build").exists());
}
