//! Ending in order when somebody presses Ctrl-C or a process manager says stop: the compilers that we started end with us, and
//! nothing half-written stays.
//!
//! A signal ends the children and forbids new ones; the work itself then fails at its next step and takes its temporary files
//! with it, as on any other error. Only work that does not come to such a step is ended from here.

use std::{
    fs, io,
    os::unix::process::CommandExt as _,
    process::{self, Child, Command, Output, Stdio},
    sync::{Mutex, MutexGuard, Once, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::error::Error;

/// How long children may take to end when they are told to, and the work to its next step.
const PATIENCE: Duration = Duration::from_secs(3);
/// The exit code, whichever signal it was: what a shell makes of Ctrl-C.
pub(crate) const EXIT_CODE: u8 = 130;

static STATE: Mutex<State> = Mutex::new(State { interrupted: false, children: Vec::new() });

struct State {
    interrupted: bool,
    /// The process groups of the children that run.
    children: Vec<Pid>,
}

/// Takes over the signals that end a process. Commands that only print end well without.
pub(crate) fn watch() -> Result<(), Error> {
    static WATCHING: Once = Once::new();
    let mut outcome = Ok(());
    WATCHING.call_once(|| outcome = start());
    outcome.map_err(|source| Error::Io { doing: "cannot watch for signals".to_owned(), source })
}

/// Whether a signal has come.
pub(crate) fn happened() -> bool {
    state().interrupted
}

/// Fails once a signal has come. For between two steps that take a while and start no process.
pub(crate) fn check() -> Result<(), Error> {
    if happened() { Err(Error::Interrupted) } else { Ok(()) }
}

/// Starts `command`. The child must be waited for before what comes with it is dropped.
pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Running)> {
    // Held while it starts, so that a signal finds either no child or one that is listed.
    let mut state = state();
    if state.interrupted {
        return Err(io::Error::new(io::ErrorKind::Interrupted, Error::Interrupted.to_string()));
    }
    // A group of its own can be ended whole: cargo leaves its compilers to themselves when it is told to stop.
    let child = command.process_group(0).spawn()?;
    let group = Pid::from_child(&child);
    state.children.push(group);
    Ok((child, Running(group)))
}

/// Runs `command` to its end and gives what it printed.
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    let (child, _running) =
        spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    child.wait_with_output()
}

/// A child that runs, and whatever it started.
#[derive(Debug)]
pub(crate) struct Running(Pid);

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = state();
        state.children.retain(|group| *group != self.0);
        if state.interrupted {
            drop(state);
            end(self.0);
        }
    }
}

/// Waits for the rest of a group to end as it was told to, and then makes it. What has ended and was not asked about, as with
/// an init that does not care for orphans, still looks alive: hence not for long.
fn end(group: Pid) {
    let deadline = Instant::now() + PATIENCE / 10;
    while test_kill_process_group(group).is_ok() {
        if Instant::now() > deadline {
            _ = kill_process_group(group, Signal::KILL);
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start() -> io::Result<()> {
    let mut wanted = vec![SIGINT, SIGTERM];
    // `nohup` has it ignored, and that is to stay.
    if !is_ignored(SIGHUP) {
        wanted.push(SIGHUP);
    }
    let mut signals = Signals::new(wanted)?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for (number, _) in signals.forever().enumerate() {
            match number {
                0 => interrupt(),
                // Asked twice, there is nothing to wait for.
                _ => give_up(),
            }
        }
    })?;
    Ok(())
}

fn interrupt() {
    let mut state = state();
    state.interrupted = true;
    for group in &state.children {
        // One that has just ended is none to end.
        _ = kill_process_group(*group, Signal::TERM);
    }
    thread::spawn(|| {
        thread::sleep(PATIENCE);
        kill();
        // Those who waited for a child come to their next step now, the rest never will.
        thread::sleep(PATIENCE / 3);
        give_up();
    });
}

fn kill() {
    for group in &state().children {
        _ = kill_process_group(*group, Signal::KILL);
    }
}

/// Ends without waiting for the work. What it leaves is cleared away by the next build.
#[allow(clippy::exit, reason = "the work that would return does not")]
fn give_up() {
    kill();
    process::exit(EXIT_CODE.into());
}

/// Whether whoever started us had `signal` ignored.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored(&status) & (1 << (signal - 1)) != 0
}

/// The set of ignored signals in the text of `/proc/self/status`.
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_of_ignored_signals_is_read() {
        assert_eq!(ignored("Name:\tx\nSigBlk:\t0000000000000002\nSigIgn:\t0000000000001001\n"), 0x1001);
        assert_eq!(ignored(""), 0);
        assert!(!is_ignored(SIGTERM));
    }

    #[test]
    fn what_a_child_prints_comes_back() {
        let output = output(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert_eq!(
            (output.stdout, output.stderr, output.status.code()),
            (b"out\n".into(), b"err\n".into(), Some(3))
        );
        assert!(state().children.is_empty());
    }
}
