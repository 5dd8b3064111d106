//! Log records and points that are only a number each, to follow through queues and batches one by one.

use std::ops::Range;

use slimcol_pdata::{Data, Signal};

/// A request with a log record for each of `numbers`, all of one resource and scope.
///
/// # Panics
/// If OTLP is no longer what it was.
pub fn numbered(numbers: Range<u64>) -> Data {
    let records: Vec<u8> = numbers.flat_map(record).collect();
    let request = field(1, &field(2, &records));
    Data::from_bytes(Signal::Logs, request.into()).expect("a valid request")
}

/// A request with a point for each of `numbers`, all of the gauge `number`: its value, and its time in milliseconds.
///
/// # Panics
/// If OTLP is no longer what it was.
pub fn numbered_points(numbers: Range<u64>) -> Data {
    let points: Vec<u8> = numbers.flat_map(|number| field(1, &point(number))).collect();
    let metric = [field(1, b"number"), field(5, &points)].concat();
    let request = field(1, &field(2, &field(2, &metric)));
    Data::from_bytes(Signal::Metrics, request.into()).expect("a valid request")
}

/// Fields 3 (`time_unix_nano`) and 6 (`as_int`).
fn point(number: u64) -> Vec<u8> {
    let time = (number * 1_000_000).to_le_bytes();
    [&[0x19][..], &time, &[0x31], &number.to_le_bytes()].concat()
}

/// The numbers of the records in `data`, in order.
///
/// # Panics
/// If `data` was not made by [`numbered`].
pub fn numbers(data: &Data) -> Vec<u64> {
    let mut numbers = Vec::new();
    for piece in data.pieces() {
        let mut rest: &[u8] = &piece;
        // Nothing else in the request looks like the beginning of a record.
        while let Some(at) = rest.windows(RECORD.len()).position(|bytes| bytes == RECORD) {
            let (number, behind) = rest[at + RECORD.len()..].split_first_chunk().expect("a whole record");
            numbers.push(u64::from_le_bytes(*number));
            rest = behind;
        }
    }
    numbers
}

/// Field 2 (`log_records`) of nine bytes, which are field 1 (`time_unix_nano`) and the number.
const RECORD: [u8; 3] = [0x12, 9, 0x09];

fn record(number: u64) -> impl Iterator<Item = u8> {
    RECORD.into_iter().chain(number.to_le_bytes())
}

/// A length-delimited field of a message, to make requests by hand.
pub fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push(0x80 | length.to_le_bytes()[0]);
        length >>= 7;
    }
    bytes.push(length.to_le_bytes()[0]);
    bytes.extend_from_slice(content);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for range in [0..0, 0..1, 5..300, 70_000..70_100] {
            let data = numbered(range.clone());
            assert_eq!(data.items() as u64, range.end - range.start);
            assert_eq!(numbers(&data), range.clone().collect::<Vec<_>>());
            assert_eq!(numbered_points(range.clone()).items() as u64, range.end - range.start);
        }
    }
}
