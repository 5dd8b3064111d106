//! The value of an attribute or a log's body.

use std::borrow::Cow;

use super::{Attributes, text};
use crate::{
    fields::Fields,
    json::{self, base64, number},
    view::find,
    wire::In,
};

/// A value of any kind.
#[derive(Clone, Copy, Debug)]
pub enum ValueRef<'a> {
    /// No value.
    Empty,
    /// Text.
    Str(&'a str),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A list of values.
    Array(Values<'a>),
    /// Key-value pairs.
    Map(Attributes<'a>),
}

impl<'a> ValueRef<'a> {
    /// Reads an encoded `AnyValue`.
    pub(crate) fn of(body: In<'a>) -> Self {
        // Most values are short texts, and most others small numbers.
        match body {
            [0x0a, len @ ..0x80, rest @ ..] if rest.len() == usize::from(*len) => Self::Str(text(rest)),
            [0x18, low @ ..0x80] => Self::Int(i64::from(*low)),
            [0x18, low, high @ ..0x80] => Self::Int(i64::from(*low & 0x7f) | i64::from(*high) << 7),
            _ => Self::any(body),
        }
    }

    #[inline(never)]
    fn any(body: In<'a>) -> Self {
        let mut value = Self::Empty;
        for field in Fields::of(body) {
            value = match field.number {
                1 => Self::Str(text(field.value)),
                2 => Self::Bool(field.varint() != 0),
                3 => Self::Int(field.varint().cast_signed()),
                4 => Self::Double(f64::from_bits(field.fixed64())),
                5 => Self::Array(Values::of(field.value)),
                6 => Self::Map(Attributes::of(field.value, 1)),
                7 => Self::Bytes(field.value),
                8 => Self::Empty,
                _ => continue,
            };
        }
        value
    }

    /// The name of the kind of value, as the Go collector prints it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Str(_) => "Str",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::Double(_) => "Double",
            Self::Bytes(_) => "Bytes",
            Self::Array(_) => "Slice",
            Self::Map(_) => "Map",
        }
    }

    /// The text, if it is text.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Appends the value as plain JSON, keys sorted, bytes in base64, no value as null.
    pub fn write_json(self, to: &mut Vec<u8>) {
        json::raw::write(to, self);
    }

    /// How many bytes its text, its bytes or what is in it take, about.
    pub fn byte_len(self) -> usize {
        match self {
            Self::Str(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Array(values) => values.encoded().len(),
            Self::Map(map) => map.encoded().0.len(),
            Self::Empty | Self::Bool(_) | Self::Int(_) | Self::Double(_) => 0,
        }
    }

    /// The value as text, as the Go collector's `AsString` has it: text as it is, numbers as JSON writes them, bytes in
    /// base64, lists and maps as JSON with sorted keys, nothing for no value.
    pub fn to_text(self) -> Cow<'a, str> {
        let mut out = Vec::new();
        match self {
            Self::Empty => return Cow::Borrowed(""),
            Self::Str(text) => return Cow::Borrowed(text),
            Self::Bool(value) => return Cow::Borrowed(if value { "true" } else { "false" }),
            Self::Int(value) => return Cow::Owned(value.to_string()),
            Self::Double(value) => number::double(&mut out, value, number::Style::Es6),
            Self::Bytes(bytes) => base64::encode(&mut out, bytes),
            Self::Array(_) | Self::Map(_) => json::raw::write(&mut out, self),
        }
        // All that was written is text; the default is for the type.
        Cow::Owned(String::from_utf8(out).unwrap_or_default())
    }
}

/// A list of values.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a>(In<'a>);

impl<'a> Values<'a> {
    /// The values of an encoded `ArrayValue`.
    pub(crate) fn of(body: In<'a>) -> Self {
        Self(body)
    }

    /// The encoded `ArrayValue`.
    pub(crate) fn encoded(self) -> In<'a> {
        self.0
    }

    /// The values, in order.
    pub fn iter(self) -> impl Iterator<Item = ValueRef<'a>> + Clone {
        Fields::of(self.0).filter(|field| field.number == 1).map(|field| ValueRef::of(field.value))
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        find(self.0, 1).is_none()
    }
}

macro_rules! from { ($($from:ty, $value:ident => $to:expr;)*) => { $(
    impl<'a> From<$from> for ValueRef<'a> {
        fn from($value: $from) -> Self {
            $to
        }
    }
)* } }

from! {
    &'a str, value => Self::Str(value);
    &'a String, value => Self::Str(value);
    bool, value => Self::Bool(value);
    i64, value => Self::Int(value);
    i32, value => Self::Int(value.into());
    u32, value => Self::Int(value.into());
    f64, value => Self::Double(value);
    &'a [u8], value => Self::Bytes(value);
}
