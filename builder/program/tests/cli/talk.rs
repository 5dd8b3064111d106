//! How the command talks: events for programs, colours on terminals, silence where it is asked for, completions and manual.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::SystemTime,
};

use serde_json::Value;

use crate::{compiled::target_dir, manifest, said, slimcol};

const MANIFEST: &str = "dist: {name: otelcol-talk, version: 1.0.0, output_path: out, build_tags: a}\n\
                        receivers: [otlp]\nexporters: [debug]\nproviders: [file]\n";
const WRONG: &str = "dist: {name: a}\nrecievers: [otlp]\nexporters: [debug]\n";

/// The events on standard output; every line must be one.
fn events(stdout: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_build_tells_programs_what_happens() {
    // Another description in every run: what is compiled already has no progress.
    let run = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
    let folder = manifest(&MANIFEST.replace("version", &format!("description: run {run}, version")));
    let output = slimcol(folder.path())
        .args(["build", "--json", "--config", "manifest.yaml", "--target-dir"])
        .arg(target_dir())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
    assert_eq!(said(&output, folder.path()), "");
    let mut events = events(&output.stdout);
    // Other tests build in the same target directory.
    events.retain(|event| !event["text"].as_str().is_some_and(|text| text.starts_with("waiting for")));
    assert_eq!(kinds(&events), ["note", "step", "progress", "artifact", "result", "finished"]);
    assert!(
        events[0]["text"].as_str().unwrap().contains("`build_tags` is for the Go compiler"),
        "{events:?}"
    );
    let last = events.iter().rfind(|event| event["event"] == "progress").unwrap();
    assert!(last["done"].as_u64() <= last["of"].as_u64() && last["compiling"].is_array(), "{last}");
    let made = events.iter().find(|event| event["event"] == "artifact").unwrap();
    assert_eq!(made["kind"], "binary");
    let binary = fs::metadata(made["path"].as_str().unwrap()).unwrap();
    assert_eq!(made["bytes"].as_u64(), Some(binary.len()));
    assert_eq!(made["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn a_failure_tells_programs_where() {
    let folder = manifest(WRONG);
    let output = slimcol(folder.path()).args(["build", "--json", "-c", "manifest.yaml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(said(&output, folder.path()), "");
    let events = events(&output.stdout);
    assert_eq!(kinds(&events), ["error"]);
    assert_eq!(events[0]["code"], 2);
    let issue = &events[0]["issues"][0];
    assert_eq!(issue["message"], "unknown key `recievers`");
    assert_eq!(issue["file"], "manifest.yaml");
    assert_eq!((issue["line"].as_u64(), issue["column"].as_u64()), (Some(2), Some(1)));
    assert_eq!(issue["help"], "did you mean `receivers`?");
}

#[test]
fn quiet_leaves_only_what_was_asked_for() {
    let folder = manifest(MANIFEST);
    let run = |quiet: &[&str]| {
        let command = ["build", "-c", "manifest.yaml", "--skip-compilation"];
        let output = slimcol(folder.path()).args(quiet).args(command).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        (String::from_utf8_lossy(&output.stdout).into_owned(), said(&output, folder.path()))
    };
    let (loud_result, remarks) = run(&[]);
    assert!(remarks.starts_with("note: manifest.yaml:1:"), "{remarks}");
    let (result, nothing) = run(&["-q"]);
    assert_eq!((result, &*nothing), (loud_result, ""));
    let wrong = manifest(WRONG);
    let output = slimcol(wrong.path()).args(["-q", "build", "-c", "manifest.yaml"]).output().unwrap();
    assert!(said(&output, wrong.path()).starts_with("error: unknown key"), "failures are always told");
}

/// What the command prints on a terminal, which util-linux's `script` makes for it.
fn on_a_terminal(folder: &Path, no_color: &str) -> String {
    let mut command = Command::new("script");
    let line = format!("{} build -c manifest.yaml", env!("CARGO_BIN_EXE_slimcol"));
    command.args(["-qec", &line, "/dev/null"]).current_dir(folder).stdin(Stdio::null());
    let output = command.env("TERM", "xterm").env("NO_COLOR", no_color).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn colours_are_for_terminals() {
    let folder = manifest(WRONG);
    let coloured = on_a_terminal(folder.path(), "");
    assert!(coloured.starts_with("\u{1b}[1;31merror:\u{1b}[0m"), "{coloured:?}");
    assert!(coloured.contains("\u{1b}[1;31m^^^^^^^^^ did you mean `receivers`?\u{1b}[0m"), "{coloured:?}");
    assert!(!on_a_terminal(folder.path(), "1").contains('\u{1b}'));
    let piped =
        slimcol(folder.path()).args(["build", "-c", "manifest.yaml"]).env("TERM", "xterm").output().unwrap();
    assert!(!said(&piped, folder.path()).contains('\u{1b}'));
}

#[test]
fn shells_and_man_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let printed = |args: &[&str]| {
        let output = slimcol(folder.path()).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder.path()));
        String::from_utf8(output.stdout).unwrap()
    };
    let help = printed(&["--help"]);
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands: Vec<&str> = listed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(commands.contains(&"build") && commands.len() > 4, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(printed(&["completions", "bash"]).as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success());
    let page = printed(&["man"]);
    assert!(
        page.contains(".TH slimcol 1") && commands.iter().all(|command| page.contains(command)),
        "{page}"
    );
    printed(&["man", "--output", "pages"]);
    let build = fs::read_to_string(folder.path().join("pages/slimcol-build.1")).unwrap();
    assert!(build.contains("skip\\-compilation"), "{build}");
    // The sources' place is one machine's, and in its environment: it is not on the page.
    assert!(!build.contains(crate::tree::root().to_str().unwrap()), "{build}");
}
