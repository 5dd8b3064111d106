//! Attributes being changed.

use std::ops::Range;

use super::{
    message::MessageMut,
    value::{
        ShortPair, ValueMut, begin_short_text, bounded, has_key, write_pair, write_short_pair,
        write_short_text,
    },
};
use crate::{
    put,
    view::{Attributes, Index, ShortText, Text, ValueRef, find, text},
};

/// Attributes, or a map value, to be changed.
#[derive(Debug)]
pub struct AttributesMut<'a> {
    message: MessageMut<'a>,
    number: u32,
}

/// What came of the wish to copy a value if that is no more than copying a few bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// It is there.
    Done,
    /// There is no value to copy.
    Absent,
    /// It is more than that, and nothing was done.
    Not,
}

impl From<bool> for Copied {
    fn from(done: bool) -> Self {
        if done { Self::Done } else { Self::Not }
    }
}

impl<'a> AttributesMut<'a> {
    /// The key-value pairs that field `number` of `message` repeats.
    pub(super) fn of(message: MessageMut<'a>, number: u32) -> Self {
        Self { message, number }
    }

    /// The attributes as they are now.
    pub fn view(&self) -> Attributes<'_> {
        Attributes::of(self.message.bytes(), self.number)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<ValueRef<'_>> {
        self.view().get(key)
    }

    /// The value of `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<ValueMut<'_>> {
        let at = self.position(key)?.start;
        Some(AttributeMut(self.message.nested_at(at)).into_value())
    }

    /// Sets `key` to `value`, in its place if it is there and at the end if not.
    ///
    /// What is nested more than 60 deep is put in as its JSON text.
    pub fn insert<'v>(&mut self, key: &str, value: impl Into<ValueRef<'v>>) {
        self.insert_value(key, value.into());
    }

    // What takes values of many types is compiled once.
    fn insert_value(&mut self, key: &str, value: ValueRef<'_>) {
        let (number, place) = (self.number, self.position(key));
        let depth = self.message.depth();
        bounded(value, depth, |value| {
            let end = self.message.bytes().len();
            self.message.replace(place.unwrap_or(end..end), |to| write_pair(to, number, key, value));
        });
    }

    /// Makes `index` one of the message that the attributes are of.
    pub fn restart(&self, index: &mut Index) {
        index.restart(self.number);
    }

    /// As [`get`](Self::get), where `index` is of the message that the attributes are of.
    pub fn get_at(&self, index: &mut Index, key: &str) -> Option<ValueRef<'_>> {
        index.known(self.message.bytes(), key)
    }

    /// As [`insert`](Self::insert), where `index` is of the message that the attributes are of, and stays so.
    pub fn insert_at<'v>(&mut self, index: &mut Index, key: &str, value: impl Into<ValueRef<'v>>) {
        self.insert_one_at(index, key, value.into());
    }

    // What takes values of many types is compiled once.
    fn insert_one_at(&mut self, index: &mut Index, key: &str, value: ValueRef<'_>) {
        self.insert_value_at(index, key, value);
    }

    /// As [`insert_at`](Self::insert_at), for who does nothing else all the time.
    #[expect(clippy::inline_always, reason = "one call less of three for each value that is set")]
    #[inline(always)]
    pub fn insert_value_at(&mut self, index: &mut Index, key: &str, value: ValueRef<'_>) {
        // Most of what is put somewhere is new, short, and not deep in anything.
        let number = self.number;
        if let Some(to) = self.message.whole()
            && let Some(slot) = index.vacant(to, key)
        {
            let short = match value {
                ValueRef::Str(text) => write_short_text(to, number, key, text.as_bytes()),
                other => write_short_pair(to, number, key, other),
            };
            if short {
                return index.wrote(to, slot, key.len());
            }
        }
        self.put_at(index, key, value);
    }

    #[inline(never)]
    fn put_at(&mut self, index: &mut Index, key: &str, value: ValueRef<'_>) {
        let (number, depth) = (self.number, self.message.depth());
        let Some((at, place)) = index.pair(self.message.bytes(), key) else {
            let end = self.message.bytes().len();
            bounded(value, depth, |value| self.message.append(|to| write_pair(to, number, key, value)));
            return index.added(self.message.bytes(), end);
        };
        bounded(value, depth, |value| {
            self.message.replace(place.clone(), |to| write_pair(to, number, key, value));
        });
        index.replaced(self.message.bytes(), at, &place);
    }

    /// Puts a copy of the attribute `from` at the end as `key`, where `index` is of the message that the attributes are of,
    /// and stays so. Only where that is no more than copying the bytes of a short text.
    pub fn copy_at(&mut self, index: &mut Index, from: &str, key: &str) -> Copied {
        let number = self.number;
        let Some(to) = self.message.whole() else { return Copied::Not };
        let text = match index.text_at(to, from) {
            Text::Short(text) => text,
            Text::Absent => return Copied::Absent,
            Text::Other => return Copied::Not,
        };
        let Some(slot) = index.vacant(to, key) else { return Copied::Not };
        let done = begin_short_text(to, number, key, text.len());
        if done {
            to.extend_from_within(text);
            index.wrote(to, slot, key.len());
        }
        Copied::from(done)
    }

    /// Puts a text at the end as `key`, where `index` is of the message that the attributes are of, and stays so. Only where
    /// that is no more than copying its bytes; whether it was done.
    pub fn append_at(&mut self, index: &mut Index, key: &str, text: ShortText<'_>) -> bool {
        let number = self.number;
        let Some(to) = self.message.whole() else { return false };
        let Some(slot) = index.vacant(to, key) else { return false };
        let done = write_short_text(to, number, key, text.bytes());
        if done {
            index.wrote(to, slot, key.len());
        }
        done
    }

    /// Puts `pair`, whose key is `key`, at the end, where `index` is of the message that the attributes are of, and stays so.
    /// Only where there is no such key; whether it was done.
    #[inline]
    pub fn append_pair_at(&mut self, index: &mut Index, key: &str, pair: &ShortPair) -> bool {
        let number = self.number;
        let Some(to) = self.message.whole() else { return false };
        let Some(slot) = index.vacant(to, key) else { return false };
        let done = pair.write(to, number);
        if done {
            index.wrote(to, slot, key.len());
        }
        done
    }

    /// As [`remove`](Self::remove), where `index` is of the message that the attributes are of, and stays so.
    pub fn remove_at(&mut self, index: &mut Index, key: &str) -> bool {
        let Some((at, place)) = index.pair(self.message.bytes(), key) else { return false };
        self.message.cut(place.clone());
        index.replaced(self.message.bytes(), at, &place);
        true
    }

    /// Sets `key` to an empty map, and gives that to be filled.
    pub fn insert_map(&mut self, key: &str) -> AttributesMut<'_> {
        self.insert(key, ValueRef::Map(Attributes::of(&[], 1)));
        let mut value = self.message.again();
        if let Some(at) = Self::place(&value, self.number, key) {
            value = AttributeMut(value.into_nested_at(at.start)).into_value().0.into_nested(6);
        }
        AttributesMut::of(value, 1)
    }

    /// Removes `key`, and says whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        let place = self.position(key);
        let found = place.is_some();
        if let Some(place) = place {
            self.message.cut(place);
        }
        found
    }

    /// Removes the attributes of which `keep` says no.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, ValueRef<'_>) -> bool) {
        self.message.each(self.number, |attribute| {
            let attribute = AttributeMut(attribute);
            keep(attribute.key(), attribute.value())
        });
    }

    /// Puts `pairs` in the place of all attributes. It is for the caller that no key comes twice.
    pub fn replace(&mut self, pairs: Attributes<'_>) {
        self.clear();
        let (number, depth) = (self.number, self.message.depth());
        self.message.append(|to| {
            for (key, value) in pairs {
                bounded(value, depth, |value| write_pair(to, number, key, value));
            }
        });
    }

    /// Removes all attributes.
    pub fn clear(&mut self) {
        self.message.clear(self.number);
    }

    /// Calls `change` on each attribute, in order.
    pub fn each(&mut self, mut change: impl FnMut(AttributeMut<'_>)) {
        self.message.each(self.number, |attribute| {
            change(AttributeMut(attribute));
            true
        });
    }

    fn position(&self, key: &str) -> Option<Range<usize>> {
        Self::place(&self.message, self.number, key)
    }

    fn place(message: &MessageMut<'_>, number: u32, key: &str) -> Option<Range<usize>> {
        message.position(|field| field.number == number && has_key(field.value, key))
    }
}

/// One attribute, to be changed.
#[derive(Debug)]
pub struct AttributeMut<'a>(MessageMut<'a>);

impl<'a> AttributeMut<'a> {
    /// The key.
    pub fn key(&self) -> &str {
        text(find(self.0.bytes(), 1).map_or(&[], |field| field.value))
    }

    /// The value.
    pub fn value(&self) -> ValueRef<'_> {
        ValueRef::of(find(self.0.bytes(), 2).map_or(&[], |field| field.value))
    }

    /// Changes the key. It is for the caller that no other attribute has it.
    pub fn set_key(&mut self, key: &str) {
        self.0.set(1, |to| put::bytes(to, 1, key.as_bytes()));
    }

    /// The value, to be changed.
    pub fn value_mut(&mut self) -> ValueMut<'_> {
        ValueMut(self.0.nested(2))
    }

    fn into_value(self) -> ValueMut<'a> {
        ValueMut(self.0.into_nested(2))
    }
}
