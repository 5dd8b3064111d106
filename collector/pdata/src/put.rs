//! Protobuf's wire format, written: for crates that make requests of data that was no telemetry before.

use crate::{edit::write_pair, view::ValueRef};

/// Appends a varint.
#[inline]
pub fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push(low(value) | 0x80);
        value >>= 7;
    }
    to.push(low(value));
}

/// The low seven bits.
#[inline]
pub(crate) const fn low(value: u64) -> u8 {
    (value & 0x7f) as u8
}

/// How many bytes a length takes as a varint.
#[inline]
pub(crate) const fn varint_len(value: usize) -> usize {
    varint64_len(value as u64)
}

/// How many bytes a varint takes.
#[inline]
pub const fn varint64_len(value: u64) -> usize {
    let bits = (u64::BITS - value.leading_zeros()) as usize;
    if bits == 0 { 1 } else { bits.div_ceil(7) }
}

/// Appends a field's key.
#[inline]
pub fn key(to: &mut Vec<u8>, number: u32, wire: u32) {
    varint(to, u64::from(number << 3 | wire));
}

/// Appends a varint field.
#[inline]
pub fn varint_field(to: &mut Vec<u8>, number: u32, value: u64) {
    key(to, number, 0);
    varint(to, value);
}

/// Appends a fixed64 field.
#[inline]
pub fn fixed64(to: &mut Vec<u8>, number: u32, value: u64) {
    key(to, number, 1);
    to.extend_from_slice(&value.to_le_bytes());
}

/// Appends a fixed32 field.
#[inline]
pub fn fixed32(to: &mut Vec<u8>, number: u32, value: u32) {
    key(to, number, 5);
    to.extend_from_slice(&value.to_le_bytes());
}

/// Appends a key and a length of `len`, whose bytes the caller appends.
#[inline]
pub fn head(to: &mut Vec<u8>, number: u32, len: usize) {
    key(to, number, 2);
    varint(to, len as u64);
}

/// Appends a string, bytes or message field.
#[inline]
pub fn bytes(to: &mut Vec<u8>, number: u32, value: &[u8]) {
    head(to, number, value.len());
    to.extend_from_slice(value);
}

/// Appends a message field whose content `write` appends. The length goes before it when it is known, for which what was
/// written moves by a few bytes: for messages of which only one is being made.
pub fn message<R>(to: &mut Vec<u8>, number: u32, write: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    key(to, number, 2);
    let start = to.len();
    to.push(0);
    let result = write(to);
    close(to, start);
    result
}

/// Puts the length where a message was begun. It is apart so that it is not compiled anew for each message.
fn close(to: &mut Vec<u8>, start: usize) {
    let len = to.len() - start - 1;
    let width = varint_len(len);
    to.resize(to.len() + width - 1, 0);
    to.copy_within(start + 1..=start + len, start + width);
    length(&mut to[start..start + width], len);
}

/// Writes a length as the varint that takes all of `to`.
pub(crate) fn length(to: &mut [u8], mut len: usize) {
    let Some((last, rest)) = to.split_last_mut() else { return };
    for byte in rest {
        *byte = low(len as u64) | 0x80;
        len >>= 7;
    }
    *last = low(len as u64);
}

/// Appends an attribute as field `number`, which repeats key-value pairs.
pub fn attribute<'v>(to: &mut Vec<u8>, number: u32, key: &str, value: impl Into<ValueRef<'v>>) {
    write_pair(to, number, key, value.into());
}

/// How many bytes a field with a length takes.
#[inline]
pub const fn bytes_len(number: u32, len: usize) -> usize {
    varint_len((number << 3) as usize) + varint_len(len) + len
}

/// A signed number in zigzag.
#[inline]
pub(crate) const fn zigzag(value: i32) -> u64 {
    ((value << 1) ^ (value >> 31)).cast_unsigned() as u64
}

/// What [`zigzag`] wrote.
#[inline]
pub(crate) const fn unzigzag(value: u64) -> i32 {
    let value = (value & 0xffff_ffff) as u32;
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::{bytes, message};

    #[test]
    fn a_message_gets_its_length() {
        for len in [0, 1, 127, 128, 16_383, 16_384, 70_000] {
            let content = vec![7; len];
            let (mut whole, mut made) = (vec![1], vec![1]);
            bytes(&mut whole, 3, &content);
            assert_eq!(message(&mut made, 3, |to| to.extend_from_slice(&content)), ());
            assert_eq!(whole, made);
        }
    }
}
