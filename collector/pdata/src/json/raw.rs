//! Values as plain JSON, the way the Go collector prints lists and maps.

use super::{base64, number, text};
use crate::view::ValueRef;

/// Appends `value` as plain JSON: keys sorted, bytes in base64, no value as null.
pub(crate) fn write(to: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Empty => to.extend_from_slice(b"null"),
        ValueRef::Str(value) => text::write(to, value),
        ValueRef::Bool(value) => number::display(to, value),
        ValueRef::Int(value) => number::display(to, value),
        ValueRef::Double(value) if value.is_finite() => number::double(to, value, number::Style::Es6),
        ValueRef::Double(value) => quoted(to, |to| number::double(to, value, number::Style::Es6)),
        ValueRef::Bytes(value) => quoted(to, |to| base64::encode(to, value)),
        ValueRef::Array(values) => {
            list(to, *b"[]", values.iter(), write);
        }
        ValueRef::Map(map) => {
            // A map that holds a key twice shows the last, as a Go map would.
            list(to, *b"{}", slimcol_order::map(map.iter()).into_iter(), |to, (key, value)| {
                text::write(to, key);
                to.push(b':');
                write(to, value);
            });
        }
    }
}

fn quoted(to: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    to.push(b'"');
    write(to);
    to.push(b'"');
}

/// Appends `items` between two brackets, separated by commas.
pub(super) fn list<T>(
    to: &mut Vec<u8>,
    brackets: [u8; 2],
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    to.push(brackets[0]);
    for (at, item) in items.enumerate() {
        if at > 0 {
            to.push(b',');
        }
        write(to, item);
    }
    to.push(brackets[1]);
}
