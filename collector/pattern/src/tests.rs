use proptest::prelude::*;

use crate::Size;

fn compile(pattern: &str) -> Result<regex::bytes::Regex, String> {
    crate::compile(pattern, Size::Config)
}

#[test]
fn patterns_mean_what_they_mean_in_go() {
    let cases = [
        (r"^\d+$", "12", true),
        (r"^\d+$", "१२", false),
        (r"^\w+$", "é", false),
        (r"^\w+$", "a_9", true),
        (r"\bb", "éb", true),
        (r"\s", "\u{a0}", false),
        (r"\s", "\u{b}", false),
        (r"^.$", "é", true),
        (r"^a.c$", "a\nc", false),
        (r"(?s)^a.c$", "a\nc", true),
        (r"(?m)^c$", "a\nc\n", true),
        (r"c$", "c\n", false),
        (r"(?i)É", "é", true),
        (r"[[]x", "[x", true),
        (r"[a&&b]", "&", true),
        (r"^[^\d]+$", "ab", true),
        (r"^[\w.-]+$", "a.b-c", true),
        (r"^[]a]+$", "]a", true),
        (r"[[:alpha:]]", "a", true),
        (r"[[:^alpha:]]", "a", false),
        (r"^a{,2}$", "a{,2}", true),
        (r"a{b", "a{b", true),
        (r"^{$", "{", true),
        (r"^a{2}$", "aa", true),
        (r"x*?y", "xxy", true),
        (r"\Qa.b\E+", "a.bb", true),
        (r"\Qa.b", "a.b", true),
        (r"\pL", "é", true),
        (r"\p{Greek}", "α", true),
        (r"\p{^Greek}", "α", false),
        (r"\PL", "é", false),
        (r"\x41\x{1F600}\101", "A😀A", true),
        (r"\/\-\<\_", "/-<_", true),
        (r"(?P<n>a)(?<m>b)(?:c)", "abc", true),
        (r"(?i:A)b", "ab", true),
        (r"(?U)a+", "aa", true),
        (r"a#b c", "a#b c", true),
        (r"a|", "x", true),
        (r"()", "", true),
        (r"[\a\t\x41-\x43]", "B", true),
    ];
    for (pattern, text, expected) in cases {
        let regex = compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        assert_eq!(regex.is_match(text.as_bytes()), expected, "{pattern} on {text}");
    }
}

#[test]
fn errors_are_gos() {
    let cases = [
        ("[a", "missing closing ]: `[a`"),
        ("(a", "missing closing ): `(a`"),
        ("a)", "unexpected ): `a)`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a|*", "missing argument to repetition operator: `*`"),
        ("(?i)*", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (r"\y", r"invalid escape sequence: `\y`"),
        (r"\1", r"invalid escape sequence: `\1`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?P<a-b>c)", "invalid named capture: `(?P<a-b>`"),
    ];
    for (pattern, expected) in cases {
        let error = compile(pattern).unwrap_err();
        assert_eq!(error, format!("error parsing regexp: {expected}"), "{pattern}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pattern_is_compiled_or_refused(pattern in "[\\[\\](){}^$|?*+.\\\\a-d0-3,:<>PpQEdwx=&~é-]{0,16}") {
        if let Err(error) = crate::compile(&pattern, Size::Data) {
            prop_assert!(error.starts_with("error parsing regexp: "));
        }
    }
}

#[test]
fn texts_are_never_cut_within_a_character() {
    let pattern = crate::compile_text("", Size::Config).unwrap();
    assert_eq!(pattern.replace_all("aé", "-"), "-a-é-");
    for (pattern, want) in
        [("(", "missing closing ): `(`"), ("a{1000}{2}", "invalid nested repetition operator: `{1000}{2}`")]
    {
        let error = crate::compile_text(pattern, Size::Data).unwrap_err();
        assert_eq!(error, format!("error parsing regexp: {want}"));
        assert_eq!(error, compile(pattern).unwrap_err());
    }
}
