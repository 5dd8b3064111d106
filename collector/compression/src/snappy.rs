//! Snappy's two formats: a block, which says its length, and a stream of framed blocks.

use std::io::Write;

use snap::{raw, read::FrameDecoder, write::FrameEncoder};

use crate::{DecompressError, output::Output};

/// How every framed stream starts.
const STREAM_START: &[u8; 10] = b"\xff\x06\x00\x00sNaPpY";

const REASON: &str = "snappy: corrupt input";
const CORRUPT: DecompressError = DecompressError::Corrupt(REASON);

pub(super) fn compress_block<P: AsRef<[u8]>>(pieces: &[P]) -> Vec<u8> {
    let joined;
    let whole = match pieces {
        [one] => one.as_ref(),
        several => {
            joined = several.iter().map(AsRef::as_ref).collect::<Vec<_>>().concat();
            &joined
        }
    };
    raw::Encoder::new().compress_vec(whole).expect("a request is below snappy's limit of 4 GiB")
}

pub(super) fn compress_framed<P: AsRef<[u8]>>(pieces: &[P]) -> Vec<u8> {
    let mut encoder = FrameEncoder::new(Vec::new());
    for piece in pieces {
        encoder.write_all(piece.as_ref()).expect("a `Vec` takes everything");
    }
    encoder.into_inner().expect("a `Vec` takes everything")
}

/// Older senders wrote framed streams under the block format's name, so both are read (as the Go collector does).
pub(super) fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    if body.starts_with(STREAM_START) {
        return decompress_framed(body, limit);
    }
    // The promised length is only the sender's word. A copy of two bytes or more makes at most 64, so a promise beyond
    // 64 times the block is corrupt rather than worth its memory.
    let promised = raw::decompress_len(body).map_err(|_| CORRUPT)?;
    if promised > limit {
        return Err(DecompressError::TooLarge);
    }
    if promised > body.len().saturating_mul(64) {
        return Err(CORRUPT);
    }
    raw::Decoder::new().decompress_vec(body).map_err(|_| CORRUPT)
}

pub(super) fn decompress_framed(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    Output::new(body.len().saturating_mul(2), limit).read(FrameDecoder::new(body), REASON)
}
