use std::fmt::Write;

use proptest::prelude::*;

use super::{DEPTH, condition, expression, statement};

/// Statements and the error that each has, or nothing for those that are well formed.
const STATEMENTS: &[(&str, &str)] = &[
    ("set(", "1:5: unexpected token \"<EOF>\" (expected a value)"),
    ("set(\"foo)", "1:5: invalid input text \"\\\"foo)\""),
    ("set(name.)", "1:10: unexpected token \")\" (expected a field)"),
    ("(\"foo\")", "1:1: unexpected token \"(\" (expected an editor)"),
    ("set(\"foo\") where name =||= \"fido\"", "1:24: invalid input text \"||= \\\"fido\\\"\""),
    ("set(span_id, SpanIDWrapper{not a hex string})", "1:27: unexpected token \"{\" (expected \")\")"),
    ("set(\"foo\") where name = \"fido\"", "1:23: unexpected token \"=\" (expected a comparison)"),
    ("set(\"foo\") where name or \"fido\"", "1:23: unexpected token \"or\" (expected a comparison)"),
    ("set(\"foo\") where name and", "1:23: unexpected token \"and\" (expected a comparison)"),
    ("set(\"foo\") where (", "1:19: unexpected token \"<EOF>\" (expected a value)"),
    ("set(\"foo\") where )", "1:18: unexpected token \")\" (expected a value)"),
    ("set(\"foo\") where (name == \"fido\"))", "1:34: unexpected token \")\" (expected the end)"),
    ("set(\"foo\") where ((name == \"fido\")", "1:35: unexpected token \"<EOF>\" (expected \")\")"),
    ("test() where animal =< \"dog\"", "1:21: unexpected token \"=\" (expected a comparison)"),
    ("test() where animal => \"dog\"", "1:21: unexpected token \"=>\" (expected a comparison)"),
    ("test() where animal <> \"dog\"", "1:22: unexpected token \">\" (expected a value)"),
    ("test() where animal", "1:20: unexpected token \"<EOF>\" (expected a comparison)"),
    ("test() where animal ==", "1:23: unexpected token \"<EOF>\" (expected a value)"),
    ("test() where == animal", "1:14: unexpected token \"==\" (expected a value)"),
    ("test() where not not true", "1:18: unexpected token \"not\" (expected a value)"),
    ("test() where a == b == c", "1:21: unexpected token \"==\" (expected the end)"),
    ("test() where (true) == true", "1:21: unexpected token \"==\" (expected \"and\" or \"or\")"),
    ("test() where (\"a\") == \"a\"", "1:18: unexpected token \")\" (expected a comparison)"),
    ("test() where \"a\" + \"b\" == \"ab\"", "1:18: unexpected token \"+\" (expected a comparison)"),
    ("test(1,)", "1:8: unexpected token \")\" (expected a value)"),
    ("test(a) and b", "1:9: unexpected token \"and\" (expected \"where\")"),
    ("test(\n  a[\"x\")", "2:8: unexpected token \")\" (expected \"]\")"),
    ("test(9223372036854775808)", "1:6: integer 9223372036854775808 is out of range"),
    ("test(0x123)", "1:6: encoding/hex: odd length hex string"),
    ("test(\"\\d\")", "1:6: invalid quoted string \"\\\"\\\\d\\\"\": invalid syntax"),
    ("test(- - 1)", "1:8: unexpected token \"-\" (expected a value)"),
    ("Set()", "editor names must start with a lowercase letter but got 'Set' (at 1:1)"),
    ("set(int())", "converter names must start with an uppercase letter but got 'int' (at 1:5)"),
    (
        "set(1 * 1 + (2 * int()))",
        "converter names must start with an uppercase letter but got 'int' (at 1:18)",
    ),
    ("set() where 1 == int()", "converter names must start with an uppercase letter but got 'int' (at 1:18)"),
    (
        "set(foo.attributes[\"bar\"].cat)[\"key\"]",
        "only paths and converters may be indexed, not editors, but got set[key] (at 1:1)",
    ),
    (
        "set() where test(foo)[\"key\"] == \"bar\"",
        "converter names must start with an uppercase letter but got 'test'; \
         only paths and converters may be indexed, not editors, but got test[key] (at 1:13)",
    ),
    ("f(() => () => 1)", "lambda body cannot result into another lambda expression (at 1:3)"),
    ("set(foo.attributes[\"bar\"].cat, \"dog\")", ""),
    ("set(set = foo.attributes[\"animal\"], val = \"dog\") where animal == \"cat\"", ""),
    ("test() where service == \"pinger\" or foo.attributes[\"verb\"] == \"GET\" and a.b == \"/x\"", ""),
    ("test() where (((a + 1) * 2) == 3) and not (IsMatch(a, \"b\")) or ((True()))", ""),
    ("test() where -(a - 1) / +2. >= .5", ""),
    ("test(SHA256, Sha256, SPAN_KIND_SERVER, Sha256(\"a\")[\"x\"][0], nil, true, 0xff00, [], {})", ""),
    ("test([1 2, 3], [,4], {\"a\": 1 \"b\": [\"c\"],}, a[b[Len(c) - 1]][1][\"x\"])", ""),
    ("test((a, _) => a + 1, () => a == 1 and true, (v) => (v), xY = (v) => not v == nil)", ""),
    ("is Match(a, b)", ""),
];

