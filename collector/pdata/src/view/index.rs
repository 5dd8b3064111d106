//! Where a message's fields stand, for who reads many of them.

use std::ops::Range;

use super::{ValueRef, low32, pair, text};
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
    /// How often was asked about the message since, as far as that matters: [`OFTEN`] is all.
    asked: u32,
    /// Whether the message before was asked about so often that this one is gone through at once.
    eager: bool,
    /// Where the last field of each number stands.
    fields: [Part; NUMBERS],
    /// The numbers of the fields that are there, each a bit.
    present: u32,
    /// Those that may stand behind an attribute.
    behind: u32,
    /// In the order in which they stand.
    pairs: Vec<Pair>,
    /// How many of the pairs were removed. They stay, so that the others keep their numbers.
    gone: usize,
    /// How long the longest field of a pair is, or was.
    longest: u32,
    /// Whether it is that still.
    exact: bool,
    /// By a hash of the key, the number of the only pair that has it, one up; nothing if none has it, [`MANY`] if several
    /// have.
    slots: [u8; SLOTS],
}

/// Who asks so often has the message gone through, and the next at once.
const OFTEN: u32 = 2;

/// A power of two.
const SLOTS: usize = 128;
const MANY: u8 = u8::MAX;

/// The length that no key has: the pair was removed.
const GONE: u32 = u32::MAX;

