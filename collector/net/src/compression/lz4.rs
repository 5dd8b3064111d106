//! lz4's frame format.

use std::io::Write;

use lz4_flex::frame::{FrameDecoder, FrameEncoder};

use super::{DecompressError, output::Output};

pub(super) fn compress<P: AsRef<[u8]>>(pieces: &[P]) -> Vec<u8> {
    let mut encoder = FrameEncoder::new(Vec::new());
    for piece in pieces {
        encoder.write_all(piece.as_ref()).expect("a `Vec` takes everything");
    }
    encoder.finish().expect("a `Vec` takes everything")
}

pub(super) fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    Output::new(body.len().saturating_mul(2), limit).read(FrameDecoder::new(body), "lz4: corrupt input")
}
