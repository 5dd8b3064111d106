//! Packs the framework's and the components' sources into one archive that travels inside the binary, so that an installed
//! `slimcol` builds collectors without this repository. Equal sources give equal bytes.
#![allow(clippy::print_stdout, reason = "that is how a build script talks to cargo")]

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
};

use flate2::{Compression, GzBuilder};

/// Files of the root.
const FILES: [&str; 2] = ["Cargo.lock", "LICENSE"];
/// Folders of the root. Not `manifests/`, which no build reads from here and every build of one of them writes to: `slimcol`
/// would be compiled anew after it had built the repository's own distributions.
const FOLDERS: [&str; 2] = ["collector", "components"];
/// Folders that no build of a collector reads.
const LEFT_OUT: [&str; 6] = ["benches", "examples", "fuzz", "node_modules", "target", "tests"];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let file = fs::File::create(Path::new(&place).join("sources.tar.gz"))?;
    // No name and no time in the header: they would make equal sources differ.
    let mut archive = tar::Builder::new(GzBuilder::new().write(file, Compression::best()));
    let manifest = root.join("Cargo.toml");
    rerun_if_changed(&manifest);
    add(&mut archive, "Cargo.toml", members_only(&fs::read_to_string(manifest)?).as_bytes())?;
    for name in FILES {
        rerun_if_changed(&root.join(name));
        add(&mut archive, name, &fs::read(root.join(name))?)?;
    }
    for name in FOLDERS {
        rerun_if_changed(&root.join(name));
        add_folder(&mut archive, &root.join(name), name)?;
    }
    archive.into_inner()?.finish()?.flush()
}

/// Cargo looks at a folder's files as well as at the folder, so new and deleted ones count too.
fn rerun_if_changed(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// The root's manifest as that of a workspace which has only what is packed: cargo refuses one whose members are missing.
fn members_only(manifest: &str) -> String {
    let mut found = 0;
    let mut text = String::with_capacity(manifest.len());
    for line in manifest.lines() {
        if line.starts_with("members = [") && line.ends_with(']') {
            text.push_str("members = [\"collector/*\", \"components/*/*\"]");
            found += 1;
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    assert_eq!(found, 1, "the root's Cargo.toml has its members on one line");
    text
}

fn add_folder(archive: &mut tar::Builder<impl Write>, folder: &Path, name: &str) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let file = entry.file_name();
        let file = file
            .to_str()
            .ok_or_else(|| io::Error::other(format!("`{}` is not UTF-8", entry.path().display())))?;
        let name = format!("{name}/{file}");
        if file.starts_with('.') || LEFT_OUT.contains(&file) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            add_folder(archive, &entry.path(), &name)?;
        } else {
            add(archive, &name, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn add(archive: &mut tar::Builder<impl Write>, name: &str, content: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    archive.append_data(&mut header, name, content)
}
