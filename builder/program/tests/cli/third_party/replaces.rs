//! `replaces` and `excludes` of crates, with a registry on this machine.

use std::{fs, path::Path};

use super::{
    MANIFEST, component,
    git::git,
    registry::{COMPONENT, Published, Registry, in_place_of_crates_io},
};
use crate::{manifest, said, slimcol, tree::FACTORY};

const NOTHING: &str = "sparse+http://127.0.0.1:1/";

/// `mine` 1.2.0, which needs `base`, of which there are three versions.
fn registry() -> String {
    let toml = format!("{COMPONENT}[dependencies]\nslimcol-service = \"0.1\"\nbase = \"1\"\n");
    let mine = Published {
        name: "mine",
        version: "1.2.0",
        toml: &toml,
        library: FACTORY,
        needs: &[("slimcol-service", "^0.1"), ("base", "^1")],
    };
    let base =
        |version| Published { name: "base", version, toml: "", library: "pub fn base() {}\n", needs: &[] };
    Registry::new()
        .publish(&mine)
        .publish(&base("1.0.3"))
        .publish(&base("1.0.5"))
        .publish(&base("2.0.0"))
        .serve()
}

/// A crate `base` in `folder`.
fn base(folder: &Path, version: &str) {
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "pub fn base() {}\n").unwrap();
    let toml = format!("[package]\nname = \"base\"\nversion = \"{version}\"\nedition = \"2024\"\n");
    fs::write(folder.join("Cargo.toml"), toml).unwrap();
}

/// What generating says from a manifest with the exporter `mine` 1 and `rest`, and what is locked of the crate `base`.
fn generate(folder: &Path, index: &str, rest: &str) -> (Option<i32>, String, String) {
    fs::create_dir_all(folder.join("home")).unwrap();
    fs::write(folder.join("home/config.toml"), in_place_of_crates_io(index)).unwrap();
    fs::write(folder.join("manifest.yaml"), format!("{MANIFEST}  - {{crate: mine, version: 1}}\n{rest}"))
        .unwrap();
    let output = slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--skip-compilation"])
        .env("CARGO_HOME", folder.join("home"))
        .env("CARGO_NET_RETRY", "0")
        .output()
        .unwrap();
    let lock = fs::read_to_string(folder.join("out/_build/Cargo.lock")).unwrap_or_default();
    let packages = lock.split("[[package]]\n").filter(|package| package.starts_with("name = \"base\"\n"));
    let base = packages
        .map(|package| package.lines().skip(1).collect::<Vec<_>>().join(" ").trim().to_owned())
        .collect();
    (output.status.code(), said(&output, folder), base)
}

#[test]
fn a_component_comes_from_elsewhere() {
    let folder = manifest("");
    component(&folder.path().join("third"), "exporter", FACTORY);
    // Nobody answers at the registry, and nobody is asked.
    let (code, said, base) = generate(folder.path(), NOTHING, "replaces:\n  - mine => ./third/mine\n");
    assert_eq!((code, &*said, &*base), (Some(0), "", "version = \"0.3.0\""));
    let readme = fs::read_to_string(folder.path().join("out/_build/README.md")).unwrap();
    assert!(readme.contains("| exporter | `mine` | logs |  | `mine` | a folder |"), "{readme}");

    let (code, said, _) = generate(folder.path(), &registry(), "replaces: [mine => 1.2.0]\n");
    assert_eq!((code, &*said), (Some(0), ""));
    let readme = fs::read_to_string(folder.path().join("out/_build/README.md")).unwrap();
    assert!(readme.contains("| `mine` | crates.io, version =1.2.0 |"), "{readme}");

    // ocb's line for a module counts if there is a crate.
    let text = format!(
        "{MANIFEST}  - gomod: example.com/mine v0.1.0\nreplaces:\n  - example.com/mine => ./third/mine\n  - example.com/a => ./b\n"
    );
    fs::write(folder.path().join("manifest.yaml"), text).unwrap();
    let (code, said, toml) = super::generate(folder.path(), &[]);
    let note = "note: manifest.yaml:5:1: `replaces` has a line for go.mod; no Go module is used here\n";
    assert_eq!((code, &*said), (Some(0), note));
    assert!(toml.contains("mine = { path = \"crates/"), "{toml}");
}

