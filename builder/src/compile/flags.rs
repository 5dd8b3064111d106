//! Compiler flags: static, and no path of this machine in the result.
//!
//! They depend on the machine and the target directory alone, never on the manifest or the output path: cargo compiles
//! everything anew when a flag changes.

use std::{ffi::OsString, path::Path, process::Command};

use crate::{
    cargo::{self, Rustc},
    error::Error,
};

/// Sets the flags in the environment of a cargo command.
pub(super) fn set(command: &mut Command, target_dir: &Path, rustc: &Rustc) -> Result<(), Error> {
    let home = cargo::home()?;
    let renamed: [(&Path, String); 4] = [
        (&home.join("registry/src"), "/registry".to_owned()),
        (&home.join("git/checkouts"), "/git".to_owned()),
        (target_dir, "/target".to_owned()),
        (&rustc.sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{}", rustc.commit)),
    ];
    let mut rust: Vec<OsString> = vec!["-C".into(), "target-feature=+crt-static".into()];
    let mut c: Vec<OsString> = Vec::new();
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
