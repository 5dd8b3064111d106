use super::*;

#[test]
fn component_ids_and_their_errors_are_gos() {
    let long = format!("otlp/{}", "a".repeat(1025));
    for (text, expected) in [
        ("otlp", Ok("otlp")),
        ("otlp/b", Ok("otlp/b")),
        (" otlp / b ", Ok("otlp/b")),
        ("otlp/a-b.c/d#e@f", Ok("otlp/a-b.c/d#e@f")),
        ("otlp/größe", Ok("otlp/größe")),
        ("otlp/日本", Ok("otlp/日本")),
        ("otlp/", Err(r#"in "otlp/" id: the part after / should not be empty"#)),
        ("/b", Err(r#"in "/b" id: the part before / should not be empty"#)),
        ("", Err("id must not be empty")),
        ("otlp-x", Err(r#"in "otlp-x" id: invalid character(s) in type "otlp-x""#)),
        ("1otlp", Err(r#"in "1otlp" id: invalid character(s) in type "1otlp""#)),
        ("otlp/a b", Err(r#"in "a b" id: invalid character(s) in name "a b""#)),
        ("otlp/a+b", Err(r#"in "a+b" id: invalid character(s) in name "a+b""#)),
        ("otlp/a=b", Err(r#"in "a=b" id: invalid character(s) in name "a=b""#)),
        ("otlp/$a", Err(r#"in "$a" id: invalid character(s) in name "$a""#)),
        ("otlp/€", Err(r#"in "€" id: invalid character(s) in name "€""#)),
        ("otlp/→", Err(r#"in "→" id: invalid character(s) in name "→""#)),
        ("otlp/😀", Err(r#"in "😀" id: invalid character(s) in name "😀""#)),
        (&long, Err("longer than 1024 characters (1025 characters)")),
    ] {
        match (text.parse::<ComponentId>(), expected) {
            (Ok(id), Ok(expected)) => assert_eq!(id.to_string(), expected),
            (Err(e), Err(expected)) => assert!(e.ends_with(expected), "{e}"),
            (got, _) => panic!("{text}: {got:?}"),
        }
    }
}

#[test]
fn pipeline_ids_and_their_errors_are_gos() {
    for (text, expected) in [
        ("traces", Ok("traces")),
        ("metrics/a-b", Ok("metrics/a-b")),
        ("logs / x", Ok("logs/x")),
        ("profiles", Ok("profiles")),
        ("tracez", Err(r#"in "tracez" id: unknown pipeline signal: "tracez""#)),
        ("traces/", Err(r#"in "traces/" id: the part after / should not be empty"#)),
        ("Traces", Err(r#"in "Traces" id: unknown pipeline signal: "Traces""#)),
    ] {
        let got = text.parse::<PipelineId>().map(|id| id.to_string());
        assert_eq!(got, expected.map(String::from).map_err(String::from), "{text}");
    }
}
