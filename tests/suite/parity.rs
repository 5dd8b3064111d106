//! A second opinion: the same command lines and configurations give what the Go collector was recorded to give, and, with
//! `OTELCOL_GO=/path`, what it gives now. The cases are data: tests/README.md says how to write them.

pub(crate) mod case;
mod session;

use std::{fs, path::Path, process::Command, sync::Mutex, thread, time::Duration};

use self::case::{Case, Outcome};
use crate::kit::{
    command::{Ended, run},
    distros,
};

const DEADLINE: Duration = Duration::from_mins(1);
/// A folder without cases must not pass.
const LEAST: usize = 150;

#[test]
fn what_go_does_is_what_ours_does() {
    let cases = case::all();
    assert!(cases.len() >= LEAST, "only {} cases", cases.len());
    let wrong = all(&cases, &distros::core().binary, |case| Some(&case.ours));
    assert!(wrong.is_empty(), "{} of {} cases:\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
    let Some(go) = std::env::var_os("OTELCOL_GO") else { return };
    let wrong = all(&cases, Path::new(&go), |case| case.gos.as_ref());
    assert!(wrong.is_empty(), "{} of {} cases in Go:\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

/// What is wrong with the answers of `binary`, where something is expected of it.
fn all<'c>(
    cases: &'c [Case],
    binary: &Path,
    expected: impl Fn(&'c Case) -> Option<&'c Outcome> + Sync,
) -> Vec<String> {
    let name = binary.file_name().unwrap().to_str().unwrap();
    let next = Mutex::new(cases.iter());
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { return };
                    let Some(expected) = expected(case) else { continue };
                    let problems = expected.problems(&answer(case, binary), name);
                    if !problems.is_empty() {
                        wrong.lock().unwrap().push(format!("{}: {}", case.name, problems.join("\n  ")));
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

/// Runs a case in a folder of its own, with nothing but its own environment.
fn answer(case: &Case, binary: &Path) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &case.files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(binary);
    command.args(&case.args).current_dir(folder.path()).env_clear();
    run(command.envs(case.env.iter().map(|(key, value)| (key, value))), DEADLINE)
}
