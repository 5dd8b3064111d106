//! lz4's frame format.

use std::io::{ErrorKind, Read, Write};

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
    let mut out = Output::new(body.len().saturating_mul(2), limit);
    let mut decoder = FrameDecoder::new(body);
    let mut chunk = vec![0; 64 << 10];
    loop {
        match decoder.read(&mut chunk) {
            Ok(0) => return out.finish(),
            Ok(n) => out.push(&chunk[..n])?,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(DecompressError::Corrupt("unexpected EOF"));
            }
            Err(_) => return Err(DecompressError::Corrupt("lz4: corrupt input")),
        }
    }
}
