use proptest::prelude::*;

use super::entry;
use crate::{Program, Template, Value, parser::parse};

/// Pieces that make sense together now and then.
const WORDS: &[&str] = &[
    "body",
    "attributes",
    "nothing",
    "timestamp",
    "raw",
    "$env",
    "a",
    "1",
    "0",
    "2.5",
    "-1",
    "'x'",
    "\"é\"",
    "`r`",
    "b'\\xff'",
    "nil",
    "true",
    "false",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "?.",
    "?",
    "??",
    "::",
    "|",
    "..",
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "^",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "and",
    "or",
    "not",
    "!",
    "&&",
    "||",
    "in",
    "matches",
    "contains",
    "startsWith",
    "endsWith",
    "let",
    "if",
    "else",
    "=",
    "#",
    "#acc",
    "#index",
    ".level",
    ".tags",
    ".code",
    "all(",
    "filter(",
    "map(",
    "count(",
    "reduce(",
    "sortBy(",
    "groupBy(",
    "sum(",
    "len(",
    "split(",
    "join(",
    "sort(",
    "toJSON(",
    "fromJSON(",
    "string(",
    "1..3",
    "take(",
    "replace(",
    "uniq(",
    "flatten(",
    "get(",
    "max(",
    "[1,2]",
    "{a:1}",
    "env(",
    "//",
    "/*",
    "\n",
    "\\",
    "'",
    "\"",
];

fn evaluate(source: &str) -> Option<String> {
    let entry = entry();
    Program::compile(source).ok().map(|program| match program.eval(&entry) {
        // The clock goes on.
        Ok(Value::Time(_) | Value::Duration(_)) => String::new(),
        Ok(value) => value.to_text(),
        Err(error) => {
            assert!(error.to_string().starts_with(error.message()));
            error.message().to_owned()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        evaluate(&text);
        let _ = Template::compile(&text).and_then(|template| template.render(&entry()));
    }

    #[test]
    fn any_words_are_read_or_refused(words in prop::collection::vec(prop::sample::select(WORDS), 0..24)) {
        evaluate(&words.join(" "));
        evaluate(&words.concat());
    }

    #[test]
    fn printed_and_parsed_it_is_the_same(source in expression()) {
        let node = parse(&source).unwrap_or_else(|fault| panic!("{source}: {}", fault.message));
        let printed = node.to_string();
        let again = parse(&printed).unwrap_or_else(|fault| panic!("{printed}: {}", fault.message));
        prop_assert_eq!(&again.to_string(), &printed);
        // Places differ, so what is checked is what it means.
        prop_assert_eq!(evaluate(&source), evaluate(&printed));
    }
}

/// Expressions that parse.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(
        &[
            "body",
            "attributes",
            "nothing",
            "1",
            "2",
            "0.5",
            "1e30",
            "'x'",
            "\"q\\\"\\n\\u{7}\"",
            "`r`",
            "b'\\xff'",
            "nil",
            "true",
            "false",
            "attributes.level",
            "attributes.tags",
            "attributes.code",
            "nothing?.a",
            "attributes?.http.method",
            "[1, 2]",
            "{a: 1, 'b c': 2}",
        ][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let binary = prop::sample::select(
            &[
                "+",
                "-",
                "*",
                "/",
                "%",
                "**",
                "==",
                "!=",
                "<",
                "<=",
                ">",
                ">=",
                "and",
                "or",
                "&&",
                "||",
                "in",
                "not in",
                "matches",
                "contains",
                "not contains",
                "startsWith",
                "endsWith",
                "..",
            ][..],
        );
        prop_oneof![
            (inner.clone(), binary.clone(), inner.clone()).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (inner.clone(), binary, inner.clone()).prop_map(|(a, op, b)| format!("(({a})) {op} (({b}))")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) ?? ({b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) ?: ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})?.[{b}]")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a})[({b}):({c})]")),
            inner.clone().prop_map(|a| format!("({a}).level")),
            inner.clone().prop_map(|a| format!("({a})?.level.a['b c']")),
            inner.clone().prop_map(|a| format!("({a})?.level['c'].Unix()")),
            inner.clone().prop_map(|a| format!("({a})[1:]")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("len({a})")),
            inner.clone().prop_map(|a| format!("({a}) | type()")),
            inner.clone().prop_map(|a| format!("map([1, 2], {{#; {a}}})")),
            inner.clone().prop_map(|a| format!("filter(1..3, # in ({a}))")),
            inner.clone().prop_map(|a| format!("reduce(1..3, [#acc, #index, {a}], nil)")),
            inner.clone().prop_map(|a| format!("(let v = ({a}); [v, v])")),
            inner.clone().prop_map(|a| format!("(if ({a}) == 1 {{ {a} }} else {{ 2 }})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("[{a}, {{(string({b})): {b}}}]")),
        ]
    })
}
