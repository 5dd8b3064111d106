//! The fields of one message, one after the other, in bytes that were checked.

use crate::wire::{self, In};

/// One field as it stands in its message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) number: u32,
    pub(crate) wire: u32,
    /// Key, length and value.
    pub(crate) whole: In<'a>,
    /// The value: what the length covers, or the bytes of the number.
    pub(crate) value: In<'a>,
}

impl Field<'_> {
    /// How many bytes the key takes.
    pub(crate) fn key_len(&self) -> usize {
        wire::key(self.whole).map_or(0, |(_, rest)| self.whole.len() - rest.len())
    }

    /// The value of a varint.
    pub(crate) fn varint(&self) -> u64 {
        wire::varint(self.value).map_or(0, |(value, _)| value)
    }

    /// The value of a fixed64.
    pub(crate) fn fixed64(&self) -> u64 {
        self.value.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// The value of a fixed32.
    pub(crate) fn fixed32(&self) -> u32 {
        self.value.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }
}

/// Goes through a message's fields. It ends where the bytes are no message, which the check has ruled out.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a>(In<'a>);

impl<'a> Fields<'a> {
    /// The fields of the message `body`.
    pub(crate) fn of(body: In<'a>) -> Self {
        Self(body)
    }

    /// What was not gone through yet.
    pub(crate) fn rest(&self) -> In<'a> {
        self.0
    }

    #[inline]
    fn step(b: In<'a>) -> Option<(Field<'a>, In<'a>)> {
        let (key, at) = wire::key(b)?;
        let (value, rest) = match key & 7 {
            2 => wire::body(at)?,
            1 => at.split_at_checked(8)?,
            5 => at.split_at_checked(4)?,
            0 => at.split_at_checked(at.len() - wire::skip_varint(at)?.len())?,
            _ => at.split_at_checked(at.len() - wire::unknown(key, at, u32::MAX)?.len())?,
        };
        Some((Field { number: key >> 3, wire: key & 7, whole: &b[..b.len() - rest.len()], value }, rest))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        // Most fields are short texts and messages: a byte for the key, a byte for the length.
        if let [key @ ..0x80, len @ ..0x80, ..] = self.0
            && key & 7 == 2
            && let Some((whole, rest)) = self.0.split_at_checked(2 + usize::from(*len))
        {
            self.0 = rest;
            return Some(Field { number: u32::from(key >> 3), wire: 2, whole, value: &whole[2..] });
        }
        if self.0.is_empty() { None } else { self.other() }
    }
}

impl<'a> Fields<'a> {
    /// The next field, most likely a number, or a message whose length takes two bytes.
    #[inline(never)]
    fn other(&mut self) -> Option<Field<'a>> {
        let [key @ ..0x80, first, ..] = self.0 else { return self.any() };
        let (start, len) = match key & 7 {
            0 if *first < 0x80 => (1, 2),
            1 => (1, 9),
            5 => (1, 5),
            2 => match self.0.get(2) {
                Some(second @ ..0x80) => (3, 3 + (usize::from(*first & 0x7f) | usize::from(*second) << 7)),
                _ => return self.any(),
            },
            _ => return self.any(),
        };
        let Some((whole, rest)) = self.0.split_at_checked(len) else { return self.any() };
        self.0 = rest;
        Some(Field { number: u32::from(key >> 3), wire: u32::from(key & 7), whole, value: &whole[start..] })
    }

    /// The next field, of whatever length and type.
    #[inline(never)]
    fn any(&mut self) -> Option<Field<'a>> {
        if let Some((field, rest)) = Self::step(self.0) {
            self.0 = rest;
            Some(field)
        } else {
            self.0 = &[];
            None
        }
    }
}
