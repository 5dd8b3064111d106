//! Spans both ways, against what the Go collector makes of the same.

mod properties;

use slimcol_pdata::{Data, Traces};

use super::*;

/// OTLP/JSON of what is read.
pub(super) fn shown(traces: &Traces) -> String {
    let mut json = Vec::new();
    traces.write_json(&mut json);
    String::from_utf8(json).unwrap()
}

fn read(json: &str) -> String {
    shown(&from_json(json.as_bytes(), false).unwrap())
}

/// A span of so many members, as it comes out; without what is always the same.
fn span(members: &str) -> String {
    let json = format!(r#"[{{"traceId":"1","id":"2","timestamp":1000,{members}}}]"#);
    let whole = read(&json);
    let begin = whole.find(r#""endTimeUnixNano":"1000000""#).expect("it took no time") + 27;
    let end = whole.rfind("}]}]}]}").unwrap();
    let head = &whole[..whole.find(r#""traceId""#).unwrap()];
    let kind = whole.find(r#""kind":"#).map_or("", |at| &whole[at..at + 8]);
    format!("{head} {kind} {}", &whole[begin..end])
}

/// What Zipkin's documentation gives as an example.
const EXAMPLE: &str = r#"[{
    "traceId": "4d1e00c0db9010db86154a4ba6e91385", "parentId": "86154a4ba6e91385", "id": "4d1e00c0db9010db",
    "kind": "CLIENT", "name": "Get", "timestamp": 1472470996199000, "duration": 207000,
    "localEndpoint": {"serviceName": "frontend", "ipv6": "7::0.128.128.127"},
    "remoteEndpoint": {"serviceName": "backend", "ipv4": "192.168.99.101", "port": 9000},
    "annotations": [{"timestamp": 1472470996238000, "value": "foo"}, {"timestamp": 1472470996403000, "value": "bar"}],
    "tags": {"http.path": "/api", "http.status_code": "500", "cache_hit": "true", "ping_count": "25", "timeout": "12.3",
        "clnt/finagle.version": "6.45.0"}}]"#;

#[test]
fn an_example_comes_out_as_in_go() {
    let head = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"frontend"}}]},"#;
    let text = read(EXAMPLE);
    assert!(text.starts_with(head), "{text}");
    for part in [
        r#""traceId":"4d1e00c0db9010db86154a4ba6e91385","spanId":"4d1e00c0db9010db","parentSpanId":"86154a4ba6e91385""#,
        r#""name":"Get","kind":3,"startTimeUnixNano":"1472470996199000000","endTimeUnixNano":"1472470996406000000""#,
        r#"{"key":"ping_count","value":{"stringValue":"25"}}"#,
        r#"{"key":"service.peer.name","value":{"stringValue":"backend"}}"#,
        r#"{"key":"network.local.address","value":{"stringValue":"7::80:807f"}}"#,
        r#"{"key":"network.peer.address","value":{"stringValue":"192.168.99.101"}}"#,
        r#"{"key":"net.peer.port","value":{"intValue":"9000"}}"#,
        r#""events":[{"timeUnixNano":"1472470996238000000","name":"foo"},{"timeUnixNano":"1472470996403000000","name":"bar"}]"#,
        r#""status":{}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let typed = shown(&from_json(EXAMPLE.as_bytes(), true).unwrap());
    for part in [
        r#"{"key":"ping_count","value":{"intValue":"25"}}"#,
        r#"{"key":"timeout","value":{"doubleValue":12.3}}"#,
        r#"{"key":"cache_hit","value":{"boolValue":true}}"#,
        r#"{"key":"clnt/finagle.version","value":{"stringValue":"6.45.0"}}"#,
    ] {
        assert!(typed.contains(part), "{part} in {typed}");
    }
}

