//! A new user's machine: Debian with a C compiler, Rust, and this repository; nothing else of what is here.

mod lent;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{
    command::{Ended, run},
    distros::{caches, root},
    machine::base,
};

/// What Rust's installation instructions ask for.
const PACKAGES: &str = "--include=ca-certificates,gcc,libc6-dev";
/// Copying a few hundred megabytes.
const DEADLINE: Duration = Duration::from_mins(5);

/// Mounts what is lent to the machine, at the places that it has here: to cargo an equal file in another place is another one,
/// and everything would be compiled once more. Then runs the script that lies there.
const ENTER: &str = r#"
mount --make-rprivate /
for place in "$@"; do
  mkdir -p "$DISK$place"
  mount --bind "$place" "$DISK$place"
done
mount -t proc proc "$DISK/proc"
mount --rbind /dev "$DISK/dev"
cp /etc/resolv.conf /etc/hosts "$DISK/etc/"
exec chroot "$DISK" /usr/bin/env -u DISK PATH="$SYSROOT/bin:$CARGO_HOME/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
  bash -c 'cd "$REPOSITORY" && . /tour.sh'
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
        let there = self.path(&repository());
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
        fs::write(self.path(Path::new("/tour.sh")), script).unwrap();
        let home = env::home_dir().unwrap();
        let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap().stdout;
        let sysroot = PathBuf::from(String::from_utf8(sysroot).unwrap().trim());
        let kept = kept();
        let variables = lent::variables();
        for file in lent::files(&variables, &cargo) {
            self.receive(&file);
        }
        fs::create_dir_all(self.path(&home)).unwrap();

        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", ENTER, "enter"]);
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        command.args([&sysroot, &cargo.join("registry"), target]);
        command.args(kept.iter().map(|(_, folder)| folder));
        command.env_clear().envs(variables).envs(kept).env("PATH", env::var_os("PATH").unwrap());
        command.env("LC_ALL", "C.UTF-8").env("HOME", home).env("CARGO_HOME", cargo);
        command.env("DISK", self.path(Path::new("/"))).env("SYSROOT", sysroot);
        run(command.env("REPOSITORY", repository()), deadline)
    }

    /// Copies a file to its place on the machine.
    fn receive(&self, file: &Path) {
        let there = self.path(file);
        fs::create_dir_all(there.parent().unwrap()).unwrap();
        // A link there could lead out of the machine.
        if there.symlink_metadata().is_ok() {
            fs::remove_file(&there).unwrap();
        }
        fs::copy(file, there).unwrap();
    }

    /// Where a path of the machine is.
    fn path(&self, path: &Path) -> PathBuf {
        self.disk.path().join("root").join(path.strip_prefix("/").unwrap())
    }
}

/// The variables for what `slimcol` keeps, and the folders that they name: those of all tests.
fn kept() -> Vec<(&'static str, PathBuf)> {
    let set = ["SLIMCOL_CACHE_DIR", "SLIMCOL_TARGET_DIR"].into_iter();
    let set = set.filter_map(|name| Some((name, PathBuf::from(env::var_os(name)?))));
    let kept: Vec<(&'static str, PathBuf)> = set.chain(caches()).collect();
    for (_, folder) in &kept {
        fs::create_dir_all(folder).unwrap();
    }
    kept
}

/// This repository.
fn repository() -> PathBuf {
    root().canonicalize().unwrap()
}
