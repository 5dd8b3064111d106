//! A running collector.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::log::Log;

/// What a collector logs once everything has started.
pub(crate) const READY: &str = "Everything is ready. Begin running and processing data.";

/// A collector with a directory of its own, which its YAML knows as `${env:DIR}`; killed when dropped.
#[derive(Debug)]
pub(crate) struct Collector {
    child: Child,
    log: Log,
    dir: Option<TempDir>,
}

/// How a collector ended.
#[derive(Debug)]
pub(crate) struct Stopped {
    /// Exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// Every line it logged.
    pub(crate) log: Vec<String>,
    dir: TempDir,
}

impl Collector {
    /// Starts `binary` on `yaml` and waits until it says it is ready.
    pub(crate) fn start(binary: &Path, yaml: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("config.yaml");
        std::fs::write(&config, yaml).unwrap();
        Self::run(Command::new(binary).arg("--config").arg(&config), dir)
    }

    /// Runs `command`, a collector with its arguments, and waits until it says it is ready.
    pub(crate) fn run(command: &mut Command, dir: TempDir) -> Self {
        let mut child = command
            .env("DIR", dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Log::read(child.stderr.take().unwrap());
        let collector = Self { child, log, dir: Some(dir) };
        collector.line(READY);
        collector
    }

    /// The first line of the log that contains `text`, waiting for it.
    pub(crate) fn line(&self, text: &str) -> String {
        self.log.line(text)
    }

    /// Its log so far.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Its process.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// A file in its directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.as_ref().unwrap().path().join(name)
    }

    /// Where its OTLP receiver speaks gRPC.
    pub(crate) fn grpc(&self) -> SocketAddr {
        endpoint(&self.line("Starting GRPC server"))
    }

    /// Where its OTLP receiver speaks HTTP.
    pub(crate) fn http(&self) -> SocketAddr {
        endpoint(&self.line("Starting HTTP server"))
    }

    /// The most resident memory it ever had, in MiB.
    pub(crate) fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        slimcol_bench::procfs::kib(&status, "VmHWM").unwrap() / 1024
    }

    /// Puts `yaml` in the place of its configuration and tells it so.
    pub(crate) fn reload(&self, yaml: &str) {
        std::fs::write(self.dir.as_ref().unwrap().path().join("config.yaml"), yaml).unwrap();
        kill_process(Pid::from_child(&self.child), Signal::HUP).unwrap();
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn stop(self) -> Stopped {
        self.signal(Signal::TERM)
    }

    /// Sends a signal that ends it and waits for the end.
    pub(crate) fn signal(self, signal: Signal) -> Stopped {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.ended()
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Stopped {
        let log = self.log.end();
        // The log is closed by the end of the process, so this does not wait.
        let code = self.child.wait().unwrap().code();
        Stopped { code, log, dir: self.dir.take().unwrap() }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Stopped {
    /// A file the collector left in its directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The first line that contains `text`.
    pub(crate) fn line(&self, text: &str) -> &str {
        let line = self.log.iter().find(|line| line.contains(text));
        line.unwrap_or_else(|| panic!("no {text:?} in {:#?}", self.log))
    }

    /// Panics unless the collector ended well and logged no error.
    pub(crate) fn expect_clean(&self) {
        assert_eq!(self.code, Some(0), "{:#?}", self.log);
        let errors: Vec<_> = self.log.iter().filter(|line| line.contains("\terror\t")).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }

    /// Panics unless each of these messages was logged, in this order.
    pub(crate) fn expect_order(&self, messages: &[&str]) {
        let mut lines = self.log.iter();
        for message in messages {
            let field = format!("\t{message}\t");
            assert!(lines.any(|line| line.contains(&field)), "no {message:?} in its place: {:#?}", self.log);
        }
    }
}

fn endpoint(line: &str) -> SocketAddr {
    let (_, rest) = line.split_once("\"endpoint\": \"").unwrap_or_else(|| panic!("no endpoint in {line}"));
    rest.split('"').next().unwrap().parse().unwrap()
}
