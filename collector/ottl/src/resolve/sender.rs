//! What the paths lead to that begin with `otelcol`.

use slimcol_ottleval::{Field, Kind, SENDER, SENDER_FIELDS, SenderField};
use slimcol_service::gates::OTTL_OTELCOL;

use super::{no_cache, unknown};
use crate::ast::Field as Segment;

/// The field that `fields` begin with, and which of them is its last.
pub(super) fn find(own: Kind, fields: &[Segment], whole: &str) -> Result<(Field, usize), String> {
    if !OTTL_OTELCOL.is_on() {
        return Err("OTTL `otelcol` context requires the `ottl.contexts.enableOTelColContext` feature gate to be enabled"
            .to_owned());
    }
    if fields[0].name == "cache" {
        return Err(no_cache(own, SENDER, whole));
    }
    let mut name = String::new();
    for (at, segment) in fields.iter().enumerate() {
        name.push_str(&segment.name);
        let found = SENDER_FIELDS.iter().find(|(own, _)| *own == name);
        let next = fields.get(at + 1);
        if let Some((_, field)) = found {
            // Of these two the Go collector looks itself at what follows.
            return match (*field, next) {
                (Field::Sender(SenderField::Addr), None) if !segment.keys.is_empty() => {
                    Err(unknown(&segment.name, whole, SENDER))
                }
                (Field::Sender(SenderField::Addr | SenderField::Metadata), Some(next)) => {
                    Err(unknown(&next.name, whole, SENDER))
                }
                (field, _) => Ok((field, at)),
            };
        }
        name.push('.');
        if next.is_none() || !SENDER_FIELDS.iter().any(|(own, _)| own.starts_with(&name)) {
            return Err(unknown(&segment.name, whole, SENDER));
        }
    }
    Err(unknown(SENDER, whole, SENDER))
}
