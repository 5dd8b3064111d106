//! A request body in pieces, as pipelines hand it over: joined on the wire, never in memory.

use std::{collections::VecDeque, io::IoSlice};

use bytes::{Buf, Bytes};

/// Bytes in several pieces that are sent one after the other. Cloning copies references only.
///
/// It is one [`Buf`] rather than a stream of them, so that the HTTP layers can fill a frame, and one vectored write,
/// from many small pieces.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    queue: VecDeque<Bytes>,
    len: usize,
}

impl Pieces {
    /// The number of bytes in all pieces.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The pieces in order.
    pub fn iter(&self) -> impl Iterator<Item = &Bytes> {
        self.queue.iter()
    }

    /// Puts `piece` before all others.
    pub(crate) fn push_front(&mut self, piece: Bytes) {
        self.len += piece.len();
        self.queue.push_front(piece);
    }
}

impl From<Vec<Bytes>> for Pieces {
    fn from(pieces: Vec<Bytes>) -> Self {
        let mut queue = VecDeque::from(pieces);
        queue.retain(|piece| !piece.is_empty());
        let len = queue.iter().map(Bytes::len).sum();
        Self { queue, len }
    }
}

impl From<Bytes> for Pieces {
    fn from(piece: Bytes) -> Self {
        vec![piece].into()
    }
}

impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.len
    }

    fn chunk(&self) -> &[u8] {
        self.queue.front().map_or(&[], |piece| piece)
    }

    fn advance(&mut self, mut count: usize) {
        assert!(count <= self.len, "cannot advance past the end");
        self.len -= count;
        while let Some(piece) = self.queue.front_mut() {
            if count < piece.len() {
                piece.advance(count);
                return;
            }
            count -= piece.len();
            self.queue.pop_front();
        }
    }

    fn chunks_vectored<'a>(&'a self, to: &mut [IoSlice<'a>]) -> usize {
        let filled = self.queue.len().min(to.len());
        for (slot, piece) in to.iter_mut().zip(&self.queue) {
            *slot = IoSlice::new(piece);
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Pieces {
        vec![Bytes::from_static(b"ab"), Bytes::new(), Bytes::from_static(b"cde")].into()
    }

    #[test]
    fn reads_as_if_joined() {
        for cut in 0..=5 {
            let mut pieces = sample();
            pieces.advance(cut);
            assert_eq!(pieces.remaining(), 5 - cut);
            assert_eq!(pieces.copy_to_bytes(5 - cut), b"abcde"[cut..]);
            assert!(pieces.is_empty() && pieces.chunk().is_empty());
        }
    }

    #[test]
    fn offers_every_piece_to_a_vectored_write() {
        let pieces = sample();
        let mut slots = [IoSlice::new(&[]); 4];
        assert_eq!(pieces.chunks_vectored(&mut slots), 2);
        assert_eq!((&*slots[0], &*slots[1]), (&b"ab"[..], &b"cde"[..]));
        assert_eq!(pieces.chunks_vectored(&mut slots[..1]), 1);
    }
}
