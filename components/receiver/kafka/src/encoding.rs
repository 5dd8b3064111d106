//! How telemetry is read from records.

mod azure;
mod json;

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use slimcol_pdata::{
    Data, Logs, Signal,
    edit::{LogRecordMut, Tree},
};
use slimcol_service::Log;
use slimcol_textformat::encoding;
use slimcol_zipkin::{v1, v2};

/// How a signal's telemetry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    OtlpProto,
    OtlpJson,
    JaegerProto,
    JaegerJson,
    ZipkinProto,
    ZipkinJson,
    ZipkinThrift,
    Raw,
    Text(encoding::Encoding),
    Json,
    AzureResourceLogs,
}

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    /// The collector's version.
    pub(crate) version: &'a str,
    pub(crate) log: &'a Log,
}

impl Encoding {
    /// The encoding that `name` means for `signal`.
    ///
    /// # Errors
    /// It is none, in Go's words.
    pub(crate) fn of(signal: Signal, name: &str) -> Result<Self, String> {
        let text = name.strip_prefix("text_").or((name == "text").then_some(""));
        if let (Signal::Logs, Some(text)) = (signal, text) {
            let text = encoding::Encoding::find(text);
            return text.map(Self::Text).map_err(|error| format!("invalid text encoding: {error}"));
        }
        Self::built_in(signal, name).ok_or_else(|| format!("unrecognized {signal} encoding {name:?}"))
    }

    fn built_in(signal: Signal, name: &str) -> Option<Self> {
        match (signal, name) {
            (_, "otlp_proto") => Some(Self::OtlpProto),
            (_, "otlp_json") => Some(Self::OtlpJson),
            (Signal::Traces, "jaeger_proto") => Some(Self::JaegerProto),
            (Signal::Traces, "jaeger_json") => Some(Self::JaegerJson),
            (Signal::Traces, "zipkin_proto") => Some(Self::ZipkinProto),
            (Signal::Traces, "zipkin_json") => Some(Self::ZipkinJson),
            (Signal::Traces, "zipkin_thrift") => Some(Self::ZipkinThrift),
            (Signal::Logs, "raw") => Some(Self::Raw),
            (Signal::Logs, "json") => Some(Self::Json),
            (Signal::Logs, "azure_resource_logs") => Some(Self::AzureResourceLogs),
            _ => None,
        }
    }

    /// The telemetry in a record. The error is why there is none.
    pub(crate) fn read(self, signal: Signal, value: &Bytes, by: Reader<'_>) -> Result<Data, String> {
        match self {
            Self::OtlpProto => Data::from_bytes(signal, value.clone()).map_err(|error| error.to_string()),
            Self::OtlpJson => Data::from_json(signal, value).map_err(|error| error.to_string()),
            Self::JaegerProto => {
                slimcol_jaeger::from_span(value).map(Into::into).map_err(|error| error.to_string())
            }
            Self::JaegerJson => {
                slimcol_jaeger::from_json(value).map(Into::into).map_err(|error| error.to_string())
            }
            Self::ZipkinProto => {
                v2::from_proto(value, false).map(Into::into).map_err(|error| error.to_string())
            }
            Self::ZipkinJson => {
                v2::from_json(value, false).map(Into::into).map_err(|error| error.to_string())
            }
            Self::ZipkinThrift => v1::from_thrift(value).map(Into::into).map_err(|error| error.to_string()),
            Self::Raw => Ok(log(|mut record| record.body_mut().set(&value[..]))),
            Self::Json => {
                let request = json::log(value, now())?;
                Data::from_bytes(signal, request.into()).map_err(|error| error.to_string())
            }
            Self::AzureResourceLogs => {
                let mut untimed = |time: &str| {
                    by.log.warn("Unable to convert timestamp from log", &[("timestamp", time.into())]);
                };
                let request = azure::logs(value, by.version, &mut untimed)?;
                Data::from_bytes(signal, request.into()).map_err(|error| error.to_string())
            }
            Self::Text(encoding) => Ok(log(|mut record| {
                record.set_observed_time_unix_nano(now());
                record.body_mut().set(&*encoding.text(value));
            })),
        }
    }
}

