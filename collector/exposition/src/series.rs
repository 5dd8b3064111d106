//! The bytes of a series, and what is in them.

use std::borrow::Cow;

use slimcol_pdata::{put, wire};

use crate::cursor::{Braces, Cursor, Named, starts_name};

/// What a series begins with that came as protobuf: pairs of name and value, each with its length.
const PAIRS: u8 = 0;

/// Names and values of a series in the order written, the metric's name first, as `__name__`. Bytes that are no series are
/// read as far as they go.
pub fn parts(series: &[u8], mut each: impl FnMut(&str, &str)) {
    if let [PAIRS, pairs @ ..] = series {
        let mut rest = pairs;
        while let Some((name, value, behind)) = pair(rest) {
            each(&lossy(name), &lossy(value));
            rest = behind;
        }
        return;
    }
    each("__name__", &name(series));
    written(series, |name, value| {
        if let Some(name) = name {
            each(&unescaped(name), &unescaped(value));
        }
    });
}

/// The metric's name.
pub fn name(series: &[u8]) -> Cow<'_, str> {
    if let [PAIRS, pairs @ ..] = series {
        return pair(pairs).map_or(Cow::Borrowed(""), |(_, value, _)| lossy(value));
    }
    let end = series.iter().position(|byte| !(starts_name(*byte) || byte.is_ascii_digit()));
    let mut found = &series[..end.unwrap_or(series.len())];
    if found.is_empty() {
        written(series, |name, value| {
            if name.is_none() {
                found = value;
            }
        });
    }
    unescaped(found)
}

/// What stands in the braces of a series that was read before, so that there is nothing wrong with it.
fn written<'a>(series: &'a [u8], each: impl FnMut(Option<&'a [u8]>, &'a [u8])) {
    let mut cursor = Cursor { page: series, at: 0 };
    cursor.skip(|byte| starts_name(byte) || byte.is_ascii_digit());
    cursor.blanks();
    if cursor.takes(b"{") {
        let _ = cursor.braces(0, Braces::Lenient, Named::NotYet, each);
    }
}

/// Whether the metric's name ends with `suffix`, and has more.
pub fn ends_with(series: &[u8], suffix: &str) -> bool {
    let name = name(series);
    name.len() > suffix.len() && name.ends_with(suffix)
}

/// Begins a series of pairs.
pub(crate) fn begin(to: &mut Vec<u8>, name: &[u8], suffix: &str) {
    to.clear();
    to.push(PAIRS);
    push(to, b"__name__", &[name, suffix.as_bytes()]);
}

/// Adds a label to a series of pairs.
pub(crate) fn push(to: &mut Vec<u8>, name: &[u8], value: &[&[u8]]) {
    put::varint(to, name.len() as u64);
    to.extend_from_slice(name);
    put::varint(to, value.iter().map(|part| part.len() as u64).sum());
    for part in value {
        to.extend_from_slice(part);
    }
}

fn pair(pairs: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (name, rest) = wire::body(pairs)?;
    let (value, rest) = wire::body(rest)?;
    Some((name, value, rest))
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// `\\`, `\"` and `\n` as what they stand for; other escapes stay as they are.
pub(crate) fn unescaped(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.contains(&b'\\') { Cow::Owned(replaced(&lossy(bytes), true)) } else { lossy(bytes) }
}

/// The same where quotes are not escaped.
pub(crate) fn unescaped_help(bytes: &[u8], quotes: bool) -> Cow<'_, str> {
    if bytes.contains(&b'\\') { Cow::Owned(replaced(&lossy(bytes), quotes)) } else { lossy(bytes) }
}

fn replaced(text: &str, quotes: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let next = chars.clone().next();
        let stands = match (c, next) {
            ('\\', Some('\\')) => '\\',
            ('\\', Some('n')) => '\n',
            ('\\', Some('"')) if quotes => '"',
            _ => {
                plain.push(c);
                continue;
            }
        };
        plain.push(stands);
        chars.next();
    }
    plain
}
