//! Batches there and back, cut off, damaged, and as other clients write them.

use proptest::prelude::*;

use super::*;

const KINDS: [Compression; 5] =
    [Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd];

fn batch(records: &[Record], kind: Compression) -> Vec<u8> {
    encode(&records.iter().collect::<Vec<_>>(), kind, 0, 1_700_000_000_000).concat()
}

/// Each batch's records, all or none, and the offset behind them.
fn read(bytes: &[u8]) -> Vec<Read> {
    let batches = Batches::new(Bytes::copy_from_slice(bytes));
    let whole =
        |batch: read::Batch| Read { next: batch.next, records: batch.records.and_then(Iterator::collect) };
    batches.map(whole).collect()
}

#[derive(Debug)]
struct Read {
    next: i64,
    records: Result<Vec<Consumed>, read::Corrupt>,
}

fn record() -> impl Strategy<Value = Record> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..40).prop_map(Bytes::from);
    let key = proptest::option::of(bytes());
    let value = proptest::collection::vec(bytes(), 0..4);
    let headers = proptest::collection::vec(("[a-z]{0,9}", bytes()), 0..3);
    (key, value, headers).prop_map(|(key, value, headers)| Record { key, value, headers })
}

proptest! {
    // Each case compresses.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_produced_is_consumed(records in proptest::collection::vec(record(), 1..20), kind in 0..5_usize) {
        let bytes = batch(&records, KINDS[kind]);
        if kind == 0 {
            prop_assert_eq!(bytes.len(), size(&records));
        }
        let batches = read(&[&bytes[..], &bytes].concat());
        prop_assert_eq!(batches.len(), 2);
        prop_assert_eq!(batches[0].next, i64::try_from(records.len()).unwrap());
        let consumed = batches[1].records.as_ref().unwrap();
        prop_assert_eq!(consumed.len(), records.len());
        for (at, (out, record)) in consumed.iter().zip(&records).enumerate() {
            prop_assert_eq!(out.offset, i64::try_from(at).unwrap());
            prop_assert_eq!(out.timestamp, 1_700_000_000_000);
            prop_assert_eq!(&out.key, &record.key);
            prop_assert_eq!(&out.value[..], &record.value.concat()[..]);
            prop_assert_eq!(&out.headers, &record.headers);
        }
    }

    #[test]
    fn how_much_a_batch_is(records in proptest::collection::vec(record(), 1..20), kind in 0..5_usize) {
        let of = |kind| {
            let bytes = batch(&records, kind);
            let records = Batches::new(bytes.clone().into()).next().unwrap().records.unwrap();
            (records.size(), bytes.len() - HEADER)
        };
        let (found, bytes) = of(KINDS[kind]);
        let (_, uncompressed) = of(Compression::None);
        let codec = ["none", "gzip", "snappy", "lz4", "zstd"][kind];
        prop_assert_eq!(found, Size { codec, records: records.len(), bytes, uncompressed });
    }

    #[test]
    fn what_is_damaged_is_seen(records in proptest::collection::vec(record(), 1..5), kind in 0..5_usize, at: usize, bit in 0..8_u32) {
        let mut bytes = batch(&records, KINDS[kind]);
        // Behind the offset, the length and the epoch, which the sum is not over.
        let at = 16 + at % (bytes.len() - 16);
        bytes[at] ^= 1_u8 << bit;
        let batches = read(&bytes);
        prop_assert!(batches[0].records.is_err());
        prop_assert!(batches[0].next > 0);
    }

    #[test]
    fn damage_that_the_sum_does_not_see_is_no_panic(
        records in proptest::collection::vec(record(), 1..5), kind in 0..5_usize, at: usize, to: u8,
    ) {
        let mut bytes = batch(&records, KINDS[kind]);
        let at = 21 + at % (bytes.len() - 21);
        bytes[at] = to;
        let sum = crc32c::crc32c(&bytes[21..]);
        bytes[17..21].copy_from_slice(&sum.to_be_bytes());
        for batch in read(&bytes) {
            prop_assert!(batch.next > 0);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        for batch in read(&bytes) {
            prop_assert!(batch.records.is_err());
        }
    }
}

#[test]
fn a_batch_that_is_cut_off_is_the_end() {
    let records = [Record { value: vec![Bytes::from_static(b"value")], ..Record::default() }];
    for kind in KINDS {
        let bytes = batch(&records, kind);
        for end in 0..bytes.len() {
            let mut cut = bytes.clone();
            cut.extend_from_slice(&bytes[..end]);
            assert_eq!(read(&cut).len(), 1, "{kind:?} {end}");
        }
    }
}

#[test]
fn snappy_as_java_writes_it_is_read() {
    let records = [Record { value: vec![Bytes::from(vec![b'x'; 5000])], ..Record::default() }];
    let plain = batch(&records, Compression::None);
    let mut body = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01".to_vec();
    for block in plain[HEADER..].chunks(2000) {
        let packed = Compression::Snappy.compress(0, &[block]);
        body.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
        body.extend(packed);
    }
    let mut bytes = plain[..HEADER].to_vec();
    bytes[22] = 2;
    bytes.extend(body);
    let len = u32::try_from(bytes.len() - 12).unwrap();
    bytes[8..12].copy_from_slice(&len.to_be_bytes());
    let sum = crc32c::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&sum.to_be_bytes());
    let batches = read(&bytes);
    assert_eq!(batches[0].records.as_ref().unwrap()[0].value, records[0].value[0]);
}

#[test]
fn large_values_are_not_copied() {
    let value = Bytes::from(vec![1; 100_000]);
    let record = Record { value: vec![value.clone()], ..Record::default() };
    let pieces = encode(&[&record], Compression::None, 0, 0);
    assert!(pieces.iter().any(|piece| piece.as_ptr() == value.as_ptr()), "{}", pieces.len());
}