/// One log record.
fn log(fill: impl FnOnce(LogRecordMut<'_>)) -> Data {
    let mut tree = Tree::default();
    fill(tree.add_entry().add_scope().add_log_record());
    Logs::from(tree).into()
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use slimcol_pdata::{put, view::ValueRef};

    use super::*;

    fn reader() -> Reader<'static> {
        static LOG: LazyLock<Log> = LazyLock::new(Log::none);
        Reader { version: "1.2.3", log: &LOG }
    }

    fn body(encoding: Encoding, value: &'static [u8]) -> String {
        let Data::Logs(logs) = encoding.read(Signal::Logs, &Bytes::from_static(value), reader()).unwrap()
        else {
            panic!("no logs")
        };
        let resource = logs.resource_logs().next().unwrap();
        let scope = resource.scope_logs().next().unwrap();
        let record = scope.log_records().next().unwrap();
        assert_eq!(record.observed_time_unix_nano() > 0, matches!(encoding, Encoding::Text(_)));
        match record.body() {
            ValueRef::Str(text) => text.to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn lines_become_logs() {
        for (name, value, text) in [
            ("text", &b"a line"[..], "a line"),
            ("text_utf8", b"a \xff", "a \u{fffd}"),
            ("text_UTF-16", b"a\0\xe9\0", "aé"),
            ("text_iso-8859-1", b"\xe9", "é"),
        ] {
            assert_eq!(body(Encoding::of(Signal::Logs, name).unwrap(), value), text, "{name}");
        }
        let error = Encoding::of(Signal::Logs, "text_klingon").unwrap_err();
        assert!(error.starts_with("invalid text encoding: unsupported encoding 'klingon' ("), "{error}");
        let error = Encoding::of(Signal::Traces, "text").unwrap_err();
        assert_eq!(error, "unrecognized traces encoding \"text\"");
        assert_eq!(body(Encoding::Raw, b"\x01\x02"), "Bytes([1, 2])");
    }

    #[test]
    fn one_span_of_jaeger() {
        let mut span = Vec::new();
        put::bytes(&mut span, 1, &[1; 16]);
        put::bytes(&mut span, 2, &[2; 8]);
        put::bytes(&mut span, 3, b"get");
        let mut process = Vec::new();
        put::bytes(&mut process, 1, b"shop");
        put::bytes(&mut span, 10, &process);
        let data = Encoding::JaegerProto.read(Signal::Traces, &span.into(), reader()).unwrap();
        assert_eq!(data.items(), 1);
        let service =
            data.resources().next().unwrap().attributes().get("service.name").unwrap().to_text().into_owned();
        assert_eq!(service, "shop");
        let json = br#"{"traceId":"AQEBAQEBAQEBAQEBAQEBAQ==","spanId":"AgICAgICAgI=","operationName":"get","process":{"serviceName":"shop"}}"#;
        let json = Encoding::JaegerJson.read(Signal::Traces, &Bytes::from_static(json), reader()).unwrap();
        assert_eq!(json.pieces().concat(), data.pieces().concat());
        Encoding::JaegerProto.read(Signal::Traces, &Bytes::from_static(b"+$%"), reader()).unwrap_err();
        let error = Encoding::JaegerJson
            .read(Signal::Traces, &Bytes::from_static(b"{\"a\":1}"), reader())
            .unwrap_err();
        assert_eq!(error, "unknown field \"a\" in model.Span");
    }

    #[test]
    fn what_is_none_is_an_error() {
        for (encoding, signal) in [
            (Encoding::OtlpProto, Signal::Logs),
            (Encoding::OtlpJson, Signal::Metrics),
            (Encoding::ZipkinProto, Signal::Traces),
            (Encoding::ZipkinJson, Signal::Traces),
            (Encoding::ZipkinThrift, Signal::Traces),
        ] {
            let error = encoding.read(signal, &Bytes::from_static(b"\xff{"), reader()).unwrap_err();
            assert!(!error.is_empty(), "{encoding:?}");
        }
    }
}
