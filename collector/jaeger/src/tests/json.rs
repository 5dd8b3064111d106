//! Spans written, and JSON read. `written.tsv` has what Go's translator, gogo's protobuf and its `jsonpb` make of OTLP/JSON: for each
//! span its JSON and its protobuf in hex.

use slimcol_pdata::json::hex;

use super::*;

fn lines() -> impl Iterator<Item = (Traces, Vec<(&'static str, &'static str)>)> {
    include_str!("written.tsv").lines().map(|line| {
        let mut columns = line.split('\t');
        let traces = Traces::from_json(columns.next().unwrap().as_bytes()).unwrap();
        let columns: Vec<_> = columns.collect();
        (traces, columns.chunks(2).map(|pair| (pair[0], pair[1])).collect())
    })
}

#[test]
fn spans_are_written_as_in_go() {
    for (traces, spans) in lines() {
        let json: Vec<_> =
            to_json(&traces).into_iter().map(|span| String::from_utf8(span.body).unwrap()).collect();
        assert_eq!(json, spans.iter().map(|(json, _)| *json).collect::<Vec<_>>());
        let protobuf = to_proto(&traces).into_iter().map(|span| {
            let mut text = Vec::new();
            hex::encode(&mut text, &span.body);
            String::from_utf8(text).unwrap()
        });
        assert_eq!(protobuf.collect::<Vec<_>>(), spans.iter().map(|(_, hex)| *hex).collect::<Vec<_>>());
    }
}

#[test]
fn both_forms_read_alike() {
    for (traces, spans) in lines() {
        for ((json, _), written) in spans.into_iter().zip(to_proto(&traces)) {
            let (json, proto) = (from_json(json.as_bytes()).unwrap(), from_span(&written.body).unwrap());
            assert_eq!(shown(&json), shown(&proto));
        }
    }
}

#[test]
fn all_forms_of_fields_are_taken() {
    let text = r#" {"traceId":"AAECAwQFBgcICQoLDA0ODw==","span_id":"ERITFBUWFxg=","operation_name":"first","operationName":"get",
        "references":[{"traceId":"AAECAwQFBgcICQoLDA0ODw==","spanId":"ISIjJCUmJyg=","refType":"CHILD_OF"},
            {"traceId":"AAAAAAAAAAk=","spanId":"ISIjJCUmJyg=","refType":1},null],
        "flags":"1","startTime":"2023-11-14T23:13:20.5+01:00","duration":"1m1.5s",
        "tags":[{"key":"a","vType":"INT64","vInt64":"7"},{"key":"b","v_type":3,"vFloat64":"NaN"},{"key":"c","vType":"BINARY","vBinary":"AAH/"},
            {"key":"d","vType":"BOOL","vBool":true},{"key":"e","vStr":"x"},{"key":"f","vType":2,"v_int64":9},{"key":"g","vType":3,"vFloat64":"1.5"}],
        "logs":[{"timestamp":"2023-11-14T22:13:20Z","fields":[{"key":"event","vStr":"n"}]}],
        "process":{"serviceName":"shop","tags":[{"key":"t","vStr":"v"}]},"processId":"p","warnings":["w",null]} what follows"#;
    let shown = shown(&from_json(text.as_bytes()).unwrap());
    // Recorded of Go, but for the reference that is null.
    for part in [
        r#"{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"t","value":{"stringValue":"v"}}]}"#,
        r#""traceId":"000102030405060708090a0b0c0d0e0f","spanId":"1112131415161718","parentSpanId":"2122232425262728","flags":1,"name":"get""#,
        r#""startTimeUnixNano":"1700000000500000000","endTimeUnixNano":"1700000062000000000""#,
        r#"{"key":"a","value":{"intValue":"7"}},{"key":"b","value":{"doubleValue":"NaN"}},{"key":"c","value":{"bytesValue":"AAH/"}}"#,
        r#"{"key":"d","value":{"boolValue":true}},{"key":"e","value":{"stringValue":"x"}},{"key":"f","value":{"intValue":"9"}},{"key":"g","value":{"doubleValue":1.5}}"#,
        r#""events":[{"timeUnixNano":"1700000000000000000","name":"n"}]"#,
        r#"{"traceId":"00000000000000000000000000000009","spanId":"2122232425262728","attributes":[{"key":"opentracing.ref_type","value":{"stringValue":"follows_from"}}]}"#,
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    for nothing in ["null", "{}"] {
        assert_eq!(from_json(nothing.as_bytes()).unwrap().items(), 0, "{nothing}");
    }
    let nulls = r#"{"operationName":"x","process":null,"tags":null,"flags":null,"references":null,"logs":[{"timestamp":"2023-11-14T22:13:20Z","fields":null}]}"#;
    assert_eq!(from_json(nulls.as_bytes()).unwrap().items(), 1);
}

