//! `slimcol new` and `slimcol link`, with the sources that travel in the command. What they make is compiled, tested and run
//! by the end-to-end suite.

use std::{fs, path::Path, process::Command};

use crate::{files_in, manifest, said, slimcol};

const KINDS: [&str; 5] = ["receiver", "processor", "exporter", "connector", "extension"];

/// Runs the command; the exit code, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    let output = slimcol(folder)
        .args(arguments)
        .env_remove("SLIMCOL_SOURCE")
        .env("SLIMCOL_CACHE_DIR", cache)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap(), said(&output, folder))
}

fn names(folder: &Path) -> Vec<String> {
    files_in(folder).into_iter().map(|(name, _)| name).collect()
}

fn text(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap()
}

#[test]
fn each_kind_is_a_crate_that_goes_into_a_distribution() {
    let folder =
        manifest("dist: {name: otelcol-probe, output_path: out}\nreceivers: [otlp]\nexporters: [debug]\n");
    for kind in KINDS {
        let package = format!("my-thing-{kind}");
        let (code, out, err) = run(folder.path(), &["new", kind, "my-thing", "--manifest", "manifest.yaml"]);
        assert_eq!(code, Some(0), "{err}");
        assert_eq!(out, format!("{package}: {kind} `my_thing`, crate `{package}`\n"));
        let expected = format!(
            "test it with `cargo test` in {package}\nbuild it with `slimcol build --config manifest.yaml`\n"
        );
        assert_eq!(err, expected);
        let files = [
            ".cargo/config.toml",
            ".gitignore",
            "Cargo.lock",
            "Cargo.toml",
            "README.md",
            "src/config.rs",
            "src/lib.rs",
            "src/tests.rs",
        ];
        let made = folder.path().join(&package);
        assert_eq!(names(&made), files);
        for (name, content) in files_in(&made) {
            let content = String::from_utf8(content).unwrap();
            assert!(!content.contains("{{") && !content.contains("{%"), "{name}: {content}");
            assert!(content.ends_with('\n') && !content.ends_with("\n\n"), "{name}");
            if Path::new(&name).extension().is_some_and(|extension| extension == "rs") {
                syn::parse_file(&content).unwrap();
            }
        }
        // Every crate of the framework that it asks for has its place, and no other: cargo would warn of those.
        let toml = text(&made, "Cargo.toml");
        let asked = toml.lines().filter(|line| line.starts_with("slimcol-")).count();
        let config = text(&made, ".cargo/config.toml");
        assert_eq!(config.lines().filter(|line| line.starts_with("slimcol-")).count(), asked, "{config}");
    }
    let (code, _, err) = run(folder.path(), &["build", "--skip-compilation"]);
    assert_eq!((code, &*err), (Some(0), ""));
    let main = text(folder.path(), "out/_build/src/main.rs");
    for kind in KINDS {
        assert!(main.contains(&format!("my_thing_{kind}::FACTORY")), "{main}");
    }
}

#[test]
fn without_a_manifest_the_lines_for_one_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(folder.path(), &["new", "exporter", "acme-exporter", "--path", "crates/acme"]);
    assert_eq!((code, &*out), (Some(0), "crates/acme: exporter `acme`, crate `acme-exporter`\n"));
    let expected = "test it with `cargo test` in crates/acme\nbuild it with these lines in a manifest:\nexporters:\n  - crate: \
                    acme-exporter\n    path: ./crates/acme\n";
    assert_eq!(err, expected);
}

