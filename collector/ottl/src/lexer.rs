//! The words of a statement, in the order of the Go collector's rules: the first that fits is taken.

use slimcol_ottleval::Compare;

use crate::place::At;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bytes,
    Float,
    Int,
    Str,
    Nil,
    Not,
    Or,
    And,
    Compare(Compare),
    Arrow,
    Plus,
    Minus,
    Times,
    Over,
    Boolean(bool),
    /// One of `= ( ) { } : , . [ ]`.
    Mark(u8),
    Upper,
    Lower,
    Underscore,
    End,
}

/// A word of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) at: At,
}

/// The words of `source` with [`Kind::End`] behind them, or where it is none and why.
pub(crate) fn lex(source: &str) -> Result<Vec<Token<'_>>, (At, String)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = source.as_bytes().get(at) {
        if matches!(first, b' ' | b'\t' | b'\n' | b'\r' | 0x0c) {
            at += 1;
            continue;
        }
        let rest = &source[at..];
        let Some((kind, len)) = word(rest) else {
            let mut sample: String = rest.chars().take(16).collect();
            if rest.len() > sample.len() {
                sample.push_str("...");
            }
            return Err((At(at), format!("invalid input text {sample:?}")));
        };
        tokens.push(Token { kind, text: &rest[..len], at: At(at) });
        at += len;
    }
    tokens.push(Token { kind: Kind::End, text: "", at: At(source.len()) });
    Ok(tokens)
}

/// The word at the start of `rest`, which is not empty, and its length.
fn word(rest: &str) -> Option<(Kind, usize)> {
    let bytes = rest.as_bytes();
    let mark = |kind, len| Some((kind, len));
    match bytes {
        [b'0', b'x', digit, ..] if digit.is_ascii_hexdigit() => {
            mark(Kind::Bytes, 2 + count(&bytes[2..], u8::is_ascii_hexdigit))
        }
        [b'0'..=b'9' | b'.', ..] => Some(number(bytes)),
        [b'"', ..] => mark(Kind::Str, string(bytes)?),
        [b'=', b'=', ..] => mark(Kind::Compare(Compare::Eq), 2),
        [b'!', b'=', ..] => mark(Kind::Compare(Compare::Ne), 2),
        [b'>', b'=', ..] => mark(Kind::Compare(Compare::Ge), 2),
        [b'<', b'=', ..] => mark(Kind::Compare(Compare::Le), 2),
        [b'>', ..] => mark(Kind::Compare(Compare::Gt), 1),
        [b'<', ..] => mark(Kind::Compare(Compare::Lt), 1),
        [b'=', b'>', ..] => mark(Kind::Arrow, 2),
        [b'+', ..] => mark(Kind::Plus, 1),
        [b'-', ..] => mark(Kind::Minus, 1),
        [b'/', ..] => mark(Kind::Over, 1),
        [b'*', ..] => mark(Kind::Times, 1),
        [byte @ (b'=' | b'(' | b')' | b'{' | b'}' | b':' | b',' | b'[' | b']'), ..] => {
            mark(Kind::Mark(*byte), 1)
        }
        [b'A'..=b'Z', ..] => {
            mark(Kind::Upper, count(bytes, |byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')))
        }
        [b'a'..=b'z', ..] => Some(lower(rest)),
        [b'_', behind @ ..] if !behind.first().is_some_and(|byte| in_word(*byte)) => {
            mark(Kind::Underscore, 1)
        }
        _ => None,
    }
}

fn count(bytes: &[u8], of: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of(byte)).count()
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Keywords are words to their end; `order` is none, and neither is `nil_`.
fn lower(rest: &str) -> (Kind, usize) {
    let whole = &rest[..count(rest.as_bytes(), |byte| in_word(*byte))];
    let kind = match whole {
        "nil" => Kind::Nil,
        "not" => Kind::Not,
        "or" => Kind::Or,
        "and" => Kind::And,
        "true" => Kind::Boolean(true),
        "false" => Kind::Boolean(false),
        _ => Kind::Lower,
    };
    let part = count(whole.as_bytes(), |byte| !byte.is_ascii_uppercase());
    (kind, part)
}

/// `12`, `1.`, `.5`, `1.5e-3`; `1e5` is a number and a word.
fn number(bytes: &[u8]) -> (Kind, usize) {
    let whole = count(bytes, u8::is_ascii_digit);
    if bytes.get(whole) != Some(&b'.') {
        return (Kind::Int, whole);
    }
    let fraction = count(&bytes[whole + 1..], u8::is_ascii_digit);
    if whole + fraction == 0 {
        return (Kind::Mark(b'.'), 1);
    }
    let len = whole + 1 + fraction;
    let exponent = match &bytes[len..] {
        [b'e' | b'E', b'+' | b'-', digits @ ..] if count(digits, u8::is_ascii_digit) > 0 => {
            2 + count(digits, u8::is_ascii_digit)
        }
        [b'e' | b'E', digits @ ..] if count(digits, u8::is_ascii_digit) > 0 => {
            1 + count(digits, u8::is_ascii_digit)
        }
        _ => 0,
    };
    (Kind::Float, len + exponent)
}

/// How long the quoted string is. A backslash may stand before anything but the end of a line.
fn string(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if bytes.get(at + 1)? == &b'\n' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests;
