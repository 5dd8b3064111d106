//! Both encodings, against what the Go collector makes of the same.

use proptest::prelude::*;
use slimcol_pdata::{Data, Traces};

use super::*;

fn shown(traces: &Traces) -> String {
    let mut json = Vec::new();
    Data::from(traces.clone()).write_json(&mut json);
    String::from_utf8(json).unwrap()
}

fn read(json: &str) -> String {
    shown(&from_json(json.as_bytes(), false).unwrap())
}

/// Two services, one of which comes twice.
const BATCH: &str = r#"[
    {"traceId":"0ed2e63cbe71f5a8","name":"checkAvailability","id":"0ed2e63cbe71f5a8","annotations":[
        {"timestamp":1544805927448081,"value":"sr","endpoint":{"ipv4":"172.31.0.4","port":0,"serviceName":"service1"}},
        {"timestamp":1544805927450000,"value":"custom time event","endpoint":{"ipv4":"172.31.0.4","serviceName":"service1"}},
        {"timestamp":1544805927460102,"value":"ss","endpoint":{"ipv4":"172.31.0.4","port":0,"serviceName":"service1"}}]},
    {"traceId":"00000000000000010ed2e63cbe71f5a8","name":"checkStock","id":"f9ebb6e64880612a","parentId":"0ed2e63cbe71f5a8",
        "timestamp":1544805927453923,"duration":3740,"annotations":[
        {"timestamp":1544805927453000,"value":"cs","endpoint":{"ipv6":"::1","port":80,"serviceName":"front"}}],
        "binaryAnnotations":[{"key":"http.status_code","value":"404"},{"key":"ok","value":true},{"key":"n","value":"7"}]},
    {"traceId":"0ed2e63cbe71f5a8","name":"again","id":"0ed2e63cbe71f5a9","annotations":[
        {"timestamp":1544805927448081,"value":"cs","endpoint":{"ipv4":"172.31.0.4","port":0,"serviceName":"service1"}}]}]"#;

