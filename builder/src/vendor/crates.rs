//! The registries' crates: cargo's copies of them, without the sources that no build for the chosen targets reads.

use std::{collections::BTreeSet, fs, path::Path};

use cargo_metadata::Metadata;
use toml_edit::{DocumentMut, Item, value};

use super::{CARGO_CONFIG, CRATES, vendored};
use crate::{
    cargo,
    digest::sha256,
    error::{Doing as _, Error},
    interrupt,
};

/// The file by which cargo knows that a crate is as the registry has it.
const CHECKSUMS: &str = ".cargo-checksum.json";

/// Copies the crates of the workspace in `folder` to `bundle`. cargo resolves for every platform there is, and so wants the
/// manifest of every crate; the sources of those that `targets` and this machine do not compile are two thirds of it all.
pub(super) fn copy(
    folder: &Path,
    bundle: &Path,
    targets: &[String],
    host: &str,
    network: bool,
) -> Result<usize, Error> {
    let crates = bundle.join(CRATES);
    let mut command = cargo::command();
    command
        // A mirror that stands in for crates.io is where the crates come from here too.
        .args(["vendor", "--locked", "--versioned-dirs", "--respect-source-config", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .args((!network).then_some("--offline"))
        .arg(&crates)
        .current_dir(folder);
    let output = cargo::resolve(&mut command, "copy the crates")?;
    let config = bundle.join(CARGO_CONFIG);
    let told = vendored::located(&String::from_utf8_lossy(&output.stdout), Path::new(CRATES));
    let told = told.map_err(|what| Error::Resolve(format!("cannot copy the crates: {what}")))?;
    fs::write(&config, told).doing("write", &config)?;
    fs::create_dir_all(&crates).doing("create", &crates)?;
    let needed = needed(folder, targets, host)?;
    let mut count = 0;
    for entry in fs::read_dir(&crates).doing("read", &crates)? {
        interrupt::check()?;
        let path = entry.doing("read", &crates)?.path();
        count += 1;
        if path.file_name().is_some_and(|name| !needed.contains(&*name.to_string_lossy())) {
            hollow_out(&path, targets)?;
        }
    }
    Ok(count)
}

/// The crates that are compiled for `targets`, or on `host` on the way, each as `name-version`.
fn needed(folder: &Path, targets: &[String], host: &str) -> Result<BTreeSet<String>, Error> {
    let mut command = cargo::command();
    command
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(
            targets.iter().map(String::as_str).chain([host]).flat_map(|target| ["--filter-platform", target]),
        )
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .current_dir(folder);
    let output = cargo::resolve(&mut command, "list the crates that are needed")?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|e| Error::Resolve(format!("cannot list the crates that are needed: {e}")))?;
    Ok(metadata.packages.iter().map(|package| format!("{}-{}", package.name, package.version)).collect())
}

/// Leaves of the crate in `dir` its manifest alone. Whoever compiles it nevertheless is told why that fails.
fn hollow_out(dir: &Path, targets: &[String]) -> Result<(), Error> {
    let read = |name: &str| {
        let path = dir.join(name);
        fs::read_to_string(&path).doing("read", &path)
    };
    let broken = |what: String| Error::Resolve(format!("`{}` cannot be used: {what}", dir.display()));
    let mut toml: DocumentMut =
        read("Cargo.toml")?.parse().map_err(|e: toml_edit::TomlError| broken(e.to_string()))?;
    let checksums: serde_json::Value =
        serde_json::from_str(&read(CHECKSUMS)?).map_err(|e| broken(e.to_string()))?;
    for target in ["bin", "test", "bench", "example"] {
        toml.remove(target);
    }
    toml["lib"]["path"] = value("src/lib.rs");
    if let Some(package) = toml.get_mut("package").and_then(Item::as_table_like_mut) {
        for key in ["build", "links", "readme", "license-file", "default-run"] {
            package.remove(key);
        }
    }
    let library = format!(
        "compile_error!(\"`slimcol vendor` left this crate out, since builds for {} do not need it\");\n",
        targets.join(" and ")
    );
    let toml = toml.to_string();
    let listed = serde_json::json!({
        "files": {"Cargo.toml": sha256(toml.as_bytes()), "src/lib.rs": sha256(library.as_bytes())},
        "package": checksums["package"],
    });
    fs::remove_dir_all(dir).doing("delete", dir)?;
    for (name, text) in [("Cargo.toml", toml), ("src/lib.rs", library), (CHECKSUMS, listed.to_string())] {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).doing("create", folder)?;
        fs::write(&path, text).doing("write", &path)?;
    }
    Ok(())
}
