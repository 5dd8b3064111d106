//! A new user's machine: Debian with a C compiler, Rust, and this repository; nothing else of what is here.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{
    command::{Ended, run},
    distros::root,
    machine::base,
};

/// What Rust's installation instructions ask for.
const PACKAGES: &str = "--include=ca-certificates,gcc,libc6-dev";
/// Copying a few hundred megabytes.
const DEADLINE: Duration = Duration::from_mins(5);

/// Mounts what is lent to the machine, at the places that it has here: to cargo an equal file in another place is another one,
/// and everything would be compiled once more. Then runs what comes through standard input.
const ENTER: &str = r#"
mount --make-rprivate /
for place in "$@"; do
  mkdir -p "$DISK$place"
  mount --bind "$place" "$DISK$place"
done
mount -t proc proc "$DISK/proc"
mount --rbind /dev "$DISK/dev"
cp /etc/resolv.conf "$DISK/etc/resolv.conf"
exec chroot "$DISK" /usr/bin/env -i HOME="$HOME" CARGO_HOME="$CARGO_HOME" SLIMCOL_TARGET_DIR="$SLIMCOL_TARGET_DIR" \
  PATH="$SYSROOT/bin:$CARGO_HOME/bin:/usr/bin:/bin" LC_ALL=C.UTF-8 bash -c "cd '$REPOSITORY' && . /tour.sh"
"#;

/// A machine; gone when dropped.
#[derive(Debug)]
pub(crate) struct Clean {
    disk: TempDir,
}

impl Clean {
    /// A new machine. Without root or debootstrap it says so loudly and is `None`, or panics where `CI` is `true`.
    pub(crate) fn find() -> Option<Self> {
        let base = base::find("compiler", PACKAGES)?;
        let disk = tempfile::Builder::new().prefix("clean-").tempdir_in(base.parent().unwrap()).unwrap();
        run(
            Command::new("cp").args(["-a", "--reflink=auto"]).arg(&base).arg(disk.path().join("root")),
            DEADLINE,
        )
        .expect_success();
        let clean = Self { disk };
        clean.check_out();
        Some(clean)
    }

    /// Copies the repository without what is built in it, times included.
    fn check_out(&self) {
        let there = self.root().join(repository().strip_prefix("/").unwrap());
        fs::create_dir_all(&there).unwrap();
        let mut tar = Command::new("tar");
        tar.args([
            "-c",
            "--exclude=./target",
            "--exclude=./dist/out",
            "--exclude=./tests/.venv",
            "--exclude=./.git",
        ]);
        let mut tar = tar.arg("-C").arg(repository()).arg(".").stdout(Stdio::piped()).spawn().unwrap();
        let mut untar = Command::new("tar");
        untar.arg("-x").arg("-C").arg(there).stdin(tar.stdout.take().unwrap());
        assert!(untar.status().unwrap().success() && tar.wait().unwrap().success());
    }

    /// Runs a script for bash in the repository. What it prints, standard error too, is in `stdout`.
    pub(crate) fn bash(&self, script: &str, deadline: Duration) -> Ended {
        fs::write(self.root().join("tour.sh"), script).unwrap();
        let home = std::env::home_dir().unwrap();
        let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap().stdout;
        let sysroot = PathBuf::from(String::from_utf8(sysroot).unwrap().trim());
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let compiled =
            std::env::var_os("SLIMCOL_TARGET_DIR").map_or_else(|| target.join("slimcol"), PathBuf::from);
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", ENTER, "enter"]);
        command.args([&sysroot, &cargo.join("registry"), target, &compiled]);
        command
            .env("DISK", self.root())
            .env("HOME", &home)
            .env("CARGO_HOME", &cargo)
            .env("SYSROOT", &sysroot);
        command.env("SLIMCOL_TARGET_DIR", &compiled).env("REPOSITORY", repository());
        run(&mut command, deadline)
    }

    fn root(&self) -> PathBuf {
        self.disk.path().join("root")
    }
}

/// This repository.
fn repository() -> PathBuf {
    root().canonicalize().unwrap()
}
