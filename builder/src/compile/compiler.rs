//! The compiler as cargo calls it: one that names no path of this machine in what it compiles.
//!
//! The names that it gives to paths could be flags, but flags are what compile caches tell compilations by: sccache before 0.10
//! keeps nothing that was compiled with such flags, and later versions take another target directory for another compilation.
//! So a script adds them, behind the cache, and what is compiled with them is the same everywhere.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
};

use crate::{
    cargo::Rustc,
    error::{Doing as _, Error},
    replace,
};

/// The script's place in the target directory. sccache knows compilers by their names.
const PLACE: &str = "slimcol/rustc";

/// Writes the script into the target directory unless it is there; its path. `renamed` has paths and what they are called.
pub(super) fn write(
    target_dir: &Path,
    renamed: &[(PathBuf, String)],
    rustc: &Rustc,
) -> Result<PathBuf, Error> {
    let path = target_dir.join(PLACE);
    let text = script(&program(rustc), renamed);
    // A new file would be a new compiler to cargo, which asks every compiler what it can do.
    if fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
        let folder = path.parent().expect("the place is in a folder");
        fs::create_dir_all(folder).doing("create", folder)?;
        replace::file(&path, text.as_bytes(), 0o777)?;
    }
    Ok(path)
}

/// The compiler itself, not the rustup that chooses one: whoever asks which one it is gets the same answer everywhere.
fn program(rustc: &Rustc) -> OsString {
    let installed = rustc.sysroot.join("bin/rustc");
    match env::var_os("RUSTC") {
        Some(chosen) => chosen,
        None if installed.is_file() => installed.into(),
        None => "rustc".into(),
    }
}

fn script(program: &OsStr, renamed: &[(PathBuf, String)]) -> OsString {
    let mut text = OsString::from("#!/bin/sh\nexec ");
    text.push(quoted(program));
    text.push(" \"$@\"");
    for (path, name) in renamed {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(path);
        flag.push("=");
        flag.push(name);
        text.push(" ");
        text.push(quoted(&flag));
    }
    text.push("\n");
    text
}

/// One word for a shell, whatever is in it.
fn quoted(word: &OsStr) -> OsString {
    let inner = word.as_bytes().split(|&byte| byte == b'\'').collect::<Vec<_>>().join(&br"'\''"[..]);
    OsString::from_vec([b"'", &*inner, b"'"].concat())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn it_is_the_compiler_with_names_for_paths() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("it's \"$HOME\"");
        fs::create_dir(&place).unwrap();
        let path = place.join("script");
        let renamed = [(place.clone(), "/target".to_owned()), (PathBuf::from("/x"), "/y".to_owned())];
        replace::file(&path, script(OsStr::new("echo"), &renamed).as_bytes(), 0o755).unwrap();
        let output = Command::new(&path).args(["a b", "*"]).output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            format!("a b * --remap-path-prefix={}=/target --remap-path-prefix=/x=/y\n", place.display())
        );
    }

    #[test]
    fn it_stays_while_nothing_changes() {
        let dir = tempfile::tempdir().unwrap();
        let rustc = Rustc::ask().unwrap();
        let path = write(dir.path(), &[], &rustc).unwrap();
        let made = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
        let first = made(&path);
        assert_eq!(made(&write(dir.path(), &[], &rustc).unwrap()), first);
        write(dir.path(), &[(PathBuf::from("/x"), "/y".to_owned())], &rustc).unwrap();
        assert_ne!(made(&path), first);
        let version = Command::new(&path).arg("-vV").output().unwrap();
        assert!(
            String::from_utf8(version.stdout).unwrap().contains(&format!("release: {}\n", rustc.release))
        );
    }
}
