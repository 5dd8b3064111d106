//! Tokens of a file, many at a time, and who takes them.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};
use slimcol_service::{BoxError, BoxFuture};

use crate::split::Span;

/// What is known of a file (`log.file.name`), with what its header said.
pub type Attributes = Map<String, Value>;

/// Tokens in a row.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// What all tokens are parts of. It is UTF-8 unless the encoding leaves bytes as they are, and so is each token.
    pub text: &'a Bytes,
    /// The file's, the same from batch to batch until something changes.
    pub file: &'a Arc<Attributes>,
    pub(crate) spans: &'a [Span],
    /// Where in the file the places of the spans count from.
    pub(crate) base: u64,
    /// The records of the file before these.
    pub(crate) before: u64,
}

/// A token's place in its batch and in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where in [`Batch::text`] it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where in the file it begins, with the white space that was trimmed.
    pub offset: u64,
    /// Its number in the file, counted from 1. Empty ones have numbers too.
    pub record: u64,
}

impl Batch<'_> {
    /// The tokens, without those that are empty.
    pub fn tokens(&self) -> impl Iterator<Item = Token> {
        let numbered = self.spans.iter().zip(self.before + 1..);
        numbered.filter(|(span, _)| span.start < span.end).map(|(span, record)| Token {
            start: span.start as usize,
            end: span.end as usize,
            offset: self.base + u64::from(span.at),
            record,
        })
    }

    /// A token's bytes, which share memory with the whole batch.
    pub fn body(&self, token: Token) -> Bytes {
        self.text.slice(token.start..token.end)
    }
}

/// Takes what is read.
pub trait Consume: Send + Sync {
    /// Takes tokens. The file counts as read up to their end once this has returned, also with an error, which is logged.
    ///
    /// # Errors
    /// Why they were not taken.
    fn consume<'a>(&'a self, batch: Batch<'a>) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Takes a line of a file's header and adds what it says to the file's attributes.
    ///
    /// # Errors
    /// What is wrong with the line, to be logged.
    fn header(&self, _line: &str, _attributes: &mut Attributes) -> Result<(), BoxError> {
        Ok(())
    }
}
