//! OTLP of the collector's own, written field by field: the messages are few and nothing of them is read again.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Field;

/// Appends an attribute, a field of the message that has it.
pub fn attribute(to: &mut Vec<u8>, field: u32, name: &str, is: &Field<'_>) {
    message(to, field, |to| {
        text(to, 1, name);
        value(to, 2, is);
    });
}

/// Appends a value of any type.
pub(crate) fn value(to: &mut Vec<u8>, field: u32, value: &Field<'_>) {
    message(to, field, |to| match value {
        // An empty string is a value too.
        Field::Str(text) => bytes(to, 1, text.as_bytes()),
        Field::Bool(value) => number(to, 2, (*value).into()),
        Field::Int(value) => number(to, 3, value.cast_unsigned()),
        Field::Float(value) => fixed(to, 4, value.to_bits()),
        Field::List(all) => message(to, 5, |to| {
            for text in all {
                message(to, 1, |to| bytes(to, 1, text.as_bytes()));
            }
        }),
    });
}

/// Appends a field with a length, which `write` appends. Not generic: it is written once, whoever asks.
pub fn message(to: &mut Vec<u8>, field: u32, mut write: impl FnMut(&mut Vec<u8>)) {
    enclosed(to, field, &mut write);
}

fn enclosed(to: &mut Vec<u8>, field: u32, write: &mut dyn FnMut(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    write(&mut inner);
    bytes(to, field, &inner);
}

/// Appends a text, unless it is empty.
pub fn text(to: &mut Vec<u8>, field: u32, value: &str) {
    if !value.is_empty() {
        bytes(to, field, value.as_bytes());
    }
}

/// Appends bytes.
pub fn bytes(to: &mut Vec<u8>, field: u32, value: &[u8]) {
    key(to, field, 2);
    varint(to, value.len() as u64);
    to.extend_from_slice(value);
}

/// Appends a number.
pub fn number(to: &mut Vec<u8>, field: u32, value: u64) {
    key(to, field, 0);
    varint(to, value);
}

/// Appends a number of eight bytes.
pub fn fixed(to: &mut Vec<u8>, field: u32, value: u64) {
    key(to, field, 1);
    to.extend_from_slice(&value.to_le_bytes());
}

/// Appends a field's key: its number and how it is written.
pub fn key(to: &mut Vec<u8>, field: u32, wire: u32) {
    varint(to, u64::from(field << 3 | wire));
}

#[allow(clippy::cast_possible_truncation, reason = "only seven bits are left")]
fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push((value & 0x7f | 0x80) as u8);
        value >>= 7;
    }
    to.push(value as u8);
}

/// Nanoseconds of 1970.
pub fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
