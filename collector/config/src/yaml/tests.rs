use proptest::prelude::*;

use crate::{Node, node::Value, parse, parse_all};

/// The tree in one line, without places.
fn shape(node: &Node) -> String {
    match &node.value {
        Value::List(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let pair = |e: &crate::Entry| format!("{}: {}", e.key, shape(&e.value));
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Value::Null => "null".into(),
        Value::Text(text) => format!("{text:?}"),
        _ => node.scalar_text().unwrap_or_default(),
    }
}

fn parsed(text: &str) -> String {
    match parse("f", text) {
        Ok(node) => shape(&node),
        Err(e) => e.issues()[0].message.clone(),
    }
}

#[test]
fn documents_are_read_as_yaml_v3_reads_them() {
    for (text, expected) in [
        ("", "null"),
        ("# nothing\n", "null"),
        ("---\n", "null"),
        ("\u{feff}a: 1", "{a: 1}"),
        ("a: no\nb: 'x'\nc: \"1\"\nd: |\n  text\n", r#"{a: "no", b: "x", c: "1", d: "text\n"}"#),
        (r#"{"a": [1, 2.5, null, true], "b": {"c": ""}}"#, r#"{a: [1, 2.5, null, true], b: {c: ""}}"#),
        ("{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n", "{a: {b: 1}}"),
        ("a: 1\n---\nb: 2\n", "{a: 1}"),
        ("a: 1\n...\n", "{a: 1}"),
        ("1: a\ntrue: b\nnull: c\n", r#"{1: "a", true: "b", null: "c"}"#),
        ("a: &x {b: 1}\nc: *x\n", "{a: {b: 1}, c: {b: 1}}"),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", "{a: {b: 1, c: 2}, d: {c: 3, b: 1}}"),
        ("d:\n  <<: [{a: 1, b: 1}, {b: 2, c: 2}]\n", "{d: {a: 1, b: 1, c: 2}}"),
        ("'<<': {a: 1}\n", "{<<: {a: 1}}"),
        ("a: !!str 12\nb: !!int '12'\nc: !!float 1\nd: !own 5\n", r#"{a: "12", b: 12, c: 1, d: "5"}"#),
        ("a: ${env:A}\nb: [$A, '${B}']\n", r#"{a: "${env:A}", b: ["$A", "${B}"]}"#),
        ("a:\n- 1\n- 2\n", "{a: [1, 2]}"),
    ] {
        assert_eq!(parsed(text), expected, "{text}");
    }
}

#[test]
fn every_document_is_read_when_all_are_asked_for() {
    let text = "\u{feff}# first\na: &x 1\n---\n---\n- b\n...\n# last\n---\nc: |\n  d\n";
    let all = parse_all("f", text).unwrap();
    let found: Vec<_> = all.iter().map(|node| format!("{} {}", node.place().line(), shape(node))).collect();
    assert_eq!(found, ["2 {a: 1}", "3 null", "5 [\"b\"]", "9 {c: \"d\\n\"}"]);
    assert_eq!(parse_all("f", "").unwrap().len(), 0);
    let foreign = parse_all("f", "a: &x 1\n---\nb: *x\n").unwrap_err();
    assert!(foreign.issues()[0].message.starts_with("yaml: line 3: "), "{foreign}");
}

#[test]
fn what_is_no_yaml_is_told_in_its_words_and_lines() {
    for (text, expected) in [
        ("a: 1\nb: c: d\n", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: 1\nb\nc: 2\n", "yaml: line 2: could not find expected ':'"),
        ("a: @b\n", "yaml: line 1: found character that cannot start any token"),
        ("a:\n\tb: 1\n", "yaml: line 2: found character that cannot start any token"),
        ("a:\n  b: 1\n c: 2\n", "yaml: line 3: did not find expected key"),
        ("a: [1, 2\n", "yaml: line 1: unclosed bracket '['"),
        (
            "receivers: {otlp: }\nreceivers: {nop: }\n",
            "yaml: unmarshal errors:\n  line 2: mapping key \"receivers\" already defined at line 1",
        ),
        ("{a: 1, a: 2}", "yaml: unmarshal errors:\n  line 1: mapping key \"a\" already defined at line 1"),
        ("a: !!int x\n", "yaml: line 1: cannot decode \"x\" as a !!int"),
        ("[a]: 1\n", "yaml: line 1: invalid map key"),
        ("a: &x [*x]\n", "yaml: line 1: anchor value contains itself"),
        ("a: {<<: 5}\n", "yaml: line 1: map merge requires map or sequence of maps as the value"),
    ] {
        assert_eq!(parsed(text), expected, "{text}");
    }
    for text in ["a: *foo\n", "a: 'x\n"] {
        assert!(parsed(text).starts_with("yaml: line "), "{text:?}: {}", parsed(text));
    }
}

#[test]
fn unquoted_expressions_in_braces_get_a_hint() {
    let error = parse("f", "a: {b: ${env:C}, d: 1}\n").unwrap_err().to_string();
    assert!(error.ends_with("  |         ^ `${…}` inside `{…}` or `[…]` must be quoted"), "{error}");
}

#[test]
fn aliases_and_nesting_are_limited() {
    let nines = |i: usize| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "));
    let laughs = format!("a0: &a0 [x, x, x, x, x, x, x, x, x]\n{}", (1..10).map(nines).collect::<String>());
    assert!(parsed(&laughs).ends_with("document contains excessive aliasing"));

    let one = |i: usize| format!("a{i}: &a{i} [*a{}]\n", i - 1);
    let deep = format!("a0: &a0 [x]\n{}", (1..300).map(one).collect::<String>());
    assert!(parsed(&deep).ends_with("exceeded max depth"));

    for text in ["[".repeat(100_000), "- ".repeat(100_000), "a: {b: ".repeat(10_000), "? ".repeat(10_000)] {
        assert!(parsed(&text).starts_with("yaml: line 1: "), "{}", &text[..10]);
    }
}

#[test]
fn places_are_those_of_keys_and_values() {
    let node = parse("f.yaml", "a:\n  bcd: 'ef'\n  g: [1, 22]\n").unwrap();
    let a = node.get("a").unwrap();
    let bcd = a.entry("bcd").unwrap();
    assert_eq!((bcd.place().to_string(), bcd.place().width()), ("f.yaml:2:3".into(), 3));
    assert_eq!((bcd.value().place().to_string(), bcd.value().place().width()), ("f.yaml:2:8".into(), 4));
    let item = &a.get("g").unwrap().items().unwrap()[1];
    assert_eq!((item.place().to_string(), item.place().width()), ("f.yaml:3:10".into(), 2));
    assert_eq!(item.place().text(), Some("  g: [1, 22]"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = parsed(&text);
    }

    #[test]
    fn no_text_of_yaml_signs_panics(
        signs in prop::collection::vec(
            prop::sample::select(vec![
                "a", "b: ", "- ", "\n", "  ", "{", "}", "[", "]", ",", ": ", "? ", "&a ", "*a", "<<: ", "|", ">", "'",
                "\"", "\\", "#", "!", "!!int ", "---\n", "...\n", "%", "@", "\t", "1", "é", "\u{feff}", "\r", "${x}",
            ]),
            0..60,
        ),
    ) {
        let _ = parsed(&signs.concat());
    }
}
