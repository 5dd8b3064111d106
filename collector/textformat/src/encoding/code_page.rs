//! Encodings of one byte a character.
//!
//! The names are IANA's, and what bytes mean is the Unicode Consortium's mappings and, for those that browsers know, the WHATWG's
//! index of each, as Go's collector has them: a byte without a meaning, of which the C1 controls of most parts of ISO 8859 are
//! some, is U+FFFD.

mod pages;

use self::pages::PAGES;
use super::push;

/// What each byte is.
#[derive(Debug, PartialEq, Eq)]
pub struct CodePage {
    /// Its names in small letters, the usual one first.
    names: &'static str,
    /// What the last bytes are. Those before are the characters of their own number.
    last: &'static [u16],
}

impl CodePage {
    /// The page of a name in small letters.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        PAGES.iter().find(|page| page.names.split(' ').any(|of_it| of_it == name))
    }

    /// All names of all.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        PAGES.iter().flat_map(|page| page.names.split(' '))
    }

    /// The usual name of each.
    pub(super) fn usual_names() -> impl Iterator<Item = &'static str> {
        PAGES.iter().filter_map(|page| page.names.split(' ').next())
    }

    /// Appends to `to` what `from` says.
    pub(super) fn decode(&self, from: &[u8], to: &mut Vec<u8>) {
        let own = 256 - self.last.len();
        to.reserve(from.len());
        let mut rest = from;
        while let Some(&byte) = rest.first() {
            // Most text is ASCII in long runs, and most pages leave that alone.
            let ascii = if own < 0x80 { 0 } else { rest.iter().take_while(|byte| byte.is_ascii()).count() };
            if ascii > 0 {
                to.extend_from_slice(&rest[..ascii]);
                rest = &rest[ascii..];
                continue;
            }
            push(
                to,
                match usize::from(byte).checked_sub(own) {
                    None => char::from(byte),
                    Some(at) => char::from_u32(self.last[at].into()).unwrap_or(char::REPLACEMENT_CHARACTER),
                },
            );
            rest = &rest[1..];
        }
    }
}
