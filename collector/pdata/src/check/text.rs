//! Is a string field UTF-8? Short ASCII, the usual case, is decided without a branch on its length.
#![expect(clippy::inline_always, reason = "part of the check's inner loop")]

use crate::wire::{In, length};

/// Steps over a string, whose length stands at the cursor.
#[inline(always)]
pub(super) fn text(b: In<'_>) -> Option<In<'_>> {
    let (n, b) = length(b)?;
    if n <= 64
        && let Some(window) = b.first_chunk::<64>()
        && ascii(window, n)
    {
        return Some(&b[n..]);
    }
    long_text(b, n)
}

#[inline(never)]
fn long_text(b: In<'_>, n: usize) -> Option<In<'_>> {
    let (text, rest) = b.split_at_checked(n)?;
    let (steps, tail) = text.as_chunks::<64>();
    let last = b[n - tail.len()..].first_chunk::<64>();
    if last.is_some_and(|window| ascii(window, tail.len())) && steps.iter().all(|window| ascii(window, 64)) {
        return Some(rest);
    }
    simdutf8::basic::from_utf8(text).ok()?;
    Some(rest)
}

/// Are the first `n` (at most 64) bytes ASCII?
///
/// In words rather than bytes: compilers make vector instructions of bytes only at levels that a collector is not linked at,
/// and then a check takes four times as long. Words are a few nanoseconds slower than vectors, whatever the level.
#[inline(always)]
pub(super) fn ascii(window: &[u8; 64], n: usize) -> bool {
    const MASKS: [u8; 128] = {
        let mut masks = [0; 128];
        let mut i = 0;
        while i < 64 {
            masks[i] = 0x80;
            i += 1;
        }
        masks
    };
    let Some(mask) = MASKS[64 - n.min(64)..].first_chunk::<64>() else { return false };
    let high = |i| word(window, i) & word(mask, i);
    high(0) | high(1) | high(2) | high(3) | high(4) | high(5) | high(6) | high(7) == 0
}

/// The word at `i`, of eight.
#[inline(always)]
fn word(bytes: &[u8; 64], i: usize) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    u64::from_le_bytes(words[i])
}
