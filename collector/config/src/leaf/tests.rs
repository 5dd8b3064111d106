use super::*;
use crate::{Headers, Section, Settings, from_yaml};

/// Reads `text` as the field `f`; the value's debug form or the messages.
fn field<T: Leaf + std::fmt::Debug + Send + 'static>(text: &str) -> String {
    struct One<T>(Option<T>);
    impl<T: Leaf + Send + 'static> Settings for One<T> {
        fn read(from: &mut Section<'_>) -> Self {
            Self(from.find("f"))
        }
    }
    match from_yaml::<One<T>>(&format!("f: {text}")) {
        Ok(One(value)) => format!("{value:?}"),
        Err(message) => message,
    }
}

#[test]
fn scalars_are_typed_as_strictly_as_in_go() {
    for (got, expected) in [
        (field::<bool>("true"), "Some(true)"),
        (field::<bool>("no"), "'f' expected type 'bool', got unconvertible type 'string'"),
        (field::<bool>("'true'"), "'f' expected type 'bool', got unconvertible type 'string'"),
        (field::<bool>("1"), "'f' expected type 'bool', got unconvertible type 'int'"),
        (field::<bool>("null"), "None"),
        (field::<String>("abc"), "Some(\"abc\")"),
        (field::<String>("12"), "'f' expected type 'string', got unconvertible type 'int'"),
        (field::<String>("1.5"), "'f' expected type 'string', got unconvertible type 'float64'"),
        (field::<String>("[a]"), "'f' expected type 'string', got unconvertible type '[]interface {}'"),
        (
            field::<String>("{a: b}"),
            "'f' expected type 'string', got unconvertible type 'map[string]interface {}'",
        ),
        (field::<String>("2020-01-01"), "Some(\"2020-01-01\")"),
        (field::<String>("''"), "Some(\"\")"),
        (field::<i64>("12"), "Some(12)"),
        (field::<i64>("0123"), "Some(83)"),
        (field::<i64>("3.99"), "Some(3)"),
        (field::<i64>("-3.99"), "Some(-3)"),
        (field::<i64>("1e3"), "Some(1000)"),
        (field::<i64>("'12'"), "'f' expected type 'int64', got unconvertible type 'string'"),
        (
            field::<i64>("18446744073709551615"),
            "'f' cannot parse value as 'int64': 18446744073709551615 overflows int64",
        ),
        (field::<u32>("-1"), "'f' cannot parse value as 'uint32': -1 overflows uint"),
        (field::<u32>("4294967296"), "'f' cannot parse value as 'uint32': 4294967296 overflows uint32"),
        (field::<u64>("18446744073709551615"), "Some(18446744073709551615)"),
        (field::<u8>("256"), "'f' cannot parse value as 'uint8': 256 overflows uint8"),
        (field::<f64>("1"), "Some(1.0)"),
        (field::<f64>("'1'"), "'f' expected type 'float64', got unconvertible type 'string'"),
        (field::<Duration>("1h2m3.5s"), "Some(Duration(3723500000000))"),
        (field::<Duration>("5"), "Some(Duration(5))"),
        (field::<Duration>("1.5"), "Some(Duration(1))"),
        (field::<Duration>("'5'"), "'f' time: missing unit in duration"),
        (field::<Duration>("5x"), "'f' time: unknown unit"),
        (field::<Duration>("abc"), "'f' time: invalid duration"),
        (field::<Duration>("true"), "'f' expected type 'time.Duration', got unconvertible type 'bool'"),
        (field::<Secret>("abc"), "Some([REDACTED])"),
        (field::<Secret>("12"), "'f' expected type 'configopaque.String', got unconvertible type 'int'"),
    ] {
        assert_eq!(got, expected);
    }
}

#[test]
fn collections_name_the_item_that_is_wrong() {
    for (got, expected) in [
        (field::<Vec<String>>("[a, b]"), r#"Some(["a", "b"])"#),
        (field::<Vec<String>>("[]"), "Some([])"),
        (field::<Vec<String>>("null"), "None"),
        (field::<Vec<String>>("a,b"), r#"Some(["a", "b"])"#),
        (field::<Vec<String>>("''"), "Some([])"),
        (field::<Vec<String>>("[a, null]"), r#"Some(["a", ""])"#),
        (
            field::<Vec<String>>("[1, a, true]"),
            "'f[0]' expected type 'string', got unconvertible type 'int'\n\
             'f[2]' expected type 'string', got unconvertible type 'bool'",
        ),
        (field::<Vec<i64>>("1,2"), "'f' source data must be an array or slice, got string"),
        (field::<Vec<String>>("{a: b}"), "'f' source data must be an array or slice, got map"),
        (field::<BTreeMap<String, i64>>("{a: 1}"), r#"Some({"a": 1})"#),
        (
            field::<BTreeMap<String, i64>>("{a: x}"),
            "'f[a]' expected type 'int64', got unconvertible type 'string'",
        ),
        (
            field::<BTreeMap<String, i64>>("[1]"),
            "'f' expected type 'map[string]interface {}', got unconvertible type '[]interface {}'",
        ),
        (field::<Option<i64>>("null"), "None"),
        (field::<Option<i64>>("1"), "Some(Some(1))"),
    ] {
        assert_eq!(got, expected);
    }
    assert_eq!(Vec::<i64>::leaf(&crate::parse("f", "[1, 2]").unwrap()), Ok(vec![1, 2]));
}

#[test]
fn headers_are_a_map_or_a_list_of_pairs() {
    for (got, expected) in [
        (field::<Headers>("{Bb: x, a: y}"), r#"Some(Headers([("Bb", [REDACTED]), ("a", [REDACTED])]))"#),
        (field::<Headers>("[{name: a, value: b}]"), r#"Some(Headers([("a", [REDACTED])]))"#),
        (field::<Headers>("{}"), "Some(Headers([]))"),
        (
            field::<Headers>("{a: 1, b: 2}"),
            "'f[a]' expected type 'configopaque.String', got unconvertible type 'int'\n\
             'f[b]' expected type 'configopaque.String', got unconvertible type 'int'",
        ),
        (field::<Headers>("x"), "'f' source data must be an array or slice, got string"),
        (field::<Headers>("[x]"), "'f[0]' expected a map or struct, got \"string\""),
        (field::<Headers>("[{name: a, valu: b}]"), "'f[0]' has invalid keys: valu"),
        (
            field::<Headers>("[{name: a, value: b}, {name: a, value: c}]"),
            "'f[1]' duplicate keys in map-style list: [a]",
        ),
    ] {
        assert_eq!(got, expected);
    }
}

#[test]
fn lines_with_secrets_are_not_shown() {
    struct Auth;
    impl Settings for Auth {
        fn read(from: &mut Section<'_>) -> Self {
            let _: Option<Headers> = from.find("headers");
            let _: Option<Vec<Secret>> = from.find("tokens");
            Self
        }
    }
    let node = crate::parse("f", "headers: {authorization: 271828}\ntokens: [314159]\n").unwrap();
    let issues = crate::read::<Auth>(&node).map(|_| ()).unwrap_err();
    let shown: String = issues.iter().map(crate::render).collect();
    assert!(shown.contains("f:1:26") && shown.contains("f:2:10"), "{shown}");
    assert!(!shown.contains("271828") && !shown.contains("314159"), "{shown}");
}
