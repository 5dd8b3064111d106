use crate::{Config, Error, parse};

/// The messages of reading and, if that found nothing, of validating.
fn messages(text: &str) -> Vec<String> {
    let (config, findings) = Config::read(parse("c.yaml", text).unwrap());
    let issues = if findings.issues.is_empty() { config.validate() } else { findings.issues };
    issues.into_iter().map(|i| i.message).collect()
}

const WHOLE: &str = "receivers: {otlp: , nop/a: {x: 1}}
processors: {batch: }
exporters: {debug: , otlp/b: }
connectors: {forward: }
extensions: {health_check: }
";

fn with_service(service: &str) -> String {
    format!("{WHOLE}service: {service}\n")
}

#[test]
fn a_whole_configuration_is_taken_apart() {
    let service = "{extensions: [health_check], pipelines: {traces/x: {receivers: [otlp, nop/a], processors: [batch], exporters: [forward]}, logs: {receivers: [forward], exporters: [debug]}}}";
    let (config, findings) = Config::read(parse("c.yaml", &with_service(service)).unwrap());
    assert!(findings.issues.is_empty(), "{:?}", findings.issues);
    assert!(config.validate().is_empty(), "{:?}", config.validate());
    let ids = |list: &[crate::Configured]| list.iter().map(|c| c.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&config.receivers), ["otlp", "nop/a"]);
    assert_eq!(ids(&config.exporters), ["debug", "otlp/b"]);
    let pipeline = &config.service.pipelines[0];
    assert_eq!(pipeline.id.to_string(), "traces/x");
    assert_eq!(pipeline.receivers[1].id.to_string(), "nop/a");
    assert_eq!(config.receivers[1].settings().get("x", 0), 1);
}

#[test]
fn wrong_structure_is_told_in_gos_words() {
    for (text, expected) in [
        (
            "receivers: {otlp: 5}",
            &["'receivers' '[otlp]' expected type 'map[string]interface {}', got unconvertible type 'int'"][..],
        ),
        ("receivers: [nop]", &["'receivers' expected a map or struct, got \"slice\""]),
        ("service: 5", &["'service' expected a map or struct, got \"int\""]),
        ("foo: 1\nbar: 2\n", &["has invalid keys: bar, foo"]),
        (
            "service: {telemetryy: , pipelines: {traces: {receivers: [], x: 1}, trces: {}}}",
            &[
                "'service.pipelines[traces]' has invalid keys: x",
                "'service.pipelines' in \"trces\" id: unknown pipeline signal: \"trces\"",
                "'service' has invalid keys: telemetryy",
            ],
        ),
        ("receivers: {otlp-x: }", &["'receivers' in \"otlp-x\" id: invalid character(s) in type \"otlp-x\""]),
        (
            "exporters: {nop/a: , 'nop/ a': }",
            &["'exporters' duplicate name \"nop/ a\" after unmarshaling nop/a"],
        ),
        (
            "service: {pipelines: {traces/a: , 'traces/ a': }}",
            &["'service.pipelines' duplicate name \"traces/ a\" after unmarshaling traces/a"],
        ),
        (
            "service: {pipelines: {traces: {receivers: [nop, 5, null, 'a b'], exporters: nop}}}",
            &[
                "'service.pipelines[traces].receivers[1]' expected a map or struct, got \"int\"",
                "'service.pipelines[traces].receivers[2]' id must not be empty",
                "'service.pipelines[traces].receivers[3]' in \"a b\" id: invalid character(s) in type \"a b\"",
                "'service.pipelines[traces].exporters' source data must be an array or slice, got string",
            ],
        ),
    ] {
        assert_eq!(messages(text), expected, "{text}");
    }
}

