//! Which characters are escaped where in a URL.

use std::fmt::Write;

/// Where in a URL a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    Path,
    User,
    Host,
    Fragment,
}

impl Within {
    /// Whether `byte` has to be escaped there.
    pub(super) fn escapes(self, byte: u8) -> bool {
        match byte {
            b'-' | b'_' | b'.' | b'~' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => false,
            _ if self == Self::Host => !b"!$&'()*+,;=:[]<>\"".contains(&byte),
            b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match self {
                Self::Path => byte == b'?',
                Self::User => b"@/?:".contains(&byte),
                Self::Host | Self::Fragment => false,
            },
            b'!' | b'(' | b')' | b'*' => self != Self::Fragment,
            _ => true,
        }
    }
}

/// Whether `text` can stand there as it is, with the escapes that it has.
pub(super) fn valid(text: &str, within: Within) -> bool {
    text.bytes().all(|byte| b"!$&'()*+,;=:@[]%".contains(&byte) || !within.escapes(byte))
}

/// `text` with the escapes that it needs there.
pub(super) fn escaped(text: &str, within: Within) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        // Of a character outside of ASCII all bytes are escaped.
        if within.escapes(byte) {
            write!(out, "%{byte:02X}").expect("a string takes all");
        } else {
            out.push(char::from(byte));
        }
    }
    out
}
