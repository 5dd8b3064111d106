//! The buffer that decompressors write to: it grows as bytes come and never holds more than allowed.

use std::io::{ErrorKind, Read};

use crate::DecompressError;

/// What has been decompressed so far, at most `limit` bytes.
pub(super) struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    /// Room for `expected` bytes, as far as the limit allows. One byte more than the limit may be in the buffer, which is
    /// how a stream that goes on is told from one that ends exactly there.
    pub(super) fn new(expected: usize, limit: usize) -> Self {
        Self { bytes: Vec::with_capacity(expected.min(limit).saturating_add(1)), limit }
    }

    /// The buffer with room for at least one more byte.
    pub(super) fn room(&mut self) -> Result<&mut Vec<u8>, DecompressError> {
        self.check()?;
        if self.bytes.len() == self.bytes.capacity() {
            let more = self.bytes.len().max(4096).min(self.limit.saturating_add(1) - self.bytes.len());
            self.bytes.reserve_exact(more);
        }
        Ok(&mut self.bytes)
    }

    /// Appends `bytes`.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), DecompressError> {
        if bytes.len() > self.limit.saturating_sub(self.bytes.len()) {
            return Err(DecompressError::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// All that `decoder` gives, in steps, so that no more is decompressed than allowed. What is not right with it is
    /// `corrupt`, but for an early end.
    pub(super) fn read(
        mut self,
        mut decoder: impl Read,
        corrupt: &'static str,
    ) -> Result<Vec<u8>, DecompressError> {
        let mut chunk = vec![0; 64 << 10];
        loop {
            match decoder.read(&mut chunk) {
                Ok(0) => return self.finish(),
                Ok(n) => self.push(&chunk[..n])?,
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    return Err(DecompressError::Corrupt("unexpected EOF"));
                }
                Err(_) => return Err(DecompressError::Corrupt(corrupt)),
            }
        }
    }

    /// What has come out so far.
    pub(super) fn written(&self) -> &[u8] {
        &self.bytes
    }

    /// What came out, if it is within the limit.
    pub(super) fn finish(self) -> Result<Vec<u8>, DecompressError> {
        self.check()?;
        Ok(self.bytes)
    }

    fn check(&self) -> Result<(), DecompressError> {
        if self.bytes.len() > self.limit { Err(DecompressError::TooLarge) } else { Ok(()) }
    }
}
