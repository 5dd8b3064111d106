//! OTLP of the collector's own, written field by field: the messages are few and nothing of them is read again.

use std::time::{SystemTime, UNIX_EPOCH};

pub use slimcol_pdata::put::{bytes, fixed64 as fixed, key, varint_field as number};

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

/// Nanoseconds of 1970.
pub fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
