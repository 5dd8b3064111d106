use super::{check, entry};
use crate::{Condition, Program, Template};

#[test]
fn compile_errors_have_a_place() {
    let cases = [
        ("body ==", "unexpected token EOF (1:7)\n | body ==\n | ......^"),
        ("", "unexpected token EOF"),
        ("a b", "unexpected token Identifier(\"b\") (1:3)\n | a b\n | ..^"),
        ("body = 'a'", "unexpected token Operator(\"=\") (1:6)\n | body = 'a'\n | .....^"),
        ("'abc", "literal not terminated (1:5)\n | 'abc\n | ....^"),
        (r"'\q'", "invalid char escape (1:3)\n | '\\q'\n | ..^"),
        ("a ~ b", "unrecognized character: U+007E '~' (1:3)\n | a ~ b\n | ..^"),
        ("1x", "bad number syntax: \"1x\" (1:2)\n | 1x\n | .^"),
        ("1 + 'a'", "invalid operation: + (mismatched types int and string) (1:3)\n | 1 + 'a'\n | ..^"),
        (
            "body\n  matches '['",
            "error parsing regexp: missing closing ]: `[` (2:3)\n |   matches '['\n | ..^",
        ),
        (
            "lower(1)",
            "cannot use int as argument (type string) to call lower  (1:7)\n | lower(1)\n | ......^",
        ),
        ("lower()", "not enough arguments to call lower (1:1)\n | lower()\n | ^"),
        ("5 % 0", "integer divide by zero (1:3)\n | 5 % 0\n | ..^"),
        (
            "a ?? b + c",
            "Operator (+) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses. (1:8)\n \
             | a ?? b + c\n | .......^",
        ),
    ];
    for (source, expected) in cases {
        let error = Program::compile(source).unwrap_err();
        assert_eq!(error.to_string(), expected, "{source}");
    }
    let error = Program::compile("a\n  ) b").unwrap_err();
    assert_eq!(error.place(), (2, 3));
}

#[test]
fn what_cannot_fit_is_found_before_there_is_data() {
    check(&[
        ("lower(nil)", "!cannot use nil as argument (type string) to call lower"),
        ("lower('a', 'b')", "!too many arguments to call lower"),
        ("len(1)", "!invalid argument for len (type int)"),
        ("len()", "!invalid number of arguments (expected 1, got 0)"),
        ("abs('a')", "!invalid argument for abs (type string)"),
        ("keys(1)", "!cannot get keys from int"),
        ("first('a')", "!cannot get first element from string"),
        ("concat()", "!invalid number of arguments (expected at least 1, got 0)"),
        ("filter(1, true)", "!builtin filter takes only array (got int)"),
        ("filter([1], 2)", "!predicate should return boolean (got int)"),
        ("filter([1])", "!expected at least 2 arguments"),
        ("map([1], #acc)", "!unknown pointer #acc"),
        ("#", "!unexpected token Operator(\"#\")"),
        ("1 ? 2 : 3", "!non-bool expression (type int) used as condition"),
        ("not 1", "!invalid operation: not (mismatched type int)"),
        ("-'a'", "!invalid operation: - (mismatched type string)"),
        ("1 and true", "!invalid operation: and (mismatched types int and bool)"),
        ("'a' < 1", "!invalid operation: < (mismatched types string and int)"),
        ("'abc'[0]", "!type string[int] is undefined"),
        ("1 in 'abc'", "!invalid operation: in (mismatched types int and string)"),
        ("1 in {a: 1}", "!cannot use int as type string in map key"),
        ("1 in ['a']", "!cannot use int as type string in array"),
        ("nil.a", "!unexpected token Operator(\".\")"),
        ("(nil).a", "!type nil has no field a"),
        ("'a'.b", "!type string has no field b"),
        ("[1]['a']", "!array elements can only be selected using an integer (got string)"),
        ("1.5[0]", "!unexpected token Bracket(\"[\")"),
        ("(1.5)[:1]", "!cannot slice float64"),
        ("let len = 1; len", "!cannot redeclare builtin len"),
        ("let x = 1; let x = 2; x", "!cannot redeclare variable x"),
        ("date('2023-01-01')", "!date() is not supported"),
        (
            "9223372036854775808",
            "!invalid integer literal: strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
        ),
        ("1e999", "!invalid float literal: strconv.ParseFloat: parsing \"1e999\": value out of range"),
        ("a.", "!unexpected end of expression"),
        ("a.1", "!unexpected token Number(\".1\")"),
        ("{1 + 2: 3}", "!unexpected token Operator(\"+\")"),
        (
            "{[1]: 3}",
            "!a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token Bracket(\"[\"))",
        ),
        ("/* never closed", "!unclosed comment"),
        ("a not b", "!unexpected token Identifier(\"b\")"),
    ]);
}

