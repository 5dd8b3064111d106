//! Our verdict is prost's, but for ids: what we take, prost takes, and what only prost takes has an id of a wrong length.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use opentelemetry_proto::tonic::collector::{
    logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest,
    trace::v1::ExportTraceServiceRequest,
};
use prost::Message;
use slimcol_pdata::{Data, Signal};

fuzz_target!(|input: &[u8]| {
    let Some((first, request)) = input.split_first() else { return };
    let signal = Signal::ALL[usize::from(first % 3)];
    let prost = match signal {
        Signal::Traces => ExportTraceServiceRequest::decode(request).is_ok(),
        Signal::Metrics => ExportMetricsServiceRequest::decode(request).is_ok(),
        Signal::Logs => ExportLogsServiceRequest::decode(request).is_ok(),
    };
    match Data::from_bytes(signal, Bytes::copy_from_slice(request)) {
        Ok(_) => assert!(prost, "taken, but not by prost"),
        Err(invalid) => {
            assert!(!prost || invalid.to_string().starts_with("unmarshal: invalid "), "{invalid}")
        }
    }
});
