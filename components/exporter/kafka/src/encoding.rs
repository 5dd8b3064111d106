//! How telemetry is written to records.

use bytes::Bytes;
use slimcol_jaeger::Written;
use slimcol_pdata::{
    Data, Signal,
    view::{ResourceLogsRef, ScopeLogsRef, ValueRef},
};
use slimcol_zipkin::v2;

/// How a signal's telemetry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    OtlpProto,
    OtlpJson,
    JaegerProto,
    JaegerJson,
    ZipkinProto,
    ZipkinJson,
    Raw,
}

/// A record's value.
#[derive(Debug)]
pub(crate) struct Value {
    /// The record's key where nothing else makes one.
    pub(crate) key: Option<Bytes>,
    pub(crate) pieces: Vec<Bytes>,
}

impl Encoding {
    /// The encoding that `name` means for `signal`.
    pub(crate) fn of(signal: Signal, name: &str) -> Option<Self> {
        match (signal, name) {
            (_, "otlp_proto") => Some(Self::OtlpProto),
            (_, "otlp_json") => Some(Self::OtlpJson),
            (Signal::Traces, "jaeger_proto") => Some(Self::JaegerProto),
            (Signal::Traces, "jaeger_json") => Some(Self::JaegerJson),
            (Signal::Traces, "zipkin_proto") => Some(Self::ZipkinProto),
            (Signal::Traces, "zipkin_json") => Some(Self::ZipkinJson),
            (Signal::Logs, "raw") => Some(Self::Raw),
            _ => None,
        }
    }

    /// The values of the records that `data` becomes.
    pub(crate) fn write(self, data: &Data) -> Result<Vec<Value>, slimcol_zipkin::Error> {
        let value = |bytes: Vec<u8>| Value { key: None, pieces: vec![bytes.into()] };
        let one = |bytes| vec![value(bytes)];
        Ok(match (self, data) {
            (Self::OtlpJson, data) => {
                let mut text = Vec::with_capacity(2 * data.byte_len());
                data.write_json(&mut text);
                one(text)
            }
            (Self::JaegerProto, Data::Traces(traces)) => spans(slimcol_jaeger::to_proto(traces)),
            (Self::JaegerJson, Data::Traces(traces)) => spans(slimcol_jaeger::to_json(traces)),
            (Self::ZipkinProto, Data::Traces(traces)) => one(v2::to_proto_of(traces, None)?),
            (Self::ZipkinJson, Data::Traces(traces)) => one(v2::to_json(traces)?),
            (Self::Raw, Data::Logs(logs)) => {
                let scopes = logs.resource_logs().flat_map(ResourceLogsRef::scope_logs);
                let bodies = scopes.flat_map(ScopeLogsRef::log_records).map(|record| raw(record.body()));
                bodies.filter(|body| !body.is_empty()).map(value).collect()
            }
            (_, data) => vec![Value { key: None, pieces: data.pieces() }],
        })
    }
}

/// A record for each span, with its trace as the key.
fn spans(spans: Vec<Written>) -> Vec<Value> {
    let value = |Written { trace_id, body }| {
        let id = u128::from_be_bytes(trace_id);
        // Short ids are as long as Jaeger's were once.
        let key = if id >> 64 == 0 { format!("{id:016x}") } else { format!("{id:032x}") };
        Value { key: Some(key.into()), pieces: vec![body.into()] }
    };
    spans.into_iter().map(value).collect()
}

/// A body as Go's `raw` has it: bytes as they are, all else as JSON, text too.
fn raw(body: ValueRef<'_>) -> Vec<u8> {
    let mut to = Vec::new();
    match body {
        ValueRef::Empty => {}
        ValueRef::Bytes(bytes) => to.extend_from_slice(bytes),
        other => other.write_json(&mut to),
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_written_raw() {
        for (body, text) in [
            (r#"{"stringValue":"a\"b<c"}"#, r#""a\"b<c""#),
            (r#"{"bytesValue":"AAH/"}"#, "\0\u{1}"),
            (r#"{"intValue":"7"}"#, "7"),
            (r#"{"boolValue":true}"#, "true"),
            (r#"{"doubleValue":1.5}"#, "1.5"),
            (r#"{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"x"}]}}"#, r#"[1,"x"]"#),
            (
                r#"{"kvlistValue":{"values":[{"key":"b","value":{"intValue":"1"}},{"key":"a","value":{}}]}}"#,
                r#"{"a":null,"b":1}"#,
            ),
            ("{}", ""),
        ] {
            let json =
                format!(r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{body}}}]}}]}}]}}"#);
            let data = Data::from_json(Signal::Logs, json.as_bytes()).unwrap();
            let values = Encoding::Raw.write(&data).unwrap();
            let found = values.first().map(|value| value.pieces.concat()).unwrap_or_default();
            assert!(found.starts_with(text.as_bytes()), "{body}: {:?}", String::from_utf8_lossy(&found));
            assert_eq!(values.is_empty(), text.is_empty());
        }
    }

    #[test]
    fn spans_are_records_with_their_trace_as_the_key() {
        let span = |trace: &str| format!(r#"{{"traceId":"{trace}","name":"get"}}"#);
        let (long, short) = ("000102030405060708090a0b0c0d0e0f", "0000000000000000000000000000000a");
        let json = format!(
            r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{},{}]}}]}}]}}"#,
            span(long),
            span(short)
        );
        let data = Data::from_json(Signal::Traces, json.as_bytes()).unwrap();
        for (encoding, start) in
            [(Encoding::JaegerProto, "\n\u{10}"), (Encoding::JaegerJson, "{\"traceId\":\"AA")]
        {
            let values = encoding.write(&data).unwrap();
            let keys: Vec<_> = values.iter().map(|value| value.key.clone().unwrap()).collect();
            assert_eq!(keys, [long, "000000000000000a"]);
            assert!(
                values.iter().all(|value| value.pieces.concat().starts_with(start.as_bytes())),
                "{values:?}"
            );
        }
    }

    #[test]
    fn each_signal_has_its_own() {
        for (signal, name, known) in [
            (Signal::Traces, "zipkin_json", true),
            (Signal::Traces, "jaeger_proto", true),
            (Signal::Logs, "jaeger_json", false),
            (Signal::Logs, "zipkin_json", false),
            (Signal::Logs, "raw", true),
            (Signal::Metrics, "raw", false),
            (Signal::Metrics, "otlp_json", true),
        ] {
            assert_eq!(Encoding::of(signal, name).is_some(), known, "{signal} {name}");
        }
    }
}