/// The slot of a key.
#[inline]
fn slot(key: &[u8]) -> usize {
    let last = key.last().copied().unwrap_or_default();
    (key.len() ^ usize::from(last) << 2) % SLOTS
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
#[derive(Clone, Debug, Default)]
struct Pair {
    field: Part,
    key: Part,
    value: Part,
}

impl Pair {
    /// The pair `body`, whose field is `whole` and stands at `at`.
    #[inline]
    fn of(at: u32, whole: &[u8], body: &[u8]) -> Self {
        Self::short(at, whole).unwrap_or_else(|| Self::odd(at, whole, body))
    }

    /// A pair as everybody writes it: the key, the value, and a byte each for lengths and numbers.
    #[inline]
    fn short(at: u32, whole: &[u8]) -> Option<Self> {
        if let [..0x80, ..0x80, 0x0a, key @ ..0x80, rest @ ..] = whole
            && let Some([0x12, len @ ..0x80, value @ ..]) = rest.get(usize::from(*key)..)
            && value.len() == usize::from(*len)
        {
            let (key, len) = (u32::from(*key), u32::from(*len));
            let field = Part { at, len: low(whole.len()) };
            return Some(Self { field, key: Part { at: 4, len: key }, value: Part { at: 6 + key, len } });
        }
        None
    }

    /// Whether it has that key.
    #[inline]
    fn has(&self, message: &[u8], key: &str) -> bool {
        self.key.len == low(key.len()) && self.part(message, self.key) == key.as_bytes()
    }

    /// The pair that `message` has in the field at `at`, which goes on to its end.
    #[inline]
    fn last(message: &[u8], at: usize) -> Option<Self> {
        let whole = message.get(at..)?;
        Self::short(low(at), whole).or_else(|| {
            let field = Fields::of(whole).next()?;
            Some(Self::odd(low(at), field.whole, field.value))
        })
    }

    #[inline(never)]
    fn odd(at: u32, whole: &[u8], body: &[u8]) -> Self {
        let field = Part { at, len: low(whole.len()) };
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

/// What an attribute is for who only wants to copy it.
#[derive(Clone, Debug)]
pub enum Text<T> {
    /// It is not there.
    Absent,
    /// A short text.
    Short(T),
    /// Anything else.
    Other,
}

/// A short text as it stands in a message. It was checked there, and nobody has to look at it again who puts it elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct ShortText<'a>(&'a [u8]);

impl<'a> ShortText<'a> {
    #[inline]
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.0
    }
}

/// The number of the field that `message` begins with, and how many bytes it takes; nothing takes none.
#[inline]
fn head(message: &[u8]) -> (u32, usize) {
    let [key @ ..0x80, first, ..] = message else { return other_head(message) };
    let len = match (key & 7, first) {
        (2, ..0x80) => 2 + usize::from(*first),
        (0, ..0x80) => 2,
        (1, _) => 9,
        (5, _) => 5,
        _ => return other_head(message),
    };
    (u32::from(key >> 3), len)
}

#[inline(never)]
fn other_head(message: &[u8]) -> (u32, usize) {
    Fields::of(message).next().map_or((0, 0), |field| (field.number, field.whole.len()))
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
            present: 0,
            behind: 0,
            pairs: Vec::new(),
            gone: 0,
            longest: 0,
            exact: true,
            slots: [0; SLOTS],
        }
    }

    /// That the message changed, or that another one follows.
    #[inline]
    pub fn forget(&mut self) {
        self.of = (0, 0);
        self.eager = self.asked >= OFTEN;
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
        if self.of == place(message) {
            self.asked = OFTEN;
            return true;
        }
        self.learns(message)
    }

    #[inline(never)]
    fn learns(&mut self, message: &[u8]) -> bool {
        self.asked = self.asked.saturating_add(1);
        if self.asked < OFTEN && !self.eager {
            return false;
        }
        self.read(message);
        true
    }

    fn read(&mut self, message: &[u8]) {
        self.of = place(message);
        self.fields = [Part::default(); NUMBERS];
        self.pairs.clear();
        self.gone = 0;
        (self.longest, self.exact) = (0, true);
        self.slots = [0; SLOTS];
        (self.present, self.behind) = (0, 0);
        let mut rest = message;
        loop {
            let (number, len) = head(rest);
            let Some((whole, behind)) = rest.split_at_checked(len).filter(|_| len > 0) else { break };
            let at = low(message.len() - rest.len());
            if number == self.attributes {
                match Pair::short(at, whole) {
                    Some(pair) => self.push(message, pair),
                    None => self.push_odd(message, at, whole),
                }
            } else {
                self.place_at(number, Part { at, len: low(len) });
            }
            rest = behind;
        }
    }

    /// Remembers where a field stands that is no attribute.
    #[inline]
    fn place_at(&mut self, number: u32, part: Part) {
        let Some(place) = self.fields.get_mut(number as usize) else { return };
        *place = part;
        self.present |= 1 << number;
        if !self.pairs.is_empty() {
            self.behind |= 1 << number;
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
    #[expect(
        clippy::inline_always,
        reason = "what most statements spend most of their time on: each call in between is a tenth of it"
    )]
    #[inline(always)]
    pub fn attribute<'m>(&mut self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        if self.knows(message) { self.value(message, key) } else { self.plain(message, key) }
    }

    #[inline(never)]
    fn plain<'m>(&self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        super::Attributes::of(message, self.attributes).get(key)
    }

    /// As [`attribute`](Self::attribute), for who asks more than once.
    pub(crate) fn known<'m>(&mut self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        self.catch_up(message);
        self.value(message, key)
    }

    #[expect(clippy::inline_always, reason = "a part of `attribute`")]
    #[inline(always)]
    fn value<'m>(&self, message: &'m [u8], key: &str) -> Option<ValueRef<'m>> {
        let pair = self.pairs.get(self.position(message, key)?)?;
        let value = pair.part(message, pair.value);
        if let [0x0a, len @ ..0x80, rest @ ..] = value
            && rest.len() == usize::from(*len)
        {
            return Some(ValueRef::Str(text(rest)));
        }
        Some(ValueRef::of(value))
    }

    /// Where the text stands that the attribute `key` is.
    #[inline]
    pub(crate) fn text_at(&mut self, message: &[u8], key: &str) -> Text<Range<usize>> {
        self.catch_up(message);
        let Some(pair) = self.position(message, key).and_then(|at| self.pairs.get(at)) else {
            return Text::Absent;
        };
        match pair.part(message, pair.value) {
            [0x0a, len @ ..0x80, rest @ ..] if rest.len() == usize::from(*len) => {
                let start = pair.field.at.wrapping_add(pair.value.at) as usize + 2;
                Text::Short(start..start + rest.len())
            }
            _ => Text::Other,
        }
    }

    /// The text that the attribute `key` is, to be put elsewhere.
    #[inline]
    pub fn text<'m>(&mut self, message: &'m [u8], key: &str) -> Text<ShortText<'m>> {
        match self.text_at(message, key) {
            Text::Absent => Text::Absent,
            Text::Short(range) => Text::Short(ShortText(message.get(range).unwrap_or_default())),
            Text::Other => Text::Other,
        }
    }

    /// Goes through the message unless that was done.
    #[inline]
    fn catch_up(&mut self, message: &[u8]) {
        if self.of != place(message) {
            self.read(message);
        }
    }

    #[inline(never)]
    fn push_odd(&mut self, message: &[u8], at: u32, whole: &[u8]) {
        if let Some(field) = Fields::of(whole).next() {
            self.push(message, Pair::odd(at, whole, field.value));
        }
    }

    #[inline]
    fn push(&mut self, message: &[u8], pair: Pair) {
        self.take(slot(pair.part(message, pair.key)), pair);
    }

    #[inline]
    fn take(&mut self, slot: usize, pair: Pair) {
        let slot = &mut self.slots[slot % SLOTS];
        if pair.field.len >= self.longest {
            (self.longest, self.exact) = (pair.field.len, true);
        }
        self.pairs.push(pair);
        *slot = match u8::try_from(self.pairs.len()) {
            Ok(number @ 0..=0xfe) if *slot == 0 => number,
            _ => MANY,
        };
    }

    #[inline]
    fn position(&self, message: &[u8], key: &str) -> Option<usize> {
        match self.slots[slot(key.as_bytes())] {
            0 => None,
            MANY => self.search(message, key),
            number => {
                let at = usize::from(number) - 1;
                self.pairs.get(at).filter(|pair| pair.has(message, key)).map(|_| at)
            }
        }
    }

    #[inline(never)]
    fn search(&self, message: &[u8], key: &str) -> Option<usize> {
        self.pairs.iter().position(|pair| pair.has(message, key))
    }

    /// Which attribute `key` is, and where its field stands.
    #[inline]
    pub(crate) fn pair(&mut self, message: &[u8], key: &str) -> Option<(usize, Range<usize>)> {
        self.catch_up(message);
        let at = self.position(message, key)?;
        Some((at, self.pairs[at].field.range()))
    }

    /// That attribute number `at`, which stood at `old`, is something else now: another attribute or nothing.
    pub(crate) fn replaced(&mut self, message: &[u8], at: usize, old: &Range<usize>) {
        let new = (message.len() + old.len()).saturating_sub(self.of.1);
        self.shift(old, new);
        self.of = place(message);
        if low(new) >= self.longest {
            (self.longest, self.exact) = (low(new), true);
        } else if low(old.len()) >= self.longest {
            self.exact = false;
        }
        let field = Fields::of(message.get(old.start..old.start + new).unwrap_or_default()).next();
        self.pairs[at] = if let Some(field) = field {
            Pair::of(low(old.start), field.whole, field.value)
        } else {
            self.gone += 1;
            Pair {
                field: Part { at: low(old.start), len: 0 },
                key: Part { at: 0, len: GONE },
                value: Part::default(),
            }
        };
    }

    /// The slot of an attribute `key`, if there is none.
    #[inline]
    pub(crate) fn vacant(&mut self, message: &[u8], key: &str) -> Option<usize> {
        self.catch_up(message);
        let slot = slot(key.as_bytes());
        (self.slots[slot] == 0 || self.position(message, key).is_none()).then_some(slot)
    }

    /// That the attribute of that slot, in which every length is a byte and the key takes `name`, was put at the end of
    /// the message that was gone through.
    #[inline]
    pub(crate) fn wrote(&mut self, message: &[u8], slot: usize, name: usize) {
        let (end, name) = (self.of.1, low(name));
        let len = low(message.len().saturating_sub(end));
        self.of = place(message);
        self.take(
            slot,
            Pair {
                field: Part { at: low(end), len },
                key: Part { at: 4, len: name },
                value: Part { at: 6 + name, len: len.saturating_sub(6 + name) },
            },
        );
    }

    /// That an attribute was put at the end of the message, behind what ended at `end`.
    pub(crate) fn added(&mut self, message: &[u8], end: usize) {
        self.of = place(message);
        if let Some(pair) = Pair::last(message, end) {
            self.push(message, pair);
        }
    }

    /// How many attributes there are, and how many bytes the longest takes with what stands around it.
    pub fn extent(&mut self, message: &[u8]) -> (usize, usize) {
        self.catch_up(message);
        if !self.exact {
            self.longest = self.pairs.iter().map(|pair| pair.field.len).max().unwrap_or_default();
            self.exact = true;
        }
        (self.pairs.len() - self.gone, self.longest as usize)
    }

    /// Where the field `number` stands, which is not repeated, or where it would: if that is known.
    pub(crate) fn place(&self, message: &[u8], number: u32) -> Option<Range<usize>> {
        let field = self.fields.get(number as usize).filter(|_| self.of == place(message))?;
        Some(if field.len == 0 { message.len()..message.len() } else { field.range() })
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
        let appended = field.len == 0;
        self.fields[number as usize] = Part { at: low(old.start), len: low(new) };
        self.present |= 1 << number;
        self.behind |= u32::from(appended) << number;
    }

    /// Moves what stands behind `old` to where it stands now that `new` bytes stand there.
    fn shift(&mut self, old: &Range<usize>, new: usize) {
        if old.len() == new || old.end == self.of.1 {
            return;
        }
        let (from, by) = (low(old.end), low(new).wrapping_sub(low(old.len())));
        let after = self.pairs.first().is_some_and(|pair| from > pair.field.at);
        let mut numbers = if after { self.behind } else { self.present };
        while numbers != 0 {
            if let Some(field) = self.fields.get_mut(numbers.trailing_zeros() as usize) {
                field.shift(from, by);
            }
            numbers &= numbers - 1;
        }
        for pair in self.pairs.iter_mut().rev() {
            if pair.field.at < from {
                break;
            }
            pair.field.at = pair.field.at.wrapping_add(by);
        }
    }
}

#[cfg(test)]
mod tests;
