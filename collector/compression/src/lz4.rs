//! lz4's frame format.

use std::io::Write;

use lz4_flex::frame::{FrameDecoder, FrameEncoder};

use crate::{DecompressError, output::Output};

const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];

pub(super) fn compress<P: AsRef<[u8]>>(pieces: &[P]) -> Vec<u8> {
    let mut encoder = FrameEncoder::new(Vec::new());
    for piece in pieces {
        encoder.write_all(piece.as_ref()).expect("a `Vec` takes everything");
    }
    encoder.finish().expect("a `Vec` takes everything")
}

pub(super) fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    let corrupt = if body.starts_with(&MAGIC) { "lz4: corrupt input" } else { "lz4: bad magic number" };
    Output::new(body.len().saturating_mul(2), limit).read(FrameDecoder::new(body), corrupt)
}
