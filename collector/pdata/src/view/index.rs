//! Where a message's fields stand, for who reads many of them.

use std::ops::Range;

use super::{ValueRef, pair};
use crate::fields::Fields;

/// So many fields are remembered, by their numbers; none of OTLP's has a higher one.
const NUMBERS: usize = 32;

/// Where the fields and the attributes of one message stand: found by going through it once, where each read of its own
/// would have to. The first read after [`forget`](Self::forget) goes through the message anyway, so that who reads
/// one field pays for one.
///
/// It is asked with the message, and notices one that lies elsewhere. Whoever changes the message in its place has to say so,
/// or reads values that are no longer there; nothing worse comes of it.
#[derive(Clone, Debug)]
pub struct Index {
    /// The field that holds the attributes.
    attributes: u32,
    /// The message that was gone through: where it begins, and how long it is.
    of: (usize, usize),
    /// The message that was asked about once.
    asked: (usize, usize),
    /// Where the last field of each number stands.
    fields: [(u32, u32); NUMBERS],
    pairs: Vec<Pair>,
}

/// Where an attribute stands: its field, and the key and the value in it.
#[derive(Clone, Debug)]
struct Pair {
    field: (u32, u32),
    key: (u32, u32),
    value: (u32, u32),
}

/// Where a message lies.
fn place(message: &[u8]) -> (usize, usize) {
    (message.as_ptr().addr(), message.len())
}

/// Where `part` stands in `message`, of which it is a part. Requests are smaller than 2 GiB.
fn within(message: &[u8], part: &[u8]) -> (u32, u32) {
    let start = part.as_ptr().addr().saturating_sub(message.as_ptr().addr());
    (low(start), low(start + part.len()))
}

fn low(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[inline]
fn range((start, end): (u32, u32)) -> Range<usize> {
    start as usize..end as usize
}

#[inline]
fn slice(message: &[u8], at: (u32, u32)) -> &[u8] {
    message.get(range(at)).unwrap_or_default()
}

impl Index {
    /// The index of messages whose attributes are the field `attributes`; 0 if they have none.
    pub fn new(attributes: u32) -> Self {
        Self { attributes, of: (0, 0), asked: (0, 0), fields: [(0, 0); NUMBERS], pairs: Vec::new() }
    }

    /// That the message changed, or that another one follows.
    #[inline]
    pub fn forget(&mut self) {
        self.of = (0, 0);
        self.asked = (0, 0);
    }

    /// The same for messages whose attributes are the field `attributes`.
    pub fn restart(&mut self, attributes: u32) {
        self.attributes = attributes;
        self.forget();
    }

    /// Whether the message has been gone through, or is now.
    #[inline]
    fn knows(&mut self, message: &[u8]) -> bool {
        let here = place(message);
        if self.of == here {
            return true;
        }
        if self.asked != here {
            self.asked = here;
            return false;
        }
        self.read(message);
        true
    }

    fn read(&mut self, message: &[u8]) {
        self.of = place(message);
        self.fields = [(0, 0); NUMBERS];
        self.pairs.clear();
        for field in Fields::of(message) {
            if field.number == self.attributes {
                self.pairs.push(Self::pair_at(message, field.whole, field.value));
            } else if let Some(place) = self.fields.get_mut(field.number as usize) {
                *place = within(message, field.whole);
            }
        }
    }

    fn pair_at(message: &[u8], whole: &[u8], body: &[u8]) -> Pair {
        let (key, value) = pair(body);
        // What is absent stands at the start of the message, and is empty.
        let at = |part: &[u8]| if part.is_empty() { (0, 0) } else { within(message, part) };
        Pair { field: within(message, whole), key: at(key), value: at(value) }
    }

    /// The part of the message in which a view of it finds the field `number`, if nothing else. Not for what is repeated.
    #[inline]
    pub fn narrow<'m>(&mut self, message: &'m [u8], number: u32) -> &'m [u8] {
        if !self.knows(message) {
            return message;
        }
        match self.fields.get(number as usize) {
            Some(at) => slice(message, *at),
            None => message,
        }
    }

    /// The value of the attribute `key`.
    #[inline]
    pub fn attribute<'m>(&mut self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        if !self.knows(message) {
            return super::Attributes::of(message, self.attributes).get(key);
        }
        self.position(message, key).map(|at| ValueRef::of(slice(message, self.pairs[at].value)))
    }

    fn position(&self, message: &[u8], key: &str) -> Option<usize> {
        self.pairs.iter().position(|pair| slice(message, pair.key) == key.as_bytes())
    }

    /// Where the field of the attribute `key` stands.
    pub(crate) fn pair(&mut self, message: &[u8], key: &str) -> Option<Range<usize>> {
        if self.of != place(message) {
            self.read(message);
        }
        self.position(message, key).map(|at| range(self.pairs[at].field))
    }

    /// That `old` of the message, an attribute or nothing at the end, is something else now: an attribute or nothing.
    pub(crate) fn replaced(&mut self, message: &[u8], old: &Range<usize>) {
        let new = (message.len() + old.len()).saturating_sub(self.of.1);
        self.of = place(message);
        self.shift(old, new);
        let (start, end) = (low(old.start), low(old.end));
        let at = self.pairs.iter().position(|pair| !old.is_empty() && pair.field.0 == start);
        let field = Fields::of(message.get(old.start..old.start + new).unwrap_or_default()).next();
        match (at, field) {
            (Some(at), Some(field)) => self.pairs[at] = Self::pair_at(message, field.whole, field.value),
            (Some(at), None) => {
                self.pairs.remove(at);
            }
            (None, Some(field)) => self.pairs.push(Self::pair_at(message, field.whole, field.value)),
            (None, None) => debug_assert_eq!(start, end, "nothing was put in the place of no attribute"),
        }
    }

    /// That the field `number`, which is not repeated, was set.
    pub fn set(&mut self, message: &[u8], number: u32) {
        let (was, now) = (self.of.1, message.len());
        let Some(field) = self.fields.get(number as usize).copied().filter(|_| self.of.0 != 0) else {
            return self.forget();
        };
        let old = if field.1 == 0 { was..was } else { range(field) };
        let Some(new) = (now + old.len()).checked_sub(was) else { return self.forget() };
        self.of = place(message);
        self.shift(&old, new);
        self.fields[number as usize] = (low(old.start), low(old.start + new));
    }

    /// Moves what stands behind `old` to where it stands now that `new` bytes stand there.
    fn shift(&mut self, old: &Range<usize>, new: usize) {
        if old.len() == new {
            return;
        }
        let (from, less, more) = (low(old.end), low(old.len()), low(new));
        let mend = |at: &mut (u32, u32)| {
            if at.0 >= from && at.1 > at.0 {
                *at = (at.0 + more - less, at.1 + more - less);
            }
        };
        self.fields.iter_mut().for_each(mend);
        for pair in &mut self.pairs {
            mend(&mut pair.field);
            mend(&mut pair.key);
            mend(&mut pair.value);
        }
    }
}

#[cfg(test)]
mod tests;
