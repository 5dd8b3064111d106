use slimcol_ottl::Levels;
use slimcol_ottleval::{ErrorMode, Kind};
use slimcol_pdata::Signal;

const TRACES: Levels = crate::of_conditions(Signal::Traces);

const NAMES: &str = r#"["resource" "scope" "span" "spanevent"]"#;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The outcomes of the Go collector.
#[test]
fn contexts_are_inferred() {
    let unable = |statement: &str, why: &str| {
        Err(format!(
            "unable to infer a valid context ({NAMES}) from statements [{statement:?}] and conditions []: {why}"
        ))
    };
    let cases: Vec<(&str, Result<Kind, String>)> = vec![
        (r#"set(span.name, "x")"#, Ok(Kind::Span)),
        (r#"set(resource.attributes["a"], span.name)"#, Ok(Kind::Span)),
        ("set(span.name, spanevent.name)", Ok(Kind::SpanEvent)),
        (r#"set(resource.attributes["a"], scope.name)"#, Ok(Kind::Scope)),
        (r#"set(resource.attributes["a"], 1)"#, Ok(Kind::Resource)),
        ("set(instrumentation_scope.name, span.name)", Ok(Kind::Span)),
        (r#"set(resource.attributes["a"], scope.name) where IsRootSpan()"#, Ok(Kind::Span)),
        (r#"set(resource.attributes["a"], SPAN_KIND_SERVER)"#, Ok(Kind::SpanEvent)),
        (
            r#"set(foo.attributes["x"], 1)"#,
            unable(r#"set(foo.attributes["x"], 1)"#, r#"inferred context "foo" is not a valid candidate"#),
        ),
        (
            r#"set(span.name, "x") where metric.name == "y""#,
            unable(
                r#"set(span.name, "x") where metric.name == "y""#,
                r#"inferred context "metric" is not a valid candidate"#,
            ),
        ),
        (
            r#"set(instrumentation_scope.name, "x")"#,
            unable(
                r#"set(instrumentation_scope.name, "x")"#,
                r#"inferred context "instrumentation_scope" is not a valid candidate"#,
            ),
        ),
        (
            r#"set(span.name, Nofunc("x"))"#,
            unable(
                r#"set(span.name, Nofunc("x"))"#,
                r#"inferred context "span" does not support the function "Nofunc""#,
            ),
        ),
        (
            r#"set(span.name, "x") where span.kind == FOO"#,
            unable(
                r#"set(span.name, "x") where span.kind == FOO"#,
                r#"inferred context "span" does not support the enum symbol "FOO""#,
            ),
        ),
        (
            r#"set(span.name, "x") where spanevent.name == "e" and IsRootSpan()"#,
            unable(
                r#"set(span.name, "x") where spanevent.name == "e" and IsRootSpan()"#,
                r#"inferred context "spanevent" does not support the function "IsRootSpan""#,
            ),
        ),
        (
            r#"set(attributes["x"], 1)"#,
            Err(format!(
                "unable to infer context from statements {NAMES} and conditions [\"set(attributes[\\\"x\\\"], 1)\"], \
                 path's first segment must be a valid context name [], and at least one context must be capable of parsing \
                 all statements"
            )),
        ),
    ];
    for (statement, want) in cases {
        let group = TRACES.group(None, &texts(&[statement]), &[], ErrorMode::Ignore);
        assert_eq!(group.map(|group| group.kind), want, "{statement}");
    }
    let group = TRACES.group(
        None,
        &texts(&[r#"set(resource.attributes["a"], 1)"#]),
        &texts(&["span.kind == SPAN_KIND_SERVER"]),
        ErrorMode::Ignore,
    );
    assert_eq!(group.map(|group| group.kind), Ok(Kind::Span));
}

#[test]
fn a_context_that_is_given_needs_no_prefix() {
    let group =
        |statements: &[&str]| TRACES.group(Some(Kind::Span), &texts(statements), &[], ErrorMode::Ignore);
    assert!(group(&[r#"set(name, "x")"#, r#"set(span.name, "x")"#]).is_ok());
    let cases: [(&[&str], &str); 3] = [
        (
            &["set(name, "],
            "statement has invalid syntax: 1:11: unexpected token \"<EOF>\" (expected a value)",
        ),
        (
            &["set(foo, 1)", "Nope()"],
            "editor names must start with a lowercase letter but got 'Nope' (at 1:1)",
        ),
        (
            &["set(foo, 1)", "set(name, 1)", "nope()"],
            "unable to parse OTTL statement \"set(foo, 1)\": segment \"foo\" from path \"foo\" is not a valid path nor a \
             valid OTTL keyword for the span context - review https://github.com/open-telemetry/\
             opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/ottlspan to see all valid paths (at 1:5)\n\
             unable to parse OTTL statement \"nope()\": undefined function \"nope\" (at 1:1)",
        ),
    ];
    for (statements, want) in cases {
        assert_eq!(group(statements).map(|_| ()), Err(want.to_owned()), "{statements:?}");
    }
    let error = TRACES.group(Some(Kind::Log), &texts(&["set(body, 1)"]), &[], ErrorMode::Ignore).err();
    assert_eq!(error.as_deref(), Some("unknown context \"log\" for statements: [set(body, 1)]"));
}

#[test]
fn conditions_are_sorted_by_what_they_are_about() {
    let all =
        ["span.name == \"x\"", "resource.attributes[\"a\"] == 1", "IsRootSpan() and scope.name == \"s\""];
    let sorted = TRACES.sorted(&texts(&all), ErrorMode::Ignore).unwrap();
    let counts: Vec<_> = sorted.iter().map(|(kind, all)| (*kind, all.conditions.len())).collect();
    assert_eq!(counts, [(Kind::Span, 2), (Kind::Resource, 1)]);
    for (condition, want) in [
        (
            "foo.bar == 1",
            format!(
                "context \"foo\" inferred from the conditions [\"foo.bar == 1\"] is not a supported context: {NAMES}"
            ),
        ),
        (
            "flags == 1",
            format!(
                "unable to infer context from conditions, path's first segment must be a valid context name: {NAMES}, and at \
                 least one context must be capable of parsing all conditions: [\"flags == 1\"]"
            ),
        ),
    ] {
        let error = TRACES.sorted(&texts(&[condition]), ErrorMode::Ignore).err();
        assert_eq!(error, Some(want), "{condition}");
    }
}
