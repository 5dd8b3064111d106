//! The program that people check signatures with, where the machine has it.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use super::command::{Ended, run};

const PATIENCE: Duration = Duration::from_secs(20);

/// A minisign that is installed.
#[derive(Debug)]
pub(crate) struct Minisign;

impl Minisign {
    /// minisign if it is installed; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn find() -> Option<Self> {
        let mut command = Command::new("minisign");
        command.arg("-v").stdout(Stdio::null());
        if command.status().is_ok_and(|status| status.success()) {
            return Some(Self);
        }
        let missing = "minisign is not installed (apt-get install -y minisign)";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("NOT RUN: {missing}");
        None
    }

    /// Runs it to its end.
    #[allow(clippy::unused_self, reason = "whoever has one knows that the program is there")]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        run(Command::new("minisign").args(arguments), PATIENCE)
    }

    /// The same with `answers` on standard input, where it reads passwords.
    #[allow(clippy::unused_self, reason = "whoever has one knows that the program is there")]
    pub(crate) fn tell(&self, arguments: &[&str], answers: &str) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", "printf %s \"$0\" | minisign \"$@\"", answers]).args(arguments);
        run(&mut command, PATIENCE)
    }
}
