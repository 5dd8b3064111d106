use super::*;

#[track_caller]
fn each(cases: &[(&str, &str, &str)]) {
    for (operator, entry, expected) in cases {
        assert_eq!(outcome(operator, &[entry]), *expected, "{operator} {entry}");
    }
}

#[test]
fn add() {
    each(&[
        ("{type: add, field: attributes.k, value: v}", "{}", "{\"attributes\":{\"k\":\"v\"}}"),
        ("{type: add, field: resource.k, value: 1.5}", "{}", "{\"resource\":{\"k\":1.5}}"),
        (
            "{type: add, field: body.k, value: [a, 1, true]}",
            "{\"body\":\"x\"}",
            "{\"body\":{\"k\":[\"a\",1,true]}}",
        ),
        (
            "{type: add, field: body, value: {b: {c: 1}}}",
            "{\"body\":{\"a\":1}}",
            "{\"body\":{\"a\":1,\"b\":{\"c\":1}}}",
        ),
        (
            "{type: add, field: attributes.k, value: 'EXPR(upper(body) + attributes.x)'}",
            "{\"body\":\"b\",\"attributes\":{\"x\":\"y\"}}",
            "{\"body\":\"b\",\"attributes\":{\"x\":\"y\",\"k\":\"By\"}}",
        ),
        (
            "{type: add, field: attributes.k}",
            "{\"body\":1}",
            "{\"body\":1}\n! add: missing required field 'value'",
        ),
    ]);
}

#[test]
fn copy_and_move() {
    let entry = "{\"body\":{\"a\":{\"b\":1}},\"attributes\":{\"k\":\"v\"}}";
    each(&[
        (
            "{type: copy, from: attributes.k, to: body.a.c}",
            entry,
            "{\"body\":{\"a\":{\"b\":1,\"c\":\"v\"}},\"attributes\":{\"k\":\"v\"}}",
        ),
        ("{type: move, from: attributes.k, to: body}", entry, "{\"body\":\"v\"}"),
        (
            "{type: move, from: body.a, to: resource.a}",
            entry,
            "{\"attributes\":{\"k\":\"v\"},\"resource\":{\"a\":{\"b\":1}}}",
        ),
        ("{type: move, from: body.a, to: body}", entry, "{\"body\":{\"b\":1},\"attributes\":{\"k\":\"v\"}}"),
        (
            "{type: move, from: body, to: attributes.body}",
            "{\"body\":\"x\"}",
            "{\"attributes\":{\"body\":\"x\"}}",
        ),
        (
            "{type: copy, from: attributes.x, to: body}",
            "{\"body\":1}",
            "{\"body\":1}\n! copy: from field does not exist in this entry: attributes.x",
        ),
        ("{type: move, to: body}", "{}", "refused: 'operators[0]' copy: missing from field"),
        ("{type: copy}", "{}", "refused: 'operators[0]' copy: missing from field\ncopy: missing to field"),
    ]);
}

#[test]
fn remove() {
    let entry = "{\"body\":{\"a\":{\"b\":1}},\"attributes\":{\"k.x\":1},\"resource\":{\"r\":1}}";
    each(&[
        (
            "{type: remove, field: body.a.b}",
            entry,
            "{\"body\":{\"a\":{}},\"attributes\":{\"k.x\":1},\"resource\":{\"r\":1}}",
        ),
        (
            "{type: remove, field: 'attributes[\"k.x\"]'}",
            entry,
            "{\"body\":{\"a\":{\"b\":1}},\"resource\":{\"r\":1}}",
        ),
        ("{type: remove, field: attributes}", entry, "{\"body\":{\"a\":{\"b\":1}},\"resource\":{\"r\":1}}"),
        ("{type: remove, field: resource}", entry, "{\"body\":{\"a\":{\"b\":1}},\"attributes\":{\"k.x\":1}}"),
        ("{type: remove, field: body}", entry, "{\"attributes\":{\"k.x\":1},\"resource\":{\"r\":1}}"),
        (
            "{type: remove, field: body.x}",
            "{\"body\":1}",
            "{\"body\":1}\n! remove: field does not exist: body.x",
        ),
        ("{type: remove}", "{}", "refused: 'operators[0]' remove: field is empty"),
    ]);
}

#[test]
fn retain() {
    let entry = "{\"body\":{\"a\":1,\"b\":2},\"attributes\":{\"k\":1,\"m\":2},\"resource\":{\"r\":1}}";
    each(&[
        (
            "{type: retain, fields: [body.a, attributes.k]}",
            entry,
            "{\"body\":{\"a\":1},\"attributes\":{\"k\":1},\"resource\":{\"r\":1}}",
        ),
        (
            "{type: retain, fields: [body.x]}",
            entry,
            "{\"attributes\":{\"k\":1,\"m\":2},\"resource\":{\"r\":1}}",
        ),
        (
            "{type: retain, fields: [resource.x]}",
            entry,
            "{\"body\":{\"a\":1,\"b\":2},\"attributes\":{\"k\":1,\"m\":2}}",
        ),
        ("{type: retain, fields: []}", entry, "refused: 'operators[0]' retain: 'fields' is empty"),
    ]);
}

