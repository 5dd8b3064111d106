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
fn a_path_is_required() {
    let error = "refused: 'operators[0]' must provide a path to output to";
    assert_eq!(outcome("{type: file_output, format: '{{.Body}}'}", &[]), error);
}

/// What is in the file once these entries were written in a format, and what went wrong.
fn written(format: &str, entries: Vec<Entry>) -> (String, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out");
    let operators = format!("{{type: file_output, path: '{}', format: \"{format}\"}}", path.display());
    let done = built(&operators, &Log::none()).unwrap().process(entries);
    assert!(done.entries.is_empty());
    (std::fs::read_to_string(&path).unwrap(), done.errors)
}

#[test]
fn formats_write_what_go_writes() {
    let mut whole = entry(
        r#"{"body":{"b":[1,2.5,"x<",null,true,{"k":1e21}],"a":1.0,"g":123456789.5,"n":-5},
            "attributes":{"k":"v","n":null,"m":{"x":1}},"resource":{}}"#,
    );
    whole.observed = 1_700_000_000_120_000_000;
    whole.timestamp = Some(1_700_000_000_000_000_001);
    whole.severity = crate::Severity::from_number(9).unwrap();
    whole.scope_name = "s".into();
    whole.trace = Some(Box::new(Trace { trace_id: Vec::new(), span_id: vec![1, 255], flags: Vec::new() }));
    for (format, wanted) in [
        ("{{.Body}}\\n", "map[a:1 b:[1 2.5 x< <nil> true map[k:1e+21]] g:1.234567895e+08 n:-5]\n"),
        ("Time: {{ .Timestamp }} Body: {{.Body.a}}", "Time: 2023-11-14 22:13:20.000000001 +0000 UTC Body: 1"),
        ("{{.ObservedTimestamp}}", "2023-11-14 22:13:20.12 +0000 UTC"),
        ("{{.Severity}}|{{.SeverityText}}|{{.ScopeName}}|{{.SpanID}}|{{.TraceFlags}}", "INFO||s|[1 255]|[]"),
        ("{{.TraceID}}{{.Attributes}}{{.Resource}}", "[]map[k:v m:map[x:1] n:<nil>]map[]"),
        ("}} {{.Attributes.k}} { {{.Attributes.m.x}}}", "}} v { 1}"),
        (
            "{{.Attributes.no}} {{.Attributes.n}} {{.Body.x.y.z}} {{.Body.ü_9}}",
            "<no value> <no value> <no value> <no value>",
        ),
        ("no field", "no field"),
    ] {
        assert_eq!(written(format, vec![whole.clone()]), (wanted.to_owned(), Vec::new()), "{format}");
    }
    let all = "{{.Body}} {{.Timestamp}} {{.Severity}} {{.TraceID}}";
    let none = "<no value> 0001-01-01 00:00:00 +0000 UTC DEFAULT []".to_owned();
    assert_eq!(written(all, vec![Entry::default()]), (none, Vec::new()));
    // Nothing stands between two but what the format has there.
    let two = [r#"{"body":"a"}"#, r#"{"body":true}"#].map(entry);
    assert_eq!(written("{{.Body}};", two.into()), ("a;true;".to_owned(), Vec::new()));
}

#[test]
fn keys_of_what_is_no_map_have_no_value() {
    let bodies = [
        r#"{"body":{"n":{"x":1}}}"#,
        r#"{"body":{"n":"s"}}"#,
        r#"{"body":{"n":null}}"#,
        r#"{"body":[1]}"#,
        "{}",
    ];
    let wanted = format!("<1>{}", "<<no value>>".repeat(4));
    assert_eq!(written("<{{.Body.n.x}}>", bodies.map(entry).into()), (wanted, Vec::new()));
}

#[test]
fn formats_that_are_programs_are_refused() {
    for format in [
        "{{if .Body}}",
        "{{.Body | print}}",
        "{{.}}",
        "{{}}",
        "{{.Nope}}",
        "{{.body}}",
        "{{.ScopeName.x}}",
        "{{.Timestamp.Unix}}",
        "{{.Body.}}",
        "{{.Body..a}}",
        "{{.Body.a-b}}",
        "{{.Body.a.b c}}",
        "{{Body}}",
        "{{.Body.1}}",
        "{{. Body}}",
        "{{{.Body}}}",
        "{{- .Body}}",
        "{{/* no */}}",
        "{{.Body",
    ] {
        let inside = format[2..].split("}}").next().unwrap().trim();
        let error = format!(
            "refused: 'operators[0].format' '{inside}' is not supported: what stands between '{{{{' and '}}}}' is one of .Body, \
             .Attributes, .Resource (also with keys, as in .Body.key), .Timestamp, .ObservedTimestamp, .Severity, .SeverityText, \
             .ScopeName, .TraceID, .SpanID, .TraceFlags"
        );
        let operators = format!("{{type: file_output, path: x, format: 'a {{{{.Body}}}} {format}'}}");
        assert_eq!(outcome(&operators, &[]), error);
    }
}
