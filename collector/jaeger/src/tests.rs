//! All encodings, against what the Go collector makes of the same.

mod json;
mod thrift;

use proptest::prelude::*;
use slimcol_pdata::{Traces, put};
use slimcol_thrift::Protocol;

use super::*;

/// OTLP/JSON of what is read.
fn shown(traces: &Traces) -> String {
    let mut json = Vec::new();
    traces.write_json(&mut json);
    String::from_utf8(json).unwrap()
}

type Write<'w> = &'w dyn Fn(&mut Vec<u8>);

fn text(number: u32, value: &str) -> impl Fn(&mut Vec<u8>) {
    move |to| put::bytes(to, number, value.as_bytes())
}

/// An encoded message of these fields.
fn message(fields: &[Write<'_>]) -> Vec<u8> {
    let mut to = Vec::new();
    for field in fields {
        field(&mut to);
    }
    to
}

/// A tag as field `number` of what it is in.
fn tag(number: u32, name: &str, value: impl Fn(&mut Vec<u8>)) -> impl Fn(&mut Vec<u8>) {
    move |to| {
        put::message(to, number, |to| {
            put::bytes(to, 1, name.as_bytes());
            value(to);
        });
    }
}

fn string(value: &str) -> impl Fn(&mut Vec<u8>) {
    text(3, value)
}

fn of(kind: u64, value: impl Fn(&mut Vec<u8>)) -> impl Fn(&mut Vec<u8>) {
    move |to| {
        put::varint_field(to, 2, kind);
        value(to);
    }
}

fn time(number: u32, seconds: u64, nanos: u64) -> impl Fn(&mut Vec<u8>) {
    move |to| {
        put::message(to, number, |to| {
            put::varint_field(to, 1, seconds);
            put::varint_field(to, 2, nanos);
        });
    }
}

fn reference(trace: u8, id: u8, kind: u64) -> impl Fn(&mut Vec<u8>) {
    move |to| {
        put::message(to, 4, |to| {
            put::bytes(to, 1, &[trace; 16]);
            put::bytes(to, 2, &[id; 8]);
            put::varint_field(to, 3, kind);
        });
    }
}

/// A `PostSpansRequest` of encoded spans and a process of the service "shop".
fn request(spans: &[Vec<u8>]) -> Vec<u8> {
    let mut request = Vec::new();
    put::message(&mut request, 1, |to| {
        for span in spans {
            put::bytes(to, 1, span);
        }
        put::message(to, 2, |to| {
            put::bytes(to, 1, b"shop");
            tag(2, "hostname", string("h"))(to);
            tag(2, "jaeger.version", string("Python-1"))(to);
            tag(2, "n", of(2, |to| put::varint_field(to, 5, 7)))(to);
        });
    });
    request
}

fn ids(to: &mut Vec<u8>) {
    put::bytes(to, 1, &[1; 16]);
    put::bytes(to, 2, &[2; 8]);
}

/// One span with these fields, as it comes out.
fn one(fields: &[Write<'_>]) -> String {
    let mut span = Vec::new();
    ids(&mut span);
    span.extend(message(fields));
    shown(&from_proto(&request(&[span])).unwrap())
}

#[test]
fn a_batch_comes_out_as_in_go() {
    let text = one(&[
        &text(3, "get"),
        &reference(1, 3, 1),
        &reference(9, 4, 0),
        &reference(1, 5, 0),
        &|to| put::varint_field(to, 5, 3),
        &time(6, 1_700_000_000, 5),
        &time(7, 1, 1),
        &tag(8, "span.kind", string("server")),
        &tag(8, "b", of(1, |to| put::varint_field(to, 4, 1))),
        &tag(8, "f", of(3, |to| put::fixed64(to, 6, 1.5_f64.to_bits()))),
        &tag(8, "y", of(4, |to| put::bytes(to, 7, b"abc"))),
        &tag(8, "odd", of(9, |_| {})),
        &tag(8, "http.response.status_code", of(2, |to| put::varint_field(to, 5, 200))),
        &tag(8, "w3c.tracestate", string("a=b")),
        &tag(8, "otel.scope.name", string("lib")),
        &tag(8, "otel.scope.version", string("1")),
        &|to| {
            put::message(to, 9, |to| {
                time(1, 1_700_000_000, 7)(to);
                tag(2, "event", string("it"))(to);
                tag(2, "k", string("v"))(to);
            });
        },
    ]);
    for part in [
        r#"{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"n","value":{"intValue":"7"}},{"key":"host.name","value":{"stringValue":"h"}},{"key":"opencensus.exporterversion","value":{"stringValue":"Jaeger-Python-1"}}]}"#,
        r#""scope":{"name":"lib","version":"1"}"#,
        r#""traceId":"01010101010101010101010101010101","spanId":"0202020202020202","traceState":"a=b","parentSpanId":"0505050505050505","flags":1,"name":"get","kind":2,"startTimeUnixNano":"1700000000000000005","endTimeUnixNano":"1700000001000000006""#,
        r#""attributes":[{"key":"b","value":{"boolValue":true}},{"key":"f","value":{"doubleValue":1.5}},{"key":"y","value":{"bytesValue":"YWJj"}},{"key":"odd","value":{"stringValue":"<Unknown Jaeger TagType \"9\">"}},{"key":"http.status_code","value":{"intValue":"200"}}]"#,
        r#""events":[{"timeUnixNano":"1700000000000000007","name":"it","attributes":[{"key":"k","value":{"stringValue":"v"}}]}]"#,
        r#""links":[{"traceId":"01010101010101010101010101010101","spanId":"0303030303030303","attributes":[{"key":"opentracing.ref_type","value":{"stringValue":"follows_from"}}]},{"traceId":"09090909090909090909090909090909","spanId":"0404040404040404","attributes":[{"key":"opentracing.ref_type","value":{"stringValue":"child_of"}}]}]"#,
        r#""status":{}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_status_is_told_by_several() {
    let yes = || of(1, |to: &mut Vec<u8>| put::varint_field(to, 4, 1));
    let code = |code| of(2, move |to: &mut Vec<u8>| put::varint_field(to, 5, code));
    let kind = |kind| tag(8, "span.kind", string(kind));
    for (fields, status) in [
        (&[&tag(8, "error", yes()) as Write<'_>][..], r#""status":{"code":2}"#),
        (
            &[
                &tag(8, "error", yes()),
                &tag(8, "otel.status_code", string("OK")),
                &tag(8, "otel.status_description", string("m")),
            ],
            r#""status":{"message":"m","code":2}"#,
        ),
        (
            &[&tag(8, "error", yes()), &tag(8, "http.status_message", string("Gone"))],
            r#""status":{"message":"Gone","code":2}"#,
        ),
        (
            &[&tag(8, "error", string("true"))],
            r#"{"key":"error","value":{"stringValue":"true"}}],"status":{}"#,
        ),
        (
            &[&tag(8, "otel.status_code", string("Ok")), &tag(8, "otel.status_description", string("m"))],
            r#""status":{"message":"m","code":1}"#,
        ),
        (&[&tag(8, "otel.status_code", string("odd"))], r#""status":{}"#),
        (&[&tag(8, "http.status_code", code(404)), &kind("server")], r#""status":{}"#),
        (&[&tag(8, "http.status_code", code(404)), &kind("client")], r#""status":{"code":2}"#),
        (&[&tag(8, "http.status_code", string("500"))], r#""status":{"code":2}"#),
        (&[&tag(8, "http.status_code", code(302))], r#""status":{}"#),
        (&[&tag(8, "http.status_code", code(399))], r#""status":{"code":2}"#),
    ] {
        let text = one(fields);
        assert!(text.contains(status), "{status} in {text}");
    }
}

#[test]
fn processes_and_scopes_group_spans() {
    let span = |id: u8, more: &[Write<'_>]| {
        let mut span = message(&[&|to| put::bytes(to, 1, &[1; 8]), &move |to| put::bytes(to, 2, &[id; 8])]);
        span.extend(message(more));
        span
    };
    let other = |to: &mut Vec<u8>| put::message(to, 10, |to| put::bytes(to, 1, b"other"));
    let nobody = |to: &mut Vec<u8>| {
        put::message(to, 10, |to| {
            put::bytes(to, 1, b"OTLPResourceNoServiceName");
            tag(2, "lost", string("x"))(to);
        });
    };
    let text = shown(
        &from_proto(&request(&[
            span(1, &[]),
            span(2, &[&other]),
            span(3, &[&tag(8, "otel.scope.name", string("s"))]),
            span(4, &[&other]),
            span(5, &[]),
            span(6, &[&nobody]),
            Vec::new(),
        ]))
        .unwrap(),
    );
    let order: Vec<_> =
        text.match_indices(r#""spanId":""#).map(|(at, found)| &text[at + found.len()..][..2]).collect();
    assert_eq!(order, ["01", "05", "03", "02", "04", "06"], "{text}");
    assert_eq!(text.matches(r#""resource":"#).count(), 3, "{text}");
    assert!(text.contains(r#""traceId":"00000000000000000101010101010101""#), "{text}");
    assert!(!text.contains("lost"), "{text}");
}

#[test]
fn what_is_no_batch_is_refused() {
    for (span, why) in [
        (&b"\x0a\x01a"[..], "invalid length for TraceID"),
        (b"\x12\x01a", "invalid length for SpanID"),
        (b"\x0a\x20", "unexpected EOF"),
        (b"\x42\x02\x0a\x09", "unexpected EOF"),
    ] {
        assert_eq!(from_proto(&request(&[span.to_vec()])).unwrap_err().to_string(), why, "{span:?}");
    }
    assert_eq!(from_proto(b"").unwrap().items(), 0);
    assert_eq!(from_proto(&request(&[])).unwrap().items(), 0);
}

proptest! {
    #[test]
    fn anything_is_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), compact: bool) {
        let protocol = if compact { Protocol::Compact } else { Protocol::Binary };
        let _ = from_proto(&bytes);
        let _ = from_thrift(protocol, &bytes);
        let _ = from_agent(protocol, &bytes);
    }

    /// Mutations of a real batch come deeper than noise does.
    #[test]
    fn a_damaged_batch_is_taken_or_refused(at in 0..10_000_usize, byte: u8) {
        let mut span = Vec::new();
        ids(&mut span);
        span.extend(message(&[&reference(1, 3, 1), &time(6, 1, 2), &tag(8, "k", string("v"))]));
        let mut bytes = request(&[span.clone(), span]);
        let place = at % bytes.len();
        bytes[place] = byte;
        if let Ok(traces) = from_proto(&bytes) {
            prop_assert!(traces.items() <= 40);
        }
        for protocol in [Protocol::Binary, Protocol::Compact] {
            let mut bytes = thrift::call(protocol);
            let place = at % bytes.len();
            bytes[place] = byte;
            if let Ok(traces) = from_agent(protocol, &bytes) {
                prop_assert!(traces.items() < bytes.len());
            }
        }
    }
}
