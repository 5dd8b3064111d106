use slimcol_ottleval::Kind;

#[test]
fn paths_get_their_context_before_them() {
    for (text, want) in [
        (
            r#"set(name, "x") where attributes["a"] == span.kind"#,
            Some(r#"set(span.name, "x") where span.attributes["a"] == span.kind"#),
        ),
        (
            r#"set(status.message, Concat([name, resource.attributes[name]], ""))"#,
            Some(r#"set(span.status.message, Concat([span.name, resource.attributes[span.name]], ""))"#),
        ),
        ("set(", None),
    ] {
        assert_eq!(super::with_prefix(Kind::Span, text, true).as_deref(), want, "{text}");
    }
}
