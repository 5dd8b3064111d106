//! Why a request was refused: a slow second look that only the few bad ones get.

use super::DEPTH;
use crate::{
    Invalid,
    schema::table::{Kind, Message},
    wire::{self, In},
};

/// The reason, in the words of the Go collector where it has any.
#[cold]
pub(crate) fn explain(message: &Message, request: &[u8]) -> Invalid {
    let reason = explain_message(message, request, DEPTH).err();
    Invalid::new(reason.unwrap_or_else(|| format!("proto: not a valid {}", message.name)))
}

fn explain_message(message: &Message, body: In<'_>, depth: u32) -> Result<(), String> {
    let mut b = body;
    while !b.is_empty() {
        let (tag, rest) = varint(b)?;
        let Some((number, wire)) =
            u32::try_from(tag).ok().map(|tag| (tag >> 3, tag & 7)).filter(|key| key.0 > 0)
        else {
            let pos = body.len() - rest.len();
            return Err(format!("proto: Link: illegal field={} (tag={tag}, pos={pos})", tag >> 3));
        };
        b = match message.field(number) {
            None => unknown(number, wire, rest, depth)?,
            Some(field) if wire == field.kind.wire() => explain_field(field.kind, rest, depth)?,
            Some(field) if field.kind.also() == Some(wire) => unknown(number, wire, rest, depth)?,
            Some(field) => {
                return Err(format!("proto: wrong wireType = {wire} for field {}", field.name.go()));
            }
        };
    }
    Ok(())
}

fn explain_field(kind: Kind, b: In<'_>, depth: u32) -> Result<In<'_>, String> {
    match kind.wire() {
        0 => return Ok(varint(b)?.1),
        1 => return b.get(8..).ok_or_else(end),
        5 => return b.get(4..).ok_or_else(end),
        _ => {}
    }
    let (body, rest) = body(b)?;
    match kind {
        Kind::One(inner) | Kind::Many(inner) => {
            if depth == 0 {
                return Err(too_deep());
            }
            explain_message(inner, body, depth - 1)?;
        }
        Kind::TraceId if !matches!(body.len(), 0 | 16) => {
            return Err("unmarshal: invalid TraceID length".to_owned());
        }
        Kind::SpanId if !matches!(body.len(), 0 | 8) => {
            return Err("unmarshal: invalid SpanID length".to_owned());
        }
        Kind::Str | Kind::Strs if std::str::from_utf8(body).is_err() => {
            return Err("proto: string field contains invalid UTF-8".to_owned());
        }
        Kind::Fixed64s | Kind::Doubles if body.len() % 8 != 0 => return Err(end()),
        Kind::Varints => {
            let mut packed = body;
            while !packed.is_empty() {
                packed = varint(packed)?.1;
            }
        }
        _ => {}
    }
    Ok(rest)
}

fn end() -> String {
    "unexpected EOF".to_owned()
}

fn too_deep() -> String {
    "proto: exceeded maximum recursion depth".to_owned()
}

fn varint(b: In<'_>) -> Result<(u64, In<'_>), String> {
    wire::varint(b).ok_or_else(|| {
        let cut = b.len() < 10 && b.iter().all(|x| *x >= 0x80);
        if cut { end() } else { "proto: integer overflow".to_owned() }
    })
}

fn body(b: In<'_>) -> Result<(In<'_>, In<'_>), String> {
    let (len, rest) = varint(b)?;
    if i64::try_from(len).is_err() {
        return Err("proto: negative length found during unmarshaling".to_owned());
    }
    usize::try_from(len).ok().and_then(|len| rest.split_at_checked(len)).ok_or_else(end)
}

fn unknown(number: u32, wire: u32, b: In<'_>, depth: u32) -> Result<In<'_>, String> {
    match wire {
        4 => Err("proto: unexpected end of group".to_owned()),
        6 | 7 => Err(format!("proto: illegal wireType {wire}")),
        _ if depth == 0 => Err(too_deep()),
        0 => Ok(varint(b)?.1),
        2 => Ok(body(b)?.1),
        _ => wire::unknown(number << 3 | wire, b, depth).ok_or_else(end),
    }
}
