//! Compiler flags: static, and no path of this machine in the result.
//!
//! They are the same everywhere, since cargo compiles everything anew when a flag changes, and compile caches do so too. What
//! depends on the machine and the target directory is in the `compiler` script.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::compiler;
use crate::{
    cargo::{self, Rustc},
    error::Error,
};

/// What zstd's C sources are compiled without. Strategies for levels from 5 up, which then compress like level 4: for
/// telemetry in flight they cost more time than they save bytes, and they are 130 KB of every collector. Decoding that is
/// tuned for windows of 16 MB and more, which is 13 KB. Second copies of the entropy coders for newer processors and a second
/// way to decode, which make decoding a tenth faster and are 39 KB. And texts of errors, which nobody is shown.
const LEAN_ZSTD: [&str; 10] = [
    "-DZSTD_EXCLUDE_GREEDY_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_LAZY_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_LAZY2_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_BTLAZY2_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR",
    "-DZSTD_FORCE_DECOMPRESS_SEQUENCES_SHORT",
    "-DDYNAMIC_BMI2=0",
    "-DHUF_FORCE_DECOMPRESS_X1",
    "-DZSTD_STRIP_ERROR_STRINGS",
];

/// Sets the flags, and the compiler, in the environment of a cargo command.
///
/// `crates` is the folder of the registries' crates, if not cargo's own.
pub(super) fn set(
    command: &mut Command,
    target_dir: &Path,
    crates: Option<&Path>,
    rustc: &Rustc,
) -> Result<(), Error> {
    let home = cargo::home()?;
    let mut renamed: Vec<(PathBuf, String)> = vec![
        (home.join("git/checkouts"), "/git".to_owned()),
        (target_dir.to_path_buf(), "/target".to_owned()),
        (rustc.sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{}", rustc.commit)),
    ];
    let registries = crates.map_or_else(|| registries(&home), |crates| vec![crates.to_path_buf()]);
    renamed.extend(registries.into_iter().map(|registry| (registry, "/registry".to_owned())));
    // A static executable relocates itself at start; packed, its relocations take 2 KB instead of 150.
    // Names in today's mangling tell crates and generic arguments apart, which is what a size report reads; they are
    // stripped before anything ships.
    let rust = [
        "-C",
        "target-feature=+crt-static",
        "-C",
        "link-arg=-Wl,-z,pack-relative-relocs",
        "-C",
        "symbol-mangling-version=v0",
        // Of each crate its machine code too, beside what is optimised when a collector is linked: see `lto` in `compile`.
        "-C",
        "linker-plugin-lto=no",
    ];
    let mut c: Vec<OsString> = LEAN_ZSTD.map(Into::into).into();
    for (path, name) in &renamed {
        // Some crates carry C and assembly (ring), which name their source files too.
        c.push(pair("-ffile-prefix-map=", path, name));
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}"));
    command.env("RUSTC", compiler::write(target_dir, &renamed, rustc)?);
    command.env("CFLAGS", c.join(&OsString::from(" ")));
    Ok(())
}

/// The folders of crates in cargo's home, one for each registry: they are named for the address that the crates came from, which
/// is a mirror's for some people, and must not make a difference.
fn registries(home: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

fn pair(flag: &str, path: &Path, name: &str) -> OsString {
    let mut text = OsString::from(flag);
    text.push(path);
    text.push("=");
    text.push(name);
    text
}