#[test]
fn a_dependency_is_taken_from_a_folder_a_repository_or_at_a_version() {
    let folder = manifest("");
    let index = registry();
    base(&folder.path().join("ours"), "1.0.9");
    let (code, said, locked) = generate(folder.path(), &index, "replaces: [base 1 => ./ours]\n");
    assert_eq!((code, &*said, &*locked), (Some(0), "", "version = \"1.0.9\""));
    let toml = fs::read_to_string(folder.path().join("out/_build/Cargo.toml")).unwrap();
    let patch = toml.split("[patch.crates-io]\n").nth(1).unwrap();
    assert!(patch.starts_with("base = { path = \"crates/"), "{toml}");

    let repository = folder.path().join("repository");
    base(&repository, "1.0.7");
    for args in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "x"], &["tag", "v7"]] {
        git(&repository, args);
    }
    let url = format!("file://{}", repository.canonicalize().unwrap().display());
    let (code, said, locked) =
        generate(folder.path(), &index, &format!("replaces: [base => {url} tag v7]\n"));
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(locked.starts_with(&format!("version = \"1.0.7\" source = \"git+{url}?tag=v7#")), "{locked}");

    let (code, said, locked) = generate(folder.path(), &index, "replaces: [base => 1.0.3]\n");
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(locked.starts_with("version = \"1.0.3\" source = \"registry+"), "{locked}");

    // Without the line it is what it was before: `slimcol.lock` keeps to what was built last.
    let (code, said, locked) = generate(folder.path(), &index, "");
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(locked.starts_with("version = \"1.0.3\""), "{locked}");
}

#[test]
fn what_stands_in_for_nothing_is_refused() {
    let folder = manifest("");
    let index = registry();
    base(&folder.path().join("ours"), "2.1.0");
    for (line, message, help) in [
        (
            "base => ./ours",
            "this collector has `base` 1.0.5, and nothing stood in for that",
            "cargo takes a compatible version only",
        ),
        (
            "base => 2.0.0",
            "this collector has `base` 1.0.5, and nothing stood in for that",
            "cargo takes a compatible version only",
        ),
        ("other => 1.0.0", "nothing in this collector needs `other`", "delete this line"),
        (
            "base <2 => ./ours",
            "what stands in for `base` is its version 2.1.0, and that is not one of those meant",
            "cargo takes a crate for a compatible version of it only",
        ),
        ("other => ./ours", "the crate in `[dir]/ours` is `base`, not `other`", "did you mean `base`?"),
        (
            "slimcol-net => ./ours",
            "`slimcol-net` is a crate of Slimcol's own",
            "a component of another name can do its work; --source DIR builds from other sources",
        ),
    ] {
        let (code, said, _) = generate(folder.path(), &index, &format!("replaces:\n  - {line}\n"));
        let marks = "^".repeat(line.len());
        let expected = format!(
            "error: {message}\n --> manifest.yaml:6:5\n  |\n6 |   - {line}\n  |     {marks} {help}\n"
        );
        assert_eq!((code, &*said), (Some(2), &*expected));
        assert!(!folder.path().join("out/_build").exists(), "{line}");
    }
    let (code, said, _) = generate(folder.path(), &index, "replaces: [base => 1.0.99]\n");
    assert_eq!(code, Some(3));
    assert!(said.starts_with("error: cannot take version 1.0.99 of crate `base`: "), "{said}");
}

#[test]
fn what_is_excluded_is_not_linked() {
    let folder = manifest("");
    let index = registry();
    for (lines, refused) in [
        ("[other, base <1.0.4, 'base >=2']", None),
        ("[base]", Some("`base` 1.0.5 is excluded, and comes in through mine → base")),
        ("['base >=1.0.4']", Some("`base` 1.0.5 is excluded, and comes in through mine → base")),
        ("[mine]", Some("`mine` 1.2.0 is excluded, and this collector is made of it")),
    ] {
        let (code, said, _) = generate(folder.path(), &index, &format!("excludes: {lines}\n"));
        match refused {
            None => assert_eq!((code, &*said), (Some(0), "")),
            Some(message) => {
                assert_eq!(code, Some(2));
                let start = format!("error: {message}\n --> manifest.yaml:5:12\n");
                assert!(said.starts_with(&start), "{said}");
                assert!(said.ends_with(" do without exporter `mine`, or without this line\n"), "{said}");
            }
        }
    }
    // The way out that a version offers.
    let (code, said, locked) =
        generate(folder.path(), &index, "excludes: ['base >1.0.4']\nreplaces: [base => 1.0.3]\n");
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(locked.starts_with("version = \"1.0.3\""), "{locked}");
    let (code, said, _) = generate(folder.path(), &index, "excludes: [slimcol-service]\n");
    assert_eq!(code, Some(2));
    assert!(said.ends_with(" every collector has it\n"), "{said}");
}
