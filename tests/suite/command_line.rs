//! The collector's command line: texts, streams and exit codes.

use std::{path::Path, process::Command, time::Duration};

use crate::kit::{
    command::{Ended, run},
    distros,
};

const DEADLINE: Duration = Duration::from_secs(20);

const GOOD: &str = "yaml:{receivers: {otlp: {protocols: {grpc: }}}, exporters: {debug: }, \
     service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}}";

fn collector<const N: usize>(arguments: [&str; N]) -> Ended {
    run(Command::new(&distros::core().binary).args(arguments), DEADLINE)
}

#[test]
fn the_version_is_that_of_the_manifest() {
    let manifest = std::fs::read_to_string(distros::root().join("manifests/core.yaml")).unwrap();
    let version = manifest.lines().find_map(|line| line.trim().strip_prefix("version:")).unwrap();
    let expected = format!("otelcol version {}\n", version.trim().trim_matches(['"', '\'']));
    for flag in ["--version", "-v"] {
        let ended = collector([flag]);
        assert_eq!((ended.code, ended.stdout, ended.stderr), (Some(0), expected.clone(), String::new()));
    }
}

#[test]
fn mistakes_get_one_line_and_exit_code_1() {
    for (arguments, stderr) in [
        (vec![], "Error: at least one config flag must be provided\n"),
        (vec!["validate"], "Error: at least one config flag must be provided\n"),
        (
            vec!["bogus"],
            "Error: unknown command \"bogus\" for \"otelcol\"\nRun 'otelcol --help' for usage.\n",
        ),
        (vec!["--bogus"], "Error: unknown flag: --bogus\n"),
        (vec!["validate", "extra"], "Error: accepts 0 arg(s), received 1\n"),
        (vec!["--set", "foo"], "Error: invalid argument \"foo\" for \"--set\" flag: missing equal sign\n"),
    ] {
        let ended = run(Command::new(&distros::core().binary).args(&arguments), DEADLINE);
        assert_eq!((ended.code, &*ended.stdout), (Some(1), ""), "{arguments:?}");
        assert_eq!(ended.stderr, stderr, "{arguments:?}");
    }
}

#[test]
fn help_goes_to_standard_output() {
    for arguments in [["--help"], ["-h"], ["help"]] {
        let ended = collector(arguments);
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
        for word in ["Usage:", "otelcol", "--config", "--set", "--feature-gates", "validate", "components"] {
            assert!(ended.stdout.contains(word), "no {word} in {}", ended.stdout);
        }
    }
}

#[test]
fn validating_a_good_configuration_says_nothing() {
    let ended = collector(["validate", "--config", GOOD]);
    assert_eq!((ended.code, &*ended.stdout, &*ended.stderr), (Some(0), "", ""));
}

#[test]
fn the_shipped_configurations_are_valid() {
    for (binary, name) in [(&distros::otlp().binary, "otlp"), (&distros::core().binary, "core")] {
        let config = distros::root().join(format!("dist/{name}/config.yaml"));
        let ended = run(Command::new(binary).arg("validate").arg("--config").arg(&config), DEADLINE);
        assert_eq!((ended.code, &*ended.stdout, &*ended.stderr), (Some(0), "", ""), "{name}");
        assert_binds_to_localhost(&config);
    }
}

#[test]
fn components_lists_what_the_manifest_chose() {
    let list = collector(["components"]).expect_success().stdout;
    let heads = [
        "buildinfo:\n    command: otelcol\n",
        "\nreceivers:\n    - name: file_log\n",
        "\nprocessors:\n    - name: attributes\n",
        "\nexporters:\n    - name: debug\n",
        "\nconnectors:\n    - name: forward\n",
        "\nextensions:\n    - name: health_check\n",
        "\nproviders:\n    - scheme: env\n",
    ];
    let mut rest = &*list;
    for head in heads {
        rest = rest.split_once(head).unwrap_or_else(|| panic!("no {head:?} in its place in {list}")).1;
    }
    for name in ["otlp", "batch", "memory_limiter", "resource", "file", "otlp_grpc", "otlp_http"] {
        assert!(list.contains(&format!("    - name: {name}\n      module: ")), "no {name} in {list}");
    }
    assert!(!list.contains("    - name: otlphttp\n"), "an alias in {list}");
    let stability =
        "      stability:\n        logs: Stable\n        metrics: Stable\n        traces: Stable\n";
    assert!(list.contains(stability), "{list}");
    assert!(list.contains("        logs-to-logs: "), "{list}");
    assert!(list.contains("        extension: "), "{list}");
}

/// No address of a shipped configuration can be reached from another machine unless somebody asks for it.
fn assert_binds_to_localhost(config: &Path) {
    let text = std::fs::read_to_string(config).unwrap();
    let addresses: Vec<&str> = text.lines().filter(|line| line.trim().starts_with("endpoint:")).collect();
    assert!(!addresses.is_empty());
    for address in addresses {
        assert!(address.contains("localhost") && !address.contains("0.0.0.0"), "{address}");
    }
}
