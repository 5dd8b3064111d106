//! Compiler flags: static, and no path of this machine in the result.
//!
//! They depend on the machine and the target directory alone, never on the manifest or the output path: cargo compiles
//! everything anew when a flag changes.

use std::{ffi::OsString, path::Path, process::Command};

use crate::{
    cargo::{self, Rustc},
    error::Error,
};

/// What zstd's C sources are compiled without. Strategies for levels from 5 up, which then compress like level 4: for
/// telemetry in flight they cost more time than they save bytes, and they are 130 KB of every collector. And decoding that
/// is tuned for windows of 16 MB and more, which is 13 KB.
const LEAN_ZSTD: [&str; 7] = [
    "-DZSTD_EXCLUDE_GREEDY_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_LAZY_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_LAZY2_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_BTLAZY2_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR",
    "-DZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR",
    "-DZSTD_FORCE_DECOMPRESS_SEQUENCES_SHORT",
];

/// Sets the flags in the environment of a cargo command.
pub(super) fn set(command: &mut Command, target_dir: &Path, rustc: &Rustc) -> Result<(), Error> {
    let home = cargo::home()?;
    let renamed: [(&Path, String); 4] = [
        (&home.join("registry/src"), "/registry".to_owned()),
        (&home.join("git/checkouts"), "/git".to_owned()),
        (target_dir, "/target".to_owned()),
        (&rustc.sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{}", rustc.commit)),
    ];
    // A static executable relocates itself at start; packed, its relocations take 2 KB instead of 150.
    // Names in today's mangling tell crates and generic arguments apart, which is what a size report reads; they are
    // stripped before anything ships.
    let mut rust: Vec<OsString> = [
        "-C",
        "target-feature=+crt-static",
        "-C",
        "link-arg=-Wl,-z,pack-relative-relocs",
        "-C",
        "symbol-mangling-version=v0",
    ]
    .map(Into::into)
    .into();
    let mut c: Vec<OsString> = LEAN_ZSTD.map(Into::into).into();
    for (path, name) in &renamed {
        rust.push(pair("--remap-path-prefix=", path, name));
        // Some crates carry C and assembly (ring), which name their source files too.
        c.push(pair("-ffile-prefix-map=", path, name));
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", rust.join(&OsString::from("\u{1f}")));
    command.env("CFLAGS", c.join(&OsString::from(" ")));
    Ok(())
}

fn pair(flag: &str, path: &Path, name: &str) -> OsString {
    let mut text = OsString::from(flag);
    text.push(path);
    text.push("=");
    text.push(name);
    text
}
