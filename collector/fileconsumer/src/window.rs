//! The text that is being read: a buffer that moves along a file and is lent to who takes tokens.

use std::{
    io::{self, Read},
    mem,
};

use bytes::{Bytes, BytesMut};
use slimcol_textformat::encoding::{self, Encoding, Lengths};

/// A read is at least this, unless less is left.
const LEAST: usize = 16 << 10;

/// A stretch of text. Its memory is lent out with tokens in it and taken back if nobody keeps a part of it.
#[derive(Debug)]
pub(crate) struct Window {
    /// All of it may be written to; the first `filled` bytes are text.
    buffer: BytesMut,
    filled: usize,
    /// How large the buffer is at first.
    usual: usize,
    /// The file's bytes where they must be decoded, of which a begun character may be left.
    raw: Vec<u8>,
    decoded: Vec<u8>,
    /// What the text was of the file, where the text does not say it.
    lengths: Lengths,
}

impl Window {
    pub(crate) fn new(usual: usize) -> Self {
        let usual = usual.max(LEAST);
        Self {
            buffer: BytesMut::new(),
            filled: 0,
            usual,
            raw: Vec::new(),
            decoded: Vec::new(),
            lengths: Lengths::default(),
        }
    }

    /// Forgets what is in it, for another file.
    pub(crate) fn clear(&mut self) {
        self.filled = 0;
        self.raw.clear();
        self.lengths.clear();
        if self.buffer.len() > self.usual {
            self.buffer = BytesMut::new();
        }
    }

    pub(crate) fn text(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// Reads on, and tells whether there was nothing more.
    pub(crate) fn fill(&mut self, source: &mut impl Read, encoding: Encoding) -> io::Result<bool> {
        if !encoding.is_decoded() {
            self.reserve(LEAST);
            let read = source.read(&mut self.buffer[self.filled..])?;
            self.filled += read;
            return Ok(read == 0);
        }
        let begun = self.raw.len();
        self.raw.resize(begun + self.usual / 4, 0);
        let read = source.read(&mut self.raw[begun..]).inspect_err(|_| self.raw.truncate(begun))?;
        self.raw.truncate(begun + read);
        self.decoded.clear();
        let taken = encoding.decode(&self.raw, &mut self.decoded, &mut self.lengths);
        self.raw.drain(..taken);
        self.append();
        Ok(read == 0)
    }

    /// How many of the file's bytes the first bytes of text were.
    pub(crate) fn len_in_file(&self, text: usize, encoding: Encoding) -> usize {
        encoding.len_in_file(self.text(), 0..text, &self.lengths)
    }

    /// What the text was of the file.
    pub(crate) fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    /// How many bytes there are of a character that has only begun.
    pub(crate) fn begun(&self) -> usize {
        self.raw.len()
    }

    /// Ends the text: nothing comes behind a character that has only begun.
    pub(crate) fn end(&mut self) {
        self.decoded.clear();
        encoding::end(&self.raw, &mut self.decoded);
        self.raw.clear();
        self.append();
    }

    /// Puts what was decoded behind the text.
    fn append(&mut self) {
        self.reserve(self.decoded.len());
        self.buffer[self.filled..][..self.decoded.len()].copy_from_slice(&self.decoded);
        self.filled += self.decoded.len();
    }

    fn reserve(&mut self, room: usize) {
        let needed = self.filled + room;
        if self.buffer.len() < needed {
            self.buffer.resize(needed.max(self.usual).max(2 * self.buffer.len()), 0);
        }
    }

    /// Drops the first bytes.
    pub(crate) fn advance(&mut self, by: usize) {
        self.buffer.copy_within(by..self.filled, 0);
        self.filled -= by;
        self.lengths.skip(by);
    }

    /// Gives the buffer away. [`Window::give_back`] goes on.
    pub(crate) fn lend(&mut self) -> Bytes {
        mem::take(&mut self.buffer).freeze()
    }

    /// Takes back what was lent, less the first bytes. What others keep a part of is theirs, and only the rest is copied.
    pub(crate) fn give_back(&mut self, lent: Bytes, by: usize) {
        match lent.try_into_mut() {
            Ok(buffer) => {
                self.buffer = buffer;
                self.advance(by);
            }
            Err(kept) => {
                let rest = &kept[by..self.filled];
                self.buffer = BytesMut::zeroed(self.usual.max(rest.len() + LEAST));
                self.buffer[..rest.len()].copy_from_slice(rest);
                self.filled = rest.len();
                self.lengths.skip(by);
            }
        }
    }
}
