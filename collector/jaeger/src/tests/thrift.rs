//! Batches in Thrift, which the tests write themselves in both protocols.

use super::*;

/// A value to be written.
enum T<'t> {
    I32(i32),
    I64(i64),
    Bool(bool),
    Double(f64),
    Bytes(&'t [u8]),
    Struct(Vec<(u8, Self)>),
    List(Vec<Self>),
}

impl T<'_> {
    fn kind(&self, protocol: Protocol) -> u8 {
        let (binary, compact) = match self {
            Self::I32(_) => (8, 5),
            Self::I64(_) => (10, 6),
            Self::Bool(true) => (2, 1),
            Self::Bool(false) => (2, 2),
            Self::Double(_) => (4, 7),
            Self::Bytes(_) => (11, 8),
            Self::Struct(_) => (12, 12),
            Self::List(_) => (15, 9),
        };
        if protocol == Protocol::Binary { binary } else { compact }
    }

    fn write(&self, protocol: Protocol, to: &mut Vec<u8>) {
        let compact = protocol == Protocol::Compact;
        let length = |len: usize, to: &mut Vec<u8>| {
            if compact {
                put::varint(to, len as u64);
            } else {
                to.extend(u32::try_from(len).unwrap().to_be_bytes());
            }
        };
        let zigzag = |value: i64| ((value << 1) ^ (value >> 63)).cast_unsigned();
        match self {
            Self::I32(value) if compact => put::varint(to, zigzag((*value).into())),
            Self::I64(value) if compact => put::varint(to, zigzag(*value)),
            Self::I32(value) => to.extend(value.to_be_bytes()),
            Self::I64(value) => to.extend(value.to_be_bytes()),
            Self::Bool(value) => to.push((*value).into()),
            Self::Double(value) if compact => to.extend(value.to_le_bytes()),
            Self::Double(value) => to.extend(value.to_be_bytes()),
            Self::Bytes(bytes) => {
                length(bytes.len(), to);
                to.extend_from_slice(bytes);
            }
            Self::Struct(fields) => {
                let mut last = 0;
                for (id, value) in fields {
                    let kind = value.kind(protocol);
                    if compact {
                        to.push((id - last) << 4 | kind);
                        last = *id;
                    } else {
                        to.extend([kind, 0, *id]);
                    }
                    if !(compact && matches!(value, Self::Bool(_))) {
                        value.write(protocol, to);
                    }
                }
                to.push(0);
            }
            Self::List(items) => {
                let kind = items.first().map_or(12, |item| item.kind(protocol));
                if compact {
                    to.push(u8::try_from(items.len()).unwrap() << 4 | kind);
                } else {
                    to.push(kind);
                    length(items.len(), to);
                }
                for item in items {
                    item.write(protocol, to);
                }
            }
        }
    }
}

fn tag<'t>(name: &'t str, kind: i32, id: u8, value: T<'t>) -> T<'t> {
    T::Struct(vec![(1, T::Bytes(name.as_bytes())), (2, T::I32(kind)), (id, value)])
}

fn text<'t>(name: &'t str, value: &'t str) -> T<'t> {
    tag(name, 0, 3, T::Bytes(value.as_bytes()))
}

