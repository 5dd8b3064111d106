//! What decoded text took in the file where its characters do not say it.

use std::ops::Range;

/// How many of the file's bytes each character of a text was. Nothing is kept for encodings in which the character says it.
#[derive(Debug, Default)]
pub struct Lengths {
    /// For each byte of text the bytes of the file that begin with it: a character's at its first byte.
    of_text: Vec<u8>,
}

impl Lengths {
    /// Forgets all, for another text.
    pub fn clear(&mut self) {
        self.of_text.clear();
    }

    /// Drops those of the first bytes of text.
    pub fn skip(&mut self, text: usize) {
        self.of_text.drain(..text.min(self.of_text.len()));
    }

    /// What a part of the text was.
    pub(super) fn sum(&self, text: Range<usize>) -> usize {
        self.of_text.get(text).into_iter().flatten().copied().map(usize::from).sum()
    }
}

#[cfg(feature = "east-asian")]
impl Lengths {
    /// Appends those of bytes that are the file's.
    pub(super) fn push_same(&mut self, bytes: usize) {
        self.of_text.resize(self.of_text.len() + bytes, 1);
    }

    /// Appends those of one character.
    pub(super) fn push(&mut self, file: u8, text: usize) {
        self.of_text.push(file);
        self.of_text.resize(self.of_text.len() + text - 1, 0);
    }
}
