use super::*;

#[track_caller]
fn each(cases: &[(&str, &str, &str)]) {
    for (operator, entry, expected) in cases {
        assert_eq!(outcome(operator, &[entry]), *expected, "{operator} {entry}");
    }
}

/// What a parser makes of a text; the body is left out.
#[track_caller]
fn texts(cases: &[(&str, &str, &str)]) {
    for (operator, text, expected) in cases {
        let entry =
            json::text(&Value::Map(Map::from_pairs(vec![("body".into(), Value::Text((*text).into()))])));
        let body = format!("\"body\":{}", json::text(&Value::Text((*text).into())));
        let found = outcome(operator, &[&entry]).replacen(&format!("{{{body}}}"), "{}", 1).replacen(
            &(body + ","),
            "",
            1,
        );
        assert_eq!(found, *expected, "{operator} {text}");
    }
}

#[test]
fn json_parser() {
    texts(&[
        (
            "{type: json_parser}",
            "{\"a\":1,\"b\":{\"c\":[1.5,\"x\"]}}",
            "{\"attributes\":{\"a\":1,\"b\":{\"c\":[1.5,\"x\"]}}}",
        ),
        ("{type: json_parser}", "null", "{}"),
        (
            "{type: json_parser}",
            "[1]",
            "{}\n! json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
        ("{type: json_parser}", "x", "{}\n! invalid character 'x' looking for beginning of value"),
        ("{type: json_parser, parse_to: resource}", "{\"a\":\"x\"}", "{\"resource\":{\"a\":\"x\"}}"),
        (
            "{type: json_parser, parse_to: attributes.p.q}",
            "{\"a\":\"x\"}",
            "{\"attributes\":{\"p\":{\"q\":{\"a\":\"x\"}}}}",
        ),
    ]);
    each(&[
        ("{type: json_parser, parse_to: body}", "{\"body\":\"{\\\"a\\\":1}\"}", "{\"body\":{\"a\":1}}"),
        ("{type: json_parser}", "{\"body\":1}", "{\"body\":1}\n! type int64 cannot be parsed as JSON"),
        (
            "{type: json_parser, parse_from: body.x}",
            "{\"body\":1}",
            "{\"body\":1}\n! Entry is missing the expected parse_from field.: {\"parse_from\":\"body.x\"}",
        ),
        (
            "{type: json_parser, body: body.m, parse_to: body}",
            "{}",
            "refused: 'operators[0]' `parse_to: body` not allowed when `body` is configured",
        ),
        (
            "{type: json_parser, body: attributes.m}",
            "{\"body\":\"{\\\"m\\\":\\\"x\\\"}\"}",
            "{\"body\":\"x\",\"attributes\":{\"m\":\"x\"}}",
        ),
    ]);
    let parsed = |operator| {
        let line = "{\"body\":\"{\\\"n\\\":1}\"}";
        built(operator, &Log::none())
            .unwrap()
            .process(vec![entry(line)])
            .entries
            .remove(0)
            .attributes
            .get("n")
            .cloned()
    };
    assert_eq!(parsed("{type: json_parser}"), Some(Value::Float(1.0)));
    assert_eq!(parsed("{type: json_parser, parse_ints: true}"), Some(Value::Int(1)));
}

#[test]
fn all_that_is_embedded_is_tried() {
    let operator = "{type: json_parser, timestamp: {parse_from: attributes.t, layout: '%Y'}, \
                    severity: {parse_from: attributes.s}, scope_name: {parse_from: attributes.n}, \
                    trace: {trace_id: {parse_from: attributes.i}}}";
    texts(&[
        (
            operator,
            "{\"t\":\"2024\",\"s\":\"warning\",\"n\":\"lib\",\"i\":\"0aff\"}",
            "{\"attributes\":{\"t\":\"2024\",\"s\":\"warning\",\"n\":\"lib\",\"i\":\"0aff\"},\
             \"timestamp\":1704067200000000000,\"severity\":13,\"text\":\"warning\",\"scope\":\"lib\",\"trace\":\"0aff//\"}",
        ),
        (
            operator,
            "{\"t\":\"x\",\"s\":\"info\",\"n\":1}",
            "{\"attributes\":{\"t\":\"x\",\"s\":\"info\",\"n\":1},\"severity\":9,\"text\":\"info\"}\n\
             ! time parser: parsing time \"x\" as \"%Y\": cannot parse \"x\" as \"%Y\"",
        ),
        (
            operator,
            "{\"t\":\"2024\",\"s\":\"info\",\"n\":1}",
            "{\"attributes\":{\"t\":\"2024\",\"s\":\"info\",\"n\":1},\"timestamp\":1704067200000000000,\"severity\":9,\
             \"text\":\"info\"}\n! scope_name parser: parse_from field does not contain a string: \
             {\"parse_from\":\"attributes.n\"}",
        ),
    ]);
}

#[test]
fn time_parser() {
    each(&[
        (
            "{type: time_parser, parse_from: body, layout: '%Y-%m-%d', location: America/New_York}",
            "{\"body\":\"2024-02-29\"}",
            "{\"body\":\"2024-02-29\",\"timestamp\":1709182800000000000}",
        ),
        (
            "{type: time_parser, parse_from: body, layout_type: gotime, layout: 2006-01-02Z07:00}",
            "{\"body\":\"2024-02-29Z\"}",
            "{\"body\":\"2024-02-29Z\",\"timestamp\":1709164800000000000}",
        ),
        (
            "{type: time_parser, parse_from: body, layout_type: epoch, layout: ms}",
            "{\"body\":1500}",
            "{\"body\":1500,\"timestamp\":1500000000}",
        ),
        (
            "{type: time_parser, parse_from: body, layout_type: epoch, layout: s.ms}",
            "{\"body\":\"1.5\"}",
            "{\"body\":\"1.5\",\"timestamp\":1005000000}",
        ),
        (
            "{type: time_parser, parse_from: body, layout_type: epoch, layout: s}",
            "{\"body\":true}",
            "{\"body\":true}\n! type bool cannot be parsed as a time",
        ),
        (
            "{type: time_parser, parse_from: body, layout: '%Y %Z', time_zone_locations: {IST: Asia/Kolkata}}",
            "{\"body\":\"2024 IST\"}",
            "{\"body\":\"2024 IST\",\"timestamp\":1704047400000000000}",
        ),
        (
            "{type: time_parser, parse_from: body.t, layout: '%Y'}",
            "{\"body\":1}",
            "{\"body\":1}\n! log entry does not have the expected parse_from field: {\"parse_from\":\"body.t\"}",
        ),
        (
            "{type: time_parser, layout: '%Y'}",
            "{}",
            "refused: 'operators[0]' missing required parameter 'parse_from'",
        ),
        (
            "{type: time_parser, parse_from: body}",
            "{}",
            "refused: 'operators[0]' missing required configuration parameter `layout`",
        ),
        (
            "{type: time_parser, parse_from: body, layout: '%E'}",
            "{}",
            "refused: 'operators[0]' invalid strptime layout: invalid strptime format: [unsupported ctimefmt.toNative() directive: %E]",
        ),
        (
            "{type: time_parser, parse_from: body, layout: x, layout_type: epoch}",
            "{}",
            "refused: 'operators[0]' invalid `layout` for `epoch` type",
        ),
        (
            "{type: time_parser, parse_from: body, layout: x, layout_type: y}",
            "{}",
            "refused: 'operators[0]' unsupported layout_type y",
        ),
        (
            "{type: time_parser, parse_from: body, layout: '%Y', location: No/Where}",
            "{}",
            "refused: 'operators[0]' invalid 'location': failed to load location No/Where: unknown time zone No/Where",
        ),
        (
            "{type: time_parser, parse_from: body, layout: '%Y', time_zone_locations: {IST: Asia/Kolkata}}",
            "{}",
            "refused: 'operators[0]' 'time_zone_locations' requires the layout to contain a timezone abbreviation directive (%Z for strptime / MST for gotime), but layout \"%Y\" has none",
        ),
    ]);
}

#[test]
fn severity_parser() {
    let operator = |rest: &str| format!("{{type: severity_parser, parse_from: body{rest}}}");
    let mapping = ", mapping: {error: 5xx, warn: [a, {min: 10, max: 8}, 77], '12': Infooo, none: z}";
    for (rest, body, number, text) in [
        ("", "\"eRRor\"", 17, "eRRor"),
        ("", "\"warning3\"", 15, "warning3"),
        ("", "\"24\"", 24, "24"),
        ("", "3", 3, "3"),
        ("", "\"blah\"", 0, "blah"),
        (", preset: otel", "\"err\"", 0, "err"),
        (", preset: none", "\"error\"", 0, "error"),
        (", overwrite_text: true", "\"err2\"", 18, "ERROR2"),
        (", overwrite_text: true", "\"blah\"", 0, "blah"),
        (mapping, "\"503\"", 17, "503"),
        (mapping, "503", 17, "503"),
        (mapping, "\"0503\"", 0, "0503"),
        (mapping, "9", 13, "9"),
        (mapping, "\"77\"", 13, "77"),
        (mapping, "\"infOOO\"", 12, "infOOO"),
        (mapping, "\"A\"", 13, "A"),
        (mapping, "\"info\"", 9, "info"),
        (mapping, "\"z\"", 0, "z"),
    ] {
        let severity = if number == 0 { String::new() } else { format!(",\"severity\":{number}") };
        let expected = format!("{{\"body\":{body}{severity},\"text\":\"{text}\"}}");
        assert_eq!(outcome(&operator(rest), &[&format!("{{\"body\":{body}}}")]), expected, "{rest}");
    }
    each(&[
        (&operator(""), "{\"body\":true}", "{\"body\":true}\n! parse: type bool cannot be a severity"),
        (
            &operator(""),
            "{\"body\":1.5}",
            "{\"body\":1.5}\n! parse: type float64 cannot be a severity unless it is a whole number",
        ),
        ("{type: severity_parser}", "{}", "refused: 'operators[0]' missing required field 'parse_from'"),
        (
            &operator(", mapping: {error: {min: 1}}"),
            "{}",
            "refused: 'operators[0]' type map[string]interface {} cannot be parsed as a severity",
        ),
    ]);
}

#[test]
fn trace_parser() {
    each(&[
        (
            "{type: trace_parser}",
            "{\"body\":{\"trace_id\":\"480140f3d770a5ae32f0a22b6a812cff\",\"span_id\":\"92c3792d54ba94f3\",\"trace_flags\":\"01\"}}",
            "{\"body\":{\"trace_id\":\"480140f3d770a5ae32f0a22b6a812cff\",\"span_id\":\"92c3792d54ba94f3\",\"trace_flags\":\"01\"},\
             \"trace\":\"480140f3d770a5ae32f0a22b6a812cff/92c3792d54ba94f3/01\"}",
        ),
        ("{type: trace_parser}", "{\"body\":\"x\"}", "{\"body\":\"x\"}"),
        (
            "{type: trace_parser, span_id: {parse_from: attributes.s}, trace_id: {parse_from: attributes.t}}",
            "{\"attributes\":{\"t\":\"0x\",\"s\":\"abc\"}}",
            "{\"attributes\":{\"t\":\"0x\",\"s\":\"abc\"}}\n! Error decoding traces for logs: \
             {\"span_id\":\"encoding/hex: odd length hex string\",\"trace_id\":\"encoding/hex: invalid byte: U+0078 'x'\"}",
        ),
    ]);
}

#[test]
fn scope_name_parser() {
    each(&[
        (
            "{type: scope_name_parser, parse_from: attributes.n}",
            "{\"attributes\":{\"n\":\"lib\"}}",
            "{\"attributes\":{\"n\":\"lib\"},\"scope\":\"lib\"}",
        ),
        (
            "{type: scope_name_parser, parse_from: attributes.n}",
            "{\"body\":1}",
            "{\"body\":1}\n! log entry does not have the expected parse_from field: {\"parse_from\":\"attributes.n\"}",
        ),
    ]);
}

#[test]
fn regex_parser() {
    texts(&[
        (
            "{type: regex_parser, regex: '^(?P<a>\\w+) (?P<b>\\d+)?(x)'}",
            "word x",
            "{\"attributes\":{\"a\":\"word\",\"b\":\"\"}}",
        ),
        (
            "{type: regex_parser, regex: '(?P<a>é+)', cache: {size: 5}}",
            "aéé",
            "{\"attributes\":{\"a\":\"éé\"}}",
        ),
        ("{type: regex_parser, regex: '^(?P<a>x)$'}", "y", "{}\n! regex pattern does not match"),
    ]);
    each(&[
        (
            "{type: regex_parser, regex: '(?P<a>x)'}",
            "{\"body\":1}",
            "{\"body\":1}\n! type 'int64' cannot be parsed as regex",
        ),
        ("{type: regex_parser}", "{}", "refused: 'operators[0]' missing required field 'regex'"),
        (
            "{type: regex_parser, regex: '(x)'}",
            "{}",
            "refused: 'operators[0]' no named capture groups in regex pattern",
        ),
    ]);
}

#[test]
fn key_value_parser() {
    texts(&[
        (
            "{type: key_value_parser}",
            "a=1 b=\"x y\"  c= d='='",
            "{\"attributes\":{\"a\":\"1\",\"b\":\"x y\",\"c\":\"\",\"d\":\"=\"}}",
        ),
        (
            "{type: key_value_parser, delimiter: ':', pair_delimiter: ', '}",
            "a: 1, b: 2,3",
            "{\"attributes\":{\"a\":\"1\",\"b\":\"2,3\"}}",
        ),
        (
            "{type: key_value_parser}",
            "a=1 b c",
            "{}\n! cannot split \"b\" into 2 items, got 1 item(s); cannot split \"c\" into 2 items, got 1 item(s)",
        ),
        (
            "{type: key_value_parser}",
            "a=\"1",
            "{}\n! failed to parse pairs from input: never reached the end of a quoted value",
        ),
    ]);
    each(&[
        (
            "{type: key_value_parser}",
            "{\"body\":1}",
            "{\"body\":1}\n! type int64 cannot be parsed as key value pairs",
        ),
        (
            "{type: key_value_parser}",
            "{\"body\":\"\",\"attributes\":{\"a\":1}}",
            "{\"attributes\":{\"a\":1}}\n! parse from field body is empty",
        ),
        (
            "{type: key_value_parser, delimiter: ' '}",
            "{}",
            "refused: 'operators[0]' delimiter and pair_delimiter cannot be the same value",
        ),
        (
            "{type: key_value_parser, delimiter: ''}",
            "{}",
            "refused: 'operators[0]' delimiter is a required parameter",
        ),
    ]);
}

#[test]
fn csv_parser() {
    texts(&[
        (
            "{type: csv_parser, header: 'a,b,c'}",
            "1,\"x,y\",",
            "{\"attributes\":{\"a\":\"1\",\"b\":\"x,y\",\"c\":\"\"}}",
        ),
        (
            "{type: csv_parser, header: 'a|b', header_delimiter: '|', delimiter: \"\\t\"}",
            "1\t2",
            "{\"attributes\":{\"a\":\"1\",\"b\":\"2\"}}",
        ),
        (
            "{type: csv_parser, header: 'a,b', ignore_quotes: true}",
            "\"1,2\"",
            "{\"attributes\":{\"a\":\"\\\"1\",\"b\":\"2\\\"\"}}",
        ),
        (
            "{type: csv_parser, header: 'a,b', lazy_quotes: true}",
            "1\",2",
            "{\"attributes\":{\"a\":\"1\\\"\",\"b\":\"2\"}}",
        ),
        ("{type: csv_parser, header: 'a,b'}", "1,2,3", "{}\n! wrong number of fields: expected 2, found 3"),
    ]);
    let dynamic = "{type: csv_parser, header_attribute: h}";
    each(&[
        (
            dynamic,
            "{\"body\":\"1,2\",\"attributes\":{\"h\":\"a,b\"}}",
            "{\"body\":\"1,2\",\"attributes\":{\"h\":\"a,b\",\"a\":\"1\",\"b\":\"2\"}}",
        ),
        (dynamic, "{\"body\":\"1,2\"}", "! failed to read dynamic header attribute h"),
        (
            dynamic,
            "{\"body\":\"1\",\"attributes\":{\"h\":1}}",
            "! header is expected to be a string but is int64",
        ),
        (
            "{type: csv_parser, header: 'a,b'}",
            "{\"body\":1}",
            "{\"body\":1}\n! type 'int64' cannot be parsed as csv",
        ),
        (
            "{type: csv_parser}",
            "{}",
            "refused: 'operators[0]' missing required field 'header' or 'header_attribute'",
        ),
        (
            "{type: csv_parser, header: 'a,b', header_attribute: h}",
            "{}",
            "refused: 'operators[0]' only one header parameter can be set: 'header' or 'header_attribute'",
        ),
        ("{type: csv_parser, header: a}", "{}", "refused: 'operators[0]' missing field delimiter in header"),
        (
            "{type: csv_parser, header: 'a,b', delimiter: xy}",
            "{}",
            "refused: 'operators[0]' invalid 'delimiter': 'xy'",
        ),
        (
            "{type: csv_parser, header: 'a,b', lazy_quotes: true, ignore_quotes: true}",
            "{}",
            "refused: 'operators[0]' only one of 'ignore_quotes' or 'lazy_quotes' can be true",
        ),
    ]);
}

#[test]
fn json_array_parser() {
    let list = "[1, 1.5, \"x\", true, null, {\"a\": [1]}]";
    each(&[
        (
            "{type: json_array_parser, parse_to: body}",
            &json::text(&Value::Map(Map::from_pairs(vec![("body".into(), Value::Text(list.into()))]))),
            "{\"body\":[1,0,\"x\",true,null,\"{\\\"a\\\": [1]}\"]}",
        ),
        (
            "{type: json_array_parser, parse_to: body}",
            "{\"body\":\"[[1]]\"}",
            "{\"body\":\"[[1]]\"}\n! failed to parse entry",
        ),
        (
            "{type: json_array_parser}",
            "{\"body\":\"[1]\"}",
            "{\"body\":\"[1]\"}\n! set parse_to: cannot set attributes root",
        ),
        (
            "{type: json_array_parser, header: 'a,b'}",
            "{\"body\":\"[1]\"}",
            "{\"body\":\"[1]\"}\n! wrong number of fields: expected 2, found 1",
        ),
        (
            "{type: json_array_parser, header: a}",
            "{\"body\":\"[1]\"}",
            "{\"body\":\"[1]\",\"attributes\":{\"a\":1}}",
        ),
        (
            "{type: json_array_parser, header: a}",
            "{\"body\":1}",
            "{\"body\":1}\n! type 'int64' cannot be parsed as json array",
        ),
    ]);
}

#[test]
fn uri_parser() {
    texts(&[(
        "{type: uri_parser}",
        "https://h:1/p?q=1",
        "{\"attributes\":{\"scheme\":\"https\",\"host\":\"h\",\"port\":\"1\",\"path\":\"/p\",\"query\":{\"q\":[\"1\"]}}}",
    )]);
    each(&[("{type: uri_parser}", "{\"body\":1}", "{\"body\":1}\n! type 'int64' cannot be parsed as URI")]);
}
