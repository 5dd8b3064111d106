//! Records and the batches that they travel and are kept in (version 2 of the format, Kafka 0.11 and later).

mod read;
mod write;

pub(crate) use self::read::Size;
use bytes::Bytes;
use slimcol_compression::Compression;

pub(crate) use self::{
    read::{Batches, Corrupt},
    write::{encode, measure, size},
};

/// What is before a batch's records: its offset, its length and what all of them have in common.
const HEADER: usize = 61;

/// A record as it is produced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What chooses the partition.
    pub key: Option<Bytes>,
    /// The value, in pieces that stay where they are.
    pub value: Vec<Bytes>,
    /// Names and values.
    pub headers: Vec<(String, Bytes)>,
}

impl Record {
    /// The bytes that its owner gave it: key, value and headers.
    pub fn user_size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.as_ref().map_or(0, Bytes::len) + self.value_len() + headers
    }

    fn value_len(&self) -> usize {
        self.value.iter().map(Bytes::len).sum()
    }
}

/// A record as it is consumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumed {
    /// Where it stands in its partition.
    pub offset: i64,
    /// When it was produced, or taken by the broker; milliseconds since 1970.
    pub timestamp: i64,
    /// What chose the partition.
    pub key: Option<Bytes>,
    /// The value; empty for a tombstone.
    pub value: Bytes,
    /// Names and values.
    pub headers: Vec<(String, Bytes)>,
}

/// A compression as Kafka calls it.
const fn codec(compression: Compression) -> &'static str {
    match attributes(compression) {
        1 => "gzip",
        2 => "snappy",
        3 => "lz4",
        4 => "zstd",
        _ => "none",
    }
}

/// The compression that a batch's attributes say.
const fn compression(attributes: i16) -> Option<Compression> {
    match attributes & 7 {
        0 => Some(Compression::None),
        1 => Some(Compression::Gzip),
        2 => Some(Compression::Snappy),
        3 => Some(Compression::Lz4),
        4 => Some(Compression::Zstd),
        _ => None,
    }
}

/// The attributes that say a compression.
const fn attributes(compression: Compression) -> i16 {
    match compression {
        Compression::Gzip => 1,
        Compression::Snappy | Compression::SnappyFramed => 2,
        Compression::Lz4 => 3,
        Compression::Zstd => 4,
        Compression::None | Compression::Zlib | Compression::Deflate => 0,
    }
}

#[cfg(test)]
mod tests;
