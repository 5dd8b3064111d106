//! What is linked besides crates: the Rust standard library and, on Linux, a static C library.

use std::{
    env,
    ffi::OsString,
    io::Write as _,
    process::{Command, Stdio},
};

use super::{
    License,
    bill::{Origin, Part},
    purl,
};
use crate::cargo::Rustc;

/// The compiler's and the system's share in a binary.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    /// The compiler's version, which is the standard library's too.
    pub(super) rust: String,
    libc: Option<Libc>,
}

#[derive(Clone, Debug)]
struct Libc {
    name: &'static str,
    version: String,
    license: &'static str,
}

impl Runtime {
    /// What `rustc` links into a binary for `target`.
    pub(crate) fn ask(rustc: &Rustc, target: &str) -> Self {
        let libc = match target.rsplit_once("-linux-").map(|(_, env)| env) {
            Some(env) if env.starts_with("gnu") => Some(Libc {
                name: "glibc",
                version: glibc_version(rustc, target).unwrap_or_default(),
                license: "LGPL-2.1-or-later",
            }),
            // It comes with the standard library, which does not say which version it is.
            Some(env) if env.starts_with("musl") => {
                Some(Libc { name: "musl", version: String::new(), license: "MIT" })
            }
            _ => None,
        };
        Self { rust: rustc.release.clone(), libc }
    }

    /// The parts, to stand after the crates.
    pub(super) fn parts(&self) -> Vec<Part> {
        let std = part("rust-std", &self.rust, "MIT OR Apache-2.0", "The Rust standard library");
        let libc =
            self.libc.as_ref().map(|libc| part(libc.name, &libc.version, libc.license, "The C library"));
        [Some(std), libc].into_iter().flatten().collect()
    }
}

fn part(name: &str, version: &str, license: &str, description: &str) -> Part {
    Part {
        name: name.to_owned(),
        version: version.to_owned(),
        purl: purl::generic(name, version),
        license: License::read(Some(license)),
        origin: Origin::Toolchain,
        description: Some(description.to_owned()),
        repository: None,
        sha256: None,
        component: None,
        uses: Vec::new(),
    }
}

/// The version of the C library that the C compiler for `target` links. A binary does not say it, its headers do.
fn glibc_version(rustc: &Rustc, target: &str) -> Option<String> {
    let name = target.replace('-', "_");
    let given = [format!("CC_{name}"), format!("CARGO_TARGET_{}_LINKER", name.to_uppercase())];
    let given = given.iter().find_map(|name| env::var_os(name).filter(|value| !value.is_empty()));
    let native = || (target == rustc.host).then(|| env::var_os("CC").unwrap_or_else(|| OsString::from("cc")));
    let mut compiler = Command::new(given.or_else(native)?)
        .args(["-E", "-P", "-x", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = compiler.stdin.take()?;
    stdin.write_all(b"#include <features.h>\nslimcol __GLIBC__ __GLIBC_MINOR__\n").ok()?;
    drop(stdin);
    let output = compiler.wait_with_output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("slimcol "))?;
    let numbers: Vec<&str> = line.split(' ').collect();
    let right = numbers.len() == 2 && numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()));
    right.then(|| numbers.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rustc() -> Rustc {
        Rustc::ask().unwrap()
    }

    #[test]
    fn the_standard_library_and_the_c_library_of_the_target_are_named() {
        let names = |target| {
            let parts = Runtime::ask(&rustc(), target).parts();
            parts.into_iter().map(|part| part.name).collect::<Vec<_>>()
        };
        assert_eq!(names("x86_64-unknown-linux-gnu"), ["rust-std", "glibc"]);
        assert_eq!(names("aarch64-unknown-linux-musl"), ["rust-std", "musl"]);
        assert_eq!(names("x86_64-apple-darwin"), ["rust-std"]);
    }

    #[test]
    fn the_c_library_of_this_machine_has_a_version() {
        let rustc = rustc();
        if rustc.host.ends_with("-linux-gnu") {
            let version = glibc_version(&rustc, &rustc.host).unwrap();
            assert!(version.starts_with("2."), "{version}");
        }
        assert_eq!(glibc_version(&rustc, "riscv64gc-unknown-linux-gnu"), None);
    }
}