#[test]
fn nothing_is_made_where_something_is_or_of_a_name_that_cannot_be() {
    let folder = manifest("exporters: debug\n");
    fs::create_dir_all(folder.path().join("acme-exporter/src")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let before = names(folder.path());
    for (arguments, expected) in [
        (
            &["exporter", "acme"][..],
            "error: `[dir]/acme-exporter` is there already: nothing in it was touched; name another folder with --path DIR\n",
        ),
        (
            &["exporter", "acme", "--path", "file"],
            "error: `[dir]/file` is there already: nothing in it was touched; name another folder with --path DIR\n",
        ),
        (
            &["exporter", "debug"],
            "error: Slimcol has an exporter `debug` of its own, and a collector cannot have two: choose another name\n",
        ),
        (
            &["exporter", "otlp"],
            "error: Slimcol has an exporter `otlp_grpc` of its own, and a collector cannot have two: choose another name\n",
        ),
        (
            &["receiver", "MyReceiver"],
            "error: `MyReceiver` cannot be a component's name: up to 40 small letters, digits, `-` and `_`, a letter first; \
             did you mean `my-receiver`?\n",
        ),
        (
            &["exporter", "acme", "--manifest", "manifest.yaml", "--path", "x"],
            "error: cannot enter the crate into `manifest.yaml`: `exporters` is no list; nothing was made, leave --manifest \
             out and add by hand\nexporters:\n  - crate: acme-exporter\n    path: ./x\n",
        ),
        (
            &["exporter", "other", "--manifest", "absent.yaml"],
            "error: cannot read `absent.yaml`: No such file",
        ),
    ] {
        let (code, out, err) = run(folder.path(), &[&["new"], arguments].concat());
        assert_eq!((code, &*out), (Some(1), ""), "{arguments:?}");
        assert!(err.starts_with(expected), "{err}\n{expected}");
        assert_eq!(names(folder.path()), before, "{arguments:?}");
    }
    let (code, _, err) = run(folder.path(), &["new", "exportr", "acme"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("a similar value exists: 'exporter'"), "{err}");
}

#[test]
fn a_workspace_takes_the_crate_in() {
    for (before, after) in [
        (
            "[workspace]\nmembers = [\"base\"] # all\n",
            "[workspace]\nmembers = [\"base\", \"crates/acme-receiver\"] # all\n",
        ),
        ("[workspace]\nmembers = [\"crates/*\"]\n", "[workspace]\nmembers = [\"crates/*\"]\n"),
        ("[workspace]\n", "[workspace]\nmembers = [\"crates/acme-receiver\"]\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), before).unwrap();
        if before.contains("base") {
            fs::create_dir_all(folder.path().join("base/src")).unwrap();
            fs::write(folder.path().join("base/src/lib.rs"), "").unwrap();
            fs::write(folder.path().join("base/Cargo.toml"), "[package]\nname = \"base\"\n").unwrap();
        }
        let (code, _, err) =
            run(folder.path(), &["new", "receiver", "acme", "--path", "crates/acme-receiver"]);
        assert_eq!(code, Some(0), "{err}");
        assert!(err.starts_with("it is a member of the workspace in `[dir]`\n"), "{err}");
        assert_eq!(text(folder.path(), "Cargo.toml"), after);
        // What is the workspace's is not the crate's.
        let made = folder.path().join("crates/acme-receiver");
        assert!(!made.join("Cargo.lock").exists() && !made.join(".cargo").exists());
        let config = text(folder.path(), ".cargo/config.toml");
        assert!(config.contains("slimcol-service = { path = \"/"), "{config}");
        let metadata = Command::new(env!("CARGO"))
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(&made)
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&metadata.stdout).contains("\"name\":\"acme-receiver\""));
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("collector/service")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    fs::write(folder.path().join("collector/service/Cargo.toml"), "").unwrap();
    let (code, _, err) = run(folder.path(), &["new", "receiver", "acme"]);
    let expected = "error: `[dir]` is Slimcol's own workspace: make the component in a folder of yours, with --path DIR\n";
    assert_eq!((code, &*err), (Some(1), expected));
}

#[test]
fn cargo_is_told_where_the_framework_is_and_all_else_it_was_told_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(folder.path(), &["new", "extension", "acme", "--path", "."]);
    assert_eq!(code, Some(0), "{err}");
    let file = folder.path().join(".cargo/config.toml");
    let linked = fs::read_to_string(&file).unwrap();
    assert!(
        linked.starts_with("# Written by `slimcol link`: where the framework is on this machine.\n"),
        "{linked}"
    );

    // A clone has no such file.
    fs::remove_file(&file).unwrap();
    let (code, out, err) = run(folder.path(), &["link"]);
    assert_eq!((code, &*err), (Some(0), ""));
    assert!(out.contains("/.cargo/config.toml: the framework is in /"), "{out}");
    assert_eq!(fs::read_to_string(&file).unwrap(), linked);

    // One more crate of the framework, one fewer, and what somebody else wrote.
    let toml = text(folder.path(), "Cargo.toml");
    let toml = toml.replace("slimcol-config = \"0.1\"", "slimcol-net = \"0.1\"");
    fs::write(folder.path().join("Cargo.toml"), toml).unwrap();
    fs::write(&file, format!("# mine\n[build]\njobs = 3\n{linked}serde = {{ path = \"/x\" }}\n")).unwrap();
    let (code, _, err) = run(Path::new("/"), &["link", folder.path().to_str().unwrap()]);
    assert_eq!(code, Some(0), "{err}");
    let config = fs::read_to_string(&file).unwrap();
    assert!(config.starts_with("# mine\n[build]\njobs = 3\n"), "{config}");
    assert!(config.contains("serde = { path = \"/x\" }\n") && config.contains("slimcol-net = {"), "{config}");
    assert!(!config.contains("slimcol-config ="), "{config}");

    let (code, _, err) = run(folder.path(), &["link", "src"]);
    let expected = "error: there is no crate in `src`: run `slimcol link` where a component's Cargo.toml is, or name that \
                    folder\n";
    assert_eq!((code, &*err), (Some(1), expected));
}
