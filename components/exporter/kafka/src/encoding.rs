//! How telemetry is written to records.

use bytes::Bytes;
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
    ZipkinProto,
    ZipkinJson,
    Raw,
}

impl Encoding {
    /// The encoding that `name` means for `signal`.
    pub(crate) fn of(signal: Signal, name: &str) -> Option<Self> {
        match (signal, name) {
            (_, "otlp_proto") => Some(Self::OtlpProto),
            (_, "otlp_json") => Some(Self::OtlpJson),
            (Signal::Traces, "zipkin_proto") => Some(Self::ZipkinProto),
            (Signal::Traces, "zipkin_json") => Some(Self::ZipkinJson),
            (Signal::Logs, "raw") => Some(Self::Raw),
            _ => None,
        }
    }

    /// The values of the records that `data` becomes, each in pieces.
    pub(crate) fn write(self, data: &Data) -> Result<Vec<Vec<Bytes>>, slimcol_zipkin::Error> {
        let one = |bytes: Vec<u8>| vec![vec![Bytes::from(bytes)]];
        Ok(match (self, data) {
            (Self::OtlpJson, data) => {
                let mut text = Vec::with_capacity(2 * data.byte_len());
                data.write_json(&mut text);
                one(text)
            }
            (Self::ZipkinProto, Data::Traces(traces)) => one(v2::to_proto_of(traces, None)?),
            (Self::ZipkinJson, Data::Traces(traces)) => one(v2::to_json(traces)?),
            (Self::Raw, Data::Logs(logs)) => {
                let scopes = logs.resource_logs().flat_map(ResourceLogsRef::scope_logs);
                let bodies = scopes.flat_map(ScopeLogsRef::log_records).map(|record| raw(record.body()));
                bodies.filter(|body| !body.is_empty()).map(|body| vec![Bytes::from(body)]).collect()
            }
            (_, data) => vec![data.pieces()],
        })
    }
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
            let found = values.first().map(|pieces| pieces.concat()).unwrap_or_default();
            assert!(found.starts_with(text.as_bytes()), "{body}: {:?}", String::from_utf8_lossy(&found));
            assert_eq!(values.is_empty(), text.is_empty());
        }
    }

    #[test]
    fn each_signal_has_its_own() {
        for (signal, name, known) in [
            (Signal::Traces, "zipkin_json", true),
            (Signal::Logs, "zipkin_json", false),
            (Signal::Logs, "raw", true),
            (Signal::Metrics, "raw", false),
            (Signal::Metrics, "otlp_json", true),
        ] {
            assert_eq!(Encoding::of(signal, name).is_some(), known, "{signal} {name}");
        }
    }
}
