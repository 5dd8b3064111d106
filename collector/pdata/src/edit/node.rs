//! The nodes of a tree: messages that are still where they were, and messages of one's own.

use std::ops::Range;

use super::{doc::Doc, message::MessageMut};
use crate::{Signal, fields::Fields, level::Level, put};

/// A message's body, without what it repeats if it is open.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// Where it was in the source.
    Kept(Range<usize>),
    /// Changed.
    Own(Doc),
}

impl Body {
    #[inline]
    pub(super) fn bytes<'a>(&'a self, source: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Kept(range) => &source[range.clone()],
            Self::Own(doc) => doc.bytes(),
        }
    }

    pub(super) fn own(&mut self, source: &[u8]) -> &mut Doc {
        if let Self::Kept(range) = self {
            *self = Self::Own(Doc::of(&source[range.clone()]));
        }
        match self {
            Self::Own(doc) => doc,
            Self::Kept(_) => unreachable!("it was made one's own above"),
        }
    }

    pub(super) fn into_own(self, source: &[u8]) -> Doc {
        match self {
            Self::Own(doc) => doc,
            Self::Kept(range) => Doc::of(&source[range]),
        }
    }
}

/// A message that repeats others, or an item.
#[derive(Debug)]
pub(super) struct Node {
    /// The field that the message is in its parent.
    pub(super) number: u32,
    pub(super) body: Body,
    /// What the message repeats, once somebody wants to change it.
    pub(super) children: Option<Vec<Self>>,
    /// Size of the encoded body, as last measured.
    size: usize,
}

impl Node {
    pub(super) fn kept(number: u32, range: Range<usize>) -> Self {
        Self { number, body: Body::Kept(range), children: None, size: 0 }
    }

    /// A copy of a message.
    fn own(number: u32, body: &[u8]) -> Self {
        Self { number, body: Body::Own(Doc::of(body)), children: None, size: 0 }
    }

    /// A new message, which repeats nothing yet if it is one that repeats.
    pub(super) fn new(number: u32, level: Level) -> Self {
        let children = (level != Level::Item).then(Vec::new);
        Self { number, body: Body::Own(Doc::default()), children, size: 0 }
    }

    /// What the message repeats, taken apart from the rest of it.
    pub(super) fn open(&mut self, level: Level, source: &[u8]) -> &mut Vec<Self> {
        if self.children.is_none() {
            let kept = match &self.body {
                Body::Kept(range) => Some(range.start),
                Body::Own(_) => None,
            };
            let (mut end, mut header, mut children) = (kept.unwrap_or_default(), Vec::new(), Vec::new());
            for field in Fields::of(self.body.bytes(source)) {
                end += field.whole.len();
                if !level.repeats(field.number) {
                    header.extend_from_slice(field.whole);
                    continue;
                }
                children.push(match kept {
                    Some(_) => Self::kept(field.number, end - field.value.len()..end),
                    None => Self::own(field.number, field.value),
                });
            }
            self.body = Body::Own(Doc::of(&header));
            self.children = Some(children);
        }
        self.children.get_or_insert_default()
    }

    /// A copy that lies in no source.
    pub(super) fn copied(&self, source: &[u8]) -> Self {
        let children = self.children.as_ref();
        let children = children.map(|all| all.iter().map(|child| child.copied(source)).collect());
        Self { number: self.number, body: Body::Own(Doc::of(self.body.bytes(source))), children, size: 0 }
    }

    /// The message without what it repeats, to be changed, and what it repeats.
    pub(super) fn split<'a>(
        &'a mut self,
        level: Level,
        source: &'a [u8],
    ) -> (MessageMut<'a>, &'a mut Vec<Self>) {
        self.open(level, source);
        let Self { body, children, .. } = self;
        (MessageMut::of(source, body), children.get_or_insert_default())
    }

    /// The message without what it repeats, to be changed.
    pub(super) fn header<'a>(&'a mut self, level: Level, source: &'a [u8]) -> MessageMut<'a> {
        self.open(level, source);
        MessageMut::of(source, &mut self.body)
    }

    /// Works out the sizes of the message and of what it repeats.
    pub(super) fn measure(&mut self) -> usize {
        self.size = match &self.body {
            Body::Kept(range) => range.len(),
            Body::Own(doc) => doc.bytes().len(),
        };
        for child in self.children.iter_mut().flatten() {
            self.size += put::bytes_len(child.number, child.measure());
        }
        self.size
    }

    /// Appends the measured message as a field.
    pub(super) fn write(&self, source: &[u8], to: &mut Vec<u8>) {
        put::head(to, self.number, self.size);
        to.extend_from_slice(self.body.bytes(source));
        for child in self.children.iter().flatten() {
            child.write(source, to);
        }
    }

    /// How many items the message holds.
    pub(super) fn items(&self, signal: Signal, level: Level, source: &[u8]) -> usize {
        let below = level.below(signal);
        match &self.children {
            Some(children) => children.iter().map(|child| child.items(signal, below, source)).sum(),
            None => level.count(signal, self.body.bytes(source)),
        }
    }
}
