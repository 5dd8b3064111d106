//! Lines as zap's console and JSON encoders write them.

use std::{fmt::Write, panic::Location, time::SystemTime};

use super::{Field, Level, timestamp};

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// TAB-separated columns, the fields as one JSON object at the end.
    Console,
    /// One JSON object.
    Json,
}

impl Encoding {
    /// What stands between two fields and between a name and its value.
    const fn spacing(self) -> (&'static str, &'static str) {
        match self {
            Self::Console => (", ", ": "),
            Self::Json => (",", ":"),
        }
    }
}

/// What every line has.
pub(super) struct Head<'a> {
    pub(super) time: SystemTime,
    pub(super) level: Level,
    pub(super) caller: Option<&'a Location<'a>>,
    pub(super) message: &'a str,
}

/// Appends a whole line with its end. `before` are fields that were encoded earlier.
pub(super) fn line(
    to: &mut String,
    encoding: Encoding,
    head: &Head<'_>,
    before: &str,
    fields: &[(&str, Field<'_>)],
) {
    match encoding {
        Encoding::Console => console(to, head, before, fields),
        Encoding::Json => json(to, head, before, fields),
    }
}

fn console(to: &mut String, head: &Head<'_>, before: &str, own: &[(&str, Field<'_>)]) {
    timestamp::write(to, head.time);
    to.push('\t');
    to.push_str(head.level.as_str());
    if let Some(place) = head.caller {
        to.push('\t');
        caller(to, place);
    }
    to.push('\t');
    to.push_str(head.message);
    if !(before.is_empty() && own.is_empty()) {
        to.push_str("\t{");
        let start = to.len();
        to.push_str(before);
        append(to, start, Encoding::Console, own);
        to.push('}');
    }
    to.push('\n');
}

fn json(to: &mut String, head: &Head<'_>, before: &str, own: &[(&str, Field<'_>)]) {
    to.push_str("{\"level\":\"");
    to.push_str(head.level.as_str());
    to.push_str("\",\"ts\":\"");
    timestamp::write(to, head.time);
    to.push('"');
    if let Some(place) = head.caller {
        to.push_str(",\"caller\":\"");
        caller(to, place);
        to.push('"');
    }
    to.push_str(",\"msg\":");
    string(to, head.message);
    if !before.is_empty() {
        to.push(',');
        to.push_str(before);
    }
    append(to, 0, Encoding::Json, own);
    to.push_str("}\n");
}

/// Appends fields; what `to` holds from `start` on are the fields before them.
pub(super) fn append(to: &mut String, start: usize, encoding: Encoding, fields: &[(&str, Field<'_>)]) {
    let (comma, colon) = encoding.spacing();
    for (name, value) in fields {
        if to.len() > start {
            to.push_str(comma);
        }
        string(to, name);
        to.push_str(colon);
        field(to, value);
    }
}

/// Appends one field whose value is JSON already.
pub(super) fn raw_field(to: &mut String, encoding: Encoding, name: &str, json: &str) {
    let (comma, colon) = encoding.spacing();
    if !to.is_empty() {
        to.push_str(comma);
    }
    string(to, name);
    to.push_str(colon);
    to.push_str(json);
}

fn field(to: &mut String, value: &Field<'_>) {
    // Writing to a String cannot fail.
    let _ = match value {
        Field::Str(text) => {
            string(to, text);
            Ok(())
        }
        Field::Int(number) => write!(to, "{number}"),
        Field::Float(number) if number.is_nan() => write!(to, "\"NaN\""),
        Field::Float(number) if number.is_infinite() => {
            to.write_str(if *number > 0.0 { "\"+Inf\"" } else { "\"-Inf\"" })
        }
        Field::Float(number) => write!(to, "{number}"),
        Field::Bool(value) => write!(to, "{value}"),
        Field::List(all) => {
            to.push('[');
            for (i, text) in all.iter().enumerate() {
                if i > 0 {
                    to.push(',');
                }
                string(to, text);
            }
            to.push(']');
            Ok(())
        }
    };
}

/// Appends `text` as a JSON string, escaped as zap does it: what JSON demands and nothing else.
pub fn string(to: &mut String, text: &str) {
    to.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (plain, tail) = rest.split_at(at);
        to.push_str(plain);
        match tail.as_bytes()[0] {
            b'\n' => to.push_str("\\n"),
            b'\r' => to.push_str("\\r"),
            b'\t' => to.push_str("\\t"),
            c @ (b'"' | b'\\') => {
                to.push('\\');
                to.push(char::from(c));
            }
            c => {
                let _ = write!(to, "\\u{c:04x}");
            }
        }
        rest = &tail[1..];
    }
    to.push_str(rest);
    to.push('"');
}

/// The last folder and the file, as zap shortens it; `src` says nothing, so the folder that holds it stands for it.
fn caller(to: &mut String, place: &Location<'_>) {
    let mut parts = place.file().rsplit(['/', '\\']).filter(|part| *part != "src");
    let file = parts.next().unwrap_or_default();
    let _ = match parts.next() {
        Some(folder) => write!(to, "{folder}/{file}:{}", place.line()),
        None => write!(to, "{file}:{}", place.line()),
    };
}
