//! The command as users meet it, on a source tree small enough to know by heart and to compile in a second. The real one is built
//! by the end-to-end suite.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alone;
mod catalogue;
mod compiled;
mod environment;
mod from_config;
mod init;
mod interrupted;
mod licenses;
mod locked;
mod ocb;
mod official;
mod package;
mod papers;
mod probes;
mod sbom;
mod scaffold;
mod situations;
mod sizes;
mod talk;
mod third_party;
mod travelling;
mod tree;
mod workspace;
mod wrapped;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// This repository.
fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// What tests of the builder read and compare with.
fn data(name: &str) -> PathBuf {
    repository().join("builder/tests/data").join(name)
}

/// The command with nothing of the test's environment that could change its work.
fn slimcol(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slimcol"));
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    command
        .current_dir(directory)
        .env("SLIMCOL_SOURCE", tree::root())
        .env("SLIMCOL_CACHE_DIR", cache)
        .env_remove("SLIMCOL_TARGET_DIR");
    command
}

/// Standard error with `folder` called `[dir]`.
fn said(output: &Output, folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap();
    String::from_utf8_lossy(&output.stderr).replace(folder.to_str().unwrap(), "[dir]")
}

/// A folder with `text` as `manifest.yaml`.
fn manifest(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("manifest.yaml"), text).unwrap();
    folder
}

/// The names, without their ending, of the YAML files in `tests/data/<folder>`.
fn cases(folder: &str) -> Vec<String> {
    let folder = data(folder);
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        entries.filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned)).collect();
    names.sort();
    names
}

/// Every file in `folder` and below, with its path there.
fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Compares with `tests/data/<name>`; with `SLIMCOL_BLESS` set, writes it instead.
fn golden(name: &str, actual: &str) {
    let path = data(name);
    if std::env::var_os("SLIMCOL_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == actual, "{name} is\n{actual}\nand should be\n{expected}");
}
