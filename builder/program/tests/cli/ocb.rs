//! Every flag and every manifest key of ocb 0.164: each does what it does there, or says that it does not.

use std::{fs, path::Path, process::Output};

use crate::{manifest, said, slimcol};

/// What becomes of a key.
enum Outcome {
    /// This line is in that generated file.
    Honoured(&'static str, &'static str),
    /// A note says that it means nothing here.
    Noted(&'static str),
    /// It is refused, with this first line.
    Refused(&'static str),
}
use Outcome::{Honoured, Noted, Refused};

const MAIN: &str = "out/_build/src/main.rs";
const OTLP: &str = "go.opentelemetry.io/collector/receiver/otlpreceiver";

/// What is changed of the manifest below (the last line that begins as the new one does, or a new last line), and what becomes
/// of it.
#[rustfmt::skip]
const KEYS: &[(&str, Outcome)] = &[
    ("  name: other", Honoured(MAIN, "    name: \"other\",")),
    ("  version: 1.10", Honoured(MAIN, "    version: \"1.10\",")),
    ("  description: A \"quoted\" text", Honoured(MAIN, "    description: \"A \\\"quoted\\\" text\",")),
    ("  debug_compilation: true", Honoured("out/_build/Cargo.toml", "debug = true")),
    ("  output_path: elsewhere", Honoured("elsewhere/_build/.gitignore", "/target")),
    ("  module: example.com/m", Noted("`module` names a Go module; none is made")),
    ("  go: go", Noted("`go` names a Go compiler; none is used")),
    ("  build_tags: grpcnotrace", Noted("`build_tags` is for the Go compiler; crates' `features` are the way here")),
    ("  cgo_enabled: true", Noted("`cgo_enabled` is for the Go compiler; binaries are static here whatever they are made of")),
    ("  use_absolute_replace_paths: true", Noted("`use_absolute_replace_paths` is for go.mod; crates from folders are copied here")),
    ("  resource: {detection: {detectors: [env: ]}}", Noted("`detectors` leaves code out of a Go build; only chosen crates are compiled here")),
    ("receivers: [nop]", Honoured(MAIN, "    &slimcol_receiver_nop::FACTORY,")),
    ("processors: [batch]", Honoured(MAIN, "    &slimcol_processor_batch::FACTORY,")),
    ("exporters: [otlp]", Honoured(MAIN, "    &slimcol_exporter_otlpgrpc::FACTORY,")),
    ("connectors: [forward]", Honoured(MAIN, "    &slimcol_connector_forward::FACTORY,")),
    ("extensions: [zpages]", Honoured(MAIN, "    &slimcol_extension_zpages::FACTORY,")),
    ("providers: [file, yaml]", Honoured(MAIN, "    &slimcol_provider_yaml::FACTORY,")),
    ("EXTENSIONS: [zpages]", Honoured(MAIN, "    &slimcol_extension_zpages::FACTORY,")),
    ("converters: [{gomod: example.com/c v1.0.0}]", Refused("there are no converters to choose from: Slimcol expands `${…}` itself")),
    ("telemetry: {gomod: example.com/t v1.0.0}", Noted("`telemetry` chooses a Go module; a collector's own telemetry is built in here")),
    ("replaces: [example.com/a => ../a]", Noted("`replaces` has a line for go.mod; no Go module is used here")),
    ("excludes: [example.com/a v1.0.0]", Noted("`excludes` has a line for go.mod; no Go module is used here")),
    ("conf_resolver: {default_uri_scheme: env}", Honoured(MAIN, "    &slimcol_provider_env::FACTORY,")),
    ("conf_resolver: {default_uri_scheme: yaml}", Refused("`yaml` cannot be the default: `${NAME}` is `${env:NAME}`")),
    ("receivers: [{gomod: GOMOD v0.159.0}]", Honoured(MAIN, "    &slimcol_receiver_otlp::FACTORY,")),
    ("receivers: [{gomod: GOMOD v0.159.0, import: GOMOD}]", Noted("`import` is how Go code refers to the module; nothing depends on it here")),
    ("receivers: [{gomod: GOMOD v0.159.0, name: mine}]", Noted("`name` is how Go code refers to the module; nothing depends on it here")),
    ("receivers: [{gomod: GOMOD v0.159.0, path: ./nope}]", Refused("there is no folder `[dir]/nope`")),
    ("receivers: [{gomod: GOMOD v0.999.0}]", Refused("v0.999.0 is later than v0.164.0, the release of the OpenTelemetry Collector that Slimcol follows")),
    ("  otelcol_version: 0.159.0", Refused("unknown key `otelcol_version` in `dist`")),
    ("  include_core: true", Refused("unknown key `include_core` in `dist`")),
];

const MANIFEST: &str = "dist:
  name: otelcol-probe
  output_path: out
receivers: [otlp]
exporters: [debug]
";

/// The manifest with `line` in it: in place of the line of the same key, or at the end of `dist`, or at the end of all.
fn with(line: &str) -> String {
    let key = &line[..=line.find(':').unwrap()];
    let mut lines: Vec<&str> = MANIFEST.lines().collect();
    let inside = line.starts_with(' ');
    match lines.iter().position(|old| old.starts_with(key)) {
        Some(position) => lines[position] = line,
        None => lines.insert(if inside { 3 } else { lines.len() }, line),
    }
    lines.join("\n").replace("GOMOD", OTLP)
}

fn generate(folder: &Path, flags: &[&str]) -> Output {
    let arguments = ["--config", "manifest.yaml", "--skip-get-modules", "--skip-compilation"];
    slimcol(folder).args(arguments).args(flags).output().unwrap()
}

#[test]
fn every_key_of_ocb_is_honoured_noted_or_refused() {
    for (line, outcome) in KEYS {
        let folder = manifest(&with(line));
        let output = generate(folder.path(), &[]);
        let said = said(&output, folder.path());
        let code = output.status.code();
        match outcome {
            Honoured(file, expected) => {
                assert_eq!((code, &*said), (Some(0), ""), "{line}");
                let text = fs::read_to_string(folder.path().join(file)).unwrap();
                assert!(text.lines().any(|line| line == *expected), "{line}: {text}");
            }
            Noted(expected) => {
                assert_eq!(code, Some(0), "{line}: {said}");
                assert!(
                    said.starts_with("note: manifest.yaml:") && said.lines().count() == 1,
                    "{line}: {said}"
                );
                assert!(said.ends_with(&format!(": {expected}\n")), "{line}: {said}");
            }
            Refused(expected) => {
                assert_eq!(code, Some(2), "{line}: {said}");
                assert_eq!(said.lines().next().unwrap(), format!("error: {expected}"), "{line}");
                assert!(said.contains(" --> manifest.yaml:") && said.contains('^'), "{line}: {said}");
            }
        }
    }
}

#[test]
fn every_flag_of_ocb_is_honoured_or_noted() {
    let folder = manifest(MANIFEST);
    let main = folder.path().join(MAIN);
    let run = |flags: &[&str]| {
        let output = slimcol(folder.path()).args(flags).output().unwrap();
        (output.status.code().unwrap(), said(&output, folder.path()))
    };
    let skip = ["--config=manifest.yaml", "--skip-get-modules", "--skip-compilation"];
    // A step that is skipped is not taken.
    assert_eq!(run(&[&skip[..], &["--skip-generate"]].concat()).0, 1);
    assert!(!main.exists());
    assert_eq!(run(&skip), (0, String::new()));
    assert!(main.exists() && !folder.path().join("out/otelcol-probe").exists());
    assert_eq!(run(&[&skip[..], &["--skip-generate"]].concat()), (0, String::new()));
    // Without a network there is nothing that cannot be had: all the crates are in the workspace.
    assert_eq!(run(&[&skip[..], &["--verbose"]].concat()).0, 0);
    for flag in
        ["--skip-strict-versioning", "--skip-strict-versioning=true", "--skip-strict-versioning=false"]
    {
        assert_eq!(run(&[&skip[..], &[flag]].concat()), (0, String::new()), "{flag}");
    }
    assert_eq!(run(&[&skip[..], &["--output-path", "there"]].concat()).0, 0);
    assert!(folder.path().join("there/_build/src/main.rs").exists());
    for (flag, value) in [("--ldflags", "-s -w"), ("--gcflags", "all=-N -l"), ("--ldflags", "")] {
        let expected = format!("note: {flag} is for the Go toolchain and has no effect\n");
        assert_eq!(run(&[&skip[..], &[flag, value]].concat()), (0, expected));
    }
    for command in ["version", "help"] {
        assert_eq!(run(&[command]), (0, String::new()), "{command}");
    }
}
