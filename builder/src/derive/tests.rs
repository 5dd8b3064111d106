use std::{fs, path::Path};

use super::*;
use crate::source::SourceTree;

/// This repository's components.
fn index() -> Index {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Index::load(&SourceTree::find(Some(&root)).unwrap()).unwrap()
}

/// What is derived from `texts`, each a file: `class name line`, all uses of a component together, and the providers that
/// are always there left out where nothing uses them; then what is wrong.
fn derived(texts: &[&str]) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = (0..texts.len()).map(|i| folder.path().join(format!("{i}.yaml"))).collect();
    files.iter().zip(texts).for_each(|(file, text)| fs::write(file, text).unwrap());
    let mut findings = Findings::default();
    let derived = derive(&files, None, &index(), &mut findings).unwrap();
    let mut lines = Vec::new();
    for (entry, reason) in derived.manifest.entries.iter().zip(&derived.reasons) {
        let uses: Vec<String> =
            reason.uses.iter().map(|(name, place)| format!("{name}:{}", place.line())).collect();
        if !uses.is_empty() {
            lines.push(format!("{} {} {}", entry.class, reason.name, uses.join(" ")));
        }
    }
    let said = findings.into_result().err().map(|error| error.to_string()).unwrap_or_default();
    (lines, said.replace(&format!("{}/", folder.path().display()), ""))
}

#[test]
fn whatever_a_configuration_defines_is_in_the_manifest_once() {
    for (texts, expected) in [
        // Used or not, with settings or without, under old names and new ones.
        (
            &[
                "receivers: {otlp: , otlp/2: {}, filelog: , file_log/x: }\nexporters:\n  otlp: {endpoint: x}\n  otlp_grpc/b: \n  \
               debug/a/b: \n",
            ][..],
            &[
                "receiver otlp otlp:1 otlp:1",
                "receiver file_log filelog:1 file_log:1",
                "exporter otlp_grpc otlp:3 otlp_grpc:4",
                "exporter debug debug:5",
            ][..],
        ),
        // Extensions that components refer to stand in their own section.
        (
            &[
                "connectors: {forward/x: , span_metrics: }\nextensions:\n  basicauth/client: \n  file_storage: \n  \
               otlp_encoding: \n  zpages: \nexporters: {otlp_http: {auth: {authenticator: basicauth/client}}}\n",
            ],
            &[
                "exporter otlp_http otlp_http:7",
                "connector forward forward:1",
                "connector span_metrics span_metrics:1",
                "extension basicauth basicauth:3",
                "extension file_storage file_storage:4",
                "extension otlp_encoding otlp_encoding:5",
                "extension zpages zpages:6",
            ],
        ),
        // Templates of receivers, and the receiver that annotations start.
        (
            &[
                "receivers:\n  receiver_creator/a:\n    receivers:\n      redis/x: {rule: 'type == \"port\"'}\n      \
               nginx: \n    discovery: {enabled: false}\n  receiver_creator/logs:\n    discovery: {enabled: true}\n\
               service: {pipelines: {logs/pods: {receivers: [receiver_creator/logs]}, metrics: {receivers: \
               [receiver_creator/a]}}}\n",
            ],
            &[
                "receiver redis redis:4",
                "receiver nginx nginx:5",
                "receiver receiver_creator receiver_creator:2 receiver_creator:7",
                "receiver file_log file_log:8",
            ],
        ),
        // Keys can be paths; a null section is empty; who is unknown to everybody is still asked for.
        (
            &["receivers::otlp::protocols::grpc: \nprocessors:\nexporters::wat: \n"],
            &["receiver otlp otlp:1", "exporter wat wat:3"],
        ),
        // Several files are one configuration, as with several --config.
        (
            &[
                "receivers:\n  otlp: \n  nop: \n",
                "\nreceivers: {otlp: {protocols: }}\nexporters: {debug: }\n",
            ],
            &["receiver otlp otlp:2", "receiver nop nop:3", "exporter debug debug:3"],
        ),
        // Providers, wherever expressions stand.
        (
            &[
                "receivers: {otlp: {a: '${HOST}:1', b: ['${file:/x}', {c: '${env:A:-${https://h/x}}'}]}}\nexporters: {debug: '$${s3:x}'}",
            ],
            &[
                "receiver otlp otlp:1",
                "exporter debug debug:2",
                "provider env env:1 env:1",
                "provider file file:1",
                "provider https https:1",
            ],
        ),
        // Sections from elsewhere.
        (
            &["receivers: \"${yaml:otlp: \\nnop/x: }\"\nexporters: '${env:SLIMCOL_TEST_UNSET:-debug: }'\n"],
            &[
                "receiver otlp otlp:1",
                "receiver nop nop:1",
                "exporter debug debug:2",
                "provider env env:2",
                "provider yaml yaml:1",
            ],
        ),
    ] {
        let (lines, said) = derived(texts);
        assert_eq!(
            (lines, said.as_str()),
            (expected.iter().map(ToString::to_string).collect(), ""),
            "{texts:?}"
        );
    }
}

