//! `slimcol init`, with the sources that travel in the command. What it makes is built and run by the end-to-end suite.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use slimcol_config::Node;

use crate::{files_in, repository, said, slimcol};

const FILES: [&str; 6] = [
    ".github/workflows/distro.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    "README.md",
    "config.yaml",
    "manifest.yaml",
];

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = slimcol(folder);
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    command.args(arguments).env_remove("SLIMCOL_SOURCE").env("SLIMCOL_CACHE_DIR", cache);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command(folder, arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap(), said(&output, folder))
}

fn names(folder: &Path) -> Vec<String> {
    files_in(folder).into_iter().map(|(name, _)| name).collect()
}

fn yaml(folder: &Path, name: &str) -> Node {
    slimcol_config::parse(name, &fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// The names that a section of the manifest lists.
fn listed(manifest: &Node, section: &str) -> String {
    let items = manifest.get(section).and_then(Node::items).unwrap_or_default();
    items.iter().filter_map(Node::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn without_a_terminal_the_usual_components_are_taken_and_build_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(folder.path(), &["init", "edge/otelcol-edge"]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out, format!("edge/otelcol-edge: otelcol-edge ({})\n", FILES.join(", ")));
    let expected =
        "build it with `slimcol build` there, and run it with `build/otelcol-edge --config config.yaml`\n";
    assert_eq!(err, expected);
    let made = folder.path().join("edge/otelcol-edge");
    assert_eq!(names(&made), FILES);
    let manifest = yaml(&made, "manifest.yaml");
    assert_eq!(manifest.get("dist").unwrap().get("name").unwrap().as_str(), Some("otelcol-edge"));
    assert_eq!(listed(&manifest, "receivers"), "otlp");
    assert_eq!(listed(&manifest, "processors"), "batch memory_limiter");
    assert_eq!(listed(&manifest, "exporters"), "debug otlp_grpc");
    assert_eq!(listed(&manifest, "providers"), "env file yaml");
    let config = fs::read_to_string(made.join("config.yaml")).unwrap();
    let pipeline = "    logs:\n      receivers: [otlp]\n      processors: [memory_limiter, batch]\n      exporters: [debug, otlp_grpc]\n";
    assert!(config.contains(pipeline), "{config}");
    assert!(config.contains("\n        endpoint: ${env:LISTEN:-localhost}:4317\n"), "{config}");
    for (name, content) in files_in(&made) {
        let text = String::from_utf8(content).unwrap();
        assert!(!text.contains("{%") && !text.contains("{{ n") && text.ends_with('\n'), "{name}: {text}");
    }

    let (code, _, err) = run(&made, &["build", "--skip-compilation"]);
    assert_eq!((code, &*err), (Some(0), ""));
    assert!(made.join("build/_build/src/main.rs").is_file());
}

#[test]
fn exactly_what_is_named_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, sections) in [
        (
            &["--with", "otlp,exporter/otlp,debug"][..],
            [
                ("receivers", "otlp"),
                ("exporters", "debug otlp_grpc"),
                ("processors", ""),
                ("providers", "env file yaml"),
            ],
        ),
        (
            &["--with", "nop", "--with", "provider/file", "--yes"],
            [("receivers", "nop"), ("exporters", "nop"), ("extensions", ""), ("providers", "file")],
        ),
        (
            &["--with", "all"],
            [
                ("connectors", "forward"),
                ("extensions", "health_check"),
                ("receivers", "nop otlp"),
                ("providers", "env file http https yaml"),
            ],
        ),
    ] {
        let made = folder.path().join(arguments.concat().replace('/', "-"));
        let (code, _, err) = run(
            folder.path(),
            &[&["init", "--path", made.to_str().unwrap(), "--name", "x"], arguments].concat(),
        );
        assert_eq!(code, Some(0), "{err}");
        let manifest = yaml(&made, "manifest.yaml");
        for (section, expected) in sections {
            assert!(listed(&manifest, section).contains(expected), "{section} of {arguments:?}");
            assert_eq!(expected.is_empty(), manifest.get(section).is_none(), "{section} of {arguments:?}");
        }
    }
    // A collector that cannot read variables has no use for them.
    let (code, _, err) = run(folder.path(), &["init", "plain", "--with", "otlp,debug,provider/file"]);
    assert_eq!(code, Some(0), "{err}");
    let config = fs::read_to_string(folder.path().join("plain/config.yaml")).unwrap();
    assert!(config.contains("endpoint: localhost:4317\n") && !config.contains("${env"), "{config}");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (
            &["--with", "otpl,debug"][..],
            "error: --with: no component is called `otpl`; did you mean `otlp`?\n",
        ),
        (&["--with", "gadget/x"], "error: --with: `gadget` is not a kind of component\n"),
        (
            &["--with", "saphana,debug"],
            "error: --with: `saphana` exists for the OpenTelemetry Collector, but not in Slimcol yet\n",
        ),
        (&["--with", "otlp"], "error: a collector needs an exporter: add one with --with\n"),
        (
            &["--with", "nop,provider/env"],
            "error: without the provider `file` it cannot read its configuration: add one with --with\n",
        ),
        (
            &["--name", "a b"],
            "error: `a b` cannot be a binary's name: use up to 64 letters, digits, `-`, `_` and `.`, a letter or digit first\n",
        ),
    ] {
        let (code, out, err) = run(folder.path(), &[&["init", "new"], arguments].concat());
        assert_eq!((code, &*out, &*err), (Some(1), "", expected));
        assert!(!folder.path().join("new").exists());
    }
}

