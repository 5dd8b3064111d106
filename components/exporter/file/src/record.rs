//! A payload as bytes of a file.

use slimcol_compression::Compression;
use slimcol_pdata::Data;

use crate::Config;

/// How payloads are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoding {
    proto: bool,
    /// The level, if records are compressed.
    zstd: Option<i32>,
}

impl Encoding {
    pub(crate) fn new(config: &Config) -> Self {
        let zstd = (config.compression == "zstd").then_some(config.compression_level);
        Self { proto: config.format == "proto", zstd }
    }

    /// One record: a line of JSON, or the length as four big-endian bytes and the message. Compressed JSON is no text,
    /// so it has a length too.
    pub(crate) fn record(self, data: &Data) -> Vec<u8> {
        let pieces = if self.proto {
            data.pieces()
        } else {
            let mut json = Vec::with_capacity(data.byte_len() * 2);
            data.write_json(&mut json);
            if self.zstd.is_none() {
                json.push(b'\n');
                return json;
            }
            vec![json.into()]
        };
        match self.zstd {
            Some(level) => framed(&[Compression::Zstd.compress(level, &pieces)]),
            None => framed(&pieces),
        }
    }
}

/// `pieces` in a row behind their length. No request comes near the 4 GiB that the length can tell.
fn framed<P: AsRef<[u8]>>(pieces: &[P]) -> Vec<u8> {
    let length: usize = pieces.iter().map(|piece| piece.as_ref().len()).sum();
    let mut record = Vec::with_capacity(4 + length);
    record.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    for piece in pieces {
        record.extend_from_slice(piece.as_ref());
    }
    record
}
