//! Protobuf's wire format, read: for crates that walk the fields of small messages that are no telemetry.

use crate::wire::{self, In};

/// A field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// An integer of any kind, as its 64 bits.
    Varint(u64),
    /// Eight bytes.
    Fixed64(u64),
    /// Four bytes.
    Fixed32(u32),
    /// A string, bytes or a message.
    Bytes(&'a [u8]),
}

/// The bytes are not a protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unexpected EOF")
    }
}

impl std::error::Error for Malformed {}

/// The fields of `message` in the order written, by number; an error is the last item. Groups, which nothing has used
/// for decades, are an error.
pub fn fields(message: &[u8]) -> impl Iterator<Item = Result<(u32, Value<'_>), Malformed>> {
    let mut rest = message;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let field = field(rest);
        rest = field.map_or(&[], |(_, rest)| rest);
        Some(field.map(|(field, _)| field).ok_or(Malformed))
    })
}

fn field(message: In<'_>) -> Option<((u32, Value<'_>), In<'_>)> {
    let (key, at) = wire::key(message)?;
    let (value, rest) = match key & 7 {
        0 => wire::varint(at).map(|(value, rest)| (Value::Varint(value), rest))?,
        1 => {
            at.split_first_chunk().map(|(bytes, rest)| (Value::Fixed64(u64::from_le_bytes(*bytes)), rest))?
        }
        2 => wire::body(at).map(|(body, rest)| (Value::Bytes(body), rest))?,
        5 => {
            at.split_first_chunk().map(|(bytes, rest)| (Value::Fixed32(u32::from_le_bytes(*bytes)), rest))?
        }
        _ => return None,
    };
    (key >> 3 > 0).then_some(((key >> 3, value), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_every_wire_type() {
        let message = [8, 0x96, 1, 0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x1a, 2, b'h', b'i', 0x25, 2, 0, 0, 0];
        let all: Result<Vec<_>, _> = fields(&message).collect();
        let expected = vec![
            (1, Value::Varint(150)),
            (2, Value::Fixed64(1)),
            (3, Value::Bytes(b"hi")),
            (4, Value::Fixed32(2)),
        ];
        assert_eq!(all, Ok(expected));
    }

    #[test]
    fn stops_at_what_is_malformed() {
        for message in [
            &[0x08][..],
            &[0x1a, 9, 0],
            &[0x0b],
            &[0],
            &[8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            let all: Vec<_> = fields(message).collect();
            assert_eq!(all, [Err(Malformed)], "{message:?}");
        }
    }
}
