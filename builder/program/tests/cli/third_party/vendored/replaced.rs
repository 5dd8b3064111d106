//! What `replaces` puts in the place of a crate goes along too.

use std::{fs, path::Path};

use super::{alone, run};
use crate::{
    manifest, said,
    third_party::{
        component,
        git::git,
        registry::{COMPONENT, Published, Registry, in_place_of_crates_io},
    },
    tree::FACTORY,
};

/// What a crate is replaced by: it has a word, which the registry's does not.
fn substitute(folder: &Path, name: &str) {
    fs::create_dir_all(folder.join("src")).unwrap();
    let library = format!("//! A word.\npub const WORD: &str = \"{name} of our own\";\n");
    fs::write(folder.join("src/lib.rs"), library).unwrap();
    let toml = format!("[package]\nname = \"{name}\"\nversion = \"1.0.9\"\nedition = \"2024\"\n");
    fs::write(folder.join("Cargo.toml"), toml).unwrap();
}

/// A component from a registry whose dependencies come from a folder and a repository, and one from a folder in place of
/// a module, another one standing aside.
fn connected() -> tempfile::TempDir {
    let folder = manifest("");
    let dir = folder.path();
    component(&dir.join("third"), "exporter", FACTORY);
    substitute(&dir.join("near/needed"), "needed");
    substitute(&dir.join("near/unused"), "unused");
    let repository = dir.join("repository");
    substitute(&repository, "afar");
    for args in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "x"], &["tag", "v7"]] {
        git(&repository, args);
    }
    let url = format!("file://{}", repository.canonicalize().unwrap().display());
    let toml =
        format!("{COMPONENT}[dependencies]\nslimcol-service = \"0.1\"\nneeded = \"1\"\nafar = \"1\"\n")
            .replace("\"mine\"", "\"published\"");
    let plain = |name| Published { name, version: "1.0.0", toml: "", library: "//! Wordless.\n", needs: &[] };
    let index = Registry::new()
        .publish(&plain("needed"))
        .publish(&plain("afar"))
        .publish(&Published {
            name: "published",
            version: "1.0.0",
            toml: &toml,
            library: "const WORDS: [&str; 2] = [needed::WORD, afar::WORD];\npub const FACTORY: slimcol_service::Factory = \
                      slimcol_service::Factory(if WORDS[1].len() == 15 { WORDS[0] } else { WORDS[1] });\n",
            needs: &[("slimcol-service", "^0.1"), ("needed", "^1"), ("afar", "^1")],
        })
        .serve();
    fs::create_dir(dir.join("home")).unwrap();
    fs::write(dir.join("home/config.toml"), in_place_of_crates_io(&index)).unwrap();
    let text = format!(
        "dist: {{name: otelcol-probe, version: 1.0.0, output_path: out}}\nreceivers: [otlp]\nexporters:\n  - {{crate: \
         published, version: 1}}\n  - gomod: example.com/mine v0.1.0\nreplaces:\n  - needed 1 => ./near/needed # mended\n  \
         - 'afar => {url} tag v7'\n  - example.com/mine v0.1.0 => ./third/mine\n  - example.com/none => {}\nproviders: \
         [file]\n",
        dir.join("near/unused").display()
    );
    fs::write(dir.join("manifest.yaml"), text).unwrap();
    folder
}

#[test]
fn what_replaces_names_travels_along() {
    let here = connected();
    let output = run(here.path(), &["vendor", "-o", "bundle"]);
    assert_eq!((output.status.code(), said(&output, here.path())), (Some(0), String::new()));
    let there = tempfile::tempdir().unwrap();
    let bundle = there.path().join("elsewhere");
    fs::rename(here.path().join("bundle"), &bundle).unwrap();
    drop(here);

    let text = fs::read_to_string(bundle.join("manifest.yaml")).unwrap();
    assert!(
        text.contains("  - \"needed 1 => ./components/") && text.contains("/needed\" # mended\n"),
        "{text}"
    );
    assert!(text.contains("  - \"example.com/mine v0.1.0 => ./components/"), "{text}");
    let output = alone(&bundle, &["build", "--locked", "--target-dir", "target"]);
    let note = "note: ./manifest.yaml:6:1: `replaces` has a line for go.mod; no Go module is used here\n";
    assert_eq!((output.status.code(), said(&output, &bundle)), (Some(0), note.to_owned()));
    let says = std::process::Command::new(bundle.join("out/otelcol-probe")).output().unwrap();
    let says = String::from_utf8(says.stdout).unwrap();
    assert!(says.contains("\nneeded of our own\n") && says.contains("/mine/src/lib.rs\n"), "{says}");
}

#[test]
fn a_path_that_cannot_be_adjusted_is_refused_at_its_place() {
    let folder = manifest("");
    let dir = folder.path();
    component(&dir.join("third"), "exporter", FACTORY);
    for (lines, (line, column), written) in [
        ("  - crate: mine\n    path: >-\n      third/mine\n", (6, 7), "      third/mine"),
        ("  - crate: mine\n    path: \"./third\\\n      /mine\"\n", (5, 11), "    path: \"./third\\"),
        (
            "  - {crate: mine, version: 1}\nreplaces:\n  - >-\n    mine => ./third/mine\n",
            (7, 5),
            "    mine => ./third/mine",
        ),
    ] {
        let text = format!("dist: {{name: otelcol-probe}}\nreceivers: [otlp]\nexporters:\n{lines}");
        fs::write(dir.join("manifest.yaml"), text).unwrap();
        let output = run(dir, &["vendor", "--offline", "-o", "bundle"]);
        let said = said(&output, dir);
        let start = format!(
            "error: this cannot be adjusted to where it will be in the folder\n --> manifest.yaml:{line}:{column}\n  |\n{line} | \
             {written}\n"
        );
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.starts_with(&start) && said.ends_with("^ write it in the manifest, on one line\n"),
            "{said}"
        );
        assert!(!dir.join("bundle").exists());
    }
}
