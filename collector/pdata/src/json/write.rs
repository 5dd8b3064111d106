//! From an encoded request to OTLP/JSON.

use super::{base64, hex, number, raw::list, text};
use crate::{
    fields::{Field, Fields},
    put,
    schema::table::{self, Kind, Message, Presence},
    view::{Doubles, Numbers, low32, text as checked_text},
    wire::In,
};

/// No message has more fields.
const FIELDS: usize = 16;

/// Appends a request that comes in `pieces`, whose one field is repeated, as one object.
pub(crate) fn write<'a>(request: &Message, pieces: impl Iterator<Item = &'a [u8]>, to: &mut Vec<u8>) {
    let [table::Field { number, name, kind: Kind::Many(entry), .. }] = request.fields else { return };
    let mut entries = pieces.flat_map(Fields::of).filter(|field| field.number == *number).peekable();
    to.push(b'{');
    if entries.peek().is_some() {
        key(to, name.camel());
        list(to, *b"[]", entries, |to, field| object(entry, field.value, to));
    }
    to.push(b'}');
}

/// What a message holds of one field.
#[derive(Clone, Copy)]
struct Found<'a> {
    /// The message from the field's first place on.
    from: In<'a>,
    /// The field at its last place, which is what counts unless it is repeated.
    last: Field<'a>,
}

/// Appends the message `body` as an object. The check bounds the recursion.
fn object(message: &Message, body: &[u8], to: &mut Vec<u8>) {
    let mut found: [Option<Found<'_>>; FIELDS] = [None; FIELDS];
    let mut member = None;
    let mut rest = Fields::of(body);
    loop {
        let from = rest.rest();
        let Some(last) = rest.next() else { break };
        let Some(at) = message.fields.iter().position(|field| field.number == last.number) else { continue };
        if message.fields[at].presence == Presence::Oneof {
            member = Some(at);
        }
        if let Some(found) = found.get_mut(at) {
            *found = Some(Found { from: found.map_or(from, |found| found.from), last });
        }
    }
    to.push(b'{');
    let start = to.len();
    for (at, (field, found)) in message.fields.iter().zip(found).enumerate() {
        if field.presence == Presence::Oneof && member != Some(at) || !is_set(field, found) {
            continue;
        }
        if to.len() > start {
            to.push(b',');
        }
        key(to, field.name.camel());
        value(field.kind, found, to);
    }
    to.push(b'}');
}

fn key(to: &mut Vec<u8>, name: &str) {
    to.push(b'"');
    to.extend_from_slice(name.as_bytes());
    to.extend_from_slice(b"\":");
}

/// Whether a field is written: a single message always is, a scalar if it is not zero or its presence means something.
fn is_set(field: &table::Field, found: Option<Found<'_>>) -> bool {
    let Some(Found { from, last }) = found else {
        return matches!((field.kind, field.presence), (Kind::One(_), Presence::Implicit));
    };
    match field.kind {
        _ if field.presence != Presence::Implicit => true,
        Kind::Fixed64s | Kind::Doubles | Kind::Varints => {
            Fields::of(from).any(|one| one.number == field.number && !one.value.is_empty())
        }
        Kind::U32 | Kind::I32 | Kind::S32 | Kind::Enum(_) => low32(last.varint()) != 0,
        Kind::I64 | Kind::Bool => last.varint() != 0,
        // The Go collector compares a double with zero, so the negative one is absent, too.
        Kind::Double => f64::from_bits(last.fixed64()) != 0.0,
        Kind::Str | Kind::Bytes => !last.value.is_empty(),
        Kind::Fixed64 | Kind::SFixed64 | Kind::Fixed32 | Kind::TraceId | Kind::SpanId => {
            last.value.iter().any(|byte| *byte != 0)
        }
        Kind::Strs | Kind::One(_) | Kind::Many(_) => true,
    }
}

fn value(kind: Kind, found: Option<Found<'_>>, to: &mut Vec<u8>) {
    let Some(Found { from, last }) = found else { return to.extend_from_slice(b"{}") };
    let same = Fields::of(from).filter(|one| one.number == last.number);
    match kind {
        Kind::U32 => number::display(to, low32(last.varint())),
        Kind::I32 | Kind::Enum(_) => number::display(to, low32(last.varint()).cast_signed()),
        Kind::S32 => number::display(to, put::unzigzag(last.varint())),
        Kind::I64 => quoted(to, last.varint().cast_signed()),
        Kind::Bool => number::display(to, last.varint() != 0),
        Kind::Fixed64 => quoted(to, last.fixed64()),
        Kind::SFixed64 => quoted(to, last.fixed64().cast_signed()),
        Kind::Double => double(to, f64::from_bits(last.fixed64())),
        Kind::Fixed32 => number::display(to, last.fixed32()),
        Kind::Str => text::write(to, checked_text(last.value)),
        Kind::Strs => list(to, *b"[]", same, |to, one| text::write(to, checked_text(one.value))),
        Kind::Bytes => {
            to.push(b'"');
            base64::encode(to, last.value);
            to.push(b'"');
        }
        Kind::TraceId | Kind::SpanId => {
            to.push(b'"');
            hex::encode(to, last.value);
            to.push(b'"');
        }
        Kind::Fixed64s => list(to, *b"[]", Numbers::fixed(from, last.number), quoted),
        Kind::Varints => list(to, *b"[]", Numbers::varints(from, last.number), quoted),
        Kind::Doubles => list(to, *b"[]", Doubles::of(from, last.number), double),
        Kind::One(inner) => object(inner, last.value, to),
        Kind::Many(inner) => list(to, *b"[]", same, |to, one| object(inner, one.value, to)),
    }
}

/// A 64-bit number, which JSON's readers may not hold.
fn quoted(to: &mut Vec<u8>, value: impl std::fmt::Display) {
    to.push(b'"');
    number::display(to, value);
    to.push(b'"');
}

fn double(to: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        return number::double(to, value, number::Style::Padded);
    }
    to.push(b'"');
    number::double(to, value, number::Style::Padded);
    to.push(b'"');
}
