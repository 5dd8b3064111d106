//! Checked requests laid one behind the other.

use std::{mem, sync::Arc};

use bytes::Bytes;

/// A checked request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    pub(crate) bytes: Bytes,
    pub(crate) items: usize,
}

/// One request, or several that together are one: every request is a repeated field and nothing else, so protobuf merges
/// what is concatenated. Cloning counts one reference.
#[derive(Clone, Debug)]
pub(crate) struct Rope {
    pieces: Pieces,
    items: usize,
    len: usize,
}

#[derive(Clone, Debug)]
enum Pieces {
    One(Piece),
    Many(Arc<[Piece]>),
}

impl From<Piece> for Rope {
    fn from(piece: Piece) -> Self {
        Self { items: piece.items, len: piece.bytes.len(), pieces: Pieces::One(piece) }
    }
}

impl Default for Rope {
    fn default() -> Self {
        Piece::default().into()
    }
}

impl FromIterator<Piece> for Rope {
    fn from_iter<I: IntoIterator<Item = Piece>>(pieces: I) -> Self {
        let mut pieces: Vec<Piece> = pieces.into_iter().filter(|piece| !piece.bytes.is_empty()).collect();
        if pieces.len() < 2 {
            return pieces.pop().unwrap_or_default().into();
        }
        Self {
            items: pieces.iter().map(|piece| piece.items).sum(),
            len: pieces.iter().map(|piece| piece.bytes.len()).sum(),
            pieces: Pieces::Many(pieces.into()),
        }
    }
}

impl Rope {
    pub(crate) fn items(&self) -> usize {
        self.items
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        match &self.pieces {
            Pieces::One(piece) => std::slice::from_ref(piece),
            Pieces::Many(pieces) => pieces,
        }
    }

    /// All of it in one piece, copied if there are several.
    pub(crate) fn bytes(&self) -> Bytes {
        match self.pieces() {
            [piece] => piece.bytes.clone(),
            pieces => {
                let mut all = Vec::with_capacity(self.len);
                for piece in pieces {
                    all.extend_from_slice(&piece.bytes);
                }
                all.into()
            }
        }
    }

    /// The ropes laid one behind the other.
    pub(crate) fn concat(ropes: impl IntoIterator<Item = Self>) -> Self {
        let mut ropes = ropes.into_iter();
        let Some(first) = ropes.next() else { return Self::default() };
        let Some(second) = ropes.next() else { return first };
        [first, second].into_iter().chain(ropes).flat_map(Self::into_pieces).collect()
    }

    fn into_pieces(mut self) -> Vec<Piece> {
        match &mut self.pieces {
            Pieces::One(piece) => vec![mem::take(piece)],
            Pieces::Many(pieces) => pieces.to_vec(),
        }
    }
}
