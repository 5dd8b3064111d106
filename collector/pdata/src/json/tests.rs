use crate::{Data, Logs, Metrics, Signal, Traces};

const EXPECTED: &str = include_str!("../../tests/data/expected.jsonl");
const INPUTS: [(Signal, &str); 3] = [
    (Signal::Traces, include_str!("../../tests/data/tr.json")),
    (Signal::Metrics, include_str!("../../tests/data/me.json")),
    (Signal::Logs, include_str!("../../tests/data/lo.json")),
];

fn written(data: &Data) -> String {
    let mut text = Vec::new();
    data.write_json(&mut text);
    String::from_utf8(text).unwrap()
}

fn traces(json: &str) -> Result<String, String> {
    let traces = Traces::from_json(json.as_bytes()).map_err(|invalid| invalid.to_string())?;
    Ok(written(&traces.into()))
}

/// `{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[<span>]}]}]}`
fn with_span(span: &str) -> String {
    format!(r#"{{"resourceSpans":[{{"resource":{{}},"scopeSpans":[{{"scope":{{}},"spans":[{span}]}}]}}]}}"#)
}

/// A span that has one attribute.
fn with_value(value: &str) -> String {
    with_span(&format!(r#"{{"attributes":[{{"key":"k","value":{value}}}],"status":{{}}}}"#))
}

#[test]
fn writes_what_go_wrote() {
    for ((signal, input), want) in INPUTS.into_iter().zip(EXPECTED.lines()) {
        let data = Data::from_json(signal, input.as_bytes()).unwrap();
        assert_eq!(written(&data), want);
        // Its own output reads as the same request.
        let again = Data::from_json(signal, want.as_bytes()).unwrap();
        assert_eq!(written(&again), want);
    }
}

#[test]
fn takes_what_go_takes() {
    for (input, want) in [
        ("{}", "{}".to_owned()),
        ("null", "{}".to_owned()),
        (" {\"resourceSpans\" : null } ", "{}".to_owned()),
        (r#"{"resourceSpans":[],"x":{"a":[1,{"b":"\"]"}],"c":null}}"#, "{}".to_owned()),
        (
            r#"{"resource_spans":[{"scope_spans":[{"spans":[{"trace_state":"a"}]}]}]}"#,
            with_span(r#"{"traceState":"a","status":{}}"#),
        ),
        (
            &with_span(
                r#"{"kind":"SPAN_KIND_CLIENT","flags":"1","startTimeUnixNano":5,"status":{"code":"STATUS_CODE_ERROR"}}"#,
            ),
            with_span(r#"{"flags":1,"kind":3,"startTimeUnixNano":"5","status":{"code":2}}"#),
        ),
        (
            &with_span(
                r#"{"traceId":"00112233445566778899AABBCCDDEEFF","spanId":"","parentSpanId":"0000000000000000"}"#,
            ),
            with_span(r#"{"traceId":"00112233445566778899aabbccddeeff","status":{}}"#),
        ),
        (
            &with_value(r#"{"stringValue":"\u00fc\ud83e\udd80\ud800x\n\u0001\/"}"#),
            with_value("{\"stringValue\":\"ü🦀\u{fffd}x\\n\\u0001/\"}"),
        ),
        (
            &with_value(r#"{"intValue":"-9223372036854775808"}"#),
            with_value(r#"{"intValue":"-9223372036854775808"}"#),
        ),
        (&with_value(r#"{"doubleValue":"NaN"}"#), with_value(r#"{"doubleValue":"NaN"}"#)),
        (&with_value(r#"{"doubleValue":"-Infinity"}"#), with_value(r#"{"doubleValue":"-Infinity"}"#)),
        (&with_value(r#"{"doubleValue":1e-7}"#), with_value(r#"{"doubleValue":1e-07}"#)),
        (&with_value(r#"{"boolValue":false}"#), with_value(r#"{"boolValue":false}"#)),
        (&with_value(r#"{"stringValue":"","bytesValue":""}"#), with_value(r#"{"bytesValue":""}"#)),
        (&with_value(r#"{"arrayValue":{}}"#), with_value(r#"{"arrayValue":{}}"#)),
    ] {
        assert_eq!(traces(input), Ok(want), "{input}");
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    let at_span = "at `resourceSpans[0].scopeSpans[0].spans[0]";
    for (span, want) in [
        (
            r#"{"traceId":"abc"}"#,
            format!("ID.UnmarshalJSONIter: length mismatch, error found in #84 byte {at_span}.traceId`"),
        ),
        (
            r#"{"spanId":"0g00000000000000"}"#,
            format!(
                "ID.UnmarshalJSONIter: encoding/hex: invalid byte: U+0067, error found in #96 byte {at_span}.spanId`"
            ),
        ),
        (
            r#"{"kind":"CLIENT"}"#,
            format!("ReadEnumValue: unknown string value, error found in #84 byte {at_span}.kind`"),
        ),
        (
            r#"{"flags":1.5}"#,
            format!(
                "ReadUint32: not a whole number in range: `1.5`, error found in #80 byte {at_span}.flags`"
            ),
        ),
        (
            r#"{"flags":{}}"#,
            format!("ReadUint32: unsupported value type, error found in #77 byte {at_span}.flags`"),
        ),
        (
            r#"{"name":5}"#,
            format!("ReadString: expects \" or n, but found 5, error found in #76 byte {at_span}.name`"),
        ),
    ] {
        assert_eq!(traces(&with_span(span)), Err(want), "{span}");
    }
    for (text, want) in [
        ("", "ReadObject: unexpected end of input, error found in #0 byte"),
        ("garbage", "ReadObject: expect { or , or } or n, but found g, error found in #0 byte"),
        ("{} {}", "ReadObject: expect the end of the request, but found {, error found in #3 byte"),
        ("{\"a\":[1,}", "readNumber: not a number, but found }, error found in #8 byte"),
        ("{\"a\":01}", "readNumber: not a number, but found 0, error found in #5 byte"),
        ("{\"\n\":1}", "ReadString: invalid control character found: 10, error found in #2 byte"),
        (r#"{"\x":1}"#, "readEscapedChar: invalid escape char after \\, error found in #3 byte"),
    ] {
        assert_eq!(traces(text), Err(want.to_owned()), "{text}");
    }
    let invalid = Traces::from_json(b"{\"resourceSpans\":[{\"schemaUrl\":\"\xff\"}]}").unwrap_err();
    assert_eq!(invalid.to_string(), "proto: string field contains invalid UTF-8");
}

#[test]
fn bounds_its_depth() {
    let values = |depth: usize| {
        let (open, close) = (r#"{"arrayValue":{"values":["#.repeat(depth), "]}}".repeat(depth));
        with_value(&format!("{open}{{}}{close}"))
    };
    assert!(traces(&values(40)).is_ok());
    for depth in [50, 10_000] {
        assert!(traces(&values(depth)).unwrap_err().starts_with("ReadObject: exceeded max depth"));
    }
    let ignored = |depth: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert_eq!(traces(&ignored(10_000)).as_deref(), Ok("{}"));
    assert!(traces(&ignored(10_001)).unwrap_err().starts_with("Skip: exceeded max depth"));
}

#[test]
fn omits_and_keeps_as_go() {
    let metrics = |point: &str| {
        let whole = format!(
            r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{{"histogram":{{"dataPoints":[{point}]}}}}]}}]}}]}}"#
        );
        let mut text = Vec::new();
        Metrics::from_json(whole.as_bytes()).unwrap().write_json(&mut text);
        let text = String::from_utf8(text).unwrap();
        let (_, rest) = text.split_once("\"dataPoints\":[").unwrap();
        rest.strip_suffix("]}}]}]}]}").unwrap().to_owned()
    };
    // A sum of nothing is not the same as no sum.
    assert_eq!(metrics(r#"{"sum":0,"count":0,"min":"-0"}"#), r#"{"sum":0,"min":-0}"#);
    assert_eq!(metrics(r#"{"bucketCounts":["0",1],"explicitBounds":[]}"#), r#"{"bucketCounts":["0","1"]}"#);
    let logs = Logs::from_json(
        br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":"SEVERITY_NUMBER_INFO"}]}]}]}"#,
    );
    assert_eq!(
        written(&logs.unwrap().into()),
        r#"{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"severityNumber":9,"body":{}}]}]}]}"#
    );
}