#[test]
fn run_errors_say_what_met_what() {
    check(&[
        ("nothing.a", "!cannot fetch a from <nil>"),
        ("attributes.none.a", "!cannot fetch a from <nil>"),
        ("attributes.code.a", "!cannot fetch a from int"),
        ("body.a", "!invalid operation: int(string)"),
        ("attributes.tags[5]", "!index out of range: 5 (array length is 2)"),
        ("attributes.tags[-3]", "!index out of range: -1 (array length is 2)"),
        (
            "attributes[attributes.code]",
            "!reflect.Value.MapIndex: value of type int is not assignable to type string",
        ),
        (
            "attributes.code in ['a']",
            "!reflect.Value.MapIndex: value of type int is not assignable to type string",
        ),
        ("attributes.code contains 'a'", "!interface conversion: interface {} is int, not string"),
        ("attributes.code matches 'a'", "!interface conversion: interface {} is int, not []uint8"),
        ("raw contains 'a'", "!interface conversion: interface {} is []uint8, not string"),
        ("nothing and true", "!interface conversion: interface {} is nil, not bool"),
        ("attributes.level < 1", "!invalid operation: string < int"),
        ("attributes.level + 1", "!invalid operation: string + int"),
        ("attributes.level / 2", "!invalid operation: string / int"),
        ("attributes.code % (1 - 1)", "!runtime error: integer divide by zero"),
        ("-attributes.level", "!invalid operation: - string"),
        ("attributes.code in attributes.level", "!operator \"in\" not defined on string"),
        ("all(nothing, true)", "!reflect: call of reflect.Value.Len on zero Value"),
        ("all(attributes.code, true)", "!reflect: call of reflect.Value.Len on int Value"),
        ("all(attributes.tags, #)", "!interface conversion: interface {} is string, not bool"),
        ("int(attributes.level)", "!invalid operation: int(error)"),
        ("int(nothing)", "!invalid operation: int(<nil>)"),
        ("len(nothing)", "!invalid argument for len (type <nil>)"),
        ("lower(attributes.code)", "!interface conversion: interface {} is int, not string"),
        ("upper(nothing)", "!interface conversion: interface {} is nil, not string"),
        ("unheard(1)", "!invalid operation: cannot call nil"),
        ("env(1)", "!reflect: Call using int as type string"),
        ("env()", "!invalid number of arguments: expected 1, got 0"),
        ("reduce([], #acc)", "!reduce of empty array with no initial value"),
        ("sort([1, 'a'])", "!invalid operation: string < int"),
        ("sort([1, 2], 'up')", "!invalid order up, expected asc or desc"),
        ("fromBase64('!')", "!illegal base64 data: Invalid symbol 33, offset 0."),
        ("groupBy([1], #)", "!cannot use int as a key for groupBy: only texts are keys"),
        ("body matches attributes.code", "!interface conversion: interface {} is int, not string"),
        ("body matches ('(' + body)", "!error parsing regexp: missing closing ): `(an Error: out of cheese`"),
    ]);
    let program = Program::compile("attributes.level == 'x' or attributes.none.deep").unwrap();
    let error = program.eval(&entry()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot fetch deep from <nil> (1:44)\n | attributes.level == 'x' or attributes.none.deep\n | \
         ...........................................^"
    );
}

