//! Values being changed, and values written.

use super::{attributes::AttributesMut, message::MessageMut};
use crate::{
    fields::Fields,
    put,
    view::{ValueRef, Values, pair},
};

/// Values may be nested so deep. The check allows more, but what is put somewhere lands deeper than it was.
const DEPTH: usize = 60;

/// An attribute's value, a list's item or a log's body, to be changed.
#[derive(Debug)]
pub struct ValueMut<'a>(pub(super) MessageMut<'a>);

impl<'a> ValueMut<'a> {
    /// The value as it is now.
    pub fn view(&self) -> ValueRef<'_> {
        ValueRef::of(self.0.bytes())
    }

    /// Sets the value. What is nested more than 60 deep is put in as its JSON text.
    pub fn set<'v>(&mut self, value: impl Into<ValueRef<'v>>) {
        self.set_value(value.into());
    }

    // What takes values of many types is compiled once.
    fn set_value(&mut self, value: ValueRef<'_>) {
        let (len, depth) = (self.0.bytes().len(), self.0.depth());
        bounded(value, depth, |value| self.0.replace(0..len, |to| write(to, value)));
    }

    /// The value as a map, if it is one.
    pub fn as_map_mut(&mut self) -> Option<AttributesMut<'_>> {
        matches!(self.view(), ValueRef::Map(_)).then(|| AttributesMut::of(self.0.nested(6), 1))
    }

    /// As [`as_map_mut`](Self::as_map_mut), for good.
    pub fn into_map_mut(self) -> Option<AttributesMut<'a>> {
        matches!(self.view(), ValueRef::Map(_)).then(|| AttributesMut::of(self.0.into_nested(6), 1))
    }

    /// The value as a list, if it is one.
    pub fn as_array_mut(&mut self) -> Option<ValuesMut<'_>> {
        matches!(self.view(), ValueRef::Array(_)).then(|| ValuesMut(self.0.nested(5)))
    }
}

/// A list of values, to be changed.
#[derive(Debug)]
pub struct ValuesMut<'a>(MessageMut<'a>);

impl ValuesMut<'_> {
    /// The list as it is now.
    pub fn view(&self) -> Values<'_> {
        Values::of(self.0.bytes())
    }

    /// The value at `index`, to be changed.
    pub fn get_mut(&mut self, index: usize) -> Option<ValueMut<'_>> {
        let mut left = index.saturating_add(1);
        let at = self.0.position(|field| {
            left -= usize::from(field.number == 1);
            left == 0
        })?;
        Some(ValueMut(self.0.nested_at(at.start)))
    }

    /// Adds a value at the end.
    pub fn push<'v>(&mut self, value: impl Into<ValueRef<'v>>) {
        self.push_value(value.into());
    }

    fn push_value(&mut self, value: ValueRef<'_>) {
        let depth = self.0.depth();
        bounded(value, depth, |value| {
            self.0.append(|to| {
                put::head(to, 1, size(value));
                write(to, value);
            });
        });
    }

    /// Calls `change` on each value, in order.
    pub fn each(&mut self, mut change: impl FnMut(ValueMut<'_>)) {
        self.0.each(1, |value| {
            change(ValueMut(value));
            true
        });
    }
}

/// Calls `then` with `value`, or with its text if it goes too deep.
#[inline]
pub(super) fn bounded(value: ValueRef<'_>, depth: usize, then: impl FnOnce(ValueRef<'_>)) {
    let nests = matches!(value, ValueRef::Array(_) | ValueRef::Map(_));
    if (nests || depth > DEPTH) && depth + nesting(value) > DEPTH {
        then(ValueRef::Str(&value.to_text()));
    } else {
        then(value);
    }
}

/// How many messages deep a value is. Its own depth was checked.
fn nesting(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Array(values) => 2 + values.iter().map(nesting).max().unwrap_or(0),
        ValueRef::Map(map) => 3 + map.iter().map(|(_, value)| nesting(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Size of `value` as an `AnyValue`'s body.
pub(super) fn size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Empty => 0,
        ValueRef::Str(text) => put::bytes_len(1, text.len()),
        ValueRef::Bool(_) => 2,
        ValueRef::Int(value) => 1 + put::varint64_len(value.cast_unsigned()),
        ValueRef::Double(_) => 9,
        ValueRef::Bytes(bytes) => put::bytes_len(7, bytes.len()),
        ValueRef::Array(values) => put::bytes_len(5, values.encoded().len()),
        ValueRef::Map(map) => {
            let pairs = Fields::of(map.encoded().0).filter(|field| field.number == map.encoded().1);
            put::bytes_len(6, pairs.map(|field| put::bytes_len(1, field.value.len())).sum())
        }
    }
}

/// Appends `value` as an `AnyValue`'s body.
pub(super) fn write(to: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Empty => {}
        ValueRef::Str(text) => put::bytes(to, 1, text.as_bytes()),
        ValueRef::Bool(value) => put::varint_field(to, 2, value.into()),
        ValueRef::Int(value) => put::varint_field(to, 3, value.cast_unsigned()),
        ValueRef::Double(value) => put::fixed64(to, 4, value.to_bits()),
        ValueRef::Bytes(bytes) => put::bytes(to, 7, bytes),
        ValueRef::Array(values) => put::bytes(to, 5, values.encoded()),
        ValueRef::Map(map) => {
            let (body, number) = map.encoded();
            let pairs = || Fields::of(body).filter(|field| field.number == number);
            put::head(to, 6, pairs().map(|field| put::bytes_len(1, field.value.len())).sum());
            for field in pairs() {
                put::bytes(to, 1, field.value);
            }
        }
    }
}