#[test]
fn a_batch_comes_out_as_in_go() {
    let text = read(BATCH);
    assert_eq!(text.matches(r#""resource":"#).count(), 2, "{text}");
    for part in [
        r#"{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"service1"}},{"key":"ipv4","value":{"stringValue":"172.31.0.4"}}]},"#,
        r#"{"key":"service.name","value":{"stringValue":"front"}},{"key":"ipv6","value":{"stringValue":"::1"}},{"key":"port","value":{"stringValue":"80"}}"#,
        r#""traceId":"00000000000000000ed2e63cbe71f5a8","spanId":"0ed2e63cbe71f5a8","name":"checkAvailability","kind":2,"startTimeUnixNano":"1544805927448081000","endTimeUnixNano":"1544805927460102000","events":[{"timeUnixNano":"1544805927450000000","name":"custom time event"}]"#,
        r#""traceId":"00000000000000010ed2e63cbe71f5a8","spanId":"f9ebb6e64880612a","parentSpanId":"0ed2e63cbe71f5a8","name":"checkStock","kind":3,"startTimeUnixNano":"1544805927453923000","endTimeUnixNano":"1544805927457663000""#,
        r#"{"key":"http.status_code","value":{"stringValue":"404"}}"#,
        r#"{"key":"ok","value":{"stringValue":"true"}}"#,
        r#"{"key":"n","value":{"stringValue":"7"}}"#,
        r#""status":{"code":2}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let typed = shown(&from_json(BATCH.as_bytes(), true).unwrap());
    for part in [r#"{"key":"n","value":{"intValue":"7"}}"#, r#"{"key":"ok","value":{"boolValue":true}}"#] {
        assert!(typed.contains(part), "{part} in {typed}");
    }
}

#[test]
fn the_status_is_told_by_several() {
    for (tags, status) in [
        (&[("census.status_code", "0"), ("error", "x")][..], r#""status":{"code":1}"#),
        (
            &[("census.status_code", "5"), ("opencensus.status_description", "m")],
            r#""status":{"message":"m","code":2}"#,
        ),
        (
            &[("otel.status_code", "1"), ("otel.status_description", "m"), ("error", "x")],
            r#""status":{"message":"m","code":1}"#,
        ),
        (&[("otel.status_code", "STATUS_CODE_OK")], r#""status":{}"#),
        (&[("error", ""), ("otel.status_description", "m")], r#""status":{"message":"m","code":2}"#),
        (&[("http.status_code", "200"), ("http.status_message", "OK")], r#""status":{"message":"OK"}"#),
        (&[("http.status_code", "500")], r#""status":{"code":2}"#),
        (&[("http.response.status_code", "99999999999")], r#""status":{}"#),
    ] {
        let tags: Vec<_> =
            tags.iter().map(|(key, value)| format!(r#"{{"key":"{key}","value":"{value}"}}"#)).collect();
        let text = read(&format!(
            r#"[{{"traceId":"0000000000000001","id":"0000000000000001","timestamp":1,"binaryAnnotations":[{}]}}]"#,
            tags.join(",")
        ));
        assert!(text.contains(status), "{tags:?}: {text}");
    }
}

#[test]
fn without_an_endpoint_others_name_the_service() {
    let span =
        |more: &str| read(&format!(r#"[{{"traceId":"0000000000000001","id":"0000000000000001",{more}}}]"#));
    let local = r#"{"key":"lc","value":"local","endpoint":null}"#;
    for (more, name) in [
        (r#""timestamp":1"#.to_owned(), "unknown-service"),
        (format!(r#""timestamp":1,"binaryAnnotations":[null,{local}]"#), "local"),
        (
            format!(
                r#""timestamp":1,"binaryAnnotations":[{local},{{"key":"a","value":"b","endpoint":{{"serviceName":"host"}}}}]"#
            ),
            "host",
        ),
    ] {
        let text = span(&more);
        assert!(text.contains(&format!(r#""service.name","value":{{"stringValue":"{name}"}}"#)), "{text}");
    }
    let now = span(r#""name":"n","binaryAnnotations":[{"key":"lc","value":"local"}]"#);
    assert!(
        now.contains(r#"{"key":"otel.zipkin.absentField.startTime","value":{"boolValue":true}}"#),
        "{now}"
    );
    assert!(now.contains(r#"{"key":"component","value":{"stringValue":"local"}}"#), "{now}");
    assert!(!now.contains(r#""startTimeUnixNano":"0""#), "{now}");
}

#[test]
fn what_is_no_span_is_refused() {
    for (json, why) in [
        ("", "zipkinv1: ReadArray: unexpected end of input"),
        ("[{}]", "zipkinV1 span traceId: hex traceId span has wrong length (expected 16 or 32)"),
        (r#"[{"traceId":"00000000000000000000000000000000"}]"#, "zipkinV1 span traceId: traceId is zero"),
        (r#"[{"traceId":"0000000000000001"}]"#, "zipkinV1 span id: hex Id has wrong length (expected 16)"),
        (r#"[{"traceId":"0000000000000001","id":"0000000000000000"}]"#, "zipkinV1 span id: ID is zero"),
        (
            r#"[{"traceId":"0000000000000001","id":"0000000000000001","parentId":"x"}]"#,
            "zipkinV1 span parentId: hex Id has wrong length (expected 16)",
        ),
        (
            r#"[{"traceId":"000000000000000g"}]"#,
            "zipkinV1 span traceId: cannot unmarshal ID from string '000000000000000g': it is no hex",
        ),
        ("[{},{]", "zipkinv1: ReadString: expects \" or n"),
        (r#"[{"traceId":1}]"#, "zipkinv1: ReadString: expects \" or n"),
    ] {
        let error = from_json(json.as_bytes(), false).unwrap_err().to_string();
        assert!(error.starts_with(why), "{json}: {error}");
    }
}

/// Thrift's binary protocol, written.
#[derive(Default)]
struct Thrift(Vec<u8>);

impl Thrift {
    fn i64(mut self, id: u8, value: i64) -> Self {
        self.0.extend([10, 0, id]);
        self.0.extend(value.to_be_bytes());
        self
    }

    fn i32(mut self, id: u8, value: i32) -> Self {
        self.0.extend([8, 0, id]);
        self.0.extend(value.to_be_bytes());
        self
    }

    fn bytes(mut self, id: u8, value: &[u8]) -> Self {
        self.0.extend([11, 0, id]);
        self.0.extend(u32::try_from(value.len()).unwrap().to_be_bytes());
        self.0.extend(value);
        self
    }

    fn nested(mut self, id: u8, value: Self) -> Self {
        self.0.extend([12, 0, id]);
        self.0.extend(value.end());
        self
    }

    fn list(mut self, id: u8, values: Vec<Self>) -> Self {
        self.0.extend([15, 0, id]);
        self.0.extend(list(values));
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push(0);
        self.0
    }
}

fn list(values: Vec<Thrift>) -> Vec<u8> {
    let mut to = vec![12];
    to.extend(u32::try_from(values.len()).unwrap().to_be_bytes());
    to.extend(values.into_iter().flat_map(Thrift::end));
    to
}

fn thrift() -> Vec<u8> {
    let host = |name: &str| Thrift::default().i32(1, 0x7f00_0001).bytes(3, name.as_bytes());
    let annotation =
        |value: &str, time| Thrift::default().i64(1, time).bytes(2, value.as_bytes()).nested(3, host("shop"));
    let binary = |key: &str, kind, value: &[u8]| {
        Thrift::default().bytes(1, key.as_bytes()).bytes(2, value).i32(3, kind)
    };
    let span = Thrift::default()
        .i64(1, 1)
        .bytes(3, b"get")
        .i64(4, 2)
        .i64(5, 3)
        .list(6, vec![annotation("sr", 1000), annotation("hello", 1500), annotation("ss", 3000)])
        .list(
            8,
            vec![
                binary("bool", 0, &[1]),
                binary("bytes", 1, b"abc"),
                binary("i16", 2, &[0, 7]),
                binary("i32", 3, &[0, 0, 1, 0]),
                binary("i64", 4, &[0xff; 8]),
                binary("double", 5, &1.5_f64.to_be_bytes()),
                binary("text", 6, b"t"),
                binary("short", 4, &[1]),
                binary("odd", 9, &[1]),
                binary("lc", 6, b"component"),
            ],
        )
        .i64(12, 9);
    list(vec![span, Thrift::default().i64(1, 1).i64(4, 4).i64(10, 5).i64(11, 6)])
}

#[test]
fn thrift_comes_out_as_in_go() {
    let text = shown(&from_thrift(&thrift()).unwrap());
    for part in [
        r#""attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"ipv4","value":{"stringValue":"127.0.0.1"}}]"#,
        r#""traceId":"00000000000000090000000000000001","spanId":"0000000000000002","parentSpanId":"0000000000000003","name":"get","kind":2,"startTimeUnixNano":"1000000","endTimeUnixNano":"3000000""#,
        r#"{"key":"bool","value":{"boolValue":true}}"#,
        r#"{"key":"bytes","value":{"stringValue":"YWJj"}}"#,
        r#"{"key":"i16","value":{"intValue":"7"}}"#,
        r#"{"key":"i32","value":{"intValue":"256"}}"#,
        r#"{"key":"i64","value":{"intValue":"-1"}}"#,
        r#"{"key":"double","value":{"doubleValue":1.5}}"#,
        r#"{"key":"text","value":{"stringValue":"t"}}"#,
        r#"{"key":"short","value":{"stringValue":"<not enough bytes representing the number>"}}"#,
        r#"{"key":"odd","value":{"stringValue":"<unknown zipkin v1 binary annotation type (9)>"}}"#,
        r#"{"key":"component","value":{"stringValue":"component"}}"#,
        r#""events":[{"timeUnixNano":"1500000","name":"hello"}]"#,
        r#"{"key":"service.name","value":{"stringValue":"unknown-service"}}"#,
        r#""startTimeUnixNano":"5000","endTimeUnixNano":"11000""#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(from_thrift(b"").unwrap_err().to_string(), "unexpected EOF");
    assert_eq!(from_thrift(b"\x0c\x7f\xff\xff\xff").unwrap_err().to_string(), "unexpected EOF");
}

proptest! {
    #[test]
    fn anything_is_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = from_thrift(&bytes);
        let _ = from_json(&bytes, true);
    }

    /// Mutations of real requests come deeper than noise does.
    #[test]
    fn a_damaged_batch_is_taken_or_refused(at in 0..10_000_usize, byte: u8) {
        let mut bytes = thrift();
        let place = at % bytes.len();
        bytes[place] = byte;
        if let Ok(traces) = from_thrift(&bytes) {
            prop_assert!(traces.items() <= 2);
        }
        let mut bytes = BATCH.as_bytes().to_vec();
        let place = at % bytes.len();
        bytes[place] = byte;
        if let Ok(traces) = from_json(&bytes, false) {
            prop_assert!(traces.items() <= 3);
        }
    }
}
