use opentelemetry_proto::tonic::collector::{
    logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest,
    trace::v1::ExportTraceServiceRequest,
};
use prost::Message;

use crate::{Data, Signal, arbitrary::Arbitrary, check::check};

fn decode(signal: Signal, bytes: &[u8]) -> String {
    match signal {
        Signal::Traces => format!("{:?}", ExportTraceServiceRequest::decode(bytes).unwrap()),
        Signal::Metrics => format!("{:?}", ExportMetricsServiceRequest::decode(bytes).unwrap()),
        Signal::Logs => format!("{:?}", ExportLogsServiceRequest::decode(bytes).unwrap()),
    }
}

/// What comes in as several is one message afterwards, and means the same to prost.
#[test]
fn merges_what_came_twice() {
    let mut merged = 0;
    for (signal, seed) in Signal::ALL.into_iter().flat_map(|signal| (0..1500).map(move |seed| (signal, seed)))
    {
        let bytes = Arbitrary::new(seed).request(signal);
        let checked = check(signal, &bytes).unwrap();
        let data = Data::from_bytes(signal, bytes.clone().into()).unwrap();
        assert_eq!(data.items(), checked.items);
        if !checked.merge {
            assert_eq!(data.bytes(), bytes);
            continue;
        }
        merged += 1;
        let again = check(signal, &data.bytes()).unwrap();
        assert_eq!((again.items, again.merge), (checked.items, false), "{signal} {seed}");
        assert_eq!(decode(signal, &data.bytes()), decode(signal, &bytes), "{signal} {seed}");
    }
    assert!(merged > 100, "only {merged} requests had something to merge");
}

/// JSON written from bytes, read, and written again is the same; so are the items.
#[test]
fn json_and_bytes_mean_the_same() {
    for (signal, seed) in Signal::ALL.into_iter().flat_map(|signal| (0..800).map(move |seed| (signal, seed)))
    {
        let data = Data::from_bytes(signal, Arbitrary::new(seed).request(signal).into()).unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        data.write_json(&mut first);
        let read = Data::from_json(signal, &first).unwrap_or_else(|invalid| {
            panic!("{signal} {seed}: {invalid}: {}", String::from_utf8_lossy(&first))
        });
        read.write_json(&mut second);
        assert_eq!(String::from_utf8(first).unwrap(), String::from_utf8(second).unwrap(), "{signal} {seed}");
        assert_eq!(read.items(), data.items());
    }
}

#[test]
fn joins_without_copying() {
    let part = Data::from_json(Signal::Logs, br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]}]}]}"#)
        .unwrap();
    let none = Data::from_bytes(Signal::Logs, [].as_slice().into()).unwrap();
    assert!(none.is_empty() && none.byte_len() == 0);
    let whole = Data::concat(vec![part.clone(), none, part.clone()]).unwrap();
    assert_eq!((whole.items(), whole.byte_len(), whole.pieces().len()), (4, 2 * part.byte_len(), 2));
    assert_eq!(whole.pieces()[1].as_ptr(), part.bytes().as_ptr());
    assert_eq!(Data::from_bytes(Signal::Logs, whole.bytes()).unwrap().items(), 4);
    let traces = Data::from_json(Signal::Traces, b"{}").unwrap();
    assert!(Data::concat(vec![part, traces]).is_none() && Data::concat(Vec::new()).is_none());
}

#[test]
fn groups_by_resource() {
    let entry = |name: &str, records: &str| {
        format!(
            r#"{{"resource":{{"attributes":[{{"key":"k","value":{{"stringValue":"{name}"}}}}]}},"scopeLogs":[{{"logRecords":[{records}]}}]}}"#
        )
    };
    let json =
        format!(r#"{{"resourceLogs":[{},{},{}]}}"#, entry("b", "{},{}"), entry("a", "{}"), entry("b", "{}"));
    let data = Data::from_json(Signal::Logs, json.as_bytes()).unwrap();
    assert_eq!(data.resources().count(), 3);
    let key = |value: Option<crate::view::ValueRef<'_>>| value.map(|value| value.to_text().into_owned());
    let groups = data.group_by_resource(|resource| key(resource.attributes().get("k")));
    let items: Vec<_> = groups.iter().map(|(key, group)| (key.as_deref(), group.items())).collect();
    assert_eq!(items, [(Some("b"), 3), (Some("a"), 1)]);
}
