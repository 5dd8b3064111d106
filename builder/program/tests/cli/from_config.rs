//! Manifests derived from configurations. Each file in `tests/data/from_config` is one; the `.txt` beside it is the exit
//! code, the manifest that is printed and all that is said.

use std::{fmt::Write as _, fs, path::Path, process::Output};

use crate::{cases, files_in, golden, said, slimcol};

/// A folder with the configuration `name` in it.
fn folder(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = super::data(&format!("from_config/{name}.yaml"));
    fs::copy(data, folder.path().join(format!("{name}.yaml"))).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    slimcol(folder).args(arguments).env_remove("BACKEND").output().unwrap()
}

/// The printed manifest of a run that must succeed.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", said(&output, folder));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_configuration_gets_its_manifest_or_one_error_with_everything_in_it() {
    let names = cases("from_config");
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let folder = folder(&name);
        let file = format!("{name}.yaml");
        let mut text = String::new();
        for flags in [&[][..], &["--skip-missing"]] {
            let output = run(folder.path(), &[&["manifest", "--from-config", &file], flags].concat());
            let code = output.status.code().unwrap();
            let stdout = String::from_utf8_lossy(&output.stdout);
            let said = said(&output, folder.path());
            writeln!(text, "{flags:?}: exit code {code}\n{said}{stdout}").unwrap();
            if code == 0 {
                break;
            }
        }
        golden(&format!("from_config/{name}.txt"), &text);
        assert_eq!(files_in(folder.path()).len(), 1, "{name}: nothing may be written");
    }
}

#[test]
fn a_printed_manifest_builds_what_the_configuration_would() {
    for name in cases("from_config") {
        let folder = folder(&name);
        let (file, path) = (format!("{name}.yaml"), folder.path());
        let derive = [
            "manifest",
            "--from-config",
            &*file,
            "--skip-missing",
            "-o",
            "manifest.yaml",
            "--name",
            "otelcol-x",
        ];
        if run(path, &derive).status.code() != Some(0) {
            continue;
        }
        let stop = ["--skip-compilation", "--offline", "--skip-missing"];
        let direct = ["build", "--from-config", &file, "--name", "otelcol-x", "--output-path", "direct"];
        printed(path, &[&direct[..], &stop].concat());
        printed(path, &[&["build", "-c", "manifest.yaml", "--output-path", "printed"][..], &stop].concat());
        let [direct, printed] =
            ["direct/_build", "printed/_build"].map(|folder| files_in(&path.join(folder)));
        assert!(direct.len() > 5 && direct == printed, "{name}");
    }
}

#[test]
fn several_configurations_are_one_and_go_where_the_first_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("gateway.yaml", "receivers: {otlp: }\nexporters: {debug: }\n");
    put("more.yaml", "exporters: {otlp: {endpoint: x}}\n");
    let arguments = ["--from-config", "gateway.yaml", "--from-config", "more.yaml"];
    let text = printed(folder.path(), &[&["manifest"][..], &arguments].concat());
    let expected = "# Derived by slimcol from gateway.yaml, more.yaml: all components that are defined there.\n\
                    dist:\n  name: gateway\n  version: 0.1.0\n  description: Custom OpenTelemetry Collector\n\n\
                    receivers:\n  - otlp       # gateway.yaml:1\n\nexporters:\n  - debug      # gateway.yaml:2\n  \
                    - otlp_grpc  # more.yaml:1 (as otlp)\n\nproviders:\n  \
                    - env        # for `${NAME}`, and for --config env:NAME, which the Operator's sidecars use\n  \
                    - file       # for --config FILE\n  - yaml       # for --config yaml:TEXT\n";
    assert_eq!(text, expected);
    let line = printed(folder.path(), &[&arguments[..], &["--skip-compilation", "--offline"]].concat());
    assert!(line.ends_with("/gateway/_build: workspace of gateway\n"), "{line}");
}

#[test]
fn a_configuration_is_built_in_where_that_is_asked_for_and_possible() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let good = "# as it is\nreceivers: {otlp: }\nexporters: {debug: }\n";
    let object = |name: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{relay: 'receivers: {{otlp: }}'}}\n"
        )
    };
    put("good.yaml", good);
    put("lacking.yaml", "receivers: {otlp: , jaeger: }\n");
    put("objects.yaml", &format!("{}---\n{}", object("a"), object("b")));
    put("with.yaml", "dist: {name: with, config: good.yaml}\nreceivers: [otlp]\n");
    put("without.yaml", "dist: {name: without}\nreceivers: [otlp]\n");
    let stop = ["--embed-config", "--skip-compilation", "--offline"];
    for (arguments, name) in [(["--from-config", "good.yaml"], "good"), (["-c", "with.yaml"], "with")] {
        printed(folder.path(), &[&arguments[..], &stop].concat());
        let build = folder.path().join(name).join("_build/src");
        assert_eq!(fs::read_to_string(build.join("config.yaml")).unwrap(), good);
        let main = fs::read_to_string(build.join("main.rs")).unwrap();
        assert!(main.contains("config: Some(include_str!(\"config.yaml\"))"), "{main}");
    }
    printed(
        folder.path(),
        &["--from-config", "good.yaml", "--name", "bare", "--skip-compilation", "--offline"],
    );
    assert!(!folder.path().join("bare/_build/src/config.yaml").exists(), "nothing is shipped unasked");
    for (arguments, expected) in [
        (
            &["-c", "without.yaml"][..],
            "error: --embed-config needs a configuration: name it in the manifest's `dist.config`, or with --from-config\n",
        ),
        (
            &["--from-config", "objects.yaml"],
            "error: --embed-config needs one configuration, and these are 2: objects.yaml: `relay` of ConfigMap `a`; \
             objects.yaml: `relay` of ConfigMap `b`\n",
        ),
        (
            &["--from-config", "lacking.yaml", "--skip-missing", "--quiet"],
            "error: a collector that components were left out of cannot start with the configuration that wants them: \
             build it without --embed-config\n",
        ),
        (
            &["--from-config", "good.yaml", "--name", "a b"],
            "error: `a b` cannot be a binary's name\n  = help: use up to 64 ",
        ),
        (
            &["--from-config", "nope.yaml"],
            "error: cannot read the configuration `nope.yaml`: No such file or directory",
        ),
    ] {
        let output = run(folder.path(), &[arguments, &stop].concat());
        let said = said(&output, folder.path());
        assert!(output.status.code() == Some(2) && said.starts_with(expected), "{said}");
    }
}
