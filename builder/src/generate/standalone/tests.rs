use std::fs;
use std::path::PathBuf;

use super::*;
use crate::source::SourceTree;

/// A source tree whose only crate is `slimcol-service`, beside which `files` are.
fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let ours = [
        ("ours/Cargo.toml", "[workspace]\nmembers = [\"collector/service\"]\n"),
        (
            "ours/collector/service/Cargo.toml",
            "[package]\nname = \"slimcol-service\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        ("ours/collector/service/src/lib.rs", ""),
    ];
    for (path, text) in ours.iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = folder.path().canonicalize().unwrap().join("ours");
    (folder, Index::load(&SourceTree { root }).unwrap())
}

#[test]
fn a_member_takes_along_what_it_inherited() {
    let (folder, index) = tree(&[
        (
            "theirs/Cargo.toml",
            "[workspace]\n[workspace.package]\nversion = \"1.2.3\"\nreadme = \"README.md\"\n[workspace.dependencies]\n\
             bytes = \"1\"\nhttp = { version = \"1\", default-features = false, features = [\"std\"] }\nbase = { path = \
             \"base\" }\nslimcol-service = \"0.1\"\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n",
        ),
        ("theirs/base/Cargo.toml", "[package]\nname = \"base\"\n"),
        (
            "theirs/mine/Cargo.toml",
            "[package]\nname = \"mine\"\nversion.workspace = true\nreadme.workspace = true\nedition = \"2021\"\n\
             [lints]\nworkspace = true\n[dependencies]\nbytes.workspace = true\nhttp = { workspace = true, features = \
             [\"a\"], optional = true }\nbase.workspace = true\nslimcol-service.workspace = true\nplain = \"2\"\n\
             [dev-dependencies]\nproptest = \"1\"\n[target.'cfg(unix)'.dependencies]\nrenamed = { package = \"rustix\", \
             version = \"1\" }\n[target.'cfg(unix)'.dev-dependencies]\nx = \"1\"\n[build-dependencies]\ncc = \"1\"\n\
             [profile.release]\nlto = true\n[[bench]]\nname = \"b\"\n",
        ),
    ]);
    let root = folder.path().canonicalize().unwrap();
    let mut read = read(&root.join("theirs/mine"), &index).unwrap();
    let (base, service) = (root.join("theirs/base"), root.join("ours/collector/service"));
    let places: BTreeMap<PathBuf, String> =
        [(base, "b/base".to_owned()), (service, "s/slimcol-service".to_owned())].into();
    read.place(&places);
    assert_eq!(read.name, "mine");
    assert_eq!(
        read.packages.iter().map(String::as_str).collect::<Vec<_>>(),
        ["bytes", "cc", "http", "plain", "rustix"]
    );
    let expected = r#"[package]
name = "mine"
version = "1.2.3"
edition = "2021"
[dependencies]
bytes = { version = "1" }
http = { version = "1", default-features = false, features = ["a", "std"], optional = true }
base = { path = "../../b/base" }
slimcol-service = { path = "../../s/slimcol-service" }
plain = { version = "2" }
[target.'cfg(unix)'.dependencies]
renamed = { package = "rustix", version = "1" }
[build-dependencies]
cc = { version = "1" }
"#;
    assert_eq!(read.toml.to_string(), expected);
}

#[test]
fn what_a_workspace_lacks_is_named() {
    let (folder, index) = tree(&[
        ("theirs/Cargo.toml", "[workspace]\n"),
        ("theirs/mine/Cargo.toml", "[package]\nname = \"mine\"\n[dependencies]\nbytes.workspace = true\n"),
        ("theirs/bad/Cargo.toml", "[package\n"),
    ]);
    let error = |dir: &str| {
        let error = read(&folder.path().join(dir), &index).err().map(|e| (e.code(), e.chain()));
        let (code, text) = error.unwrap();
        assert_eq!(code, if dir == "theirs/none" { 1 } else { 3 });
        text.replace(folder.path().to_str().unwrap(), "[dir]")
    };
    assert_eq!(
        error("theirs/mine"),
        "`[dir]/theirs/mine/Cargo.toml`: its workspace has no dependency `bytes`"
    );
    assert!(error("theirs/bad").starts_with("`[dir]/theirs/bad/Cargo.toml` is not TOML: "));
    assert!(error("theirs/none").starts_with("cannot read `[dir]/theirs/none/Cargo.toml`: "));
}
