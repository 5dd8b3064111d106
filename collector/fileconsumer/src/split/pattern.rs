//! Tokens that end or start with a pattern's match.

use super::{Found, Pattern};

/// Matches are looked for so far behind the longest token, and kept track of while a longer one is skipped.
pub(super) const LONGEST: usize = 4096;

impl Pattern {
    /// The token at `from` if a match ends it. A match at the very end of what is there might go on in what comes.
    /// `within` says that the first byte is known to end nothing.
    pub(super) fn ended(&self, text: &[u8], from: usize, within: bool, last: bool) -> Option<Found> {
        let rest = &text[from..];
        let skip = usize::from(within);
        // A match of nothing at the beginning would end nothing.
        let found = match self.regex.find_at(rest, skip)? {
            found if found.end() > skip => found,
            _ if skip + 1 > rest.len() => return None,
            _ => self.regex.find_at(rest, skip + 1)?,
        };
        if found.end() + 1 >= rest.len() && !last {
            return None;
        }
        let end = if self.omit { found.start() } else { found.end() };
        Some(Found { start: from, end: from + end, next: from + found.end() })
    }

    /// The token at `from` if a match comes after it. What is before the first match is a token too; `within` says that it
    /// is the rest of one, and that nothing starts at its first byte.
    pub(super) fn started(&self, text: &[u8], from: usize, within: bool, last: bool) -> Option<Found> {
        let rest = &text[from..];
        let touches_end = |end: usize| end >= rest.len() && !last;
        if usize::from(within) > rest.len() {
            return None;
        }
        let first = self.regex.find_at(rest, usize::from(within))?;
        if touches_end(first.end()) {
            return None;
        }
        if first.start() > 0 {
            let next = from + first.start();
            return Some(Found { start: from, end: next, next });
        }
        let after = first.end() + 1;
        if after > rest.len() {
            return None;
        }
        let second = self.regex.find_at(rest, after)?;
        if touches_end(second.end()) {
            return None;
        }
        let start = if self.omit { first.end() } else { 0 };
        let next = from + second.start();
        Some(Found { start: from + start, end: next, next })
    }
}
