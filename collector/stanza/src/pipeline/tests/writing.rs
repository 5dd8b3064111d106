//! Operators where entries end.

use slimcol_service::Log;

use super::*;
use crate::Trace;

#[test]
fn entries_end_in_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.json");
    let operators = format!("{{type: file_output, path: '{}'}}, {{type: noop}}", path.display());
    let pipeline = built(&operators, &Log::none()).unwrap();
    // Nothing was made by looking at the configuration.
    assert!(!path.exists());
    let mut first = entry(r#"{"body":"a<b","attributes":{"k":[1,"x"]},"resource":{"host":"h"}}"#);
    first.observed = 1_591_043_864_000_000_000;
    first.timestamp = Some(1_591_042_864_250_000_000);
    first.severity = crate::Severity::from_number(9).unwrap();
    first.severity_text = "info".into();
    first.scope_name = "s".into();
    first.trace = Some(Box::new(Trace { trace_id: vec![0, 1, 255], span_id: vec![1], flags: Vec::new() }));
    let second = Entry { body: Value::Bytes(b"\0\x01\xff".as_slice().into()), ..Entry::default() };
    for entry in [first, second] {
        let done = pipeline.process(vec![entry]);
        assert!(done.entries.is_empty() && done.errors.is_empty(), "{done:?}");
    }
    // What Go's encoder makes of the same entries.
    let lines = [
        r#"{"observed_timestamp":"2020-06-01T20:37:44Z","timestamp":"2020-06-01T20:21:04.25Z","body":"a<b","attributes":{"k":[1,"x"]},"resource":{"host":"h"},"severity_text":"info","span_id":"AQ==","trace_id":"AAH/","severity":9,"scope_name":"s"}"#,
        r#"{"observed_timestamp":"1970-01-01T00:00:00Z","timestamp":"0001-01-01T00:00:00Z","body":"AAH/","severity":0,"scope_name":""}"#,
    ];
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n{}\n", lines[0], lines[1]));
}

#[test]
fn what_cannot_be_written_is_said() {
    let operators = "{type: file_output, path: /nowhere/at/all}";
    assert_eq!(outcome(operators, &[r#"{"body":"x"}"#]), "! open /nowhere/at/all: no such file or directory");
}

#[test]
fn what_ends_here_hands_nothing_on() {
    assert_eq!(outcome("{type: stdout, output: noop}, {type: noop}", &[r#"{"body":"x"}"#]), "");
    assert_eq!(
        outcome(
            "{type: noop, output: [stdout, last]}, {type: stdout}, {type: noop, id: last}",
            &[r#"{"body":"x"}"#]
        ),
        r#"{"body":"x"}"#
    );
}

#[test]
fn mistakes() {
    for (operators, error) in [
        ("{type: file_output}", "refused: 'operators[0]' must provide a path to output to"),
        (
            "{type: file_output, path: x, format: '{{.Body}}'}",
            "refused: 'operators[0].format' 'format' is not supported: lines are JSON",
        ),
    ] {
        assert_eq!(outcome(operators, &[]), error);
    }
}
