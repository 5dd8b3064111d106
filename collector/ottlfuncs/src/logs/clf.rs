//! The lines of web servers: NCSA's Common Log Format, and the one that says referer and client too.

use std::borrow::Cow;

use slimcol_ottleval::{
    Fault,
    function::{Call, Ready},
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

pub(super) fn combined(call: &Call) -> bool {
    call.literal_text(1) == Some("combined")
}

pub(super) fn known_format(call: &Call) -> Result<Ready, String> {
    match call.literal_text(1) {
        None | Some("clf" | "combined") => Ok(Ready::Nothing),
        Some(format) => Err(format!("invalid format {format:?}: must be \"clf\" or \"combined\"")),
    }
}

/// What is left of a line.
struct Line<'t>(&'t str);

impl<'t> Line<'t> {
    fn eat(&mut self, what: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(what)?;
        Some(())
    }

    fn word(&mut self) -> Option<&'t str> {
        let end = self.0.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    fn bracketed(&mut self) -> Option<&'t str> {
        self.eat("[")?;
        let (inner, rest) = self.0.split_once(']')?;
        self.0 = rest;
        (!inner.is_empty()).then_some(inner)
    }

    /// What is between quotes, with its escapes.
    fn quoted(&mut self) -> Option<&'t str> {
        self.eat("\"")?;
        let mut escaped = false;
        for (at, byte) in self.0.bytes().enumerate() {
            match byte {
                b'\n' if escaped => return None,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    let inner = &self.0[..at];
                    self.0 = &self.0[at + 1..];
                    return Some(inner);
                }
                _ => {}
            }
        }
        None
    }
}

/// The parts of a line.
struct Parts<'t> {
    words: [&'t str; 3],
    time: &'t str,
    request: &'t str,
    status: &'t str,
    bytes: &'t str,
    /// Referer and client.
    more: Option<(&'t str, &'t str)>,
}

fn parts(text: &str, combined: bool) -> Option<Parts<'_>> {
    let mut line = Line(text.trim());
    let mut words = [""; 3];
    for word in &mut words {
        *word = line.word()?;
        line.eat(" ")?;
    }
    let time = line.bracketed()?;
    line.eat(" ")?;
    let request = line.quoted()?;
    line.eat(" ")?;
    let status = line.word()?;
    line.eat(" ")?;
    let bytes = line.word()?;
    let more = if combined {
        line.eat(" ")?;
        let referer = line.quoted()?;
        line.eat(" ")?;
        Some((referer, line.quoted()?))
    } else {
        None
    };
    line.0.is_empty().then_some(Parts { words, time, request, status, bytes, more })
}

/// Text with the escapes that Apache and nginx put in undone; what is none stays.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        let [next, after @ ..] = behind else {
            out.push(*first);
            break;
        };
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        rest = after;
        let hex = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (next, hex(0), hex(1)) {
            (b'x', Some(high), Some(low)) => {
                out.push(u8::try_from(high << 4 | low).unwrap_or_default());
                rest = &after[2..];
            }
            (b'\\' | b'"', ..) => out.push(*next),
            (b'n', ..) => out.push(b'\n'),
            (b't', ..) => out.push(b'\t'),
            (b'r', ..) => out.push(b'\r'),
            (b'b', ..) => out.push(8),
            (b'f', ..) => out.push(12),
            (b'v', ..) => out.push(11),
            _ => out.extend([b'\\', *next]),
        }
    }
    Cow::Owned(
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

fn number(what: &str, text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let large = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let why = if large { "value out of range" } else { "invalid syntax" };
        Fault::new(format!("invalid {what} {text:?}: strconv.ParseInt: parsing {text:?}: {why}"))
    })
}

pub(super) fn parse(message: &str, combined: bool) -> Result<OwnValue, Fault> {
    let format = if combined { "combined" } else { "clf" };
    let parts = parts(message, combined).ok_or_else(|| {
        Fault::new(format!("invalid CLF message: does not match expected {format:?} format"))
    })?;
    let request = unescaped(parts.request);
    let text = ValueRef::Str;
    let mut pairs = vec![
        ("clf.remote_host", text(parts.words[0])),
        ("clf.rfc931", text(parts.words[1])),
        ("clf.auth_user", text(parts.words[2])),
        ("clf.timestamp", text(parts.time)),
        ("clf.request", text(&request)),
    ];
    if let [method, uri, protocol] = request.splitn(3, ' ').collect::<Vec<_>>()[..] {
        pairs.extend([
            ("clf.method", text(method)),
            ("clf.request_uri", text(uri)),
            ("clf.protocol", text(protocol)),
        ]);
    }
    pairs.push(("clf.status", ValueRef::Int(number("status code", parts.status)?)));
    if parts.bytes != "-" {
        pairs.push(("clf.bytes", ValueRef::Int(number("bytes value", parts.bytes)?)));
    }
    let more = parts.more.map(|(referer, client)| (unescaped(referer), unescaped(client)));
    if let Some((referer, client)) = &more {
        pairs.extend([("clf.referer", text(referer)), ("clf.user_agent", text(client))]);
    }
    Ok(OwnValue::map(pairs))
}
