use super::*;

#[test]
fn entries_take_the_way_that_is_written() {
    let add =
        |id: &str, rest: &str| format!("{{type: add, id: {id}, field: attributes.{id}, value: 1{rest}}}");
    let line = "{\"body\":\"x\"}";
    for (operators, expected) in [
        (String::new(), "{\"body\":\"x\"}"),
        (format!("{}, {}", add("a", ""), add("b", "")), "{\"body\":\"x\",\"attributes\":{\"a\":1,\"b\":1}}"),
        (
            format!("{}, {}, {}", add("a", ", output: c"), add("b", ""), add("c", "")),
            "{\"body\":\"x\",\"attributes\":{\"a\":1,\"c\":1}}",
        ),
        // All but the last target get a copy.
        (
            format!("{}, {}, {}", add("a", ", output: [b, c]"), add("b", ", output: d"), add("c", ""))
                + ", "
                + &add("d", ""),
            "{\"body\":\"x\",\"attributes\":{\"a\":1,\"b\":1,\"d\":1}}\n{\"body\":\"x\",\"attributes\":{\"a\":1,\"c\":1,\"d\":1}}",
        ),
        // The order of the list is not the order of the way.
        (
            format!("{}, {}, {}", add("a", ", output: c"), add("b", ""), add("c", ", output: b")),
            "refused: pipeline has a circular dependency: {\"cycles\":\"(c -> b -> c)\"}",
        ),
        (
            format!("{}, {}", add("a", ", output: b"), add("b", ", output: a")),
            "refused: pipeline has a circular dependency: {\"cycles\":\"(b -> a -> b)\"}",
        ),
        (add("a", ", output: nobody"), "refused: operator 'nobody' does not exist"),
        (
            format!("{}, {}", add("drop", ", output: kep"), add("keep", "")),
            "refused: operator 'kep' does not exist: did you mean `keep`?",
        ),
        (add("a", ", output: file_input"), "refused: operator 'file_input' can not process entries"),
        (
            format!("{}, {}", add("a", ""), add("a", "")),
            "refused: operator with id 'a' already exists in pipeline",
        ),
        ("{type: noop}, {type: noop}, {type: noop, id: noop1}, {type: noop}".into(), "{\"body\":\"x\"}"),
        (
            "{type: noop, output: noop2}, {type: noop, output: file_input}, {type: noop, whatever: 1}".into(),
            "refused: operator 'file_input' can not process entries",
        ),
    ] {
        assert_eq!(outcome(&operators, &[line]), expected, "{operators}");
    }
}

#[test]
fn what_is_no_operator_is_refused() {
    for (operators, message) in [
        ("{id: x}", "missing required field 'type'"),
        ("{type: json}", "unsupported type 'json'"),
        ("{type: add, field: x, value: 1}", "unrecognized prefix"),
        ("{type: noop, on_error: never}", ""),
        (
            "{type: unquote, field: body, on_error: never}",
            "operator config has an invalid `on_error` field.: {\"on_error\":\"never\"}",
        ),
        (
            "{type: unquote, field: body, if: 'body =='}",
            "failed to compile expression 'body ==': unexpected token EOF (1:7)\n | body ==\n | ......^",
        ),
        ("{type: unquote}", "missing required field 'field'"),
    ] {
        let found = outcome(operators, &[]);
        assert!(found.ends_with(message) && found.is_empty() == message.is_empty(), "{operators}: {found}");
    }
}

