//! Programs that the machine may have, and that take root to install.

use std::process::{Command, Stdio};

/// `program`, ready for its arguments, if it is installed; if not, says so loudly, or panics where `CI` is `true`. `package` is
/// Debian's with it.
pub(crate) fn find(program: &str, package: &str) -> Option<Command> {
    let mut which = Command::new("sh");
    which.args(["-c", "command -v \"$0\"", program]).stdout(Stdio::null());
    if which.status().is_ok_and(|status| status.success()) {
        return Some(Command::new(program));
    }
    let missing = format!("{program} is not installed (apt-get install -y {package})");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
    eprintln!("NOT RUN: {missing}");
    None
}