#[test]
fn nothing_of_yours_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes"), "mine").unwrap();
    fs::write(folder.path().join("config.yaml"), "mine").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join(".gitignore")).unwrap();
    let (code, out, err) = run(folder.path(), &["init"]);
    let expected = "error: `[dir]` has `.gitignore`, `config.yaml` already, and nothing of yours is overwritten: move what is \
                    there, or name another folder\n";
    assert_eq!((code, &*out, &*err), (Some(1), "", expected));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    fs::remove_file(folder.path().join(".gitignore")).unwrap();
    fs::remove_file(folder.path().join("config.yaml")).unwrap();
    let (code, _, err) = run(folder.path(), &["init"]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("notes")).unwrap(), "mine");
}

/// The jobs ask the action and the script for what those know.
#[test]
fn the_jobs_fit_the_action_and_the_script() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(folder.path(), &["init", ".", "--name", "otelcol-x"]);
    assert_eq!(code, Some(0), "{err}");
    let action = yaml(repository(), "action.yml");
    let github = yaml(folder.path(), ".github/workflows/distro.yml");
    let job = github.get("jobs").unwrap().get("distro").unwrap();
    let steps = job.get("steps").unwrap().items().unwrap();
    let step = |field: &str, value: &str| {
        steps.iter().find(|step| step.get(field).and_then(Node::as_str) == Some(value)).unwrap()
    };
    let with = step("uses", "./.slimcol").get("with").unwrap();
    for input in with.entries() {
        assert!(action.get("inputs").unwrap().get(input.key()).is_some(), "{}", input.key());
    }
    let checkout = steps[1].get("with").unwrap();
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    assert_eq!(checkout.get("ref").unwrap().as_str(), Some(version));
    assert_eq!(checkout.get("path").unwrap().as_str(), Some(".slimcol"));
    step("run", "${{ steps.slimcol.outputs.binary }} validate --config config.yaml");
    assert!(action.get("outputs").unwrap().get("binary").is_some());

    let gitlab = yaml(folder.path(), ".gitlab-ci.yml");
    let script = fs::read_to_string(repository().join("ci/distro.sh")).unwrap();
    let variables = gitlab.get("distro").unwrap().get("variables").unwrap();
    let known = variables.entries().iter().filter(|entry| entry.key().starts_with("DISTRO_"));
    assert!(known.clone().count() > 1);
    for variable in known {
        assert!(script.contains(&format!("#   {} ", variable.key())), "{}", variable.key());
    }
}

/// Somebody at a terminal.
struct Terminal {
    screen: File,
    shown: String,
}

impl Terminal {
    /// Waits until `text` is on the screen after what was seen before.
    fn wait(&mut self, text: &str) {
        let start = Instant::now();
        while !self.shown.contains(text) {
            assert!(start.elapsed() < Duration::from_mins(1), "no {text:?} in {}", self.shown);
            let mut piece = [0; 4096];
            match self.screen.read(&mut piece) {
                Ok(read) => self.shown.push_str(&String::from_utf8_lossy(&piece[..read])),
                // Linux says so when the other side is closed.
                Err(error) if error.raw_os_error() == Some(5) => panic!("it ended: {}", self.shown),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => panic!("{error}"),
            }
        }
        let end = self.shown.find(text).unwrap() + text.len();
        self.shown.drain(..end);
    }

    fn type_in(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }
}

/// The command at a terminal of its own.
fn at_a_terminal(folder: &Path, arguments: &[&str]) -> (Terminal, std::process::Child) {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&screen).unwrap();
    unlockpt(&screen).unwrap();
    let name = ptsname(&screen, Vec::new()).unwrap().into_string().unwrap();
    let side = File::options().read(true).write(true).open(name).unwrap();
    let child = command(folder, arguments)
        .stdin(side.try_clone().unwrap())
        .stdout(side)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (Terminal { screen: screen.into(), shown: String::new() }, child)
}

/// The exit code, once there is one.
fn ended(mut child: std::process::Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() > Duration::from_mins(1) {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn at_a_terminal_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let (mut terminal, child) = at_a_terminal(folder.path(), &["init", "asked"]);
    terminal.wait("What is it called? [asked] ");
    terminal.type_in("otelcol-asked\n");
    terminal.wait("receivers\r\n");
    terminal.wait(" [x] otlp ");
    terminal.wait("[none] ");
    terminal.type_in("\n");
    for class in ["processors", "exporters"] {
        terminal.wait(&format!("{class}\r\n"));
        terminal.wait("[none] ");
        terminal.type_in(if class == "exporters" { "otlp_grpc\n" } else { "\n" });
    }
    terminal.wait(" [ ] otlp_grpc ");
    terminal.type_in("\n");
    for class in ["connectors", "extensions", "providers"] {
        terminal.wait(&format!("{class}\r\n"));
        terminal.wait("[none] ");
        terminal.type_in("\n");
    }
    terminal.wait("otelcol-asked: ");
    terminal.wait("Write it? [Y/n] ");
    terminal.type_in("y\n");
    terminal.wait("asked: otelcol-asked (");
    assert_eq!(ended(child), Some(0));
    let manifest = yaml(&folder.path().join("asked"), "manifest.yaml");
    assert_eq!(listed(&manifest, "exporters"), "debug");
}

#[test]
fn who_goes_away_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    // Ctrl-D, and a "no".
    for (answers, code) in [("\u{4}", 1), ("\n\n\n\n\n\n\nn\n", 1)] {
        let (mut terminal, child) = at_a_terminal(folder.path(), &["init", "asked"]);
        terminal.wait("What is it called? [asked] ");
        terminal.type_in(answers);
        assert_eq!(ended(child), Some(code));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    // --yes asks nobody, terminal or not.
    let (mut terminal, child) = at_a_terminal(folder.path(), &["init", "asked", "--yes"]);
    terminal.wait("asked: asked (");
    assert_eq!(ended(child), Some(0));
}
