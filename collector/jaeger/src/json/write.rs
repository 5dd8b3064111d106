//! Protobuf as JSON.

use std::io::Write;

use slimcol_pdata::{
    get::{Value, fields},
    json::{base64, number, write_text},
};
use slimcol_timeformat::{Time, Zone};

use super::schema::{Kind, Message};

/// Appends a message that this crate wrote: its fields come in the order of their numbers.
pub(super) fn message(of: &Message, body: &[u8], to: &mut Vec<u8>) {
    to.push(b'{');
    let (start, mut list) = (to.len(), None);
    // Whatever else a field is, the message is ours.
    for (number, value) in fields(body).map_while(Result::ok) {
        let Some((name, kind)) = (number as usize).checked_sub(1).and_then(|at| of.fields.get(at)) else {
            continue;
        };
        if is_left_out(kind, value) {
            continue;
        }
        if list == Some(number) {
            to.push(b',');
        } else {
            if list.take().is_some() {
                to.push(b']');
            }
            member(to, start, name);
            if matches!(kind, Kind::Many(_) | Kind::Always(_)) {
                list = Some(number);
                to.push(b'[');
            }
        }
        write(kind, value, to);
    }
    if list.is_some() {
        to.push(b']');
    } else if let Some((name, Kind::Always(_))) = of.fields.last() {
        member(to, start, name);
        to.extend_from_slice(b"[]");
    }
    to.push(b'}');
}

fn member(to: &mut Vec<u8>, start: usize, name: &str) {
    if to.len() > start {
        to.push(b',');
    }
    write_text(to, name);
    to.push(b':');
}

/// What protobuf has although it is a default, and JSON has not.
fn is_left_out(kind: &Kind, value: Value<'_>) -> bool {
    match (kind, value) {
        (Kind::SpanId, Value::Bytes(id)) => id.iter().all(|byte| *byte == 0),
        (Kind::Duration, Value::Bytes(body)) => body.is_empty(),
        _ => false,
    }
}

fn write(kind: &Kind, value: Value<'_>, to: &mut Vec<u8>) {
    match (kind, value) {
        (Kind::Text, Value::Bytes(own)) => text(&String::from_utf8_lossy(own), to),
        (Kind::Bool, Value::Varint(own)) => to.extend_from_slice(if own == 0 { b"false" } else { b"true" }),
        (Kind::Uint, Value::Varint(own)) => shown(to, format_args!("{own}")),
        (Kind::Int, Value::Varint(own)) => shown(to, format_args!("\"{}\"", own.cast_signed())),
        (Kind::Double, Value::Fixed64(own)) => {
            let own = f64::from_bits(own);
            let quote: &[u8] = if own.is_finite() { b"" } else { b"\"" };
            to.extend_from_slice(quote);
            number::double(to, own, number::Style::Es6);
            to.extend_from_slice(quote);
        }
        (Kind::Enum(_, words), Value::Varint(own)) => {
            let word = usize::try_from(own).ok().and_then(|own| words.get(own));
            write_text(to, word.unwrap_or(&""));
        }
        (Kind::Bytes | Kind::TraceId | Kind::SpanId, Value::Bytes(own)) => {
            to.push(b'"');
            base64::encode(to, own);
            to.push(b'"');
        }
        (Kind::Time, Value::Bytes(own)) => time(own, to),
        (Kind::Duration, Value::Bytes(own)) => {
            let (seconds, nanos) = parts(own);
            let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
            shown(to, format_args!("\"{sign}{}", seconds.unsigned_abs()));
            fraction(nanos.unsigned_abs(), to);
            to.extend_from_slice(b"s\"");
        }
        (Kind::One(of) | Kind::Many(of) | Kind::Always(of), Value::Bytes(own)) => message(of, own, to),
        _ => to.extend_from_slice(b"null"),
    }
}

/// Text as Go's `encoding/json` has it: fit for a web page.
fn text(text: &str, to: &mut Vec<u8>) {
    let start = to.len();
    write_text(to, text);
    let plain = |c: char| !matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
    if text.chars().all(plain) {
        return;
    }
    let written = String::from_utf8_lossy(&to[start..]).into_owned();
    to.truncate(start);
    for c in written.chars() {
        if plain(c) {
            to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            shown(to, format_args!("\\u{:04x}", u32::from(c)));
        }
    }
}

/// A `Timestamp` as RFC 3339 has it, in UTC.
fn time(body: &[u8], to: &mut Vec<u8>) {
    let (seconds, nanos) = parts(body);
    let at = Time { seconds, nanos: 0, zone: Zone::Utc }.reading();
    let (date, clock) = ((at.year, at.month, at.day), (at.hour, at.minute, at.second));
    shown(to, format_args!("\"{:04}-{:02}-{:02}T", date.0, date.1, date.2));
    shown(to, format_args!("{:02}:{:02}:{:02}", clock.0, clock.1, clock.2));
    fraction(nanos.unsigned_abs(), to);
    to.extend_from_slice(b"Z\"");
}

/// Seconds and nanoseconds.
fn parts(body: &[u8]) -> (i64, i64) {
    let mut parts = (0, 0);
    for field in fields(body).map_while(Result::ok) {
        match field {
            (1, Value::Varint(own)) => parts.0 = own.cast_signed(),
            (2, Value::Varint(own)) => parts.1 = own.cast_signed(),
            _ => {}
        }
    }
    parts
}

/// Nothing, or three, six or nine digits.
fn fraction(nanos: u64, to: &mut Vec<u8>) {
    if nanos == 0 {
        return;
    }
    shown(to, format_args!(".{nanos:09}"));
    while to.ends_with(b"000") {
        to.truncate(to.len() - 3);
    }
}

fn shown(to: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    to.write_fmt(what).expect("writing to memory does not fail");
}
