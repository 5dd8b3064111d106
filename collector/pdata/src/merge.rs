//! Requests in which a single message field comes more than once.
//!
//! Protobuf says that such fields are merged, and that the last member of a oneof wins. No known sender writes them, but
//! the check takes them as every decoder does. They are written anew at the door, so that behind it everybody may rely on
//! a single message field being there at most once.

use std::borrow::Cow;

use crate::{
    fields::{Field, Fields},
    put,
    schema::table::{Kind, Message, Presence},
};

/// `body`, a checked message, with its single message fields merged.
#[cold]
pub(crate) fn merged(message: &Message, body: &[u8]) -> Vec<u8> {
    let fields = kept(message, body);
    let (mut out, mut done) = (Vec::with_capacity(body.len()), 0_u64);
    for (at, field) in fields.iter().enumerate() {
        match message.field(field.number).map(|known| known.kind) {
            Some(Kind::One(inner)) if field.wire == 2 => {
                // Not by looking back for each: a request of nothing but such fields would take quadratic time.
                if done & 1 << field.number != 0 {
                    continue;
                }
                done |= 1 << field.number;
                let mut all = Cow::Borrowed(field.value);
                for other in fields[at + 1..].iter().filter(|other| other.number == field.number) {
                    all.to_mut().extend_from_slice(other.value);
                }
                put::bytes(&mut out, field.number, &merged(inner, &all));
            }
            Some(Kind::Many(inner)) if field.wire == 2 => {
                put::bytes(&mut out, field.number, &merged(inner, field.value));
            }
            _ => out.extend_from_slice(field.whole),
        }
    }
    out
}

/// The fields without those members of the oneof that another one replaced.
fn kept<'a>(message: &Message, body: &'a [u8]) -> Vec<Field<'a>> {
    let member = |number| message.field(number).is_some_and(|field| field.presence == Presence::Oneof);
    let last = Fields::of(body).map(|field| field.number).filter(|number| member(*number)).last();
    // Only the last run of one member counts: an earlier one was thrown away when another took its place.
    let replaced = Fields::of(body)
        .enumerate()
        .filter(|(_, field)| member(field.number) && Some(field.number) != last)
        .map(|(at, _)| at)
        .last();
    Fields::of(body)
        .enumerate()
        .filter(|(at, field)| !member(field.number) || replaced.is_none_or(|replaced| *at > replaced))
        .map(|(_, field)| field)
        .collect()
}
