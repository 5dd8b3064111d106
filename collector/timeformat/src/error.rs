//! What does not read as a time.

use std::fmt;

/// Why a text is no such time, in the words of Go's `time` package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(String);

impl ParseError {
    pub(crate) fn new(message: String) -> Self {
        Self(message)
    }

    /// `what` of the layout does not stand where `rest` does.
    #[cold]
    pub(crate) fn misfit(value: &[u8], layout: &str, what: &[u8], rest: &[u8]) -> Self {
        let (value, layout) = (quoted(value), quoted(layout.as_bytes()));
        Self(format!("parsing time {value} as {layout}: cannot parse {} as {}", quoted(rest), quoted(what)))
    }

    /// What stands there cannot be, for a reason.
    #[cold]
    pub(crate) fn because(value: &[u8], reason: &str) -> Self {
        Self(format!("parsing time {}: {reason}", quoted(value)))
    }

    /// More text than the layout has.
    #[cold]
    pub(crate) fn extra(value: &[u8], rest: &[u8]) -> Self {
        Self::because(value, &format!("extra text: {}", quoted(rest)))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

/// As Go's package quotes values: everything that is not printable ASCII as `\x…`.
fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' | 0x7f => text.push(char::from(byte)),
            _ => {
                let digit = |n| char::from_digit(u32::from(n), 16).unwrap_or('?');
                text.extend(['\\', 'x', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    text.push('"');
    text
}
