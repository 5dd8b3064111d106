use super::{Kind, lex};

/// The words of `source`, each with the name that the Go collector's lexer has for it.
fn words(source: &str) -> Vec<String> {
    let tokens = lex(source).unwrap();
    let end = tokens.len() - 1;
    tokens[..end].iter().map(|token| format!("{} {}", name(token.kind), token.text)).collect()
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Bytes => "Bytes",
        Kind::Float => "Float",
        Kind::Int => "Int",
        Kind::Str => "String",
        Kind::Nil => "Nil",
        Kind::Not => "OpNot",
        Kind::Or => "OpOr",
        Kind::And => "OpAnd",
        Kind::Compare(_) => "OpComparison",
        Kind::Arrow => "LambdaArrow",
        Kind::Plus | Kind::Minus => "OpAddSub",
        Kind::Times | Kind::Over => "OpMultDiv",
        Kind::Boolean(_) => "Boolean",
        Kind::Mark(_) => "Mark",
        Kind::Upper => "Upper",
        Kind::Lower => "Lower",
        Kind::Underscore => "Underscore",
        Kind::End => "End",
    }
}

#[test]
fn as_go_lexes() {
    for (source, want) in [
        ("abc", "Lower abc"),
        ("ABC", "Upper ABC"),
        ("12345", "Int 12345"),
        ("3.14159", "Float 3.14159"),
        ("3.0", "Float 3.0"),
        ("3.", "Float 3."),
        (".3", "Float .3"),
        ("3==4.9", "Int 3|OpComparison ==|Float 4.9"),
        ("3!=4.9", "Int 3|OpComparison !=|Float 4.9"),
        ("foo bar BAZZ", "Lower foo|Lower bar|Upper BAZZ"),
        ("iphone android", "Lower iphone|Lower android"),
        ("iphone and roid", "Lower iphone|OpAnd and|Lower roid"),
        ("oreo corn", "Lower oreo|Lower corn"),
        ("if, and, or but", "Lower if|Mark ,|OpAnd and|Mark ,|OpOr or|Lower but"),
        ("true and not false", "Boolean true|OpAnd and|OpNot not|Boolean false"),
        ("nil nil_ nil2 nilA", "Nil nil|Lower nil_|Lower nil2|Lower nil|Upper A"),
        ("Xor", "Upper X|OpOr or"),
        ("a(0x0102030405060708)", "Lower a|Mark (|Bytes 0x0102030405060708|Mark )"),
        ("0x", "Int 0|Lower x"),
        (r#"a("\\", "b")"#, r#"Lower a|Mark (|String "\\"|Mark ,|String "b"|Mark )"#),
        ("aBCd_123E_4", "Lower a|Upper BC|Lower d_123|Upper E_4"),
        ("+-*/", "OpAddSub +|OpAddSub -|OpMultDiv *|OpMultDiv /"),
        ("3-5", "Int 3|OpAddSub -|Int 5"),
        ("3*-5", "Int 3|OpMultDiv *|OpAddSub -|Int 5"),
        (r#"{"foo":"bar"}"#, r#"Mark {|String "foo"|Mark :|String "bar"|Mark }"#),
        ("1. 2. 3.", "Float 1.|Float 2.|Float 3."),
        ("1e5", "Int 1|Lower e5"),
        ("1.e5", "Float 1.e5"),
        ("3.14e+10", "Float 3.14e+10"),
        ("2.5e-3", "Float 2.5e-3"),
        ("2.5e-", "Float 2.5|Lower e|OpAddSub -"),
        (".0 .5 .99", "Float .0|Float .5|Float .99"),
        ("a.b.5", "Lower a|Mark .|Lower b|Float .5"),
        ("_", "Underscore _"),
        ("(_, a) => _", "Mark (|Underscore _|Mark ,|Lower a|Mark )|LambdaArrow =>|Underscore _"),
        ("a =< b", "Lower a|Mark =|OpComparison <|Lower b"),
        (" \t\r\n\u{c}a", "Lower a"),
    ] {
        assert_eq!(words(source).join("|"), want, "{source}");
    }
}

#[test]
fn no_words() {
    for (source, at, want) in [
        ("|", 0, "invalid input text \"|\""),
        (r#"a "\""#, 2, r#"invalid input text "\"\\\"""#),
        ("\"\\\n\"", 0, "invalid input text \"\\\"\\\\\\n\\\"\""),
        ("a _b", 2, "invalid input text \"_b\""),
        ("a ! b", 2, "invalid input text \"! b\""),
        ("'ab'", 0, "invalid input text \"'ab'\""),
        ("é is no word of this language", 0, "invalid input text \"é is no word of ...\""),
    ] {
        let (place, text) = lex(source).unwrap_err();
        assert_eq!((place.0, text.as_str()), (at, want), "{source}");
    }
}