#[test]
fn what_does_not_hold_together_is_told_in_gos_words() {
    let empty = ["empty configuration file", "service::pipelines: service must have at least one pipeline"];
    assert_eq!(messages(""), empty);
    assert_eq!(messages("service: {pipelines: {}}"), empty);
    let one = "service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}";
    assert_eq!(
        messages(&format!("exporters: {{debug: }}\n{one}")),
        ["no receiver configuration specified in config"]
    );
    assert_eq!(
        messages(&format!("receivers: {{otlp: }}\nconnectors: {{debug: }}\n{one}")),
        ["no exporter configuration specified in config"]
    );
    for (service, expected) in [
        ("{pipelines: {}}", &["service::pipelines: service must have at least one pipeline"][..]),
        (
            "{pipelines: {logs: {receivers: [otlp]}}}",
            &["service::pipelines::logs: must have at least one exporter"],
        ),
        ("{pipelines: {logs: }}", &["service::pipelines::logs: must have at least one receiver"]),
        (
            "{pipelines: {traces: {receivers: [otlp], processors: [batch, batch], exporters: [debug]}}}",
            &["service::pipelines::traces: references processor \"batch\" multiple times"],
        ),
        (
            "{extensions: [zpages], pipelines: {traces: {receivers: [nop], processors: [bath], exporters: [debug/x]}}}",
            &[
                "service::extensions: references extension \"zpages\" which is not configured",
                "service::pipelines::traces: references receiver \"nop\" which is not configured",
                "service::pipelines::traces: references processor \"bath\" which is not configured",
                "service::pipelines::traces: references exporter \"debug/x\" which is not configured",
            ],
        ),
        (
            "{pipelines: {profiles: {receivers: [otlp], exporters: [debug]}}}",
            &[
                "service::pipelines: pipeline \"profiles\": profiling signal support is at alpha level, gated under the \"service.profilesSupport\" feature gate",
            ],
        ),
    ] {
        assert_eq!(messages(&with_service(service)), expected, "{service}");
    }
    let text = "receivers: {a: }\nexporters: {b: }\nconnectors: {a: , b: }\nservice: {pipelines: {logs: {receivers: [a], exporters: [b]}}}";
    let ambiguous = |id: &str, kind: &str| {
        format!(
            "connectors::{id}: ambiguous ID: Found both \"{id}\" {kind} and \"{id}\" connector. Change one of the \
             components' IDs to eliminate ambiguity (e.g. rename \"{id}\" connector to \"{id}/connector\")"
        )
    };
    assert_eq!(messages(text), [ambiguous("a", "receiver"), ambiguous("b", "exporter")]);
}

#[test]
fn dangling_references_show_the_nearest_id() {
    let text = "receivers:\n  otlp:\nprocessors:\n  batch/x:\nexporters:\n  debug:\nservice:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      processors: [bath/x]\n      exporters: [debug]\n";
    let (config, _) = Config::read(parse("c.yaml", text).unwrap());
    let shown = Error::invalid(config.validate()).context("invalid configuration: ").to_string();
    let expected = "invalid configuration: service::pipelines::traces: references processor \"bath/x\" which is not configured
  --> c.yaml:11:20
   |
11 |       processors: [bath/x]
   |                    ^^^^^^ did you mean `batch/x`?";
    assert_eq!(shown, expected);
}

#[test]
fn unknown_types_show_the_nearest_type() {
    let (config, _) = Config::read(parse("c.yaml", "exporters: {debugx/foo: , logging: }").unwrap());
    let issue = config.exporters[0].unknown_type(&["nop", "debug"]);
    assert_eq!(
        issue.message,
        "'exporters' unknown type: \"debugx\" for id: \"debugx/foo\" (valid values: [nop debug])"
    );
    assert_eq!(issue.help.as_deref(), Some("did you mean `debug`?"));
    let issue = config.exporters[1].unknown_type(&[]);
    assert_eq!(
        issue.message,
        "'exporters' the logging exporter has been deprecated, use the debug exporter instead"
    );
}

#[test]
fn configurations_from_the_field_hold_together() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let found = messages(&std::fs::read_to_string(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        count += 1;
    }
    assert!(count >= 6, "only {count} files");
}