#[test]
fn a_section_from_a_file_stands_in_that_file() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file
    };
    let file = put("c.yaml", "receivers: ${file:parts/r.yaml}\nexporters: {debug: }\n");
    fs::create_dir(folder.path().join("parts")).unwrap();
    put("parts/r.yaml", "\notlp: {endpoint: '${https://h}'}\nwat: \n");
    let derived = derive(&[file], None, &index(), &mut Findings::default()).unwrap();
    let places: Vec<String> = derived
        .reasons
        .iter()
        .flat_map(|reason| &reason.uses)
        .map(|(name, place)| format!("{name} {}", place.to_string().rsplit('/').next().unwrap()))
        .collect();
    let expected =
        ["otlp r.yaml:2:1", "wat r.yaml:3:1", "debug c.yaml:2:13", "file c.yaml:1:12", "https r.yaml:2:18"];
    assert_eq!(places, expected);
}

/// A source tree with a component that comes in parts.
fn tree_with_parts() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("Cargo.toml", "[workspace]\n[workspace.package]\nversion = \"1.0.0\"\n");
    put("collector/service/Cargo.toml", "[package]\nname = \"slimcol-service\"\nversion = \"1.0.0\"\n");
    put(
        "components/receiver/hostmetrics/Cargo.toml",
        "[package]\nname = \"slimcol-receiver-hostmetrics\"\nversion = \"1.0.0\"\n\n[package.metadata.component]\nkind = \
         \"receiver\"\ntype = \"host_metrics\"\naliases = [\"hostmetrics\"]\nsignals = [\"metrics\"]\nstability = \"beta\"\n\
         parts = \"scrapers\"\n\n[features]\ndefault = [\"cpu\", \"memory\"]\ncpu = []\nmemory = []\n",
    );
    put("components/receiver/hostmetrics/src/lib.rs", "");
    tree
}

