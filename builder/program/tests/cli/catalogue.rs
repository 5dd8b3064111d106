//! `slimcol components`, and the files that are made from it.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{repository, slimcol, tree};

/// Standard output, standard error and the code of `slimcol components` with the small tree.
fn components(flags: &[&str]) -> (String, String, i32) {
    run(tree::root(), flags)
}

fn run(source: &Path, flags: &[&str]) -> (String, String, i32) {
    let output =
        slimcol(source).arg("components").args(flags).env("SLIMCOL_SOURCE", source).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

/// What the real sources give.
fn real(flag: &str) -> String {
    let (text, said, code) = run(repository(), &[flag]);
    assert_eq!((code, &*said), (0, ""));
    text
}

/// Compares a file of the repository with what it is made from; with `SLIMCOL_BLESS` set, writes it instead.
fn made(path: &str, expected: &str) {
    let file = repository().join(path);
    if std::env::var_os("SLIMCOL_BLESS").is_some() {
        fs::write(&file, expected).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap_or_default() == expected,
        "{path} is stale: the tests write it anew with SLIMCOL_BLESS=1"
    );
}

#[test]
fn the_documentation_is_the_catalogue() {
    made("docs/components.md", &real("--markdown"));
}

#[test]
fn the_contrib_distribution_has_every_component() {
    const MARKER: &str = "# What follows is made by `slimcol components --manifest`.\n";
    let path = "manifests/contrib.yaml";
    let written = fs::read_to_string(repository().join(path)).unwrap();
    let (head, _) = written.split_once(MARKER).unwrap();
    made(path, &format!("{head}{MARKER}{}", real("--manifest")));
}

#[test]
fn what_was_measured_is_there_and_everything_is_described() {
    let catalogue: Value = serde_json::from_str(&real("--json")).unwrap();
    let mut there = Vec::new();
    for component in catalogue["components"].as_array().unwrap() {
        let name = format!("{} {}", component["kind"].as_str().unwrap(), component["type"].as_str().unwrap());
        assert!(!component["description"].as_str().unwrap().is_empty(), "{name} has no description");
        let readme = repository().join(component["readme"].as_str().unwrap());
        assert!(readme.is_file(), "{} is missing", readme.display());
        let cost = component["cost_bytes"].as_u64();
        assert!(cost.is_some(), "{name} was not measured: slimcol measure > builder/src/catalogue/costs.tsv");
        there.push((name, cost));
    }
    let costs = fs::read_to_string(repository().join("builder/src/catalogue/costs.tsv")).unwrap();
    assert!(costs.lines().count() > 10);
    for line in costs.lines() {
        let (name, bytes) = line.rsplit_once('\t').unwrap();
        let measured = (name.replace('\t', " "), Some(bytes.parse::<u64>().unwrap()));
        assert!(there.contains(&measured), "{line:?} is of a component that is not there");
    }
}

#[test]
fn the_list_has_a_line_for_each_component() {
    let (text, said, code) = components(&[]);
    assert_eq!(code, 0);
    assert_eq!(said, "12 components; official distributions have 242 more: --all\n");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 12 + 6, "a heading for each kind: {text}");
    for (heading, name) in [("receivers", "otlp"), ("exporters", "otlp_grpc (otlp)"), ("providers", "yaml")] {
        let heading = lines.iter().position(|line| *line == heading).unwrap();
        let section: Vec<_> = lines[heading + 1..].iter().take_while(|line| line.starts_with(' ')).collect();
        let line = section.iter().find(|line| line.starts_with(&format!("  {name} "))).unwrap();
        assert!(line.contains("traces, logs  beta"), "{line}");
    }
}

#[test]
fn what_is_not_there_yet_is_listed_when_asked_for() {
    let (text, said, _) = components(&["--kind", "connector", "--all"]);
    let (there, missing) = text.split_once("  not there yet:\n").unwrap();
    assert!(there.starts_with("connectors\n  forward"), "{there}");
    assert_eq!(missing.split_whitespace().count(), 12);
    assert!(missing.contains("span_metrics"), "{missing}");
    assert_eq!(said, "");
}