/// Appends a key-value pair as the field `number`.
pub(crate) fn write_pair(to: &mut Vec<u8>, number: u32, key: &str, value: ValueRef<'_>) {
    if write_short_pair(to, number, key, value) {
        return;
    }
    let size = size(value);
    let len = put::bytes_len(1, key.len()) + put::bytes_len(2, size);
    to.reserve(put::bytes_len(number, len));
    put::head(to, number, len);
    put::bytes(to, 1, key.as_bytes());
    put::head(to, 2, size);
    write(to, value);
}

/// As [`write_pair`], if it is a short text or a small number, as most are: every length in it is a byte. Whether it was.
pub(super) fn write_short_pair(to: &mut Vec<u8>, number: u32, key: &str, value: ValueRef<'_>) -> bool {
    if number < 16 && key.len() < 0x80 - 12 {
        let head = put::low(u64::from(number)) << 3 | 2;
        match value {
            ValueRef::Str(text) => return write_short_text(to, number, key, text.as_bytes()),
            ValueRef::Bool(value) => return short_pair(to, head, key, &[0x12, 2, 0x10, value.into()]),
            ValueRef::Int(value @ 0..0x80) => {
                let low = put::low(value.cast_unsigned());
                return short_pair(to, head, key, &[0x12, 2, 0x18, low]);
            }
            ValueRef::Int(value @ 0x80..0x4000) => {
                let [low, high] = [value, value >> 7].map(|part| put::low(part.cast_unsigned()));
                return short_pair(to, head, key, &[0x12, 3, 0x18, low | 0x80, high]);
            }
            _ => {}
        }
    }
    false
}

/// An attribute that is written once and put in many places: a short text or a small number.
#[derive(Clone, Debug)]
pub struct ShortPair(Box<[u8]>);

impl ShortPair {
    /// The attribute as it is put anywhere, if it is a short one.
    pub fn of(key: &str, value: ValueRef<'_>) -> Option<Self> {
        let mut pair = Vec::new();
        write_short_pair(&mut pair, 1, key, value).then(|| Self(pair.into()))
    }

    /// Appends it as the field `number`; whether it was, which it is if the number is one of those that take a byte.
    #[inline]
    pub(super) fn write(&self, to: &mut Vec<u8>, number: u32) -> bool {
        let at = to.len();
        if number >= 16 {
            return false;
        }
        to.extend_from_slice(&self.0);
        if let Some(head) = to.get_mut(at) {
            *head = put::low(u64::from(number)) << 3 | 2;
        }
        true
    }
}

/// As [`write_short_pair`], of a text.
#[expect(clippy::inline_always, reason = "most of what is written goes through here")]
#[inline(always)]
pub(super) fn write_short_text(to: &mut Vec<u8>, number: u32, key: &str, text: &[u8]) -> bool {
    let short = begin_short_text(to, number, key, text.len());
    if short {
        to.extend_from_slice(text);
    }
    short
}

/// As [`write_short_pair`], of a text of `len` bytes that the caller appends.
#[expect(clippy::inline_always, reason = "as `write_short_text`")]
#[inline(always)]
pub(super) fn begin_short_text(to: &mut Vec<u8>, number: u32, key: &str, len: usize) -> bool {
    if number >= 16 || key.len() + len >= 0x80 - 6 {
        return false;
    }
    to.reserve(8 + key.len() + len);
    let head = put::low(u64::from(number)) << 3 | 2;
    let [name, len] = [key.len() as u64, len as u64].map(put::low);
    to.extend_from_slice(&[head, name + len + 6, 0x0a, name]);
    to.extend_from_slice(key.as_bytes());
    to.extend_from_slice(&[0x12, len + 2, 0x0a, len]);
    true
}

/// Appends a key-value pair whose lengths are a byte each.
#[inline]
fn short_pair(to: &mut Vec<u8>, head: u8, key: &str, value: &[u8]) -> bool {
    let len = 2 + key.len() + value.len();
    to.reserve(2 + len);
    to.extend_from_slice(&[head, put::low(len as u64), 0x0a, put::low(key.len() as u64)]);
    to.extend_from_slice(key.as_bytes());
    to.extend_from_slice(value);
    true
}

/// Whether an encoded key-value pair has the key `key`.
pub(super) fn has_key(body: &[u8], key: &str) -> bool {
    pair(body).0 == key.as_bytes()
}
