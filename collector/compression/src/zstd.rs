//! zstd.

use std::cell::Cell;

use zstd_safe::{
    CCtx, CParameter, DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, zstd_sys::ZSTD_EndDirective,
};

use crate::{DecompressError, output::Output};

/// Frames may ask for a window of at most 8 MiB: what RFC 8878 asks decoders to support, and what level 19 uses.
const MAX_WINDOW_LOG: u32 = 23;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

thread_local! {
    // Contexts are hundreds of kilobytes; each thread keeps one.
    static COMPRESSOR: Cell<Option<CCtx<'static>>> = const { Cell::new(None) };
}

pub(super) fn compress<P: AsRef<[u8]>>(level: i32, pieces: &[P]) -> Vec<u8> {
    let whole: usize = pieces.iter().map(|piece| piece.as_ref().len()).sum();
    let mut context = COMPRESSOR.take().unwrap_or_else(CCtx::create);
    // Both are calls that only fail on a context in the midst of a frame or on values out of range.
    let _ = context.reset(ResetDirective::SessionAndParameters);
    let _ = context.set_parameter(CParameter::CompressionLevel(nearest(level)));
    let mut out = Vec::with_capacity(zstd_safe::compress_bound(whole));
    let last = pieces.len().saturating_sub(1);
    for (index, piece) in pieces.iter().enumerate() {
        let directive =
            if index == last { ZSTD_EndDirective::ZSTD_e_end } else { ZSTD_EndDirective::ZSTD_e_continue };
        run(&mut context, piece.as_ref(), &mut out, directive);
    }
    if pieces.is_empty() {
        run(&mut context, &[], &mut out, ZSTD_EndDirective::ZSTD_e_end);
    }
    COMPRESSOR.set(Some(context));
    out
}

fn run(context: &mut CCtx<'_>, piece: &[u8], out: &mut Vec<u8>, directive: ZSTD_EndDirective) {
    let ends = matches!(directive, ZSTD_EndDirective::ZSTD_e_end);
    let mut input = InBuffer::around(piece);
    loop {
        if out.capacity() - out.len() < 64 {
            out.reserve(out.len().max(1024));
        }
        let at = out.len();
        let left = context
            .compress_stream2(&mut OutBuffer::around_pos(out, at), &mut input, directive)
            .expect("compressing into a buffer with room has no errors");
        let done = if ends { left == 0 } else { input.pos() == piece.len() };
        if done {
            return;
        }
    }
}

/// The levels that the Go implementation has, by the number that stands for each.
const fn nearest(level: i32) -> i32 {
    match level {
        ..3 => 1,
        3..6 => 3,
        6..10 => 6,
        _ => 11,
    }
}

pub(super) fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
    let mut context = DCtx::create();
    // What the Go implementation says of what is none at all.
    let corrupt =
        if body.starts_with(&MAGIC) { "zstd: corrupt input" } else { "invalid input: magic number mismatch" };
    let corrupt = |_| DecompressError::Corrupt(corrupt);
    context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG)).map_err(corrupt)?;
    let mut out = Output::new(body.len().saturating_mul(4), limit);
    let mut input = InBuffer::around(body);
    let mut left = 0;
    while input.pos() < body.len() || left > 0 {
        let room = out.room()?;
        let before = (input.pos(), room.len());
        left = context
            .decompress_stream(&mut OutBuffer::around_pos(room, before.1), &mut input)
            .map_err(corrupt)?;
        if (input.pos(), room.len()) == before && left > 0 {
            return Err(DecompressError::Corrupt("unexpected EOF"));
        }
    }
    out.finish()
}