#[test]
fn of_a_component_in_parts_only_the_configured_ones_are_wanted() {
    let tree = tree_with_parts();
    let source = SourceTree::find(Some(tree.path())).unwrap();
    let index = Index::load(&source).unwrap();
    let items = |text: &str| {
        let file = tree.path().join("c.yaml");
        fs::write(&file, text).unwrap();
        let mut findings = Findings::default();
        let derived = derive(&[file], None, &index, &mut findings).unwrap();
        findings.into_result().unwrap();
        let printed = print(&derived, |_, _| true);
        let item =
            printed.lines().find(|line| line.contains("  - ")).unwrap().split("  #").next().unwrap().trim();
        let mut read = Findings::default();
        let root = slimcol_config::parse("m", &printed).unwrap();
        let again =
            Manifest::read(root, tree.path(), crate::manifest::Strictness { versions: true }, &mut read);
        read.into_result().unwrap();
        let shown = |entry: &Entry| match &entry.wanted {
            Wanted::Crate(krate) => {
                let features: Vec<_> = krate.features.iter().map(|feature| feature.name.clone()).collect();
                format!("{} {} {features:?}", krate.name, krate.default_features)
            }
            wanted => format!("{wanted:?}"),
        };
        assert_eq!(shown(&again.entries[0]), shown(&derived.manifest.entries[0]), "{printed}");
        item.to_owned()
    };
    for (text, expected) in [
        (
            "receivers: {hostmetrics: {scrapers: {memory: , cpu: {}}}, host_metrics/b: {scrapers: {cpu: , load: }}}",
            "- {crate: slimcol-receiver-hostmetrics, default-features: false, features: [memory, cpu, load]}",
        ),
        (
            "receivers: {receiver_creator: {receivers: {hostmetrics: {config: {scrapers: {cpu: }}}}}}",
            "- {crate: slimcol-receiver-hostmetrics, default-features: false, features: [cpu]}",
        ),
        (
            "receivers: {hostmetrics: {scrapers: {cpu: }}, hostmetrics/b: {scrapers: '${env:SCRAPERS}'}}",
            "- host_metrics",
        ),
        ("receivers: {hostmetrics: }", "- host_metrics"),
    ] {
        assert_eq!(items(text), expected);
    }
}

#[test]
fn what_cannot_be_derived_from_is_told_with_its_place() {
    for (text, expected) in [
        ("", "`0.yaml` is empty: there is no configuration in it"),
        ("- a\n", "no collector configuration, Kubernetes object or Helm values\n --> 0.yaml:1:1"),
        ("a: 1\n", "no collector configuration, Kubernetes object or Helm values\n --> 0.yaml:1:1"),
        ("service: {type: ClusterIP}\n", "no collector configuration, Kubernetes object or Helm values"),
        ("service: {pipelines: {}}\n", "nothing to build: the configuration defines no components"),
        (
            "receivers:\n  otlp/: \n",
            "'receivers' in \"otlp/\" id: the part after / should not be empty\n --> 0.yaml:2:3",
        ),
        ("receivers:\n- otlp\n", "a section of a configuration is a mapping of components\n --> 0.yaml:1:1"),
        (
            "receivers: {otlp: }\nexporters: ${env:SLIMCOL_TEST_UNSET}\n",
            "which components there are cannot be known: the variable `SLIMCOL_TEST_UNSET` is not set here\n --> 0.yaml:2:12",
        ),
        (
            "exporters: ${file:nope.yaml}\n",
            "which components there are cannot be known: `nope.yaml` cannot be read: No such file or directory (os error 2)",
        ),
        (
            "exporters: ${file:/dev/zero}\n",
            "which components there are cannot be known: `/dev/zero` cannot be read: it is not a file",
        ),
        (
            "exporters: ${https://h/x}\n",
            "which components there are cannot be known: `https:` is read when the collector starts",
        ),
        (
            "exporters: ${a}${b}\n",
            "which components there are cannot be known: `${a}${b}` depends on more than one thing",
        ),
        ("receivers: {otlp: {a: '${1x:y}'}}\n", "invalid uri: \"1x:y\"\n --> 0.yaml:1:23"),
        (
            "apiVersion: v1\nkind: Service\n---\napiVersion: apps/v1\nkind: Deployment\n",
            "there is no collector configuration in `0.yaml`\n  = help: it holds Service, Deployment; a ConfigMap or an \
             OpenTelemetryCollector would do",
        ),
        (
            "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nspec: {mode: daemonset}\n",
            "the OpenTelemetryCollector has no `spec.config`\n --> 0.yaml:3:1",
        ),
        (
            "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nspec: {config: [a]}\n",
            "`spec.config` is neither a text (v1alpha1) nor a mapping (v1beta1)\n --> 0.yaml:3:8",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  relay: |\n    receivers:\n      a: b: c\n",
            "yaml: line 6: mapping values are not allowed in this context\n --> 0.yaml:6:11",
        ),
    ] {
        let (_, said) = derived(&[text]);
        assert!(said.starts_with(expected), "{text}\n{said}");
    }
}

