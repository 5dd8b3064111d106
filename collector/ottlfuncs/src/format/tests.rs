use slimcol_ottleval::{Kind, Value};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

use super::printed;

use crate::samples::value_of;

/// What Go's `fmt.Sprintf` makes of verb and value: `i` before a whole number, `f` before one with a fraction, `s` before text.
#[test]
fn verbs_show_values_as_in_go() {
    let mut wrong = Vec::new();
    for line in include_str!("tests/go.tsv").lines() {
        let [format, value, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (kind, text) = value.split_at(1);
        let value = match kind {
            "i" => ValueRef::Int(text.parse().unwrap()),
            "f" => ValueRef::Double(text.parse().unwrap()),
            _ => ValueRef::Str(text),
        };
        let got = printed(format, &[value.into()]);
        if got != expected {
            wrong.push(format!("{format} {value:?}: {got:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn verbs_choose_values_as_in_go() {
    let five = || [1.into(), "b".into(), 2.5.into(), true.into(), Value::NIL];
    for (format, expected) in [
        ("test", "test%!(EXTRA int64=1, string=b, float64=2.5, bool=true, <nil>)"),
        ("%d %s %v %t %v", "1 b 2.5 true <nil>"),
        ("%[2]s", "b"),
        ("%[2]s %d", "b %!d(float64=2.5)"),
        ("%[3]v %[1]d", "2.5 1"),
        ("%[6]d", "%!d(BADINDEX)"),
        ("%[x]d", "%!d(BADINDEX)"),
        ("%[1]*[2]s|", "b|"),
        ("%.*f", "%!f(string=b)%!(EXTRA float64=2.5, bool=true, <nil>)"),
        ("%", "%!(NOVERB)%!(EXTRA int64=1, string=b, float64=2.5, bool=true, <nil>)"),
        ("%!", "%!!(int64=1)%!(EXTRA string=b, float64=2.5, bool=true, <nil>)"),
        ("%5%", "%%!(EXTRA int64=1, string=b, float64=2.5, bool=true, <nil>)"),
        ("%v%v%v%v%v%v", "1b2.5true<nil>%!v(MISSING)"),
        ("%s %d", "%!s(int64=1) %!d(string=b)%!(EXTRA float64=2.5, bool=true, <nil>)"),
        ("%[2]5d", "%!d(BADINDEX)"),
        ("%.[3]*f", "%!(BADPREC)%!f(bool=true)"),
        ("%[1]d %[1]x", "1 1"),
        ("%é", "%!é(int64=1)%!(EXTRA string=b, float64=2.5, bool=true, <nil>)"),
    ] {
        assert_eq!(printed(format, &five()), expected, "{format}");
    }
    let nested = OwnValue::map([
        ("b", 1_i64.into()),
        ("a", OwnValue::list([1_i64.into(), "x".into(), ValueRef::Empty]).view()),
    ]);
    assert_eq!(printed("%v", &[Value::Made(nested)]), "map[a:[1 x <nil>] b:1]");
    let bytes = || Value::from(ValueRef::Bytes(b"ab"));
    let all = [bytes(), bytes(), bytes(), bytes(), bytes()];
    assert_eq!(printed("%d|%v|%x|%s|%q", &all), "[97 98]|[97 98]|6162|ab|\"ab\"");
}

#[test]
fn formats_are_functions() {
    for (source, expected) in [
        (r#"Format("test-%04d-%4s", [2, "te"])"#, r#""test-0002-  te""#),
        (
            r#"Format("%v|%s", [time, Duration("90m")])"#,
            r#""2020-01-02 03:04:05.000000321 +0000 UTC|1h30m0s""#,
        ),
        (r#"Format("%v", [span_id])"#, r#""0102030405060708""#),
        (r#"Format("%s", [Split(severity_number, ",")])"#, "run: expected string but got int64"),
        (
            "Format(body, [1])",
            "compile: error while parsing arguments for call to \"Format\": invalid argument at position 0: must be a string (at 1:8)",
        ),
        (
            "Format(\"%s\", 1)",
            "compile: error while parsing arguments for call to \"Format\": invalid argument at position 1: must be a list of type Getter (at 1:14)",
        ),
    ] {
        assert_eq!(value_of(Kind::Log, source), expected, "{source}");
    }
}

/// However large the numbers are, what comes of them is not.
#[test]
fn widths_are_bounded() {
    assert_eq!(printed("%99999999999999999999d", &[1.into()]), "1");
    assert_eq!(printed("%1000000d", &[1.into()]).len(), 1_000_000);
    let many = "%".repeat(1_000_000);
    assert!(printed(&many, &[]).len() <= many.len());
}
