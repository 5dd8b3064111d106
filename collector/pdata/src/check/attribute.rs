//! The attribute as almost all senders write it, checked as one unit.
#![expect(clippy::inline_always, reason = "part of the check's inner loop")]

use super::text::ascii;
use crate::wire::{In, skip_varint};

/// Steps over an attribute that has its key first, then one scalar value, is ASCII, and has at most 127 bytes. The cursor
/// stands at the length. `None` says only that the general code must look.
///
/// ```text
/// length, 0x0a, key's length, key, 0x12, value's length, value's key, value
/// ```
///
/// Lengths and keys below 0x80 are ASCII too, so for a string value one look at all bytes settles everything but the
/// arithmetic of the lengths.
#[inline(always)]
pub(super) fn short_attribute(b: In<'_>) -> Option<In<'_>> {
    let window = b.first_chunk::<64>()?;
    let (n, k) = (usize::from(window[0]), usize::from(window[2]));
    if n > 127 || window[1] != 0x0a || k + 6 > n {
        return None;
    }
    let value = b.get(k + 3..)?.first_chunk::<4>()?;
    let m = n - k - 4; // what the value's length must be
    if value[0] != 0x12 || usize::from(value[1]) != m {
        return None;
    }
    let text = match value[2] {
        0x0a if usize::from(value[3]) + 2 == m => n + 1,
        0x10 | 0x18 if skip_varint(b.get(k + 6..)?)?.len() + n + 1 == b.len() => k + 3,
        0x21 if m == 9 => k + 3,
        _ => return None,
    };
    let clean = if text <= 64 {
        ascii(window, text)
    } else {
        ascii(window, 64) && ascii(b[64..].first_chunk()?, text - 64)
    };
    if clean { b.get(n + 1..) } else { None }
}