#[test]
fn flatten() {
    each(&[
        (
            "{type: flatten, field: body.a}",
            "{\"body\":{\"a\":{\"b\":1,\"c\":{\"d\":2}},\"c\":{\"e\":3}}}",
            "{\"body\":{\"c\":{\"e\":3,\"d\":2},\"b\":1}}",
        ),
        (
            "{type: flatten, field: attributes.a.b}",
            "{\"attributes\":{\"a\":{\"b\":{\"c\":1}}}}",
            "{\"attributes\":{\"a\":{\"c\":1}}}",
        ),
        (
            "{type: flatten, field: resource.a}",
            "{\"resource\":{\"a\":{\"a\":1}}}",
            "{\"resource\":{\"a\":1}}",
        ),
        (
            "{type: flatten, field: body.a}",
            "{\"body\":{\"a\":1}}",
            "{\"body\":{\"a\":1}}\n! apply flatten: field body.a is not a map",
        ),
        (
            "{type: flatten, field: body.a}",
            "{\"body\":{}}",
            "{}\n! apply flatten: field body.a does not exist on entry",
        ),
    ]);
}

#[test]
fn assign_keys() {
    each(&[
        (
            "{type: assign_keys, field: body, keys: [a, b]}",
            "{\"body\":[1,{\"x\":2}]}",
            "{\"body\":{\"a\":1,\"b\":{\"x\":2}}}",
        ),
        (
            "{type: assign_keys, field: attributes.l, keys: [a]}",
            "{\"attributes\":{\"l\":[1]}}",
            "{\"attributes\":{\"l\":{\"a\":1}}}",
        ),
        (
            "{type: assign_keys, field: body, keys: [a, b]}",
            "{\"body\":[1]}",
            "{\"body\":[1]}\n! apply assign_keys: field body contains 1 values while expected keys are [a b] contain 2 keys",
        ),
        (
            "{type: assign_keys, field: body, keys: [a]}",
            "{\"body\":1}",
            "{\"body\":1}\n! apply assign_keys: couldn't convert field body to []any",
        ),
        (
            "{type: assign_keys, field: body.x, keys: [a]}",
            "{\"body\":1}",
            "{\"body\":1}\n! apply assign_keys: field body.x does not exist on entry",
        ),
        (
            "{type: assign_keys, field: body}",
            "{}",
            "refused: 'operators[0]' assign_keys missing required field keys",
        ),
    ]);
}

#[test]
fn unquote_and_sanitize() {
    each(&[
        ("{type: unquote, field: body}", "{\"body\":\"\\\"a\\\\nb\\\"\"}", "{\"body\":\"a\\nb\"}"),
        ("{type: unquote, field: body}", "{\"body\":\"a\"}", "{\"body\":\"a\"}\n! invalid syntax"),
        ("{type: unquote, field: body}", "{\"body\":1}", "{\"body\":1}\n! type int64 cannot be unquoted"),
        ("{type: unquote, field: body.x}", "{\"body\":1}", "{\"body\":1}"),
        ("{type: sanitize_utf8}", "{\"body\":\"a\"}", "{\"body\":\"a\"}"),
        ("{type: sanitize_utf8}", "{\"body\":1}", "{\"body\":1}\n! field 'body' is not a string, got int64"),
    ]);
}

#[test]
fn regex_replace() {
    each(&[
        (
            "{type: regex_replace, field: body, regex: '(\\w+)@(\\w+)', replace_with: '$2 at ${1}'}",
            "{\"body\":\"to a@b, c@d\"}",
            "{\"body\":\"to b at a, d at c\"}",
        ),
        (
            "{type: regex_replace, field: body, regex_name: ansi_control_sequences}",
            "{\"body\":\"\\u001b[1;31mred\\u001b[0m é\"}",
            "{\"body\":\"red é\"}",
        ),
        (
            "{type: regex_replace, field: body, regex: x}",
            "{\"body\":1}",
            "{\"body\":1}\n! type int64 cannot be handled",
        ),
        ("{type: regex_replace, field: body.y, regex: x}", "{\"body\":1}", "{\"body\":1}"),
        (
            "{type: regex_replace, field: body}",
            "{}",
            "refused: 'operators[0]' either regex or regex_name must be set",
        ),
        (
            "{type: regex_replace, field: body, regex: x, regex_name: y}",
            "{}",
            "refused: 'operators[0]' either regex or regex_name must be set",
        ),
        (
            "{type: regex_replace, field: body, regex_name: y}",
            "{}",
            "refused: 'operators[0]' regex_name y is unknown",
        ),
    ]);
}
