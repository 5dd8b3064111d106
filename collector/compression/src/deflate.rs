//! The deflate family: gzip and zlib.

use std::cell::Cell;

use flate2::{Compress, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use crate::{DecompressError, output::Output};

/// What stands around the deflated bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Gzip,
    Zlib,
}

/// The level for "default". Level 6 finds a tenth more at three times the cost.
const FAST: u32 = 1;

/// Deflate cannot shrink data further than this, so a promise beyond it is not believed.
const MAX_RATIO: usize = 1032;

thread_local! {
    // A compressor is a quarter of a megabyte and a decompressor 40 KiB, of which a short body uses little: making them
    // anew would cost more than the work. Each thread keeps the last one it used.
    static COMPRESSOR: Cell<Option<(Format, u32, Compress)>> = const { Cell::new(None) };
    static DECOMPRESSOR: Cell<Option<Decompress>> = const { Cell::new(None) };
}

pub(super) fn compress<P: AsRef<[u8]>>(format: Format, level: i32, pieces: &[P]) -> Vec<u8> {
    let level = match level {
        // 0 and -1 are "default"; -2 is Huffman-only, which zlib-rs does not have and whose purpose is speed too.
        ..=0 => FAST,
        level => level.unsigned_abs().min(9),
    };
    let mut compressor = match COMPRESSOR.take() {
        Some((f, l, mut kept)) if f == format && l == level => {
            kept.reset();
            kept
        }
        _ => match format {
            Format::Gzip => Compress::new_gzip(flate2::Compression::new(level), 15),
            Format::Zlib => Compress::new_with_window_bits(flate2::Compression::new(level), true, 15),
        },
    };
    let whole: usize = pieces.iter().map(|piece| piece.as_ref().len()).sum();
    let mut out = Vec::with_capacity(whole / 4 + 128);
    for piece in pieces {
        let mut rest = piece.as_ref();
        while !rest.is_empty() {
            let before = compressor.total_in();
            step(&mut compressor, rest, &mut out, FlushCompress::None);
            // The difference is at most `rest.len()`, so it fits.
            rest = &rest[usize::try_from(compressor.total_in() - before).unwrap_or(rest.len())..];
        }
    }
    while step(&mut compressor, &[], &mut out, FlushCompress::Finish) != Status::StreamEnd {}
    COMPRESSOR.set(Some((format, level, compressor)));
    out
}

/// One step with room for output. Compressing into a buffer that has room cannot fail.
fn step(compressor: &mut Compress, input: &[u8], out: &mut Vec<u8>, flush: FlushCompress) -> Status {
    if out.capacity() - out.len() < 64 {
        out.reserve(out.len().max(1024));
    }
    compressor.compress_vec(input, out, flush).expect("a compressor in use has no error states")
}

/// zlib: one stream with a header of two bytes and a checksum.
pub(super) fn inflate(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    match body {
        [] | [_] => return Err(DecompressError::Corrupt("unexpected EOF")),
        [cmf, flags, ..] => {
            let header = u16::from_be_bytes([*cmf, *flags]);
            if cmf & 0x0f != 8 || cmf >> 4 > 7 || !header.is_multiple_of(31) {
                return Err(DecompressError::Corrupt("zlib: invalid header"));
            }
        }
    }
    let mut out = Output::new(body.len().saturating_mul(4), limit);
    with_decompressor(true, |d| stream(d, body, &mut out))?;
    out.finish()
}

/// gzip: one or several members in a row, each with a header, a checksum and a length.
pub(super) fn gunzip(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    // The last four bytes are the length of the last member, which is nearly always the only one.
    let promised = body.last_chunk().map_or(0, |len| u32::from_le_bytes(*len) as usize);
    let mut out = Output::new(promised.min(body.len().saturating_mul(MAX_RATIO)), limit);
    let mut rest = body;
    loop {
        rest = &rest[header_len(rest)?..];
        let start = out.written().len();
        let used = with_decompressor(false, |d| stream(d, rest, &mut out))?;
        let trailer: &[u8; 8] =
            rest[used..].first_chunk().ok_or(DecompressError::Corrupt("unexpected EOF"))?;
        let mut crc = Crc::new();
        crc.update(&out.written()[start..]);
        let mut expected = [0; 8];
        expected[..4].copy_from_slice(&crc.sum().to_le_bytes());
        expected[4..].copy_from_slice(&crc.amount().to_le_bytes());
        if trailer != &expected {
            return Err(DecompressError::Corrupt("gzip: invalid checksum"));
        }
        rest = &rest[used + 8..];
        if rest.is_empty() {
            return out.finish();
        }
    }
}

/// The length of a member's header (RFC 1952, section 2.3).
fn header_len(body: &[u8]) -> Result<usize, DecompressError> {
    const CUT: DecompressError = DecompressError::Corrupt("unexpected EOF");
    const CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    if body.is_empty() {
        // Go's name for it.
        return Err(DecompressError::Corrupt("EOF"));
    }
    let fixed: &[u8; 10] = body.first_chunk().ok_or(CUT)?;
    let [0x1f, 0x8b, 8, flags, ..] = *fixed else {
        return Err(DecompressError::Corrupt("gzip: invalid header"));
    };
    let mut len = fixed.len();
    if flags & EXTRA != 0 {
        let extra: &[u8; 2] = body[len..].first_chunk().ok_or(CUT)?;
        len += 2 + usize::from(u16::from_le_bytes(*extra));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let rest = body.get(len..).ok_or(CUT)?;
            len += 1 + rest.iter().position(|byte| *byte == 0).ok_or(CUT)?;
        }
    }
    if flags & CHECKSUM != 0 {
        len += 2;
    }
    if len > body.len() { Err(CUT) } else { Ok(len) }
}

/// Inflates one stream from the start of `body`; how much of it was used.
fn stream(decompressor: &mut Decompress, body: &[u8], out: &mut Output) -> Result<usize, DecompressError> {
    let mut used = 0;
    loop {
        let room = out.room()?;
        let before = (decompressor.total_in(), room.len());
        let status = decompressor
            .decompress_vec(&body[used..], room, FlushDecompress::None)
            .map_err(|_| DecompressError::Corrupt("flate: corrupt input"))?;
        let read = usize::try_from(decompressor.total_in() - before.0).unwrap_or(0);
        let wrote = room.len() - before.1;
        used += read;
        match status {
            Status::StreamEnd => return Ok(used),
            _ if read == 0 && wrote == 0 => return Err(DecompressError::Corrupt("unexpected EOF")),
            _ => {}
        }
    }
}

fn with_decompressor<T>(zlib_header: bool, f: impl FnOnce(&mut Decompress) -> T) -> T {
    let mut decompressor = DECOMPRESSOR.take().unwrap_or_else(|| Decompress::new(zlib_header));
    decompressor.reset(zlib_header);
    let result = f(&mut decompressor);
    DECOMPRESSOR.set(Some(decompressor));
    result
}