#[test]
fn a_name_gives_all_that_is_known() {
    let (text, _, code) = components(&["otlp"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("receiver otlp: "), "{text}");
    for part in [
        "\nexporter otlp_grpc: ",
        "\n  signals        traces, logs\n",
        "\n  also called    otlp\n",
        "\n  crate          slimcol-exporter-otlpgrpc\n",
        "\n  Go module      go.opentelemetry.io/collector/exporter/otlpexporter\n",
        "\n  in a manifest  exporters: [otlp_grpc]\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    // A Go module and a crate are names too.
    for name in ["go.opentelemetry.io/collector/exporter/otlpexporter", "slimcol-exporter-otlpgrpc"] {
        assert!(components(&[name]).0.starts_with("exporter otlp_grpc: "), "{name}");
    }
    let readme = run(repository(), &["batch"]).0;
    assert!(readme.contains("\n# Batch processor\n") && readme.contains("| `send_batch_size` |"), "{readme}");
    let expected = "receiver kafka_metrics: exists for the OpenTelemetry Collector, but not in Slimcol yet\n  \
                    also called    kafkametrics\n  Go module      \
                    github.com/open-telemetry/opentelemetry-collector-contrib/receiver/kafkametricsreceiver\n  \
                    official in    contrib\n";
    assert_eq!(components(&["kafkametrics"]).0, expected);
}

#[test]
fn a_wrong_name_is_told_the_nearest() {
    for (flags, code, expected) in [
        (&["otpl"][..], 1, "error: no component is called `otpl`; did you mean `otlp`?\n"),
        (
            &["zzzzzzzz"],
            1,
            "error: no component is called `zzzzzzzz`; `slimcol components --all` lists all that there are\n",
        ),
    ] {
        let (text, said, found) = components(flags);
        assert_eq!((&*text, &*said, found), ("", expected, code));
    }
    let (_, said, code) = components(&["--kind", "reciever"]);
    assert_eq!(code, 2);
    assert!(said.contains("a similar value exists: 'receiver'"), "{said}");
}

#[test]
fn programs_read_json() {
    let (text, said, _) = components(&["--json", "otlp"]);
    assert_eq!(said, "");
    let catalogue: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(catalogue["components"].as_array().unwrap().len(), 2);
    let exporter = &catalogue["components"][1];
    assert_eq!(exporter["kind"], "exporter");
    assert_eq!(exporter["type"], "otlp_grpc");
    assert_eq!(exporter["aliases"], serde_json::json!(["otlp"]));
    assert_eq!(exporter["signals"], serde_json::json!(["traces", "logs"]));
    assert_eq!(exporter["readme"], "components/exporter/otlpgrpc/README.md");
    let all: Value = serde_json::from_str(&components(&["--json"]).0).unwrap();
    let kafka = all["missing"].as_array().unwrap().iter().find(|one| one["type"] == "kafka").unwrap();
    assert_eq!(kafka["distributions"], serde_json::json!(["core", "contrib"]));
}

#[test]
fn the_page_needs_nothing_besides_itself() {
    let page = real("--html");
    for outside in ["src=", "@import", "url(", "<link", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for id in ["receiver-otlp", "exporter-otlp_http", "provider-yaml"] {
        assert_eq!(page.matches(&format!("<details id=\"{id}\">")).count(), 1, "{id}");
    }
    assert!(page.contains("<code>send_batch_max_size</code>"), "settings are in the page");
    assert!(page.contains("data-text=\"kafkametrics\">kafka_metrics</li>"), "older names are found too");
    let (small, _, _) = components(&["--html"]);
    assert!(small.contains("12 there, 242 more in the official distributions"), "{small}");
}
