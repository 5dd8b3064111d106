//! Where a message's fields stand, for who reads many of them.

use std::ops::Range;

use super::{ValueRef, low32, pair};
use crate::fields::Fields;

/// So many fields are remembered, by their numbers; none of OTLP's has a higher one.
const NUMBERS: usize = 17;

/// Where the fields and the attributes of one message stand: found by going through it once, where each read of its own
/// would have to. The first read after [`forget`](Self::forget) goes through the message anyway, so that who reads
/// one field pays for one; unless there were more reads of the message before.
///
/// It is asked with the message, and notices one that lies elsewhere. Whoever changes the message in its place has to say so,
/// or reads values that are no longer there; nothing worse comes of it.
#[derive(Clone, Debug)]
pub struct Index {
    /// The field that holds the attributes.
    attributes: u32,
    /// The message that was gone through: where it begins, and how long it is.
    of: (usize, usize),
    /// How often was asked about the message since.
    asked: u32,
    /// Whether the message before was asked about so often that this one is gone through at once.
    eager: bool,
    /// Where the last field of each number stands.
    fields: [Part; NUMBERS],
    pairs: Vec<Pair>,
}

/// Where a part begins, and how long it is. What is absent is empty.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    at: u32,
    len: u32,
}

impl Part {
    /// Where `part` stands in `whole`, of which it is a part. Requests are smaller than 2 GiB.
    #[inline]
    fn of(whole: &[u8], part: &[u8]) -> Self {
        Self { at: low(part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())), len: low(part.len()) }
    }

    #[inline]
    fn range(self) -> Range<usize> {
        self.at as usize..self.at as usize + self.len as usize
    }

    #[inline]
    fn within(self, whole: &[u8]) -> &[u8] {
        whole.get(self.range()).unwrap_or_default()
    }

    /// That what stands at `from` or behind it now stands `by` bytes further on, or back if that wraps around.
    #[inline]
    fn shift(&mut self, from: u32, by: u32) {
        if self.at >= from {
            self.at = self.at.wrapping_add(by);
        }
    }
}

/// Where an attribute stands: its field in the message, and the key and the value in that, which move along with it.
#[derive(Clone, Debug)]
struct Pair {
    field: Part,
    key: Part,
    value: Part,
}

impl Pair {
    /// The pair `body`, whose field is `whole` and stands at `at`.
    #[inline]
    fn of(at: u32, whole: &[u8], body: &[u8]) -> Self {
        let field = Part { at, len: low(whole.len()) };
        // As everybody writes it: the key, the value, and a byte each for lengths and numbers.
        if let [..0x80, ..0x80, 0x0a, key @ ..0x80, rest @ ..] = whole
            && let Some([0x12, len @ ..0x80, value @ ..]) = rest.get(usize::from(*key)..)
            && value.len() == usize::from(*len)
        {
            let (key, len) = (u32::from(*key), u32::from(*len));
            return Self { field, key: Part { at: 4, len: key }, value: Part { at: 6 + key, len } };
        }
        Self::odd(field, whole, body)
    }

    #[inline(never)]
    fn odd(field: Part, whole: &[u8], body: &[u8]) -> Self {
        let (key, value) = pair(body);
        // What is absent lies somewhere else.
        let part = |part: &[u8]| if part.is_empty() { Part::default() } else { Part::of(whole, part) };
        Self { field, key: part(key), value: part(value) }
    }

    #[inline]
    fn part<'m>(&self, message: &'m [u8], part: Part) -> &'m [u8] {
        Part { at: self.field.at.wrapping_add(part.at), len: part.len }.within(message)
    }
}

/// Where a message lies.
fn place(message: &[u8]) -> (usize, usize) {
    (message.as_ptr().addr(), message.len())
}

/// Positions fit: requests are smaller than 2 GiB.
fn low(at: usize) -> u32 {
    low32(at as u64)
}

impl Index {
    /// The index of messages whose attributes are the field `attributes`; 0 if they have none.
    pub fn new(attributes: u32) -> Self {
        Self {
            attributes,
            of: (0, 0),
            asked: 0,
            eager: false,
            fields: [Part::default(); NUMBERS],
            pairs: Vec::new(),
        }
    }

    /// That the message changed, or that another one follows.
    #[inline]
    pub fn forget(&mut self) {
        self.of = (0, 0);
        self.eager = self.asked > 1;
        self.asked = 0;
    }

    /// The same for messages whose attributes are the field `attributes`.
    pub fn restart(&mut self, attributes: u32) {
        self.attributes = attributes;
        self.forget();
    }

