//! A collector as a process of its own, and what the kernel says it costs.

use std::{
    fs::File,
    io::Seek,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{Error, procfs};

/// A collector that cannot start within this has failed.
const START_DEADLINE: Duration = Duration::from_secs(10);
/// A nice value that wins over everything ordinary.
const AHEAD: i32 = -15;
/// One look at the port, and the grain of the time to ready.
const LOOK: Duration = Duration::from_micros(200);

/// A running collector; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: File,
    /// From exec until the port accepted.
    pub ready: Duration,
}

impl Process {
    /// Starts `binary --config config` and waits until `port` accepts connections.
    pub fn start(binary: &Path, config: &Path, port: SocketAddr) -> Result<Self, Error> {
        // A file, since nobody reads a pipe while the load is on.
        let mut log = tempfile::tempfile()?;
        let output = log.try_clone()?;
        let begin = Instant::now();
        let mut child = Command::new(binary)
            .arg("--config")
            .arg(config)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", binary.display()))?;
        loop {
            if TcpStream::connect(port).is_ok() {
                return Ok(Self { child, log, ready: begin.elapsed() });
            }
            if let Some(status) = child.try_wait()? {
                return Err(
                    format!("`{}` ended with {status}:\n{}", binary.display(), text(&mut log)?).into()
                );
            }
            if begin.elapsed() > START_DEADLINE {
                child.kill()?;
                child.wait()?;
                let text = text(&mut log)?;
                return Err(format!("`{}` does not listen on {port}:\n{text}", binary.display()).into());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// User and system time used so far.
    pub fn cpu(&self) -> Result<Duration, Error> {
        let stat = self.read("stat")?;
        procfs::cpu(&stat, rustix::param::clock_ticks_per_second())
            .ok_or_else(|| "cannot read /proc stat".into())
    }

    /// Resident memory in KiB, now.
    pub fn rss_kib(&self) -> Result<u64, Error> {
        self.memory("VmRSS")
    }

    /// The most resident memory it ever had, in KiB.
    pub fn peak_kib(&self) -> Result<u64, Error> {
        self.memory("VmHWM")
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) -> Result<(), Error> {
        let pid = Pid::from_child(&self.child);
        Ok(kill_process(pid, Signal::TERM)?)
    }

    /// Waits for the end, at most until `deadline` from now; its status and what it printed.
    pub fn wait(mut self, deadline: Duration) -> Result<(ExitStatus, String), Error> {
        let end = Instant::now() + deadline;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok((status, text(&mut self.log)?));
            }
            if Instant::now() > end {
                return Err(format!("still running {} s later", deadline.as_secs()).into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn memory(&self, name: &str) -> Result<u64, Error> {
        procfs::kib(&self.read("status")?, name).ok_or_else(|| format!("no {name} in /proc status").into())
    }

    fn read(&self, file: &str) -> Result<String, Error> {
        Ok(std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id()))?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts the calling thread before the collector's.
///
/// Generator and sink stand for other machines. Were they to wait for a processor that the collector keeps busy, its queue
/// would fill, and what is measured would be the queue.
pub(crate) fn go_first() {
    // Only root may; for others the kernel's fairness has to do.
    let _ = rustix::process::setpriority_process(None, AHEAD);
}

fn text(log: &mut File) -> std::io::Result<String> {
    log.rewind()?;
    std::io::read_to_string(log)
}