#[test]
fn nothing_grows_without_bound() {
    let nested = format!("{}1{}", "(".repeat(1000), ")".repeat(1000));
    assert!(Program::compile(&nested).unwrap_err().message().starts_with("expression nests deeper"));
    let signs = format!("{}1", "-".repeat(100_000));
    assert!(Program::compile(&signs).unwrap_err().message().starts_with("expression nests deeper"));
    let sum = format!("1{}", " + a".repeat(500));
    assert!(Program::compile(&sum).unwrap_err().message().starts_with("expression nests deeper"));
    let chain = format!("a{}", ".a".repeat(500));
    assert!(Program::compile(&chain).unwrap_err().message().starts_with("expression nests deeper"));
    let many = format!("a == 1{}", " or a == 1".repeat(1000));
    Program::compile(&many).unwrap();
    // As deep as can be, in the stack of a test.
    let calls = format!("{}1{}", "len([".repeat(55), "])".repeat(55));
    assert_eq!(super::shown(&calls), "1");
    let predicates = format!("{}1{}", "map([1], ".repeat(38), ")".repeat(38));
    assert!(super::shown(&predicates).starts_with("[[["));
    let too_many = format!("a == 1{}", " or a == 1".repeat(5000));
    assert_eq!(
        Program::compile(&too_many).unwrap_err().message(),
        "compilation failed: expression exceeds maximum allowed nodes"
    );
    check(&[
        ("1..1000000", "!memory budget exceeded"),
        ("1..9223372036854775807", "!memory budget exceeded"),
        ("-9223372036854775807..9223372036854775807", "!memory budget exceeded"),
        ("repeat('a', 1000001)", "!memory budget exceeded"),
        ("repeat(repeat('a', 1000000), 1000000)", "!memory budget exceeded"),
        ("map(1..999999, #)", "!memory budget exceeded"),
        ("any(1..99999, any(1..99999, false))", "!memory budget exceeded"),
        ("let r = 1..99999; any(r, any(r, false))", "!evaluation takes too long"),
        // Lists that are shared have few items and many leaves.
        ("string(reduce(1..90, [#acc, #acc], 'a'))", "!evaluation takes too long"),
        ("toJSON(reduce(1..90, ({a: #acc, b: #acc}), 'a'))", "!evaluation takes too long"),
        (
            "reduce(1..90, [#acc, #acc], 'a') == reduce(1..90, [#acc, #acc], 'a')",
            "!evaluation takes too long",
        ),
        (
            "reduce(1..90, [#acc, #acc], 'a') in [1, reduce(1..90, [#acc, #acc], 'a')]",
            "!evaluation takes too long",
        ),
        ("flatten(reduce(1..90, [#acc, #acc], 'a'))", "!evaluation takes too long"),
        ("max(reduce(1..90, [#acc, #acc], 1))", "!evaluation takes too long"),
        ("reduce(1..90, #acc + #acc, 'a')", "!memory budget exceeded"),
        ("reduce(1..1000, [#acc])", "!value nests deeper than 100"),
        ("count(1..100, body matches ('a' + string(#))) >= 0", "true"),
        (
            "body matches 'a{1000}{1000}'",
            "!error parsing regexp: invalid nested repetition operator: `{1000}{1000}`",
        ),
        (
            "body matches '((a{100}){100}){100}'",
            "!error parsing regexp: expression too large: `((a{100}){100}){100}`",
        ),
    ]);
}

/// Components keep them and move between threads.
#[test]
fn programs_travel() {
    fn travels(_: &(impl Send + Sync)) -> bool {
        true
    }
    assert!(travels(&Program::compile("['a', 1] == body").unwrap()));
    assert!(travels(&Template::compile("EXPR(body)").unwrap()));
}

#[test]
fn conditions() {
    let entry = entry();
    let holds = |source: &str| {
        let condition = Condition::compile(source).map_err(|error| error.to_string())?;
        assert_eq!(condition.source(), source);
        condition.holds(&entry).map_err(|error| error.to_string())
    };
    assert_eq!(holds("attributes.level == 'error'"), Ok(true));
    assert_eq!(holds("attributes.none"), Ok(false));
    assert_eq!(holds("nil"), Err("expected bool, but got unknown".into()));
    assert_eq!(holds("1 + 1"), Err("expected bool, but got int".into()));
    assert_eq!(holds("body"), Err("invalid operation: bool(string) (1:1)\n | body\n | ^".into()));
}

#[test]
fn templates() {
    let entry = entry();
    let render = |text: &str| Template::compile(text).and_then(|template| template.render(&entry));
    assert_eq!(render("plain"), Ok("plain".into()));
    assert_eq!(render("a EXPR(attributes.level) b EXPR(upper('x'))."), Ok("a error b X.".into()));
    assert_eq!(render("EXPR( body[:2] )"), Ok("an".into()));
    assert_eq!(render("open EXPR(body"), Ok("open EXPR(body".into()));
    assert_eq!(render("EXPR(1)"), Err("embedded expression returned non-string 1".into()));
    let error = render("EXPR(1 +)").unwrap_err();
    assert_eq!(error, "compile embedded expression: unexpected token EOF (1:3)\n | 1 +\n | ..^");
    assert!(render("EXPR(nothing.a)").unwrap_err().starts_with("render embedded expression: cannot fetch a"));
    assert_eq!(Template::compile("x").unwrap().plain(), Some("x"));
    assert_eq!(Template::compile("EXPR('x')").unwrap().plain(), None);
    assert_eq!(Template::whole("EXPR(a + b)"), Some("a + b"));
    assert_eq!(Template::whole("x EXPR(a)"), None);
}

#[test]
fn functions_of_the_environment() {
    use crate::{Environment, Value};

    struct Rules;

    impl Environment for Rules {
        fn get(&self, name: &str) -> Option<Value<'_>> {
            (name == "type").then(|| "pod".into())
        }

        fn call<'a>(&'a self, name: &str, args: &[Value<'a>]) -> Option<Result<Value<'a>, String>> {
            (name == "typeOf").then_some(Ok(Value::Bool(args.len() == 1)))
        }
    }

    let condition = Condition::compile_without("type == 'pod' && typeOf(type)", &["type"]).unwrap();
    assert_eq!(condition.holds(&Rules), Ok(true));
    let error = Condition::compile_without("type(1) == 'int'", &["type"]).unwrap().holds(&Rules).unwrap_err();
    assert_eq!(error.message(), "invalid operation: cannot call nil");
}
