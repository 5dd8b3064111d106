//! One message being changed, or one inside it.

use std::ops::Range;

use super::node::Body;
use crate::{
    fields::{Field, Fields},
    put,
    view::Index,
};

/// A handle on a message's fields. While a handle on a message inside it lives, this one is borrowed; afterwards it finds
/// its place again through the path that the two share.
#[derive(Debug)]
pub(super) struct MessageMut<'a> {
    source: &'a [u8],
    body: &'a mut Body,
    depth: usize,
    /// How deep the buffer lies in another message.
    base: usize,
    known: Known,
}

/// Where the single field of a number stands, or where it would, if somebody knows that; the number is 0 if nobody does.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    number: u32,
    start: usize,
    end: usize,
}

impl<'a> MessageMut<'a> {
    /// The whole of `body`, which may still lie in `source`.
    pub(super) fn of(source: &'a [u8], body: &'a mut Body) -> Self {
        Self { source, body, depth: 0, base: 0, known: Known::default() }
    }

    /// The whole of `body`, which lies in `source` so far and will lie so deep in another message.
    pub(super) fn apart(source: &'a [u8], body: &'a mut Body, base: usize) -> Self {
        Self { base, ..Self::of(source, body) }
    }

    /// The same for a shorter time.
    pub(super) fn again(&mut self) -> MessageMut<'_> {
        let known = std::mem::take(&mut self.known);
        MessageMut { source: self.source, body: self.body, depth: self.depth, base: self.base, known }
    }

    /// The same for a shorter time, with the place of the single field `number`, which is looked up in `index`.
    pub(super) fn knowing(&mut self, index: &Index, number: u32) -> MessageMut<'_> {
        if let Some(Range { start, end }) = index.place(self.bytes(), number) {
            self.known = Known { number, start, end };
        }
        self.again()
    }

    /// How deep the message lies in the item.
    pub(super) fn depth(&self) -> usize {
        self.base + self.depth
    }

    /// The message as it is encoded now.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        match &*self.body {
            Body::Own(doc) if self.depth == 0 => doc.bytes(),
            Body::Own(doc) => &doc.bytes()[doc.range(self.depth)],
            kept @ Body::Kept(_) => kept.bytes(self.source),
        }
    }

    /// All of the buffer, to be appended to, if it is the message and lies in no other.
    #[inline]
    pub(super) fn whole(&mut self) -> Option<&mut Vec<u8>> {
        match &mut *self.body {
            Body::Own(doc) if self.depth == 0 && self.base == 0 => {
                self.known.number = 0;
                Some(doc.whole())
            }
            _ => None,
        }
    }

    /// Puts what `write` appends in the place of `range` of the message.
    pub(super) fn replace(&mut self, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        self.known.number = 0;
        let doc = self.body.own(self.source);
        let start = doc.range(self.depth).start;
        doc.replace(self.depth, start + range.start..start + range.end, write);
    }

    /// Removes `range` of the message.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        self.known.number = 0;
        let doc = self.body.own(self.source);
        let start = doc.range(self.depth).start;
        doc.cut(self.depth, start + range.start..start + range.end);
    }

    /// Appends a field.
    #[inline]
    pub(super) fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.depth == 0 {
            self.known.number = 0;
            return write(self.body.own(self.source).whole());
        }
        let end = self.bytes().len();
        self.replace(end..end, write);
    }

    /// Where the first field stands that `wanted` says is it.
    pub(super) fn position(&self, mut wanted: impl FnMut(&Field<'_>) -> bool) -> Option<Range<usize>> {
        self.places().find(|(field, _)| wanted(field)).map(|(_, range)| range)
    }

    /// Sets the single field `number` to what `write` appends, key and all. If it came several times the last counts.
    pub(super) fn set(&mut self, number: u32, write: impl FnOnce(&mut Vec<u8>)) {
        let place = self.last(number);
        self.replace(place, write);
    }

    /// Where the last field `number` stands, or where it would if there is none.
    fn last(&self, number: u32) -> Range<usize> {
        if self.known.number == number {
            return self.known.start..self.known.end;
        }
        let (mut at, mut place) = (0, None);
        for field in Fields::of(self.bytes()) {
            let end = at + field.whole.len();
            if field.number == number {
                place = Some(at..end);
            }
            at = end;
        }
        place.unwrap_or(at..at)
    }

    /// Removes the field `number`, all of it if it is repeated.
    pub(super) fn clear(&mut self, number: u32) {
        self.each(number, |_| false);
    }

    /// Calls `change` on each message in the repeated field `number`, and removes those of which it says no.
    ///
    /// All of the message is written anew, once: to mend it in place time and again would take quadratic time where
    /// somebody sent a million attributes.
    pub(super) fn each(&mut self, number: u32, mut change: impl FnMut(MessageMut<'_>) -> bool) {
        if !self.has(number) {
            return;
        }
        let bytes = self.bytes();
        let mut out = Vec::with_capacity(bytes.len() + 64);
        for field in Fields::of(bytes) {
            if field.number != number {
                out.extend_from_slice(field.whole);
                continue;
            }
            let mut body = Body::Kept(0..field.value.len());
            let base = self.depth() + 1;
            if change(MessageMut::apart(field.value, &mut body, base)) {
                put::bytes(&mut out, number, body.bytes(field.value));
            }
        }
        self.rewrite(&out);
    }

    // These two are apart so that they are not compiled anew for each `change`.
    fn has(&self, number: u32) -> bool {
        self.position(|field| field.number == number).is_some()
    }

    fn rewrite(&mut self, out: &[u8]) {
        let len = self.bytes().len();
        self.replace(0..len, |to| to.extend_from_slice(out));
    }

    /// The fields and where they stand.
    fn places(&self) -> impl Iterator<Item = (Field<'_>, Range<usize>)> {
        Fields::of(self.bytes()).scan(0, |at, field| {
            let range = *at..*at + field.whole.len();
            *at = range.end;
            Some((field, range))
        })
    }

    /// The single message in the field `number`, made if it is absent.
    pub(super) fn nested(&mut self, number: u32) -> MessageMut<'_> {
        self.again().into_nested(number)
    }

    /// The message in the field that stands at `at` in this message.
    pub(super) fn nested_at(&mut self, at: usize) -> MessageMut<'_> {
        self.again().into_nested_at(at)
    }

    /// As [`nested`](Self::nested), for good.
    pub(super) fn into_nested(mut self, number: u32) -> Self {
        let end = self.bytes().len();
        let at = if self.known.number == number {
            self.known.start
        } else {
            self.position(|field| field.number == number).map_or(end, |range| range.start)
        };
        if at == end {
            self.append(|to| put::head(to, number, 0));
        }
        self.into_nested_at(at)
    }

    /// As [`nested_at`](Self::nested_at), for good.
    pub(super) fn into_nested_at(self, at: usize) -> Self {
        let key = Fields::of(&self.bytes()[at..]).next().map_or(0, |field| field.key_len());
        let doc = self.body.own(self.source);
        let start = doc.range(self.depth).start;
        doc.enter(self.depth, start + at + key);
        Self { depth: self.depth + 1, known: Known::default(), ..self }
    }
}
