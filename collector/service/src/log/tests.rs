//! Lines against what the Go collector printed for the same settings.

use std::collections::BTreeMap;

use slimcol_config::{Logs, from_yaml};

use super::*;
use crate::{Waiting, wire};

/// Everything that a log with the settings `yaml` writes to a file while `work` uses it.
fn written(yaml: &str, work: impl FnOnce(&Log)) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let yaml = format!("output_paths: [{}]\n{yaml}", path.display());
    let settings: Logs = from_yaml(&yaml).unwrap();
    let resource =
        [("service.name", "col"), ("service.version", "1.0")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    work(&Log::open(&settings, &resource.into()).unwrap());
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// The line without its time, which is checked for its shape.
fn timeless(line: &str) -> String {
    let at = line.find("20").unwrap();
    let (before, rest) = line.split_at(at);
    let (time, after) = rest.split_at("2026-11-21T01:15:18.043Z".len());
    assert!(time.ends_with('Z') && time.as_bytes()[10] == b'T', "{line}");
    format!("{before}{after}")
}

#[test]
fn console_lines() {
    let lines = written("disable_caller: true", |log| {
        log.info("Starting", &[("Version", "0.1".into()), ("NumCPU", 2_usize.into())]);
        log.with(&[("otelcol.component.id", "otlp".into())])
            .warn("a \"b\"", &[("error", "x\ty\u{1}\"".into())]);
        log.debug("below", &[]);
    });
    let resource = r#""resource": {"service.name": "col", "service.version": "1.0"}"#;
    assert_eq!(
        lines.iter().map(|line| timeless(line)).collect::<Vec<_>>(),
        [
            format!("\tinfo\tStarting\t{{{resource}, \"Version\": \"0.1\", \"NumCPU\": 2}}"),
            format!(
                "\twarn\ta \"b\"\t{{{resource}, \"otelcol.component.id\": \"otlp\", \"error\": \"x\\ty\\u0001\\\"\"}}"
            ),
        ]
    );
}

#[test]
fn json_lines() {
    let lines = written(
        "encoding: json\nlevel: DEBUG\ndisable_caller: true\ninitial_fields: {b: 1, a: {x: [1, 2.5, null, true, 'q\"<é']}}",
        |log| {
            log.debug(
                "a \"b\"",
                &[("x", 1.5.into()), ("on", true.into()), ("l", Field::List(vec!["m".into()]))],
            );
        },
    );
    assert_eq!(
        lines.iter().map(|line| timeless(line)).collect::<Vec<_>>(),
        [concat!(
            r#"{"level":"debug","ts":"","msg":"a \"b\"","a":{"x":[1,2.5,null,true,"q\"<é"]},"b":1,"#,
            r#""resource":{"service.name":"col","service.version":"1.0"},"x":1.5,"on":true,"l":["m"]}"#
        )]
    );
}

#[test]
fn the_caller_is_the_place_of_the_call() {
    let mut at = 0;
    let lines = written("disable_zap_resource: true", |log| {
        at = line!() + 1;
        log.error("m", &[]);
        log.without_caller().error("m", &[]);
    });
    let lines: Vec<String> = lines.iter().map(|line| timeless(line)).collect();
    assert_eq!(lines, [format!("\terror\tlog/tests.rs:{at}\tm"), "\terror\tm".to_owned()]);
}

#[test]
fn levels() {
    for (level, expected) in [("debug", 4), ("info", 3), ("Warn", 2), ("ERROR", 1), ("fatal", 0)] {
        let yaml = format!("level: {level}");
        let lines = written(&yaml, |log| {
            log.debug("d", &[]);
            log.info("i", &[]);
            log.warn("w", &[]);
            log.error("e", &[]);
            assert_eq!(log.enabled(Level::Warn), expected >= 2);
        });
        assert_eq!(lines.len(), expected, "{level}");
    }
    assert!(from_yaml::<Logs>("level: foo").unwrap_err().contains("unrecognized level: \"foo\""));
}

#[test]
fn repeating_lines_are_sampled_unless_told_otherwise() {
    let hundred = |log: &Log| (0..120).for_each(|_| log.info("same", &[]));
    assert_eq!(written("", hundred).len(), 11);
    assert_eq!(written("sampling: {enabled: false}", hundred).len(), 120);
    assert_eq!(written("sampling: {initial: 2, thereafter: 50}", hundred).len(), 4);
}

#[test]
fn what_cannot_be_opened_says_so() {
    for (yaml, text) in [
        ("encoding: foo", "failed to create logger: no encoder registered for name \"foo\""),
        (
            "output_paths: [/nope/x]",
            "failed to create logger: open sink \"/nope/x\": open /nope/x: no such file or directory",
        ),
    ] {
        let settings: Logs = from_yaml(yaml).unwrap();
        assert_eq!(Log::open(&settings, &BTreeMap::new()).unwrap_err(), text);
    }
}

#[test]
fn a_capture_keeps_all_levels_without_time() {
    let (log, lines) = Log::capture();
    log.debug("d", &[]);
    log.with(&[("id", "x".into())]).info("i", &[("n", 1_usize.into())]);
    assert_eq!(*lines.lock().unwrap(), ["debug\td\t{}", "info\ti\t{\"id\": \"x\", \"n\": 1}"]);
    Log::none().error("nowhere", &[]);
    assert!(!Log::none().enabled(Level::Error));
}

#[test]
fn exported_lines_are_gos_records() {
    let request = |waiting: &Waiting| {
        let mut all = Vec::new();
        wire::message(&mut all, 1, |to| {
            for record in waiting.take() {
                wire::message(to, 2, |to| {
                    wire::bytes(to, 1, &record.scope);
                    wire::bytes(to, 2, &record.encoded);
                });
            }
        });
        let mut json = Vec::new();
        slimcol_pdata::Data::from_bytes(slimcol_pdata::Signal::Logs, all.into())
            .unwrap()
            .write_json(&mut json);
        String::from_utf8(json).unwrap()
    };
    let waiting = [Waiting::new(9, 9), Waiting::new(9, 9)];
    let mut at = 0;
    let lines =
        written("level: warn\ninitial_fields: {k: v}\nsampling: {initial: 1, thereafter: 0}", |log| {
            let log = log
                .exported_to(&waiting)
                .with(&[("otelcol.component.id", "a".into()), ("standing", 7_i64.into())]);
            for _ in 0..3 {
                at = line!() + 1;
                log.warn(
                    "m",
                    &[
                        ("error", "bad".into()),
                        ("on", true.into()),
                        ("x", 0.5.into()),
                        ("l", Field::List(vec!["i".into()])),
                    ],
                );
            }
            log.info("below", &[]);
            log.unexported().error("not this", &[]);
            log.without_caller().error("output", &[("", "".into())]);
        });
    assert_eq!(lines.len(), 3, "{lines:?}");
    let got = request(&waiting[0]);
    assert_eq!(got, request(&waiting[1]));
    // The time stands twice in each, and is now.
    let digits = |c: char| c.is_ascii_digit();
    let mut timeless = String::new();
    for (i, part) in got.split("imeUnixNano\":\"").enumerate() {
        timeless.push_str(if i == 0 { part } else { part.trim_start_matches(digits) });
    }
    let scope = r#""scope":{"name":"go.opentelemetry.io/collector/service","attributes":[{"key":"otelcol.component.id","value":{"stringValue":"a"}}]}"#;
    let file = "service/src/log/tests.rs";
    let standing = r#"{"key":"standing","value":{"intValue":"7"}}"#;
    assert_eq!(
        timeless,
        [
            r#"{"resourceLogs":[{"resource":{},"scopeLogs":[{"#,
            scope,
            r#","logRecords":[{"t","observedT","severityNumber":13,"severityText":"warn","body":{"stringValue":"m"},"attributes":["#,
            standing,
            &format!(r#",{{"key":"code.file.path","value":{{"stringValue":"{file}"}}}},{{"key":"code.line.number","value":{{"intValue":"{at}"}}}}"#),
            r#",{"key":"exception.message","value":{"stringValue":"bad"}},{"key":"on","value":{"boolValue":true}},{"key":"x","value":{"doubleValue":0.5}},"#,
            r#"{"key":"l","value":{"arrayValue":{"values":[{"stringValue":"i"}]}}}]}]},{"#,
            scope,
            r#","logRecords":[{"t","observedT","severityNumber":17,"severityText":"error","body":{"stringValue":"output"},"attributes":["#,
            standing,
            r#",{"value":{"stringValue":""}}]}]}]}]}"#,
        ]
        .concat()
    );
}
