//! What the compact protocol writes otherwise: variable lengths, zigzag, and types of its own.

use slimcol_pdata::wire;

use crate::{Error, Kind};

/// Takes an unsigned number of variable length off `rest`.
pub(crate) fn varint(rest: &mut &[u8]) -> Result<u64, Error> {
    let (value, after) =
        wire::varint(rest).ok_or(if rest.len() < 10 { Error::Short } else { Error::Varint })?;
    *rest = after;
    Ok(value)
}

/// A signed number in zigzag.
pub(crate) const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// A type's nibble, and the value if it is a boolean field, whose value is its type.
pub(crate) const fn kind(nibble: u8) -> Result<(Kind, Option<bool>), Error> {
    Ok(match nibble {
        1 => (Kind::Bool, Some(true)),
        2 => (Kind::Bool, Some(false)),
        3 => (Kind::Byte, None),
        4 => (Kind::I16, None),
        5 => (Kind::I32, None),
        6 => (Kind::I64, None),
        7 => (Kind::Double, None),
        8 => (Kind::Bytes, None),
        9 => (Kind::List, None),
        10 => (Kind::Set, None),
        11 => (Kind::Map, None),
        12 => (Kind::Struct, None),
        other => return Err(Error::Kind(other)),
    })
}