#[test]
fn and_goes_back_as_it_came() {
    let traces = from_json(EXAMPLE.as_bytes(), false).unwrap();
    let json = String::from_utf8(to_json(&traces).unwrap()).unwrap();
    let expected = concat!(
        r#"[{"timestamp":1472470996199000,"duration":207000,"traceId":"4d1e00c0db9010db86154a4ba6e91385","#,
        r#""id":"4d1e00c0db9010db","parentId":"86154a4ba6e91385","name":"get","kind":"CLIENT","#,
        r#""localEndpoint":{"serviceName":"frontend","ipv6":"7::80:807f"},"#,
        r#""remoteEndpoint":{"serviceName":"backend","ipv4":"192.168.99.101","port":9000},"#,
        r#""annotations":[{"timestamp":1472470996238000,"value":"foo"},{"timestamp":1472470996403000,"value":"bar"}],"#,
        r#""tags":{"cache_hit":"true","clnt/finagle.version":"6.45.0","http.path":"/api","http.status_code":"500","#,
        r#""ping_count":"25","timeout":"12.3"}}]"#
    );
    assert_eq!(json, expected);
    let proto = to_proto_of(&traces, None).unwrap();
    assert_eq!(shown(&from_proto(&proto, false).unwrap()), shown(&traces));
}

