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
        self.pairs().count()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.pairs().next().is_none()
    }

    fn pairs(self) -> impl Iterator<Item = (In<'a>, In<'a>)> {
        let number = self.number;
        Fields::of(self.body).filter(move |field| field.number == number).map(|field| pair(field.value))
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