#[test]
fn what_is_no_span_is_an_error() {
    let time = "parsing time \"yesterday\" as \"2006-01-02T15:04:05.999999999Z07:00\": cannot parse \"yesterday\" as \"2006\"";
    for (text, error) in [
        (r#"{"traceId":null}"#, "invalid length for TraceID"),
        (r#"{"spanId":null}"#, "invalid length for SpanID"),
        (r#"{"spanId":"AAE="}"#, "invalid length for SpanID"),
        (r#"{"traceId":"!"}"#, "illegal base64 data"),
        (r#"{"traceId":7}"#, "ReadString: expects \" or n, but found 7, error found in #11 byte"),
        (r#"{"duration":"x"}"#, "bad Duration: time: invalid duration \"x\""),
        (r#"{"duration":"5"}"#, "bad Duration: time: missing unit in duration \"5\""),
        (r#"{"duration":null}"#, "bad Duration: time: invalid duration \"\""),
        (r#"{"startTime":"yesterday"}"#, &format!("bad Timestamp: {time}")),
        (
            r#"{"startTime":"2023-02-30T00:00:00Z"}"#,
            "bad Timestamp: parsing time \"2023-02-30T00:00:00Z\": day out of range",
        ),
        (r#"{"x":1}"#, "unknown field \"x\" in model.Span"),
        (r#"{"OperationName":1}"#, "unknown field \"OperationName\" in model.Span"),
        (r#"{"process":{"x":1}}"#, "unknown field \"x\" in model.Process"),
        (r#"{"tags":[{"vType":"LIST"}]}"#, "unknown value \"LIST\" for enum jaeger.api_v2.ValueType"),
        (r#"{"tags":[{"vInt64":1.5}]}"#, "json: cannot unmarshal number 1.5 into Go value of type int64"),
        (
            r#"{"tags":[{"vInt64":"9223372036854775808"}]}"#,
            "json: cannot unmarshal number 9223372036854775808 into Go value of type int64",
        ),
        (r#"{"flags":-1}"#, "json: cannot unmarshal number -1 into Go value of type model.Flags"),
        (r#"{"tags":[{"vBinary":"AA"}]}"#, "illegal base64 data"),
        (r#"{"tags":{}}"#, "ReadArray: expect [ or n, but found {, error found in #8 byte"),
        (r#"{"tags":[{}}"#, "ReadArray: expect , or ], but found }, error found in #11 byte"),
        (r#"{"flags":1"#, "ReadObject: unexpected end of input, error found in #10 byte"),
        ("[]", "ReadObject: expect { or n, but found [, error found in #0 byte"),
        ("", "ReadObject: unexpected end of input, error found in #0 byte"),
    ] {
        assert_eq!(from_json(text.as_bytes()).unwrap_err().to_string(), error, "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "[ -~]{0,40}", cut in 0_usize..1000) {
        let _ = from_json(text.as_bytes());
        for (_, spans) in lines() {
            for (json, _) in spans {
                let _ = from_json(&json.as_bytes()[..cut.min(json.len())]);
            }
        }
    }
}
