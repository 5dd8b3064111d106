//! The `format` of `file_output`: as much of Go's templates as needs no language, which is fields with text between.

use slimcol_expr::{Environment, Held, Time, Value as Shown};

use crate::Entry;

/// A format that was found good. It is read again for each entry, which costs a collector less room than what it could be made.
#[derive(Clone, Debug)]
pub(super) struct Template(String);

impl Template {
    /// Looks at all of a format; the error says what there is.
    pub(super) fn parse(source: String) -> Result<Self, String> {
        match render(&source, &Entry::default(), &mut String::new()) {
            Ok(()) => Ok(Self(source)),
            Err(path) => Err(format!(
                "'{path}' is not supported: what stands between '{{{{' and '}}}}' is one of .Body, .Attributes, .Resource (also with \
                 keys, as in .Body.key), .Timestamp, .ObservedTimestamp, .Severity, .SeverityText, .ScopeName, .TraceID, .SpanID, \
                 .TraceFlags"
            )),
        }
    }

    /// Appends the text of an entry.
    pub(super) fn write(&self, entry: &Entry, to: &mut String) {
        // What is wrong with a format is wrong for every entry, and was found.
        let _ = render(&self.0, entry, to);
    }
}

/// The error is what is no field.
#[inline(never)]
fn render<'s>(source: &'s str, entry: &Entry, to: &mut String) -> Result<(), &'s str> {
    let mut rest = source;
    while let Some((text, action)) = cut(rest, *b"{{") {
        to.push_str(text);
        let (inside, after) = cut(action, *b"}}").ok_or(action)?;
        let path = inside.trim_ascii();
        match value(path, entry).ok_or(path)? {
            Shown::Nil => to.push_str("<no value>"),
            value => to.push_str(&value.to_text()),
        }
        rest = after;
    }
    to.push_str(rest);
    Ok(())
}

/// What is at a path, if it is one.
#[inline(never)]
fn value<'e>(mut path: &str, entry: &'e Entry) -> Option<Shown<'e>> {
    let trace = entry.trace.as_deref();
    let part = name(&mut path);
    let bytes = |id: Option<&'e Vec<u8>>| Shown::Bytes(Held::Borrowed(id.map_or(&[], Vec::as_slice)));
    let mut value = match part {
        "Body" => entry.get("body")?,
        "Attributes" => entry.get("attributes")?,
        "Resource" => entry.get("resource")?,
        // The others have no keys.
        _ if !path.is_empty() => return None,
        "Timestamp" => entry.get("timestamp").unwrap_or(Shown::Time(Time::ZERO)),
        "ObservedTimestamp" => Shown::Time(Time::from_unix_nanos(entry.observed)),
        "TraceID" => bytes(trace.map(|trace| &trace.trace_id)),
        "SpanID" => bytes(trace.map(|trace| &trace.span_id)),
        "TraceFlags" => bytes(trace.map(|trace| &trace.flags)),
        _ => Shown::Text(Held::Borrowed(match part {
            "Severity" if entry.severity.number() == 0 => "DEFAULT",
            "Severity" => entry.severity.name(),
            "SeverityText" => &entry.severity_text,
            "ScopeName" => &entry.scope_name,
            _ => return None,
        })),
    };
    while !path.is_empty() {
        let key = name(&mut path);
        value = match value {
            _ if key.is_empty() => return None,
            Shown::Map(map) => map.get(key).unwrap_or(Shown::Nil),
            _ => Shown::Nil,
        };
    }
    Some(value)
}

/// Takes a dot and a name off the front; empty if there is none. What Go calls a letter beyond ASCII is left to whoever has such
/// keys.
#[inline(never)]
fn name<'s>(rest: &mut &'s str) -> &'s str {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let Some(dotless) = rest.strip_prefix('.') else { return "" };
    let bytes = dotless.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_digit) {
        return "";
    }
    let (name, behind) =
        dotless.split_at(bytes.iter().position(|byte| !belongs(byte)).unwrap_or(bytes.len()));
    *rest = behind;
    name
}

/// What is before and behind the first of these two bytes. The search for texts is a kilobyte of code.
#[inline(never)]
fn cut(text: &str, pair: [u8; 2]) -> Option<(&str, &str)> {
    let at = text.as_bytes().windows(2).position(|two| *two == pair)?;
    text.get(..at).zip(text.get(at + 2..))
}
