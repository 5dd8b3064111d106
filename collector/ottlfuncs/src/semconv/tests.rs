//! Names of spans. `go.tsv` has a span's kind, its attributes, and the name that Go gave it.

use slimcol_ottl::Scope;
use slimcol_ottleval::{Kind, walk};
use slimcol_pdata::{Data, Signal};

use crate::{SPAN, samples::after};

fn named(kind: &str, attributes: &str, statement: &str) -> String {
    let json = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"kind":{kind},"name":"old","attributes":[{attributes}]}}]}}]}}]}}"#
    );
    let mut data = Data::from_json(Signal::Traces, json.as_bytes()).unwrap();
    let scope = Scope { context: Kind::Span, prefixed: false, functions: SPAN };
    let statement = scope.statement(statement).unwrap();
    walk::each(&mut data, Kind::Span, &mut |record| statement.run(record).map(|_| ())).unwrap();
    let mut json = Vec::new();
    data.write_json(&mut json);
    String::from_utf8(json).unwrap()
}

#[test]
fn spans_are_named_as_in_go() {
    for line in include_str!("go.tsv").lines() {
        let [kind, attributes, name] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let json = named(kind, attributes, r#"set_semconv_span_name("1.43.0", "was")"#);
        assert!(json.contains(&format!(r#""name":"{name}""#)), "{line}: {json}");
        let kept = json.contains(r#"{"key":"was","value":{"stringValue":"old"}}"#);
        assert_eq!(kept, name != "old", "{line}: {json}");
        let json = named(kind, attributes, r#"set_semconv_span_name("v1.37")"#);
        assert!(json.contains(&format!(r#""name":"{name}""#)) && !json.contains("was"), "{line}: {json}");
    }
}

#[test]
fn versions_are_looked_at() {
    let refused = |arguments: &str| after(Kind::Span, &format!("set_semconv_span_name({arguments})"), "name");
    let between = "must be between 1.37.0 and 1.43.0";
    for (arguments, error) in [
        (r#""1.36.0""#, format!("unsupported semconv version \"1.36.0\": {between}")),
        (r#""1.43.1""#, format!("unsupported semconv version \"1.43.1\": {between}")),
        (r#""2.40.0""#, format!("unsupported semconv version \"2.40.0\": {between}")),
        (r#""1.37.0-rc""#, format!("unsupported semconv version \"1.37.0-rc\": {between}")),
        (r#""x""#, "failed to parse semconv version \"x\": invalid semantic version".to_owned()),
        (r#""1.2.3.4""#, "failed to parse semconv version \"1.2.3.4\": invalid semantic version".to_owned()),
        (r#""1.43.0", """#, "originalSpanNameAttribute cannot be an empty string".to_owned()),
    ] {
        assert_eq!(
            refused(arguments),
            format!("compile: couldn't create function: {error} (at 1:1)"),
            "{arguments}"
        );
    }
    assert_eq!(refused(r#""1.43.0-rc.1""#), "\"operationA\"");
}
