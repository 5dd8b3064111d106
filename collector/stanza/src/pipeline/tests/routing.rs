use super::*;

#[test]
fn filter() {
    let entries = ["{\"body\":{\"n\":1}}", "{\"body\":{\"n\":2}}", "{\"body\":{}}"];
    for (operator, expected) in [
        ("{type: filter, expr: body.n == 1}", "{\"body\":{\"n\":2}}\n{}"),
        (
            "{type: filter, expr: body.n == 1, drop_ratio: 0}",
            "{\"body\":{\"n\":1}}\n{\"body\":{\"n\":2}}\n{}",
        ),
        // What cannot be told of is dropped, and `if` is not looked at.
        ("{type: filter, expr: body.n > 1, on_error: send, if: 'false'}", "{\"body\":{\"n\":1}}"),
        (
            "{type: filter, expr: 'true', drop_ratio: 1.5}",
            "refused: 'operators[0]' drop_ratio must be a number between 0 and 1",
        ),
    ] {
        assert_eq!(outcome(operator, &entries), expected, "{operator}");
    }
    let many = vec!["{}"; 1000];
    let left = outcome("{type: filter, expr: 'true', drop_ratio: 0.5}", &many).lines().count();
    assert!((300..700).contains(&left), "{left}");
}

#[test]
fn router() {
    let add = |id: &str| format!("{{type: add, id: {id}, field: attributes.way, value: {id}, output: end}}");
    let ends = format!("{}, {}, {{type: noop, id: end}}", add("a"), add("b"));
    let entries = ["{\"body\":1}", "{\"body\":2}", "{\"body\":\"x\"}"];
    for (router, expected) in [
        (
            "{type: router, routes: [{expr: body == 1, output: a, attributes: {l: 'is EXPR(string(body))'}}, {expr: 'body in [1, 2]', output: [b]}]}",
            "{\"body\":1,\"attributes\":{\"l\":\"is 1\",\"way\":\"a\"}}\n{\"body\":2,\"attributes\":{\"way\":\"b\"}}",
        ),
        (
            "{type: router, routes: [{expr: body == 1, output: [a, b]}], default: end}",
            "{\"body\":1,\"attributes\":{\"way\":\"a\"}}\n{\"body\":1,\"attributes\":{\"way\":\"b\"}}\n{\"body\":2}\n{\"body\":\"x\"}",
        ),
        // A route whose expression fails is none; one whose attributes fail ends the entry.
        (
            "{type: router, routes: [{expr: body > 1, output: a}, {expr: 'true', output: b, attributes: {l: 'EXPR(body)'}}]}",
            "{\"body\":2,\"attributes\":{\"way\":\"a\"}}\n{\"body\":\"x\",\"attributes\":{\"l\":\"x\",\"way\":\"b\"}}",
        ),
        ("{type: router, routes: []}", ""),
        (
            "{type: router, routes: [{expr: 'true', output: nowhere}]}",
            "refused: failed to set outputs on route: operator nowhere does not exist",
        ),
    ] {
        let mut found: Vec<_> =
            outcome(&format!("{router}, {ends}"), &entries).lines().map(str::to_owned).collect();
        found.sort();
        let mut expected: Vec<_> = expected.lines().collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{router}");
    }
}