#[test]
fn configurations_are_found_in_kubernetes_objects_at_their_lines() {
    let config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: agent}\ndata:\n  start.sh: |\n    a: b: c\n  relay: |\n    \
                      receivers:\n      otlp:\n    exporters:\n      debug:\n  other.yaml: 'a: 1'\n";
    let old = "apiVersion: opentelemetry.io/v1alpha1\nkind: OpenTelemetryCollector\nmetadata: {name: old}\nspec:\n  config: \
               \"receivers:\\n  otlp:\\n\"\n";
    let new = "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nmetadata: {name: new}\nspec:\n  config:\n    \
               receivers:\n      nop: {}\n";
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    \
                a.yaml: |\n      receivers:\n        nop:\n    b.yaml: |\n      receivers:\n        otlp:\n";
    for (text, expected) in [
        (config_map.to_owned(), &["receiver otlp otlp:9", "exporter debug debug:11"][..]),
        (old.to_owned(), &["receiver otlp otlp:5"]),
        (new.to_owned(), &["receiver nop nop:7"]),
        (format!("{config_map}---\n---\n{new}"), &["receiver otlp otlp:9", "receiver nop nop:21", "exporter debug debug:11"]),
        (list.to_owned(), &["receiver nop nop:10", "receiver otlp otlp:13"]),
        (
            "otel-agent:\n  mode: daemonset\n  alternateConfig: {receivers: {nop: }}\nopentelemetry-collector:\n  mode: \
             deployment\n  alternateConfig:\n    receivers: {otlp: }\n"
                .to_owned(),
            &["receiver nop nop:3", "receiver otlp otlp:7"],
        ),
    ] {
        let (lines, said) = derived(&[&text]);
        assert_eq!((lines, said.as_str()), (expected.iter().map(ToString::to_string).collect(), ""), "{text}");
    }
}

#[test]
fn values_in_several_files_are_laid_over_each_other_before_they_are_rendered() {
    let (lines, said) = derived(&[
        "config: {receivers: {jaeger: , nop: }}\n",
        "mode: deployment\nconfig: {receivers: {zipkin: , nop: {a: b}}}\n",
    ]);
    let receivers: Vec<&String> = lines.iter().filter(|line| line.starts_with("receiver ")).collect();
    assert_eq!(receivers, ["receiver otlp otlp:2", "receiver prometheus prometheus:2", "receiver nop nop:2"]);
    assert_eq!(said, "");
}

#[test]
fn a_configuration_is_kept_as_it_is_written_where_it_is_one() {
    let read = |texts: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<PathBuf> = (0..texts.len()).map(|i| folder.path().join(format!("{i}.yaml"))).collect();
        files.iter().zip(texts).for_each(|(file, text)| fs::write(file, text).unwrap());
        let derived = derive(&files, None, &index(), &mut Findings::default()).unwrap();
        let read = derived.configurations.into_iter().map(|one| (one.files.len(), one.text));
        (read.collect::<Vec<_>>(), derived.manifest.dist.name)
    };
    let plain = "# why\nreceivers: {otlp: }\n";
    assert_eq!(read(&[plain]), (vec![(1, plain.to_owned())], "0".to_owned()));
    let laid = "receivers:\n  otlp: {}\n  nop: null\n";
    assert_eq!(read(&[plain, "receivers: {otlp: {}, nop: }"]), (vec![(2, laid.to_owned())], "0".to_owned()));
    let object =
        "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x.y}\ndata: {relay: 'receivers: {otlp: }'}\n";
    assert_eq!(read(&[object]), (vec![(0, "receivers: {otlp: }".to_owned())], "x.y".to_owned()));
    let both = format!("{object}---\n{object}");
    assert_eq!(read(&[&both]).0.len(), 2);
}
