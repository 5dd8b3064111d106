//! What is remembered across restarts, in the Go collector's two formats: protobuf, which is written, and JSON, which its
//! releases up to 0.155 wrote.

mod json;
mod proto;

use crate::meta::Meta;

/// The files as they are kept.
pub(crate) fn encode<'a>(files: impl Iterator<Item = &'a Meta>) -> Vec<u8> {
    let mut out = Vec::new();
    for file in files {
        proto::write(&mut out, file);
    }
    out
}

/// The files that were kept, in either format. `now` is when the rests without an end count as grown.
///
/// # Errors
/// What the value is not.
pub(crate) fn decode(kept: &[u8], now: i64) -> Result<Vec<Meta>, String> {
    // JSON begins with a number; a digit is no beginning of this message.
    let read =
        if kept.first().is_some_and(u8::is_ascii_digit) { json::read(kept) } else { proto::read(kept) };
    let mut files = read?;
    for file in &mut files {
        file.grew = now;
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
