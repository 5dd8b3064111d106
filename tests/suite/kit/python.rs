//! A Python with the real OpenTelemetry SDK, in a virtual environment that the tests make themselves.

use std::{fs::File, path::PathBuf, process::Command, sync::OnceLock, time::Duration};

use super::command::run;

/// A download of some twenty wheels over a slow line.
const INSTALL_DEADLINE: Duration = Duration::from_mins(10);
const SCRIPT_DEADLINE: Duration = Duration::from_mins(1);
const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// Runs `tests/python/NAME` to its end; what it printed.
pub(crate) fn script<const N: usize>(name: &str, arguments: [&str; N]) -> String {
    let mut command = program("python");
    command.arg(format!("{TESTS}/python/{name}")).args(arguments);
    run(&mut command, SCRIPT_DEADLINE).expect_success().stdout
}

/// A program of the environment's, ready for its arguments.
pub(crate) fn program(name: &str) -> Command {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    Command::new(PYTHON.get_or_init(install).with_file_name(name))
}

/// Makes the environment unless it stands with these very requirements; its interpreter.
fn install() -> PathBuf {
    std::fs::create_dir_all(format!("{TESTS}/.venv")).unwrap();
    let lock = File::create(format!("{TESTS}/.venv/lock")).unwrap();
    lock.lock().unwrap();
    let venv = PathBuf::from(format!("{TESTS}/.venv/sdk"));
    let (python, installed) = (venv.join("bin/python"), venv.join("installed.txt"));
    let requirements = format!("{TESTS}/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).unwrap();
    if python.exists() && std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return python;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), INSTALL_DEADLINE)
        .expect_success();
    run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&requirements),
        INSTALL_DEADLINE,
    )
    .expect_success();
    std::fs::write(installed, wanted).unwrap();
    python
}