fn span(parent: i64, more: Vec<(u8, T<'static>)>) -> T<'static> {
    let mut fields =
        vec![(1, T::I64(1)), (2, T::I64(2)), (3, T::I64(3)), (4, T::I64(parent)), (5, T::Bytes(b"get"))];
    let (before, after): (Vec<_>, Vec<_>) = more.into_iter().partition(|(id, _)| *id < 7);
    fields.extend(before);
    fields.extend([(7, T::I32(1)), (8, T::I64(1000)), (9, T::I64(500))]);
    fields.extend(after);
    T::Struct(fields)
}

fn batch() -> T<'static> {
    let reference =
        |kind, id| T::Struct(vec![(1, T::I32(kind)), (2, T::I64(1)), (3, T::I64(2)), (4, T::I64(id))]);
    let process = T::Struct(vec![(1, T::Bytes(b"shop")), (2, T::List(vec![text("hostname", "h")]))]);
    let log = T::Struct(vec![(1, T::I64(1200)), (2, T::List(vec![text("event", "it"), text("k", "v")]))]);
    let tags = vec![
        text("span.kind", "client"),
        tag("d", 1, 4, T::Double(1.5)),
        tag("b", 2, 5, T::Bool(true)),
        tag("error", 2, 5, T::Bool(false)),
        tag("i", 3, 6, T::I64(-7)),
        tag("y", 4, 7, T::Bytes(b"abc")),
        tag("odd", 9, 6, T::I64(1)),
        text("w3c.tracestate", "stays"),
        text("otel.scope.name", "stays"),
    ];
    let first = span(
        9,
        vec![
            (6, T::List(vec![reference(0, 9), reference(1, 8)])),
            (10, T::List(tags)),
            (11, T::List(vec![log])),
        ],
    );
    let second = span(0, vec![(6, T::List(vec![reference(1, 8), reference(0, 7)]))]);
    T::Struct(vec![(1, process), (2, T::List(vec![first, second, T::Struct(Vec::new())])), (3, T::I64(4))])
}

/// A call of `emitBatch`.
pub(super) fn call(protocol: Protocol) -> Vec<u8> {
    named(protocol, b"emitBatch")
}

fn named(protocol: Protocol, name: &[u8]) -> Vec<u8> {
    let mut to = match protocol {
        Protocol::Binary => b"\x80\x01\x00\x04".to_vec(),
        Protocol::Compact => b"\x82\x81\x05".to_vec(),
    };
    T::Bytes(name).write(protocol, &mut to);
    if protocol == Protocol::Binary {
        to.extend([0, 0, 0, 5]);
    }
    T::Struct(vec![(1, batch())]).write(protocol, &mut to);
    to
}

#[test]
fn a_batch_comes_out_as_in_go() {
    for protocol in [Protocol::Binary, Protocol::Compact] {
        let mut body = Vec::new();
        batch().write(protocol, &mut body);
        let traces = from_thrift(protocol, &body).unwrap();
        assert_eq!(traces.items(), 2);
        let text = shown(&traces);
        for part in [
            r#"{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"host.name","value":{"stringValue":"h"}}]}"#,
            r#""traceId":"00000000000000020000000000000001","spanId":"0000000000000003","parentSpanId":"0000000000000009","flags":1,"name":"get","kind":3,"startTimeUnixNano":"1000000","endTimeUnixNano":"1500000""#,
            r#""attributes":[{"key":"d","value":{"doubleValue":1.5}},{"key":"b","value":{"boolValue":true}},{"key":"error","value":{"boolValue":false}},{"key":"i","value":{"intValue":"-7"}},{"key":"y","value":{"bytesValue":"YWJj"}},{"key":"odd","value":{"stringValue":"<Unknown Jaeger TagType \"<UNSET>\">"}},{"key":"w3c.tracestate","value":{"stringValue":"stays"}},{"key":"otel.scope.name","value":{"stringValue":"stays"}}]"#,
            r#""events":[{"timeUnixNano":"1200000","name":"it","attributes":[{"key":"k","value":{"stringValue":"v"}}]}]"#,
            r#""links":[{"traceId":"00000000000000020000000000000001","spanId":"0000000000000008","attributes":[{"key":"opentracing.ref_type","value":{"stringValue":"follows_from"}}]}]"#,
            r#""parentSpanId":"0000000000000007""#,
        ] {
            assert!(text.contains(part), "{protocol:?}: {part} in {text}");
        }
        assert_eq!(shown(&from_agent(protocol, &call(protocol)).unwrap()), text);
    }
}

#[test]
fn what_is_no_call_is_refused() {
    let binary = call(Protocol::Binary);
    for (packet, why) in [
        (named(Protocol::Binary, b"emitZipkinBatch"), "Unknown function emitZipkinBatch"),
        (binary[..binary.len() - 3].to_vec(), "unexpected EOF"),
        (
            b"\x80\x01\x00\x04\x00\x00\x00\x09emitBatch\x00\x00\x00\x00\x0c\x00\x01\x00\x00".to_vec(),
            "Required field Process is not set",
        ),
        (b"\x80\x02".to_vec(), "unexpected EOF"),
        (b"\x80\x02\x00\x00".to_vec(), "bad version in message header"),
    ] {
        assert_eq!(from_agent(Protocol::Binary, &packet).unwrap_err().to_string(), why);
    }
    assert!(from_agent(Protocol::Compact, &binary).is_err());
    let only = b"\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x00\x00\x00";
    assert_eq!(
        from_thrift(Protocol::Binary, only).unwrap_err().to_string(),
        "Required field Spans is not set"
    );
}