#[test]
fn on_error_says_what_becomes_of_an_entry() {
    let line = "{\"body\":\"x\",\"attributes\":{\"n\":1}}";
    let (sent, error) =
        ("{\"body\":\"x\",\"attributes\":{\"n\":1}}", "! move: field does not exist: body.gone");
    for (on_error, expected, logged) in [
        ("send", format!("{sent}\n{error}"), "error"),
        ("send_quiet", sent.to_owned(), "debug"),
        ("drop", error.to_owned(), "error"),
        ("drop_quiet", String::new(), "debug"),
    ] {
        let operators = format!("{{type: move, from: body.gone, to: body, on_error: {on_error}}}");
        assert_eq!(outcome(&operators, &[line]), expected);
        let (log, lines) = Log::capture();
        built(&operators, &log).unwrap().process(vec![entry(line)]);
        let lines = lines.lock().unwrap();
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert!(line.starts_with(&format!("{logged}\tFailed to process entry\t")), "{line}");
        for part in [
            "\"operator_id\": \"move\"",
            "\"operator_type\": \"move\"",
            "\"error\": \"move: field does not exist: body.gone\"",
            &format!("\"action\": \"{on_error}\""),
            "\"entry.timestamp\": \"0001-01-01T00:00:00.000Z\"",
            "\"n\": 1",
        ] {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
}

#[test]
fn entries_for_which_the_condition_does_not_hold_pass() {
    let operators = "{type: add, field: attributes.a, value: 1, if: 'body == \"yes\"'}";
    let expected = "{\"body\":\"yes\",\"attributes\":{\"a\":1}}\n{\"body\":\"no\"}";
    assert_eq!(outcome(operators, &["{\"body\":\"yes\"}", "{\"body\":\"no\"}"]), expected);
    let failing = "{type: add, field: attributes.a, value: 1, if: attributes.n > 1, on_error: drop}";
    assert_eq!(
        outcome(failing, &["{\"body\":1}"]),
        "! running if expr: invalid operation: <nil> > int (1:14)\n | attributes.n > 1\n | .............^"
    );
}

#[test]
fn keys_that_are_wrong_are_told_with_their_operator() {
    for (operators, message) in [
        (
            "{type: noop}, {type: json_parser, parse_from: 'body['}",
            "'operators[1].parse_from' splitting field: found unclosed left bracket",
        ),
        ("{type: json_parser, parse_to: foo}", "unrecognized prefix"),
        ("{type: json_parser, scope_name: {}}", "missing required field 'parse_from'"),
        (
            "{type: json_parser, timestamp: {parse_from: body, layout: '%Y', layout_type: x}}",
            "'operators[0]' unsupported layout_type x",
        ),
        (
            "{type: json_parser, severity: {parse_from: body, mapping: {error: {min: 9, max: x}}}}",
            "'operators[0]' type map[string]interface {} cannot be parsed as a severity",
        ),
        ("{type: json_array_parser, header: 5}", "expected type 'string', got unconvertible type 'int'"),
        (
            "{type: regex_parser, regex: '('}",
            "'operators[0]' compiling regex: error parsing regexp: missing closing ): `(`",
        ),
        (
            "{type: regex_parser, regex: '(?P<a>b)', cache: {size: -1}}",
            "cannot parse value as 'uint16': -1 overflows uint",
        ),
        ("{type: syslog_parser}", "'operators[0]' missing field 'protocol'"),
        ("{type: syslog_parser, protocol: x}", "'operators[0]' unsupported protocol version: x"),
        ("{type: uri_parser, parse_from: x}", "unrecognized prefix"),
        ("{type: scope_name_parser}", "missing required field 'parse_from'"),
        ("{type: trace_parser, trace_id: {parse_from: x}}", "unrecognized prefix"),
        (
            "{type: time_parser, parse_from: body, layout: '%Y', location: X/Y}",
            "'operators[0]' invalid 'location': failed to load location X/Y: unknown time zone X/Y",
        ),
        ("{type: container, max_log_size: x}", "invalid byte size 'x'"),
        (
            "{type: container, add_metadata_from_filepath: x}",
            "expected type 'bool', got unconvertible type 'string'",
        ),
        ("{type: add}", "missing required field 'field'"),
        (
            "{type: add, field: body, value: 'EXPR(()'}",
            "'operators[0]' failed to compile expression '(': unexpected token EOF (1:1)\n | (\n | ^",
        ),
        ("{type: flatten}", "missing required field 'field'"),
        ("{type: flatten, field: timestamp}", "unrecognized prefix"),
        (
            "{type: regex_replace, field: body, regex: '('}",
            "'operators[0]' error parsing regexp: missing closing ): `(`",
        ),
        ("{type: sanitize_utf8, field: x}", "unrecognized prefix"),
        (
            "{type: recombine, combine_field: body, is_first_entry: 'true', force_flush_period: -1s}",
            "'operators[0]' 'force_flush_period' must be positive",
        ),
        (
            "{type: recombine, combine_field: body, is_first_entry: 'true', force_flush_period: x}",
            "time: invalid duration",
        ),
        (
            "{type: recombine, combine_field: body, is_first_entry: 'true', max_batch_size: x}",
            "expected type 'int64', got unconvertible type 'string'",
        ),
        (
            "{type: recombine, combine_field: body, is_first_entry: 'true', max_log_size: x}",
            "invalid byte size 'x'",
        ),
        ("{type: filter}", "'operators[0]' failed to compile expression '': unexpected token EOF"),
        (
            "{type: filter, expr: '('}",
            "'operators[0]' failed to compile expression '(': unexpected token EOF (1:1)\n | (\n | ^",
        ),
        (
            "{type: noop}, {type: router, routes: [{output: b, expr: '('}]}, {type: noop, id: b}",
            "'operators[1]'",
        ),
    ] {
        let found = outcome(operators, &[]);
        assert!(found.starts_with("refused: ") && found.contains(message), "{operators}: {found}");
    }
}

#[test]
fn the_nearest_type_is_proposed() {
    let node = slimcol_config::parse("f", "type: regexparser").unwrap();
    let issue = &slimcol_config::read::<OperatorConfig>(&node).unwrap_err()[0];
    assert_eq!(issue.help.as_deref(), Some("did you mean `regex_parser`?"));
}
