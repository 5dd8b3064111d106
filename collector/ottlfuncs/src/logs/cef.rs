//! `ArcSight`'s Common Event Format.

use std::borrow::Cow;

use slimcol_ottleval::{Fault, Unique};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

const NAMES: [&str; 7] = [
    "cef.version",
    "cef.device_vendor",
    "cef.device_product",
    "cef.device_version",
    "cef.device_event_class_id",
    "cef.name",
    "cef.severity",
];

/// What stands before `CEF:`, as syslog puts it there, does not count.
pub(super) fn parse(message: &str) -> Result<OwnValue, Fault> {
    let start = message.find("CEF:").ok_or_else(|| Fault::new("invalid CEF message: 'CEF:' not found"))?;
    let (header, extension) = header(&message[start + "CEF:".len()..])?;
    if header[0].is_empty() {
        return Err(Fault::new("invalid CEF message: missing version"));
    }
    let header: Vec<Cow<'_, str>> = header.into_iter().map(|field| unescaped(field, "\\|")).collect();
    let extensions = extensions(extension);
    let extensions = OwnValue::map(extensions.iter().map(|(key, value)| (*key, ValueRef::Str(value))));
    let pairs = NAMES.iter().zip(&header).map(|(name, field)| (*name, ValueRef::Str(field)));
    Ok(OwnValue::map(pairs.chain([("cef.extensions", extensions.view())])))
}

/// The seven fields between pipes, and what follows them.
fn header(text: &str) -> Result<([&str; 7], &str), Fault> {
    let (mut fields, mut count, mut start, mut escaped) = ([""; 7], 0, 0, false);
    for (at, byte) in text.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        // A backslash before anything else stands for itself.
        escaped = byte == b'\\' && matches!(text.as_bytes().get(at + 1), Some(b'|' | b'\\'));
        if byte == b'|' {
            fields[count] = &text[start..at];
            (count, start) = (count + 1, at + 1);
            if count == fields.len() {
                return Ok((fields, &text[start..]));
            }
        }
    }
    fields[count] = &text[start..];
    if count + 1 < fields.len() {
        return Err(Fault::new(format!(
            "invalid CEF header: expected at least 7 pipe-delimited fields (CEF:Version, Device Vendor, Device Product, \
             Device Version, Device Event Class ID, Name, Severity), got {}",
            count + 1
        )));
    }
    Ok((fields, ""))
}

/// Text in which a backslash stands before each of `marks`, where `n` and `r` are line ends.
fn unescaped<'t>(text: &'t str, marks: &str) -> Cow<'t, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.next_if(|next| letter == '\\' && marks.contains(*next)) {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(mark) => out.push(mark),
            None => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// The key that the text begins with, which an equals sign follows.
fn key(text: &str) -> Option<&str> {
    let len = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_')?;
    (len > 0 && text[len..].starts_with('=')).then(|| &text[..len])
}

/// A value goes on to the space before the next key.
fn extensions(text: &str) -> Vec<(&str, Cow<'_, str>)> {
    let mut pairs: Unique<&str, Cow<'_, str>> = Unique::default();
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let mut keys = starts.filter_map(|at| Some((at, key(&text[at..])?))).peekable();
    while let Some((at, key)) = keys.next() {
        let end = keys.peek().map_or(text.len(), |(next, _)| *next);
        let value = text[at + key.len() + 1..end].trim_end_matches(' ');
        pairs.put(key, unescaped(value, "\\=nr"));
    }
    pairs.into_pairs()
}
