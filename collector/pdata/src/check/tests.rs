use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest,
        trace::v1::ExportTraceServiceRequest,
    },
    metrics::v1::metric::Data,
};
use prost::Message as _;

use super::check;
use crate::{Signal, arbitrary::Arbitrary, check::explain::explain, otlp::request, put, wire::In};

/// How many items prost finds, if it takes the request.
fn prost_items(signal: Signal, bytes: In<'_>) -> Option<usize> {
    Some(match signal {
        Signal::Traces => {
            let request = ExportTraceServiceRequest::decode(bytes).ok()?;
            let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
            scopes.map(|scope| scope.spans.len()).sum()
        }
        Signal::Logs => {
            let request = ExportLogsServiceRequest::decode(bytes).ok()?;
            let scopes = request.resource_logs.iter().flat_map(|resource| &resource.scope_logs);
            scopes.map(|scope| scope.log_records.len()).sum()
        }
        Signal::Metrics => {
            let request = ExportMetricsServiceRequest::decode(bytes).ok()?;
            let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
            let data = scopes.flat_map(|scope| &scope.metrics).filter_map(|metric| metric.data.as_ref());
            data.map(|data| match data {
                Data::Gauge(data) => data.data_points.len(),
                Data::Sum(data) => data.data_points.len(),
                Data::Histogram(data) => data.data_points.len(),
                Data::ExponentialHistogram(data) => data.data_points.len(),
                Data::Summary(data) => data.data_points.len(),
            })
            .sum()
        }
    })
}

/// Our verdict and count equal prost's, but for ids; and what is refused has a reason.
fn agrees(signal: Signal, bytes: In<'_>) -> bool {
    let (ours, prost) = (check(signal, bytes).map(|checked| checked.items), prost_items(signal, bytes));
    if ours.is_some() || prost.is_some() && ours.is_none() {
        let reason = explain(request(signal), bytes).to_string();
        let bad_id = reason.starts_with("unmarshal: invalid ") && prost.is_some();
        assert!(
            ours == prost || ours.is_none() && bad_id,
            "{signal}: ours {ours:?}, prost {prost:?}, {reason}: {bytes:02x?}"
        );
    } else {
        let reason = explain(request(signal), bytes).to_string();
        assert!(!reason.contains("not a valid"), "{signal}: no reason for {bytes:02x?}");
    }
    ours.is_some()
}

#[test]
fn agrees_with_prost() {
    for signal in Signal::ALL {
        let mut accepted = 0;
        for seed in 0..6000 {
            let mut arbitrary = Arbitrary::new(seed);
            arbitrary.fault = [0, 0, 200, 400, 1500][usize::try_from(seed % 5).unwrap()];
            let mut bytes = arbitrary.request(signal);
            if seed % 4 == 3 {
                arbitrary.mutate(&mut bytes);
            }
            accepted += usize::from(agrees(signal, &bytes));
        }
        assert!(
            (1500..5500).contains(&accepted),
            "{signal}: {accepted} of 6000 accepted, the test looks at one side only"
        );
    }
}

#[test]
fn agrees_with_prost_on_depth() {
    let field = |number: u32, body: &[u8]| {
        let mut field = Vec::new();
        put::bytes(&mut field, number, body);
        field
    };
    let pair = |value: &[u8]| [field(1, b"key"), field(2, value)].concat();
    let mut bottoms = vec![
        vec![],
        field(1, b"text"),
        vec![24, 200, 1],
        vec![0x98, 6, 1],             // an unknown varint
        vec![0x9b, 6, 0x9c, 6],       // an unknown group
        vec![0x9b, 6, 8, 1, 0x9c, 6], // and one that holds something
    ];
    for value in [field(1, b"value"), vec![24, 200, 1], vec![16, 1], field(1, &[b'x'; 90])] {
        bottoms.push(field(6, &field(1, &pair(&value))));
        bottoms.push(field(5, &field(1, &value)));
    }
    let mut verdicts = [0, 0];
    for (maps, lists) in (0..36).flat_map(|maps| (0..52).map(move |lists| (maps, lists))) {
        if !(90..=102).contains(&(3 * maps + 2 * lists)) {
            continue;
        }
        for bottom in &bottoms {
            let mut value = bottom.clone();
            for level in 0..maps + lists {
                let of = if level < maps { field(1, &pair(&value)) } else { field(1, &value) };
                value = field(if level < maps { 6 } else { 5 }, &of);
            }
            // Bytes behind the value, so that the paths that look ahead are taken.
            let bytes = field(1, &[field(1, &field(1, &pair(&value))), field(3, &[b'u'; 150])].concat());
            verdicts[usize::from(agrees(Signal::Traces, &bytes))] += 1;
        }
    }
    assert!(verdicts.iter().all(|count| *count > 500), "{verdicts:?}");
}

#[test]
fn survives_ten_thousand_levels() {
    let mut value = Vec::new();
    for _ in 0..10_000 {
        let mut outer = Vec::new();
        put::bytes(&mut outer, 1, &value);
        value.clear();
        put::bytes(&mut value, 5, &outer);
    }
    let mut bytes = Vec::new();
    for number in [2, 1, 1, 1] {
        put::bytes(&mut bytes, number, &value);
        std::mem::swap(&mut value, &mut bytes);
        bytes.clear();
    }
    assert_eq!(check(Signal::Logs, &value), None);
    let reason = explain(request(Signal::Logs), &value).to_string();
    assert_eq!(reason, "proto: exceeded maximum recursion depth");
}

#[test]
fn gives_reasons_in_the_words_of_go() {
    for (bytes, reason) in [
        (&[0x0f][..], "proto: wrong wireType = 7 for field ResourceSpans"),
        (&[0x17], "proto: illegal wireType 7"),
        (&[0x0a, 5, 1], "unexpected EOF"),
        (&[0x0a, 0x80], "unexpected EOF"),
        (&[0x02, 0], "proto: Link: illegal field=0 (tag=2, pos=1)"),
        (&[0x14], "proto: unexpected end of group"),
        (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], "proto: integer overflow"),
        (&[0x0a, 4, 0x12, 2, 0x08, 1], "proto: wrong wireType = 0 for field Scope"),
        (&[0x0a, 3, 0x1a, 1, 0xff], "proto: string field contains invalid UTF-8"),
        (&[0x0a, 7, 0x12, 5, 0x12, 3, 0x0a, 1, 7], "unmarshal: invalid TraceID length"),
        (&[0x0a, 7, 0x12, 5, 0x12, 3, 0x22, 1, 7], "unmarshal: invalid SpanID length"),
    ] {
        assert_eq!(check(Signal::Traces, bytes), None);
        assert_eq!(explain(request(Signal::Traces), bytes).to_string(), reason, "{bytes:02x?}");
    }
}