    /// Whether the message has been gone through, or is now.
    #[inline]
    fn knows(&mut self, message: &[u8]) -> bool {
        self.asked = self.asked.saturating_add(1);
        if self.of == place(message) {
            return true;
        }
        if self.asked == 1 && !self.eager {
            return false;
        }
        self.read(message);
        true
    }

    fn read(&mut self, message: &[u8]) {
        self.of = place(message);
        self.fields = [Part::default(); NUMBERS];
        self.pairs.clear();
        let mut at = 0;
        for field in Fields::of(message) {
            let len = low(field.whole.len());
            if field.number == self.attributes {
                self.pairs.push(Pair::of(at, field.whole, field.value));
            } else if let Some(place) = self.fields.get_mut(field.number as usize) {
                *place = Part { at, len };
            }
            at += len;
        }
    }

    /// The part of the message in which a view of it finds the field `number`, if nothing else. Not for what is repeated.
    #[inline]
    pub fn narrow<'m>(&mut self, message: &'m [u8], number: u32) -> &'m [u8] {
        if !self.knows(message) {
            return message;
        }
        match self.fields.get(number as usize) {
            Some(at) => at.within(message),
            None => message,
        }
    }

    /// The value of the attribute `key`.
    #[inline]
    pub fn attribute<'m>(&mut self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        if !self.knows(message) {
            return super::Attributes::of(message, self.attributes).get(key);
        }
        self.value(message, key)
    }

    /// As [`attribute`](Self::attribute), for who asks more than once.
    pub(crate) fn known<'m>(&mut self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        self.catch_up(message);
        self.value(message, key)
    }

    fn value<'m>(&self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        let pair = &self.pairs[self.position(message, key)?];
        Some(ValueRef::of(pair.part(message, pair.value)))
    }

    /// Goes through the message unless that was done.
    fn catch_up(&mut self, message: &[u8]) {
        if self.of != place(message) {
            self.read(message);
        }
    }

    fn position(&self, message: &[u8], key: &str) -> Option<usize> {
        let (len, key) = (low(key.len()), key.as_bytes());
        self.pairs.iter().position(|pair| pair.key.len == len && pair.part(message, pair.key) == key)
    }

    /// Which attribute `key` is, and where its field stands.
    pub(crate) fn pair(&mut self, message: &[u8], key: &str) -> Option<(usize, Range<usize>)> {
        self.catch_up(message);
        let at = self.position(message, key)?;
        Some((at, self.pairs[at].field.range()))
    }

    /// That attribute number `at`, which stood at `old`, is something else now: an attribute or nothing. Without a number one
    /// was put at the end.
    pub(crate) fn replaced(&mut self, message: &[u8], at: Option<usize>, old: &Range<usize>) {
        let new = (message.len() + old.len()).saturating_sub(self.of.1);
        self.shift(old, new);
        self.of = place(message);
        let field = Fields::of(message.get(old.start..old.start + new).unwrap_or_default()).next();
        let pair = field.map(|field| Pair::of(low(old.start), field.whole, field.value));
        match (at, pair) {
            (Some(at), Some(pair)) => self.pairs[at] = pair,
            (Some(at), None) => {
                self.pairs.remove(at);
            }
            (None, Some(pair)) => self.pairs.push(pair),
            (None, None) => debug_assert!(old.is_empty(), "nothing was put in the place of no attribute"),
        }
    }

    /// That the field `number`, which is not repeated, was set.
    pub fn set(&mut self, message: &[u8], number: u32) {
        let (was, now) = (self.of.1, message.len());
        let Some(field) = self.fields.get(number as usize).copied().filter(|_| self.of.0 != 0) else {
            return self.forget();
        };
        let old = if field.len == 0 { was..was } else { field.range() };
        let Some(new) = (now + old.len()).checked_sub(was) else { return self.forget() };
        self.shift(&old, new);
        self.of = place(message);
        self.fields[number as usize] = Part { at: low(old.start), len: low(new) };
    }

    /// Moves what stands behind `old` to where it stands now that `new` bytes stand there.
    fn shift(&mut self, old: &Range<usize>, new: usize) {
        if old.len() == new || old.end == self.of.1 {
            return;
        }
        let (from, by) = (low(old.end), low(new).wrapping_sub(low(old.len())));
        for field in &mut self.fields {
            field.shift(from, by);
        }
        for pair in &mut self.pairs {
            pair.field.shift(from, by);
        }
    }
}

#[cfg(test)]
mod tests;
