use std::num::NonZeroUsize;

use bytes::Bytes;

use crate::{Data, Signal, arbitrary::Arbitrary, fields::Fields, level::Level};

/// Each item with all that stands above it: headers of the resource, scope, metric and data, and the item itself.
fn flat(signal: Signal, level: Level, body: &[u8], above: &[u8], to: &mut Vec<Vec<u8>>) {
    let mut own = above.to_vec();
    own.push(b'|');
    for field in Fields::of(body).filter(|field| !level.repeats(field.number)) {
        own.extend_from_slice(field.whole);
    }
    if level == Level::Item {
        return to.push(own);
    }
    for field in Fields::of(body).filter(|field| level.repeats(field.number)) {
        own.push(u8::try_from(field.number).unwrap());
        flat(signal, level.below(signal), field.value, &own, to);
        own.pop();
    }
}

fn items(data: &Data) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for piece in data.pieces() {
        // What the request itself has besides is not repeated in the parts.
        for entry in Fields::of(&piece).filter(|field| field.number == 1) {
            flat(data.signal(), Level::Resource, entry.value, &[], &mut all);
        }
    }
    all
}

/// Random requests laid one behind the other.
fn requests(signal: Signal, seed: u64) -> Data {
    let mut arbitrary = Arbitrary::new(seed);
    let parts = (0..=seed % 4).map(|_| Data::from_bytes(signal, arbitrary.request(signal).into()).unwrap());
    Data::concat(parts.collect()).unwrap()
}

#[test]
fn parts_put_together_are_the_whole() {
    for (signal, seed) in Signal::ALL.into_iter().flat_map(|signal| (0..400).map(move |seed| (signal, seed)))
    {
        let whole = requests(signal, seed);
        let want = items(&whole);
        assert_eq!(want.len(), whole.items());
        for max in [1, 2, 3, 7, 100] {
            let parts = whole.clone().split_items(NonZeroUsize::new(max).unwrap());
            let (last, full) = parts.split_last().unwrap();
            assert!(
                full.iter().all(|part| part.items() == max) && last.items() <= max,
                "{signal} {seed} {max}"
            );
            same(&parts, &want);
        }
        for max in [1, 40, 200, 500, 1000, 5000] {
            let parts = whole.clone().split_bytes(NonZeroUsize::new(max).unwrap());
            for part in &parts {
                // What is larger must be one thing that cannot be cut.
                assert!(
                    part.byte_len() <= max || part.items() <= 1,
                    "{signal} {seed} {max}: {}",
                    part.byte_len()
                );
            }
            same(&parts, &want);
        }
    }
}

/// The parts are valid, know their counts, and hold the items in order.
fn same(parts: &[Data], want: &[Vec<u8>]) {
    for part in parts {
        let again = Data::from_bytes(part.signal(), part.bytes()).unwrap();
        assert_eq!((again.items(), again.byte_len()), (part.items(), part.byte_len()));
    }
    assert_eq!(items(&Data::concat(parts.to_vec()).unwrap()), want);
}

#[test]
fn copies_only_what_is_on_the_edge() {
    let json = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{},{}]}]},{"scopeLogs":[{"logRecords":[{},{}]}]}]}"#;
    let whole = Data::from_json(Signal::Logs, json).unwrap();
    let source = whole.bytes().as_ptr_range();
    let inside = |piece: &Bytes| source.contains(&piece.as_ptr());
    let parts =
        Data::concat(vec![whole.clone(), whole.clone()]).unwrap().split_items(NonZeroUsize::new(4).unwrap());
    let kept: Vec<Vec<bool>> = parts.iter().map(|part| part.pieces().iter().map(inside).collect()).collect();
    // 3 + 1 of 2 | 1 of 2, 3 | 2 and nothing else
    assert_eq!(kept, [vec![true, false], vec![false, true], vec![true]]);
}

#[test]
fn bounds_what_repeated_headers_add() {
    let records = "{},".repeat(2999);
    let json = format!(
        r#"{{"resourceLogs":[{{"schemaUrl":"{}","scopeLogs":[{{"logRecords":[{records}{{}}]}}]}}]}}"#,
        "x".repeat(1 << 20)
    );
    let whole = Data::from_json(Signal::Logs, json.as_bytes()).unwrap();
    let parts = whole.clone().split_items(NonZeroUsize::MIN);
    let size: usize = parts.iter().map(Data::byte_len).sum();
    assert!(
        parts.len() > 64 && size < 10 * whole.byte_len() + (70 << 20),
        "{} parts, {size} bytes",
        parts.len()
    );
    assert_eq!(parts.iter().map(Data::items).sum::<usize>(), 3000);
}