#[test]
fn tags_become_what_they_mean() {
    let attribute = |key: &str, value: &str| {
        format!(r#""attributes":[{{"key":"{key}","value":{{"stringValue":"{value}"}}}}]"#)
    };
    for (members, parts) in [
        (r#""tags":{"span.kind":"internal"}"#, vec![r#""kind":1"#.to_owned()]),
        (r#""kind":"CONSUMER","tags":{"span.kind":"internal"}"#, vec![r#""kind":5"#.to_owned(), attribute("span.kind", "internal")]),
        (r#""tags":{"otel.status_code":"Ok","otel.status_description":"fine"}"#, vec![r#""status":{"message":"fine","code":1}"#.to_owned()]),
        (r#""tags":{"otel.status_code":"STATUS_CODE_ERROR"}"#, vec![r#""status":{"code":2}"#.to_owned()]),
        (r#""tags":{"error":"true"}"#, vec![r#" "status":{"code":2}"#.trim().to_owned()]),
        (r#""tags":{"error":"boom"}"#, vec![attribute("error", "boom"), r#""status":{"code":2}"#.to_owned()]),
        (r#""tags":{"w3c.tracestate":"a=b"}"#, vec![r#""status":{}"#.to_owned()]),
        (r#""tags":{"otlp.link.0":"0102030405060708090a0b0c0d0e0f10|0102030405060708|s=t|{\"a\":1,\"b\":1.5,\"c\":[1],\"d\":\"x|y\"}|3"}"#,
            vec![
                r#""links":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","traceState":"s=t","#.to_owned(),
                r#"{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"doubleValue":1.5}},{"key":"d","value":{"stringValue":"x|y"}}],"droppedAttributesCount":3}]"#.to_owned(),
            ]),
        (r#""annotations":[{"timestamp":1,"value":"e|{\"k\":true}|2"}]"#,
            vec![r#""events":[{"timeUnixNano":"1000","name":"e","attributes":[{"key":"k","value":{"boolValue":true}}],"droppedAttributesCount":2}]"#.to_owned()]),
        (r#""annotations":[{"timestamp":1,"value":"e|f"}]"#, vec![r#""events":[{"timeUnixNano":"1000","name":"e"}]"#.to_owned()]),
        (r#""localEndpoint":{"port":80},"tags":{"net.host.port":"1"}"#, vec![r#""attributes":[{"key":"net.host.port","value":{"intValue":"80"}}]"#.to_owned()]),
    ] {
        let span = span(members);
        for part in parts {
            assert!(span.contains(&part), "{members}: {part} in {span}");
        }
        assert!(!span.contains("w3c"), "{span}");
    }
}

#[test]
fn resources_and_scopes_group_spans() {
    let span = |id: u8, service: &str, tags: &str| {
        format!(
            r#"{{"traceId":"1","id":"{id}","localEndpoint":{{"serviceName":"{service}"}},"tags":{{{tags}}}}}"#
        )
    };
    let json = format!(
        "[{},{},{},null,{},{}]",
        span(1, "b", r#""otel.library.name":"l","otel.library.version":"1","host.name":"h""#),
        span(2, "a", r#""otlp.service.name.source":"faas.name""#),
        span(3, "b", r#""otel.scope.name":"k","host.name":"lost""#),
        span(4, "b", r#""otel.library.name":"l""#),
        span(5, "", r#""host.name":"of nobody""#),
    );
    let text = read(&json);
    let order: Vec<_> = text
        .match_indices(r#""spanId":"000000000000000"#)
        .map(|(at, found)| &text[at + found.len()..][..1])
        .collect();
    assert_eq!(order, ["5", "2", "3", "1", "4"], "{text}");
    assert_eq!(text.matches(r#""resource":"#).count(), 3, "{text}");
    for part in [
        r#"{"key":"faas.name","value":{"stringValue":"a"}}"#,
        r#""scope":{"name":"l","version":"1"}"#,
        r#""scope":{"name":"k"}"#,
        r#"{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"b"}},{"key":"host.name","value":{"stringValue":"lost"}}]}"#,
        r#"{"key":"otel.zipkin.absentField.startTime","value":{"boolValue":true}}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("of nobody"), "as in Go");
}

#[test]
fn what_is_no_span_is_refused() {
    for (json, why) in [
        ("", "ReadArray: unexpected end of input"),
        ("{}", "expect [ or n, but found {"),
        ("[{}]x", "valid span id required"),
        ("[] x", "Read: expect the end of the text, but found x"),
        (r#"[{"id":"1","traceId":""}]"#, "valid traceId required"),
        (r#"[{"id":"xyz"}]"#, r#"strconv.ParseUint: parsing "xyz": invalid syntax"#),
        (
            r#"[{"id":"11112222333344445"}]"#,
            r#"strconv.ParseUint: parsing "11112222333344445": value out of range"#,
        ),
        (r#"[{"id":"1","timestamp":-1}]"#, "the number does not fit the field"),
        (r#"[{"id":"1","timestamp":1.5}]"#, "the number does not fit the field"),
        (r#"[{"id":"1","localEndpoint":{"port":70000}}]"#, "the number does not fit the field"),
        (r#"[{"id":"1","localEndpoint":{"ipv4":"1.2.3"}}]"#, "invalid IP address: 1.2.3"),
        (r#"[{"id":"1","annotations":[{"value":"a"}]}]"#, "valid annotation timestamp required"),
        (r#"[{"id":"1","tags":{"a":1}}]"#, "expects \" or n"),
        (r#"[{"id":"1","annotations":[{"timestamp":1,"value":"a|b|c"}]}]"#, "expect { or n"),
        (
            r#"[{"id":"1","annotations":[{"timestamp":1,"value":"a|{}|c"}]}]"#,
            r#"strconv.ParseUint: parsing "c": invalid syntax"#,
        ),
        (r#"[{"id":"1","tags":{"otlp.link.0":"12|34||{}|0"}}]"#, "invalid length for ID"),
    ] {
        let error = from_json(json.as_bytes(), false).unwrap_err().to_string();
        assert!(error.contains(why), "{json}: {error}");
    }
    for (proto, why) in [
        (&b"\x0a\x00"[..], "invalid TraceID: has length 0 yet wanted length 16"),
        (b"\x0a\x14\x0a\x10aaaaaaaaaaaaaaaa\x1a\x00", "expected a non-nil SpanID"),
        (b"\x0a\x15\x0a\x10aaaaaaaaaaaaaaaa\x1a\x01a", "invalid SpanID: has length 1 yet wanted length 8"),
        (b"\x0a\x05\x0a", "proto: unexpected EOF"),
        (b"\x0a\x03\x2a\x01\xff", "invalid UTF-8"),
    ] {
        let error = from_proto(proto, false).unwrap_err().to_string();
        assert!(error.contains(why), "{proto:?}: {error}");
    }
    // py_zipkin sends the ids of its traces so.
    let short = from_proto(b"\x0a\x14\x0a\x08aaaaaaaa\x1a\x08bbbbbbbb", false).unwrap();
    assert!(shown(&short).contains(r#""traceId":"00000000000000006161616161616161""#), "{}", shown(&short));
    assert_eq!(from_json(b"null", false).unwrap().items(), 0);
    assert_eq!(from_json(b"[null]", false).unwrap().items(), 0);
    assert_eq!(
        from_json(br#"[{"ID":"1","NAME":"a","debug":true,"shared":true,"other":{"x":[1]}}]"#, false)
            .unwrap()
            .items(),
        1
    );
}

fn otlp(json: &str) -> Traces {
    let Data::Traces(traces) = Data::from_json(slimcol_pdata::Signal::Traces, json.as_bytes()).unwrap()
    else {
        panic!("they are traces");
    };
    traces
}

/// A request of one span, with these attributes of its resource.
fn one(resource: &str, span: &str) -> Traces {
    otlp(&format!(
        r#"{{"resourceSpans":[{{"resource":{{"attributes":[{resource}]}},"scopeSpans":[{{"scope":{{"name":"s","version":"2","attributes":[{{"key":"of","value":{{"stringValue":"scope"}}}}]}},"spans":[{{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002",{span}}}]}}]}}]}}"#
    ))
}

fn text(key: &str, value: &str) -> String {
    format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#)
}

#[test]
fn what_otlp_says_is_told_to_zipkin() {
    let head = r#""traceId":"0000000000000001","id":"0000000000000002""#;
    let scope = r#""of":"scope","otel.library.name":"s","otel.library.version":"2""#;
    for (resource, span, zipkin) in [
        (
            String::new(),
            r#""name":"N""#.to_owned(),
            format!(r#"[{{{head},"name":"n","localEndpoint":{{"serviceName":"otlpresourcenoservicename"}},"tags":{{{scope}}}}}]"#),
        ),
        (
            text("service.name", "Shop"),
            r#""kind":1,"startTimeUnixNano":"1500000000499","endTimeUnixNano":"1500000000500","status":{"code":2,"message":"no"}"#.to_owned(),
            format!(r#"[{{"timestamp":1500000000,"duration":1,{head},"localEndpoint":{{"serviceName":"shop"}},"tags":{{"error":"true",{scope},"otel.status_code":"STATUS_CODE_ERROR","otel.status_description":"no","span.kind":"internal"}}}}]"#),
        ),
        (
            text("k8s.deployment.name", "d") + "," + &text("cloud.resource_id", "c"),
            format!(r#""kind":2,"attributes":[{},{},{},{},{{"key":"net.host.port","value":{{"intValue":"80"}}}}]"#, text("error", "false"), text("peer.service", "p"), text("network.peer.address", "::1"), text("http.response.status_code", "200")),
            format!(r#"[{{{head},"kind":"SERVER","localEndpoint":{{"serviceName":"d","port":80}},"remoteEndpoint":{{"serviceName":"p","ipv6":"::1"}},"tags":{{"faas.id":"c","http.response.status_code":"200","http.status_code":"200",{scope},"otlp.service.name.source":"k8s.deployment.name"}}}}]"#),
        ),
        (
            String::new(),
            format!(r#""traceState":"a=b","events":[{{"timeUnixNano":"1000","name":"e"}},{{"timeUnixNano":"2000","name":"f","attributes":[{}]}}],"links":[{{"traceId":"00000000000000000000000000000009","spanId":"0000000000000008","traceState":"x"}}]"#, text("k", "v")),
            format!(r#"[{{{head},"localEndpoint":{{"serviceName":"otlpresourcenoservicename"}},"annotations":[{{"timestamp":1,"value":"e"}},{{"timestamp":2,"value":"f|{{\"k\":\"v\"}}|0"}}],"tags":{{{scope},"otlp.link.0":"00000000000000000000000000000009|0000000000000008|x|{{}}|0","w3c.tracestate":"a=b"}}}}]"#),
        ),
    ] {
        let json = String::from_utf8(to_json(&one(&resource, &span)).unwrap()).unwrap();
        assert_eq!(json, zipkin);
    }
    let named = String::from_utf8(to_json_of(&one("", r#""name":"n""#), Some("mine")).unwrap()).unwrap();
    assert!(named.contains(r#""serviceName":"mine""#), "{named}");
}

#[test]
fn what_zipkin_has_no_form_for_is_refused() {
    for (span, why) in [
        (r#""startTimeUnixNano":"2000000000","endTimeUnixNano":"1000000000""#, "valid duration required"),
        (r#""startTimeUnixNano":"10000000000000000000""#, "valid annotation timestamp required"),
        (r#""spanId":"0000000000000000""#, "SpanID is invalid"),
        (r#""traceId":"00000000000000000000000000000000""#, "TraceID is invalid"),
    ] {
        assert_eq!(to_json(&one("", span)).unwrap_err().to_string(), why);
        assert_eq!(to_proto_of(&one("", span), None).unwrap_err().to_string(), why);
    }
}
