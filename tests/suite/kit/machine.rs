//! A Debian machine with its own systemd: made once by debootstrap, copied for each test, booted in namespaces of its own.

pub(crate) mod base;

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::command::{Ended, run};

/// Nothing that is run on a machine takes longer.
const DEADLINE: Duration = Duration::from_mins(2);
/// What packages of collectors call, and what runs them; the rest of a machine is not needed.
const PACKAGES: &str = "--include=adduser,init-system-helpers,procps,systemd";
const BOOT: &str = include_str!("machine/boot.sh");

/// A running machine; gone with all that it holds when dropped.
#[derive(Debug)]
pub(crate) struct Machine {
    disk: TempDir,
    /// `unshare`, whose only child is the machine's first process.
    starter: Child,
    /// That process as the host numbers it.
    init: u32,
    /// The host's devices when it was booted.
    devices: Vec<(u32, u32, u32)>,
}

impl Machine {
    /// Boots a new machine. Without root or debootstrap it says so loudly and is `None`, or panics where `CI` is `true`.
    pub(crate) fn boot() -> Option<Self> {
        let base = base::find("systemd", PACKAGES)?;
        let disk = tempfile::Builder::new().prefix("machine-").tempdir_in(base.parent().unwrap()).unwrap();
        let root = disk.path().join("root");
        run(Command::new("cp").args(["-a", "--reflink=auto"]).arg(&base).arg(&root), DEADLINE)
            .expect_success();
        let devices = devices();
        let log = fs::File::create(disk.path().join("boot.log")).unwrap();
        let starter = Command::new("sh")
            .args(["-euc", BOOT, "boot"])
            .arg(&root)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut machine = Self { disk, starter, init: 0, devices };
        machine.wait_until_up();
        Some(machine)
    }

    /// A path on the machine as the host sees it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{path}", self.init))
    }

    /// What is written in a file on the machine.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file on the machine.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Copies a file to the machine; its path there.
    pub(crate) fn receive(&self, file: &Path) -> String {
        let path = format!("/root/{}", file.file_name().unwrap().to_str().unwrap());
        fs::copy(file, self.path(&path)).unwrap();
        path
    }

    /// Runs a shell script on the machine and panics unless it succeeds; what it printed, standard error too.
    pub(crate) fn sh(&self, script: &str) -> String {
        let ended = self.try_sh(script);
        assert_eq!(ended.code, Some(0), "{script}\n{}", ended.stdout);
        ended.stdout
    }

    /// Runs a shell script on the machine to its end. What it wrote to standard error is in `stdout` too, in its place.
    pub(crate) fn try_sh(&self, script: &str) -> Ended {
        let mut command = self.enter(&["--all"]);
        command.args(["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root"]);
        command.args(["DEBIAN_FRONTEND=noninteractive", "sh", "-euc", &format!("exec 2>&1\n{script}")]);
        run(&mut command, DEADLINE)
    }

    /// Runs the host's `rpm` on the machine's files, its scripts among the machine's processes.
    pub(crate) fn rpm(&self, arguments: &[&str]) -> String {
        let mut command = self.enter(&["--pid", "--ipc", "--net", "--uts", "--cgroup"]);
        // Debian's rpm wants to be sure that it is not used by accident, and keeps its database in the user's home.
        command
            .args(["rpm", "--force-debian", "--dbpath=/var/lib/rpm", "--root"])
            .arg(self.path(""))
            .args(arguments);
        let ended = run(&mut command, DEADLINE).expect_success();
        ended.stdout + &ended.stderr
    }

    /// Repeats a script until it succeeds, for a while; what it printed then.
    pub(crate) fn eventually(&self, script: &str) -> String {
        let end = Instant::now() + DEADLINE;
        loop {
            let ended = self.try_sh(script);
            if ended.code == Some(0) {
                return ended.stdout;
            }
            assert!(Instant::now() < end, "{script}\n{}", ended.stdout);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn enter(&self, namespaces: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.init.to_string()]).args(namespaces).arg("--");
        command
    }

    fn wait_until_up(&mut self) {
        let end = Instant::now() + DEADLINE;
        let log = self.disk.path().join("boot.log");
        loop {
            if let Some(init) = child_of(self.starter.id()) {
                self.init = init;
                let state = self.try_sh("systemctl is-system-running --wait || true").stdout;
                if matches!(state.trim(), "running" | "degraded") {
                    return;
                }
            }
            let over = self.starter.try_wait().unwrap().is_some() || Instant::now() > end;
            assert!(!over, "the machine does not boot:\n{}", fs::read_to_string(&log).unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // The first process of a machine takes all others along, and `unshare` takes that one.
        let _ = self.starter.kill();
        let _ = self.starter.wait();
        // What it was accounted under stays until it is removed, from the innermost out, once its processes are gone.
        let groups = format!(
            "for _ in $(seq 100); do
                left=$(find /sys/fs/cgroup -depth -type d -path '*/slimcol-{}*')
                [ -n \"$left\" ] || break
                rmdir $left || sleep 0.05
            done",
            self.starter.id()
        );
        let _ = Command::new("sh").args(["-c", &groups]).stderr(Stdio::null()).status();
        // A machine that reaches out of its namespaces would harm whoever runs the tests. A test that failed has said more.
        if !std::thread::panicking() {
            assert_eq!(devices(), self.devices, "the machine changed the host's devices");
        }
    }
}

/// Owner, group and mode of the host's devices that a machine has its own of.
fn devices() -> Vec<(u32, u32, u32)> {
    ["full", "null", "random", "tty", "urandom", "zero"]
        .map(|node| fs::metadata(Path::new("/dev").join(node)).unwrap())
        .map(|node| (node.uid(), node.gid(), node.mode()))
        .to_vec()
}

/// The one child of a process, as the host numbers it.
fn child_of(process: u32) -> Option<u32> {
    fs::read_to_string(format!("/proc/{process}/task/{process}/children"))
        .ok()?
        .split(' ')
        .next()?
        .parse()
        .ok()
}
