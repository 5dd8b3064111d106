//! Containers, where the machine has podman.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::Pid;
use tempfile::TempDir;

use super::{
    command::{Ended, run},
    log::Log,
};

/// Without the limits runc asks for more than a container around the tests grants. Health checks by the clock take systemd;
/// tests ask themselves.
const RUN: [&str; 8] = [
    "run",
    "--rm",
    "--network=host",
    "--ulimit",
    "nofile=1024:1024",
    "--ulimit",
    "nproc=1024:1024",
    "--health-interval=disable",
];
const DEADLINE: Duration = Duration::from_mins(2);

/// A podman with a storage of its own, gone when dropped.
#[derive(Debug)]
pub(crate) struct Podman {
    storage: TempDir,
}

/// A running container; killed when dropped.
#[derive(Debug)]
pub(crate) struct Container<'a> {
    podman: &'a Podman,
    name: &'static str,
    child: Child,
    /// What it writes.
    pub(crate) log: Log,
}

impl Podman {
    /// Podman if it and runc are installed; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn find() -> Option<Self> {
        let found = |program| {
            let mut command = Command::new(program);
            command.arg("--version").stdout(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        if found("podman") && found("runc") {
            return Some(Self { storage: tempfile::tempdir().unwrap() });
        }
        let missing = "podman is not installed (apt-get install -y podman runc)";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("NOT RUN: {missing}");
        None
    }

    /// Loads an image from a tar; its name.
    pub(crate) fn load(&self, tar: &Path) -> String {
        let printed = self.run(&["load", "--quiet", "--input", tar.to_str().unwrap()]);
        printed.trim().trim_start_matches("Loaded image: ").to_owned()
    }

    /// Pulls an image as `flags` say (`--cert-dir`, `--authfile`…).
    pub(crate) fn pull(&self, image: &str, flags: &[&str]) -> Ended {
        run(self.command().args(["pull", "--quiet"]).args(flags).arg(image), DEADLINE)
    }

    /// What `podman image inspect` says in a format.
    pub(crate) fn inspect(&self, image: &str, format: &str) -> String {
        self.run(&["image", "inspect", "--format", format, image]).trim().to_owned()
    }

    /// Runs an image until it ends by itself, and panics unless that is with exit code 0.
    pub(crate) fn finish(&self, image: &str, arguments: &[&str]) -> Ended {
        run(self.command().args(RUN).arg(image).args(arguments), DEADLINE).expect_success()
    }

    /// Runs an image on the host's network.
    pub(crate) fn start(&self, name: &'static str, image: &str, arguments: &[&str]) -> Container<'_> {
        let mut child = self
            .command()
            .args(RUN)
            .args(["--name", name, image])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Log::read(child.stderr.take().unwrap());
        Container { podman: self, name, child, log }
    }

    fn run(&self, arguments: &[&str]) -> String {
        run(self.command().args(arguments), DEADLINE).expect_success().stdout
    }

    fn command(&self) -> Command {
        let mut command = Command::new("podman");
        command.arg("--root").arg(self.storage.path().join("root"));
        command.arg("--runroot").arg(self.storage.path().join("run"));
        // The storage driver and the runtime that work inside containers and without systemd too.
        command.args(["--storage-driver=vfs", "--runtime", "runc", "--cgroup-manager=cgroupfs"]);
        command
    }
}

impl Container<'_> {
    /// Whether the health check of its image finds it well, asked now; what was said with it.
    pub(crate) fn health(&self) -> (bool, Ended) {
        let ended = run(self.podman.command().args(["healthcheck", "run", self.name]), DEADLINE);
        (ended.code == Some(0), ended)
    }

    /// Its process as the host numbers it.
    pub(crate) fn process(&self) -> Pid {
        let number = self.podman.run(&["inspect", "--format", "{{.State.Pid}}", self.name]);
        Pid::from_raw(number.trim().parse().unwrap()).unwrap()
    }

    /// Stops it as an orchestrator would; its exit code and its log.
    pub(crate) fn stop(mut self) -> (Option<i32>, Vec<String>) {
        self.podman.run(&["stop", self.name]);
        let log = self.log.end();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        // Killing podman would leave the container behind; after `stop` there is nothing left to remove.
        let _ = self.podman.command().args(["rm", "--force", self.name]).output();
        let _ = self.child.wait();
    }
}
