//! A build that is interrupted leaves what was there, whole, and nothing else.

use std::{
    fs,
    os::unix::{fs::PermissionsExt as _, process::ExitStatusExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::{manifest, said, slimcol, third_party, tree::FACTORY};

const MANIFEST: &str = "dist: {name: otelcol-probe, version: 1.0.0, output_path: out, config: config.yaml}\n\
                        receivers: [otlp]\nexporters:\n  - {crate: mine, path: third/mine}\nproviders: [file]\n";
const DEADLINE: Duration = Duration::from_mins(2);

/// A folder with a manifest whose own crate is the `number`th of its kind, so that there is something to compile.
fn prepare(folder: &Path, number: usize) {
    fs::write(folder.join("config.yaml"), "receivers:\n  otlp:\n").unwrap();
    let library = format!("{FACTORY}/// The number.\npub const NUMBER: usize = {number};\n");
    third_party::component(&folder.join("third"), "exporter", &library);
}

fn start(folder: &Path, variables: &[(&str, &Path)]) -> Child {
    let slimcol = slimcol(folder);
    // Who runs the tests may ignore a hangup, as nohup does, and what they start would inherit that.
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP").arg(slimcol.get_program());
    for (name, value) in slimcol.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        .current_dir(folder)
        .args(slimcol.get_args())
        .args(["build", "--config", "manifest.yaml", "--image", "--target-dir", "target"])
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What is in the output folder, the workspace as one line.
fn results(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder.join("out")).into_iter().flatten();
    let mut found: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            // A workspace is whole when what it lists is there.
            let content = if path.is_dir() {
                fs::read(path.join("Cargo.lock")).unwrap_or_default()
            } else {
                fs::read(&path).unwrap()
            };
            (path.file_name().unwrap().to_str().unwrap().to_owned(), content)
        })
        .collect();
    found.sort();
    found
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// The processes that the script `pids` has listed.
fn listed(pids: &Path) -> Vec<Pid> {
    let text = fs::read_to_string(pids).unwrap_or_default();
    text.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap()).unwrap()).collect()
}

/// Whether a process still does something: one that has ended and that nobody asked about does not.
fn is_alive(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next());
    test_kill_process(pid).is_ok() && state.is_some_and(|state| state != 'Z')
}

#[test]
fn at_every_step_that_waits_for_cargo() {
    let folder = manifest(MANIFEST);
    let dir = folder.path();
    prepare(dir, 0);
    let output = start(dir, &[]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
    let before = results(dir);
    assert_eq!(before.len(), 3, "the workspace, the binary and the image");
    prepare(dir, 1);

    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let pids = dir.join("pids");
    // Hangs as a slow network or a slow compiler does, with a child of its own.
    let hang = |when: &str, first: &str| {
        format!("if {when}; then {first} sleep 600 & echo $$ $! > {}; wait; exit 1; fi", pids.display())
    };
    let steps = [
        ("CARGO", hang("[ \"$1\" = update ]", ""), Signal::INT),
        ("CARGO", hang("[ \"$1\" = fetch ]", ""), Signal::TERM),
        ("CARGO", hang("[ \"$1\" = rustc ]", ""), Signal::HUP),
        ("CARGO", hang("[ \"$1\" = rustc ]", "trap '' TERM;"), Signal::INT),
        ("RUSTC_WRAPPER", hang("echo \" $* \" | grep -q ' --crate-name mine '", ""), Signal::INT),
    ];
    for (number, (variable, text, signal)) in steps.iter().enumerate() {
        _ = fs::remove_file(&pids);
        let program = if *variable == "CARGO" { &*cargo } else { "" };
        let script = script(dir, "script", &format!("{text}\nexec {program} \"$@\""));
        let child = start(dir, &[(variable, &script)]);
        wait_until(&format!("step {number} is never reached"), || listed(&pids).len() == 2);
        kill_process(Pid::from_child(&child), *signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), &*said(&output, dir)),
            (Some(130), "error: interrupted\n"),
            "{number}"
        );
        assert!(!listed(&pids).into_iter().any(is_alive), "step {number} leaves processes");
        let after = results(dir);
        let names: Vec<&String> = after.iter().map(|(name, _)| name).collect();
        // A workspace that is finished takes its place before anything is compiled from it.
        assert_eq!(names, ["_build", "otelcol-probe", "otelcol-probe.oci.tar"], "{number}");
        assert!(after[1..] == before[1..], "step {number} changes what was there");
    }
    let output = start(dir, &[]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
    assert!(results(dir)[1] != before[1], "what was interrupted is made the next time");
}

#[test]
fn at_any_moment_and_even_when_killed() {
    let folder = manifest(MANIFEST);
    let dir = folder.path();
    prepare(dir, 0);
    let begin = Instant::now();
    let output = start(dir, &[]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
    let mut known: Vec<_> = results(dir).split_off(1);
    prepare(dir, 1);
    let output = start(dir, &[]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
    known.extend(results(dir).split_off(1));
    // Two builds took this long, the first with everything to compile: one that is interrupted takes at most about a half.
    let half = begin.elapsed() / 2;

    let rounds = 6;
    for number in 0..rounds {
        prepare(dir, number % 2);
        // As if nothing had been compiled: the whole way is gone each time.
        fs::remove_dir_all(dir.join("target")).unwrap();
        let signal = [Signal::INT, Signal::TERM, Signal::KILL][number % 3];
        let mut child = start(dir, &[]);
        let pid = Pid::from_child(&child);
        // The moment is the point here, whatever is going on at it.
        thread::sleep(half * u32::try_from(number).unwrap() / u32::try_from(rounds).unwrap());
        kill_process(pid, signal).unwrap();
        let status = child.wait().unwrap();
        // At the first moment nobody has taken over the signal; at the last there is nothing to interrupt.
        let died = status.signal() == Some(signal.as_raw());
        assert!(
            died || status.code() == Some(130) && signal != Signal::KILL || status.success(),
            "{number}: {status}"
        );
        // What a killed process leaves behind, nobody can tell to stop.
        wait_until("cargo never ends", || signal != Signal::KILL || !is_used(&dir.join("target")));
        assert!(!is_used(&dir.join("target")), "{number}: a compiler goes on");
        for result in results(dir) {
            match &*result.0 {
                "_build" => assert!(!result.1.is_empty(), "{number}: a workspace without a lock file"),
                name if name.starts_with(".slimcol-") => assert_eq!(signal, Signal::KILL, "{number}: {name}"),
                name => assert!(known.contains(&result), "{number}: {name} is not whole"),
            }
        }
        fs::create_dir_all(dir.join("target")).unwrap();
    }
    prepare(dir, 0);
    let output = start(dir, &[]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
    let last = results(dir);
    assert_eq!(last.len(), 3, "what was left is cleared away");
    assert!(last[1..] == known[..2]);
}

/// Whether a process names `path` on its command line.
fn is_used(path: &Path) -> bool {
    let path = path.to_str().unwrap().as_bytes();
    let processes =
        fs::read_dir("/proc").unwrap().filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok());
    processes.into_iter().any(|line| line.windows(path.len()).any(|window| window == path))
}