#[test]
fn statements() {
    for (source, want) in STATEMENTS {
        let got = statement(source).err().map_or_else(String::new, |error| error.to_string());
        let got = got.strip_prefix("statement has invalid syntax: ").unwrap_or(&got);
        assert_eq!(got, *want, "{source}");
    }
}

#[test]
fn trees() {
    for (source, want) in [
        ("1 + 2 * 3", "Math(Chain(Int(1), [(Plus, Chain(Int(2), [(Times, Int(3))]))]))"),
        (
            "(1 + 2) * -3",
            "Math(Chain(Group(Chain(Int(1), [(Plus, Int(2))])), [(Times, Signed(true, Int(3)))]))",
        ),
        ("1-1", "Math(Chain(Int(1), [(Minus, Int(1))]))"),
        ("[1 -1]", "List([Math(Chain(Int(1), [(Minus, Int(1))]))])"),
        ("FOO", "Enum(At(0), \"FOO\")"),
        ("{\"a\": nil}", "Map([(\"a\", Nil)])"),
        ("0x0aff", "Bytes([10, 255])"),
    ] {
        assert_eq!(format!("{:?}", expression(source).unwrap()), want, "{source}");
    }
    for (source, want) in [
        ("true or not false and true", "Any([Literal(true), All([Not(Literal(false)), Literal(true)])])"),
        ("(true or false) and true", "All([Group(Any([Literal(true), Literal(false)])), Literal(true)])"),
        ("((true))", "Group(Group(Literal(true)))"),
        ("not (1) == 2", "Not(Compare((Math(Group(Int(1))), Math(Int(2))), Eq))"),
    ] {
        assert_eq!(format!("{:?}", condition(source).unwrap()), want, "{source}");
    }
    let error = |source| condition(source).unwrap_err().to_string();
    assert_eq!(
        error("a"),
        "condition has invalid syntax: 1:2: unexpected token \"<EOF>\" (expected a comparison)"
    );
    let error = expression("a b").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expression has invalid syntax: 1:3: unexpected token \"b\" (expected the end)"
    );
    assert_eq!((error.line(), error.column()), (1, 3));
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    for (open, close) in [("(", ")"), ("[", "]"), ("F(", ")"), ("{\"a\": ", "}"), ("a[", "]"), ("-(", ")")] {
        let nest = |depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(expression(&nest(DEPTH)).err(), None, "{open}");
        for depth in [DEPTH + 1, 100_000] {
            let error = expression(&nest(depth)).unwrap_err().to_string();
            assert!(error.ends_with("nested more than 64 deep"), "{open}: {error}");
        }
    }
    let error = condition(&"(not ".repeat(100_000)).unwrap_err().to_string();
    assert!(error.ends_with("nested more than 64 deep"), "{error}");
}

#[test]
fn a_megabyte_is_read_in_linear_time() {
    for (unit, end) in
        [("1+", "1"), ("a*", "1"), ("a ", ""), ("a == 1 or ", "true"), ("(a,", ""), ("a.", "b")]
    {
        let source = format!("[{}{end}]", unit.repeat(1_000_000 / unit.len()));
        // Words that run on are looked at once each, not once from each of them on.
        let _ = expression(&source);
        let _ = condition(&source[1..source.len() - 1]);
    }
    let mut long = String::from("set(a");
    for at in 0..100_000 {
        write!(long, ", b[\"{at}\"]").unwrap();
    }
    assert_eq!(statement(&format!("{long})")).unwrap().editor.arguments.len(), 100_001);
}

/// Sources made of words that the language has, mostly ill-formed.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "set", "a", "Foo", "FOO", "b", ".", "[", "]", "(", ")", "{", "}", ",", ":", "=", "==", "<", "=>",
        "+", "-", "*", "/", "nil", "not", "and", "or", "true", "where", "1", "2.5", "\"x\\n\"", "0xab", "_",
        "é", "\"",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

/// Well-formed values.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "2.5",
        "1.0e3",
        "nil",
        "true",
        "\"a\\\"\\n\\u0001é\"",
        "0xaB",
        "FOO",
        "a.b[\"c\"][0]",
        "F()",
        "-x",
        "[]",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(", "))),
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|values| format!("F({}, x = 1)", values.join(", "))),
            inner.clone().prop_map(|value| format!("{{\"k\": {value}}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(v) => [{a}] == [{b}] or not F(v)")),
            (0..9_i64, 0..9_i64).prop_map(|(a, b)| format!("({a} + a) * -(b[F() - {b}] / 2)")),
            inner,
        ]
    })
}

proptest! {
    #[test]
    fn never_panics(source in words(), noise in ".{0,60}") {
        for source in [source, noise] {
            if let Ok(tree) = statement(&source) {
                let again = statement(&tree.to_string());
                prop_assert_eq!(Ok(tree), again);
            }
            if let Ok(tree) = condition(&source) {
                let again = condition(&tree.to_string());
                prop_assert_eq!(Ok(tree), again);
            }
            if let Ok(tree) = expression(&source) {
                let again = expression(&tree.to_string());
                prop_assert_eq!(Ok(tree), again);
            }
        }
    }

    #[test]
    fn what_is_printed_reads_the_same(a in value(), b in value()) {
        let statements = [
            format!("set(a, {a})"),
            format!("set({b}, x = {a}) where ([{a}] == [{b}] or true) and not (F() and 1 < 2)"),
        ];
        for source in statements {
            // A name before what has none is well formed too, so these all are.
            let tree = statement(&source).unwrap();
            prop_assert_eq!(&tree, &statement(&tree.to_string()).unwrap());
        }
    }
}
