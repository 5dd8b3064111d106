//! What comes from outside is arbitrary: nothing panics, and what is taken stays a valid request through everything.
#![expect(clippy::unwrap_used, reason = "a panic is what the tests look for")]

use std::num::NonZeroUsize;

use proptest::{collection::vec, prelude::*};
use slimcol_pdata::{Data, Logs, Metrics, Signal, Traces, view::ValueRef};

const SAMPLES: [(Signal, &str); 3] = [
    (Signal::Traces, include_str!("data/tr.json")),
    (Signal::Metrics, include_str!("data/me.json")),
    (Signal::Logs, include_str!("data/lo.json")),
];

/// One way to damage bytes: place, kind, byte.
type Damage = (prop::sample::Index, u8, u8);

fn damage(bytes: &mut Vec<u8>, damages: &[Damage]) {
    for (place, kind, byte) in damages {
        if bytes.is_empty() {
            return;
        }
        let at = place.index(bytes.len());
        match kind % 5 {
            0 => bytes[at] = *byte,
            1 => bytes[at] ^= 1 << (byte & 7),
            2 => drop(bytes.remove(at)),
            3 => bytes.insert(at, *byte),
            _ => bytes.truncate(at),
        }
    }
}

/// Does with a request whatever can be done.
fn use_it(data: &Data) {
    let again = Data::from_bytes(data.signal(), data.bytes()).unwrap();
    assert_eq!(again.items(), data.items());
    let mut json = Vec::new();
    data.write_json(&mut json);
    let read = Data::from_json(data.signal(), &json).unwrap();
    assert_eq!(read.items(), data.items());
    for max in [1, 3, 50].map(|max| NonZeroUsize::new(max).unwrap()) {
        for parts in [data.clone().split_items(max), data.clone().split_bytes(max)] {
            let whole = Data::concat(parts).unwrap();
            assert_eq!(Data::from_bytes(whole.signal(), whole.bytes()).unwrap().items(), data.items());
        }
    }
    let texts: usize = data.resources().flat_map(|resource| resource.attributes().iter()).map(text).sum();
    assert!(texts <= 64 * (data.byte_len() + 1));
    assert_eq!(changed(data.clone()), data.items());
}

fn text((key, value): (&str, ValueRef<'_>)) -> usize {
    key.len() + value.to_text().len()
}

/// Changes every item; how many there are afterwards.
fn changed(data: Data) -> usize {
    let bytes = match data {
        Data::Traces(mut traces) => {
            traces.edit(|tree| {
                for mut entry in tree.entries_mut() {
                    entry
                        .resource_mut()
                        .attributes_mut()
                        .each(|mut attribute| attribute.value_mut().set("new"));
                    for mut scope in entry.scopes_mut() {
                        scope.spans_mut().for_each(|mut span| span.attributes_mut().insert("k", true));
                    }
                }
            });
            return Traces::from_bytes(traces.bytes()).unwrap().items();
        }
        Data::Metrics(mut metrics) => {
            metrics.edit(|tree| {
                for mut entry in tree.entries_mut() {
                    for mut scope in entry.scopes_mut() {
                        for mut metric in scope.metrics_mut() {
                            metric.set_unit("By");
                            metric.points_mut().for_each(|mut point| point.attributes_mut().insert("k", 1.5));
                        }
                    }
                }
            });
            metrics.bytes()
        }
        Data::Logs(mut logs) => {
            logs.edit(|tree| {
                for mut entry in tree.entries_mut() {
                    for mut scope in entry.scopes_mut() {
                        for mut record in scope.log_records_mut() {
                            record.body_mut().set("new");
                            record.attributes_mut().retain(|key, _| key.len() > 1);
                        }
                    }
                }
            });
            return Logs::from_bytes(logs.bytes()).unwrap().items();
        }
    };
    Metrics::from_bytes(bytes).unwrap().items()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_bytes(which in 0_usize..3, damages in vec(any::<Damage>(), 0..4)) {
        let (signal, json) = SAMPLES[which];
        let mut bytes = Data::from_json(signal, json.as_bytes()).unwrap().bytes().to_vec();
        damage(&mut bytes, &damages);
        match Data::from_bytes(signal, bytes.into()) {
            Ok(data) => use_it(&data),
            Err(invalid) => prop_assert!(!invalid.to_string().is_empty()),
        }
    }

    #[test]
    fn damaged_json(which in 0_usize..3, damages in vec(any::<Damage>(), 0..4)) {
        let (signal, json) = SAMPLES[which];
        let mut text = json.as_bytes().to_vec();
        damage(&mut text, &damages);
        match Data::from_json(signal, &text) {
            Ok(data) => use_it(&data),
            Err(invalid) => prop_assert!(!invalid.to_string().is_empty()),
        }
    }

    #[test]
    fn arbitrary_text(text in ".{0,60}", value in any::<f64>(), bytes in vec(any::<u8>(), 0..40)) {
        let mut logs = Logs::default();
        logs.edit(|tree| {
            let mut entry = tree.add_entry();
            let mut scope = entry.add_scope();
            let mut record = scope.add_log_record();
            record.body_mut().set(text.as_str());
            record.attributes_mut().insert(&text, value);
            record.attributes_mut().insert("bytes", &bytes[..]);
        });
        let mut json = Vec::new();
        logs.write_json(&mut json);
        let read = Logs::from_json(&json).unwrap();
        let resource = read.resource_logs().next().unwrap();
        let record = resource.scope_logs().next().unwrap().log_records().next().unwrap();
        prop_assert_eq!(record.body().as_str(), Some(text.as_str()));
        let Some(ValueRef::Double(read)) = record.attributes().get(&text) else { panic!("it was a number") };
        prop_assert!(read.to_bits() == value.to_bits() || read.is_nan() && value.is_nan());
        let Some(ValueRef::Bytes(read)) = record.attributes().get("bytes") else { panic!("it was bytes") };
        prop_assert_eq!(read, &bytes);
    }
}
