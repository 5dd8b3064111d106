//! Attributes: key-value pairs in order.

use super::{ValueRef, text};
use crate::{fields::Fields, wire::In};

/// Attributes, or a map value. They are a list: OTLP forbids a key to come twice, but nothing stops it, and then the
/// first counts, as in the Go collector.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a> {
    body: In<'a>,
    number: u32,
}

impl<'a> Attributes<'a> {
    /// No attributes.
    pub const NONE: Self = Self { body: &[], number: 1 };

    /// The key-value pairs that field `number` of `body` repeats.
    pub(crate) fn of(body: In<'a>, number: u32) -> Self {
        Self { body, number }
    }

    /// The message that holds the pairs, and which field of it repeats them.
    pub(crate) fn encoded(self) -> (In<'a>, u32) {
        (self.body, self.number)
    }

    /// The pairs, in order.
    pub fn iter(self) -> AttributesIter<'a> {
        AttributesIter { fields: Fields::of(self.body), number: self.number }
    }

    /// The value of `key`.
    pub fn get(self, key: &str) -> Option<ValueRef<'a>> {
        self.pairs().find(|(own, _)| *own == key.as_bytes()).map(|(_, value)| ValueRef::of(value))
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.encoded_pairs().count()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.encoded_pairs().next().is_none()
    }

    /// Whether no attribute takes more than `len` bytes, so that what is in one does not either: told without looking at
    /// what is in them.
    pub fn all_within(self, len: usize) -> bool {
        self.encoded_pairs().all(|pair| pair.len() <= len)
    }

    fn encoded_pairs(self) -> impl Iterator<Item = In<'a>> {
        Fields::of(self.body).filter(move |field| field.number == self.number).map(|field| field.value)
    }

    fn pairs(self) -> impl Iterator<Item = (In<'a>, In<'a>)> {
        self.encoded_pairs().map(pair)
    }
}

impl<'a> IntoIterator for Attributes<'a> {
    type Item = (&'a str, ValueRef<'a>);
    type IntoIter = AttributesIter<'a>;

    fn into_iter(self) -> AttributesIter<'a> {
        self.iter()
    }
}

/// Goes through attributes.
#[derive(Clone, Debug)]
pub struct AttributesIter<'a> {
    fields: Fields<'a>,
    number: u32,
}

impl<'a> Iterator for AttributesIter<'a> {
    type Item = (&'a str, ValueRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let field = self.fields.find(|field| field.number == self.number)?;
        let (key, value) = pair(field.value);
        Some((text(key), ValueRef::of(value)))
    }
}

/// A `KeyValue`'s key and encoded value.
#[inline]
pub(crate) fn pair(body: In<'_>) -> (In<'_>, In<'_>) {
    // As everybody writes it: the key, the value, and lengths of a byte each.
    if let [0x0a, len @ ..0x80, rest @ ..] = body
        && let Some((key, [0x12, len @ ..0x80, value @ ..])) = rest.split_at_checked(usize::from(*len))
        && value.len() == usize::from(*len)
    {
        return (key, value);
    }
    let (mut key, mut value): (In<'_>, In<'_>) = (&[], &[]);
    for field in Fields::of(body) {
        match field.number {
            1 => key = field.value,
            2 => value = field.value,
            _ => {}
        }
    }
    (key, value)
}
