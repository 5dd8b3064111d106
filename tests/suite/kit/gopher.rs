//! Programs of the tests' own in Go, for clients that there are only in Go.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
    time::Duration,
};

use super::{command::run, programs};

/// A download of its modules over a slow line, and compiling them on two busy cores.
const DEADLINE: Duration = Duration::from_mins(10);
const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// The program in `tests/go/NAME`, ready for its arguments, if the machine has Go; if not, says so loudly, or panics where `CI`
/// is `true`.
pub(crate) fn program(name: &str) -> Option<Command> {
    let mut go = programs::find("go", "golang-go")?;
    let folder = PathBuf::from(format!("{TESTS}/.venv/go"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let built = folder.join(name);
    // Go knows itself whether there is anything to do.
    go.args(["build", "-o"]).arg(&built).arg(".").current_dir(format!("{TESTS}/go/{name}"));
    run(&mut go, DEADLINE).expect_success();
    Some(Command::new(built))
}
