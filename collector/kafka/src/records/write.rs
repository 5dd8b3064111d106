//! Batches, written.

use bytes::Bytes;
use slimcol_compression::Compression;

use super::{HEADER, Record, Size, attributes, codec};
use crate::wire::{Writer, varint_len};

/// Encodes `records` as one batch, in pieces. Without compression, large values are not copied.
pub(crate) fn encode(records: &[&Record], compression: Compression, level: i32, now: i64) -> Vec<Bytes> {
    let mut body = Writer::default();
    for (delta, record) in records.iter().enumerate() {
        write(record, delta, &mut body);
    }
    let mut body = body.finish();
    if compression.is_on() {
        body = vec![compression.compress(level, &body).into()];
    }
    let count = i32::try_from(records.len()).unwrap_or(i32::MAX);
    // What the sum is over: all behind it.
    let mut summed = Writer::default();
    summed.i16(attributes(compression));
    summed.i32(count - 1);
    summed.i64(now);
    summed.i64(now);
    // No idempotent producer.
    summed.i64(-1);
    summed.i16(-1);
    summed.i32(-1);
    summed.i32(count);
    let summed = summed.finish().concat();
    let sum = body.iter().fold(crc32c::crc32c(&summed), |sum, piece| crc32c::crc32c_append(sum, piece));
    let len: usize = body.iter().map(Bytes::len).sum();
    let mut head = Writer::default();
    head.i64(0);
    head.len_of(HEADER - 12 + len);
    head.i32(-1);
    head.i8(2);
    head.u32(sum);
    head.raw(&summed);
    let mut batch = head.finish();
    batch.append(&mut body);
    batch
}

/// How much the batch is that `records` were encoded as.
pub(crate) fn measure(records: &[&Record], compression: Compression, batch: &[Bytes]) -> Size {
    let bytes: usize = batch.iter().map(Bytes::len).sum();
    let uncompressed = size(records.iter().copied()) - HEADER;
    Size { codec: codec(compression), records: records.len(), bytes: bytes - HEADER, uncompressed }
}

/// How large a batch of `records` is without compression.
pub(crate) fn size<'a>(records: impl IntoIterator<Item = &'a Record>) -> usize {
    let of = |(delta, record): (usize, &Record)| {
        let len = body_len(record, delta);
        varint_len(signed(len)) + len
    };
    HEADER + records.into_iter().enumerate().map(of).sum::<usize>()
}

fn write(record: &Record, delta: usize, to: &mut Writer) {
    to.varint(signed(body_len(record, delta)));
    to.i8(0);
    to.varint(0);
    to.varint(signed(delta));
    to.varint_bytes(record.key.as_deref());
    to.varint(signed(record.value_len()));
    for piece in &record.value {
        to.piece(piece);
    }
    to.varint(signed(record.headers.len()));
    for (name, value) in &record.headers {
        to.varint_bytes(Some(name.as_bytes()));
        to.varint_bytes(Some(value));
    }
}

/// What a record takes behind its length.
fn body_len(record: &Record, delta: usize) -> usize {
    let bytes = |len: usize| varint_len(signed(len)) + len;
    let headers: usize =
        record.headers.iter().map(|(name, value)| bytes(name.len()) + bytes(value.len())).sum();
    2 + varint_len(signed(delta))
        + record.key.as_ref().map_or(1, |key| bytes(key.len()))
        + bytes(record.value_len())
        + varint_len(signed(record.headers.len()))
        + headers
}

const fn signed(len: usize) -> i64 {
    len.cast_signed() as i64
}
