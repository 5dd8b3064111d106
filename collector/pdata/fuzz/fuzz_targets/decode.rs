//! What was taken can be read, changed, split, joined and written, and stays the same telemetry.
#![no_main]

use std::num::NonZeroUsize;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use slimcol_pdata::{Data, Logs, Metrics, Of, Otlp, Signal, Traces, edit::Tree};

fuzz_target!(|input: &[u8]| {
    let [first, max, request @ ..] = input else { return };
    let signal = Signal::ALL[usize::from(first % 3)];
    let Ok(data) = Data::from_bytes(signal, Bytes::copy_from_slice(request)) else { return };
    let max = NonZeroUsize::new(usize::from(*max)).unwrap_or(NonZeroUsize::MIN);
    for parts in [data.clone().split_items(max), data.clone().split_bytes(max)] {
        let whole = Data::concat(parts).expect("there is at least one part");
        assert_eq!(valid(signal, whole.bytes()), data.items());
        assert_eq!(whole.items(), data.items());
    }
    let items = data.items();
    match data {
        Data::Traces(traces) => edit(traces, items, |tree| {
            for mut entry in tree.entries_mut() {
                entry.resource_mut().attributes_mut().insert("k", "v");
                for mut scope in entry.scopes_mut() {
                    scope.spans_mut().for_each(|mut span| {
                        span.events_mut().each(|mut event| event.attributes_mut().insert("k", 1.5));
                        span.status_mut().set_code(1);
                    });
                }
            }
        }),
        Data::Metrics(metrics) => edit(metrics, items, |tree| {
            for mut entry in tree.entries_mut() {
                for mut scope in entry.scopes_mut() {
                    for mut metric in scope.metrics_mut() {
                        metric.points_mut().for_each(|mut point| point.attributes_mut().clear());
                    }
                }
            }
        }),
        Data::Logs(logs) => edit(logs, items, |tree| {
            for mut entry in tree.entries_mut() {
                for mut scope in entry.scopes_mut() {
                    for mut record in scope.log_records_mut() {
                        let mut body = record.body_mut();
                        if let Some(mut map) = body.as_map_mut() {
                            map.insert_map("k").insert("k", 5_i64);
                            map.each(|mut attribute| attribute.set_key("a longer key than before"));
                        }
                    }
                }
            }
        }),
    }
});

fn edit<S: Of>(mut data: Otlp<S>, items: usize, change: impl FnOnce(&mut Tree<S>))
where
    Data: From<Otlp<S>>,
{
    data.edit(change);
    assert_eq!(data.items(), items);
    assert_eq!(valid(data.signal(), data.bytes()), items);
}

fn valid(signal: Signal, bytes: Bytes) -> usize {
    match signal {
        Signal::Traces => Traces::from_bytes(bytes).expect("still valid").items(),
        Signal::Metrics => Metrics::from_bytes(bytes).expect("still valid").items(),
        Signal::Logs => Logs::from_bytes(bytes).expect("still valid").items(),
    }
}
