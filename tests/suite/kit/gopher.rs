//! Programs in Go: the tests' own, for clients that there are only in Go, and servers that are published as source.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
    time::Duration,
};

use serde_json::Value;

use super::{command::run, programs};

/// A download of its modules over a slow line, and compiling them on two busy cores.
const DEADLINE: Duration = Duration::from_mins(20);
const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// The program in `tests/go/NAME`, ready for its arguments, if the machine has Go; if not, says so loudly, or panics where `CI`
/// is `true`.
pub(crate) fn program(name: &str) -> Option<Command> {
    let mut go = programs::find("go", "golang-go")?;
    let (folder, _lock) = kept();
    let built = folder.join(name);
    // Go knows itself whether there is anything to do.
    go.args(["build", "-o"]).arg(&built).arg(".").current_dir(format!("{TESTS}/go/{name}"));
    run(&mut go, DEADLINE).expect_success();
    Some(Command::new(built))
}

/// The program in the folder `package` of a published module, made with the very modules that its authors chose: `go install`
/// refuses modules that replace one. The rest as in [`program`].
pub(crate) fn published(module: &str, version: &str, package: &str) -> Option<Command> {
    let mut download = programs::find("go", "golang-go")?;
    let (folder, _lock) = kept();
    let built = folder.join(format!("{}-{version}", package.rsplit('/').next().unwrap()));
    if !built.exists() {
        download.args(["mod", "download", "-json", &format!("{module}@{version}")]).current_dir(&folder);
        let downloaded = run(&mut download, DEADLINE).expect_success();
        let facts: Value = serde_json::from_str(&downloaded.stdout).unwrap();
        // Only what was built whole gets its name.
        let fresh = folder.join("fresh");
        let mut compile = Command::new("go");
        compile.args(["build", "-trimpath", "-ldflags=-s -w", "-o"]).arg(&fresh).arg(format!("./{package}"));
        run(compile.current_dir(facts["Dir"].as_str().unwrap()), DEADLINE).expect_success();
        fs::rename(fresh, &built).unwrap();
    }
    Some(Command::new(built))
}

/// The folder that programs are kept in, for whoever holds the lock.
fn kept() -> (PathBuf, File) {
    let folder = PathBuf::from(format!("{TESTS}/.venv/go"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    (folder, lock)
}
