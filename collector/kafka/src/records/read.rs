//! Batches, read.

use std::fmt;

use bytes::Bytes;
use slimcol_compression::Compression;

use super::{Consumed, HEADER, codec, compression};
use crate::wire::{Malformed, Reader};

/// How large a batch may become when it is decompressed.
const MOST: usize = 64 << 20;

/// How many headers a record may have.
const MOST_HEADERS: usize = 10_000;

/// How blocks of snappy begin that Java's library wrote.
const XERIAL: &[u8] = b"\x82SNAPPY\0";

/// Why a batch cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corrupt {
    /// The bytes are no batch.
    Damaged,
    /// The sum over the bytes is another.
    Sum,
    /// A format from before Kafka 0.11.
    Old,
    /// The records are larger than allowed, or not what the batch says they are compressed with.
    Compression,
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged => "the batch is damaged",
            Self::Sum => "the batch's checksum is wrong",
            Self::Old => "the batch has a format from before Kafka 0.11",
            Self::Compression => "the batch cannot be decompressed, or is larger than 64 MiB",
        })
    }
}

impl From<Malformed> for Corrupt {
    fn from(_: Malformed) -> Self {
        Self::Damaged
    }
}

/// The batches of what was fetched, one after the other. The last one may be cut off, which is where it ends.
#[derive(Debug)]
pub(crate) struct Batches(Reader);

/// One batch's records, and the offset behind them.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) next: i64,
    pub(crate) records: Result<Records, Corrupt>,
}

/// The records of a batch, which are read one after the other: a batch can say that it has millions.
#[derive(Debug)]
pub(crate) struct Records {
    base: i64,
    header: Header,
    left: usize,
    from: Reader,
    size: Size,
}

/// How much a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// What its records are compressed with, as Kafka calls it.
    pub(crate) codec: &'static str,
    /// How many there are.
    pub(crate) records: usize,
    /// Their bytes as they came.
    pub(crate) bytes: usize,
    /// Their bytes without compression.
    pub(crate) uncompressed: usize,
}

impl Records {
    /// How much it is.
    pub(crate) fn size(&self) -> Size {
        self.size
    }
}

impl Iterator for Records {
    type Item = Result<Consumed, Corrupt>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let record = record(self.base, &self.header, &mut self.from);
        if record.is_err() {
            self.left = 0;
        }
        Some(record)
    }
}

impl Batches {
    pub(crate) const fn new(bytes: Bytes) -> Self {
        Self(Reader::new(bytes))
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let from = &mut self.0;
        let (base, len) = (from.i64().ok()?, usize::try_from(from.i32().ok()?).ok()?);
        let mut body = Reader::new(from.take(len).ok()?);
        // A damaged header must not make the reader stand still or go back.
        let (last, records) = match header(&mut body) {
            Ok(header) => (header.last, records(base, header, body)),
            Err(corrupt) => (0, Err(corrupt)),
        };
        Some(Batch { next: base.saturating_add(i64::from(last.max(0))).saturating_add(1), records })
    }
}

#[derive(Debug)]
struct Header {
    attributes: i16,
    last: i32,
    first_time: i64,
    latest: i64,
    count: i32,
}

fn header(from: &mut Reader) -> Result<Header, Corrupt> {
    let _epoch = from.i32()?;
    if from.i8()? != 2 {
        return Err(Corrupt::Old);
    }
    let sum = from.u32()?;
    let left = from.left();
    let all = from.take(left)?;
    if crc32c::crc32c(&all) != sum {
        return Err(Corrupt::Sum);
    }
    *from = Reader::new(all);
    let header = Header {
        attributes: from.i16()?,
        last: from.i32()?,
        first_time: from.i64()?,
        latest: from.i64()?,
        count: {
            let (_producer, _epoch, _sequence) = (from.i64()?, from.i16()?, from.i32()?);
            from.i32()?
        },
    };
    debug_assert!(left + 21 >= HEADER - 12, "a whole header was read");
    Ok(header)
}

fn records(base: i64, header: Header, mut from: Reader) -> Result<Records, Corrupt> {
    let kind = compression(header.attributes).ok_or(Corrupt::Compression)?;
    let mut size = Size { codec: codec(kind), records: 0, bytes: from.left(), uncompressed: from.left() };
    // Marks of transactions are not for consumers.
    if header.attributes & 0x20 != 0 {
        return Ok(Records { base, header, left: 0, from, size });
    }
    if kind.is_on() {
        let packed = from.take(from.left())?;
        from = Reader::new(unpack(kind, &packed)?.into());
    }
    let left = usize::try_from(header.count).map_err(|_| Corrupt::Damaged)?;
    (size.records, size.uncompressed) = (left, from.left());
    Ok(Records { base, header, left, from, size })
}

fn record(base: i64, header: &Header, from: &mut Reader) -> Result<Consumed, Corrupt> {
    let len = usize::try_from(from.varint()?).map_err(|_| Corrupt::Damaged)?;
    let mut from = Reader::new(from.take(len)?);
    let _attributes = from.i8()?;
    let (time, offset) = (from.varint()?, from.varint()?);
    if !(0..=i64::from(header.last)).contains(&offset) {
        return Err(Corrupt::Damaged);
    }
    let key = from.varint_bytes()?;
    let value = from.varint_bytes()?.unwrap_or_default();
    let headers = usize::try_from(from.varint()?).map_err(|_| Corrupt::Damaged)?;
    if headers > MOST_HEADERS {
        return Err(Corrupt::Damaged);
    }
    let mut all = Vec::new();
    for _ in 0..headers {
        let name = from.varint_bytes()?.ok_or(Corrupt::Damaged)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        all.push((name, from.varint_bytes()?.unwrap_or_default()));
    }
    let taken_by_broker = header.attributes & 8 != 0;
    let timestamp = if taken_by_broker { header.latest } else { header.first_time.saturating_add(time) };
    Ok(Consumed { offset: base.saturating_add(offset), timestamp, key, value, headers: all })
}

fn unpack(kind: Compression, packed: &[u8]) -> Result<Vec<u8>, Corrupt> {
    if kind != Compression::Snappy || !packed.starts_with(XERIAL) {
        return kind.decompress(packed, MOST).map_err(|_| Corrupt::Compression);
    }
    let mut blocks = Reader::new(Bytes::copy_from_slice(packed));
    blocks.take(XERIAL.len() + 8)?;
    let mut all = Vec::new();
    while !blocks.is_empty() {
        let block = blocks.bytes()?;
        let room = MOST - all.len();
        all.extend(kind.decompress(&block, room).map_err(|_| Corrupt::Compression)?);
    }
    Ok(all)
}
