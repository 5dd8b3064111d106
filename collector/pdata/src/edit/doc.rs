//! One encoded message in a buffer of its own, edited in place.

use std::ops::Range;

use crate::{put, wire};

/// A message being edited, and the path to the message inside it that is being edited now.
#[derive(Clone, Debug, Default)]
pub(super) struct Doc {
    bytes: Vec<u8>,
    /// Where the lengths of the messages on the path stand, outermost first.
    path: Vec<usize>,
}

impl From<Vec<u8>> for Doc {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, path: Vec::new() }
    }
}

impl Doc {
    /// A copy of an encoded message, with room for the attributes that are most likely to come.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(body.len() + body.len() / 2 + 64);
        bytes.extend_from_slice(body);
        Self { bytes, path: Vec::new() }
    }

    /// Makes it a copy of another encoded message, in the same buffer.
    pub(super) fn hold(&mut self, body: &[u8]) {
        self.bytes.clear();
        self.bytes.extend_from_slice(body);
        self.path.clear();
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body of the message at `depth` on the path.
    #[inline]
    pub(super) fn range(&self, depth: usize) -> Range<usize> {
        if depth == 0 { 0..self.bytes.len() } else { self.inner(depth) }
    }

    fn inner(&self, depth: usize) -> Range<usize> {
        let Some(at) = self.path.get(depth - 1) else { return 0..self.bytes.len() };
        let (len, width) = self.length(*at);
        at + width..at + width + len
    }

    /// Goes from the message at `depth` to the one inside it whose length stands at `at` in the buffer.
    pub(super) fn enter(&mut self, depth: usize, at: usize) {
        self.path.truncate(depth);
        self.path.push(at);
    }

    /// Puts what `write` appends in the place of `range`, which lies in the body of the message at `depth`, and mends the
    /// lengths of the messages around it.
    pub(super) fn replace(&mut self, depth: usize, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        let end = self.bytes.len();
        write(&mut self.bytes);
        self.settle(depth, range, end);
    }

    /// All of the buffer, to be appended to.
    #[inline]
    pub(super) fn whole(&mut self) -> &mut Vec<u8> {
        self.path.clear();
        &mut self.bytes
    }

    /// Removes `range`, which lies in the body of the message at `depth`, and mends the lengths of the messages around it.
    pub(super) fn cut(&mut self, depth: usize, range: Range<usize>) {
        let old = range.len();
        self.bytes.copy_within(range.end.., range.start);
        self.bytes.truncate(self.bytes.len() - old);
        self.mend(depth, 0, old);
    }

    /// Brings what was appended behind `end` to its place. It is apart so that it is not compiled anew for each `write`.
    fn settle(&mut self, depth: usize, range: Range<usize>, end: usize) {
        let (old, new) = (range.len(), self.bytes.len() - end);
        if new == old {
            self.bytes.copy_within(end.., range.start);
            self.bytes.truncate(end);
            return;
        }
        if range.end < end {
            self.bytes[range.end..].rotate_right(new);
        }
        if old > 0 {
            self.bytes.copy_within(range.end.., range.start);
            self.bytes.truncate(end + new - old);
        }
        self.mend(depth, new, old);
    }

    /// Says in the lengths around a place that `new` bytes stand where there were `old`.
    #[inline]
    fn mend(&mut self, depth: usize, new: usize, old: usize) {
        self.path.truncate(depth);
        if depth > 0 {
            self.mend_around(depth, new, old);
        }
    }

    fn mend_around(&mut self, depth: usize, mut new: usize, mut old: usize) {
        for level in (0..depth).rev() {
            let at = self.path[level];
            let (len, width) = self.length(at);
            let grown = put::varint_len(len + new - old);
            if grown != width {
                self.bytes.splice(at..at + width, std::iter::repeat_n(0, grown));
                for inner in &mut self.path[level + 1..] {
                    *inner = *inner + grown - width;
                }
            }
            put::length(&mut self.bytes[at..at + grown], len + new - old);
            new += grown;
            old += width;
        }
    }

    /// The length at `at`, and how many bytes it takes.
    fn length(&self, at: usize) -> (usize, usize) {
        let rest = &self.bytes[at..];
        wire::length(rest).map_or((0, 0), |(len, behind)| (len, rest.len() - behind.len()))
    }
}
