//! Files as protobuf: Go's `MetadataList`.

use std::sync::Arc;

use slimcol_service::wire::{bytes, message, number};

use crate::{fingerprint::Fingerprint, meta::Meta};

/// Appends a file.
pub(super) fn write(out: &mut Vec<u8>, file: &Meta) {
    message(out, 1, |to| {
        message(to, 1, |to| bytes(to, 1, file.fingerprint.bytes()));
        set(to, 2, file.offset);
        set(to, 3, file.record);
        bytes(to, 4, serde_json::to_string(&*file.attributes).unwrap_or_default().as_bytes());
        set(to, 5, file.header_done.into());
        message(to, 6, |to| {
            set(to, 1, file.grew.cast_unsigned());
            set(to, 2, file.rest);
        });
        message(to, 7, |to| set(to, 1, file.rest));
        if file.gzip {
            bytes(to, 8, b".gz");
        }
    });
}

fn set(to: &mut Vec<u8>, field: u32, value: u64) {
    if value != 0 {
        number(to, field, value);
    }
}

/// The files of a list. Fields that are not known are left out, as protobuf says.
pub(super) fn read(list: &[u8]) -> Result<Vec<Meta>, String> {
    let mut files = Vec::new();
    each(list, |field| {
        if let (1, Value::Bytes(file)) = field {
            files.push(meta(file)?);
        }
        Some(())
    })
    .ok_or("the offsets are neither protobuf nor JSON")?;
    Ok(files)
}

fn meta(file: &[u8]) -> Option<Meta> {
    let mut out = Meta::default();
    each(file, |field| {
        match field {
            (1, Value::Bytes(mark)) => each(mark, |field| {
                if let (1, Value::Bytes(bytes)) = field {
                    out.fingerprint = Fingerprint::new(bytes.to_vec());
                }
                Some(())
            })?,
            (2, Value::Number(n)) => out.offset = positive(n),
            (3, Value::Number(n)) => out.record = positive(n),
            (4, Value::Bytes(json)) => {
                out.attributes = Arc::new(serde_json::from_slice(json).unwrap_or_default());
            }
            (5, Value::Number(n)) => out.header_done = n != 0,
            (6, Value::Bytes(flush)) => each(flush, |field| {
                if let (2, Value::Number(n)) = field {
                    out.rest = positive(n);
                }
                Some(())
            })?,
            (8, Value::Bytes(kind)) => out.gzip = kind == b".gz",
            _ => {}
        }
        Some(())
    })?;
    Some(out)
}

/// A number that Go has signed, where a negative one means nothing.
fn positive(n: u64) -> u64 {
    u64::try_from(n.cast_signed()).unwrap_or_default()
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// Takes the fields of a message one by one.
fn each<'a>(mut rest: &'a [u8], mut take: impl FnMut((u64, Value<'a>)) -> Option<()>) -> Option<()> {
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut rest)?),
            1 => skip(&mut rest, 8)?,
            2 => {
                let len = usize::try_from(varint(&mut rest)?).ok()?;
                let (bytes, after) = rest.split_at_checked(len)?;
                rest = after;
                Value::Bytes(bytes)
            }
            5 => skip(&mut rest, 4)?,
            _ => return None,
        };
        if key >> 3 == 0 {
            return None;
        }
        take((key >> 3, value))?;
    }
    Some(())
}

fn skip<'a>(rest: &mut &[u8], len: usize) -> Option<Value<'a>> {
    *rest = rest.get(len..)?;
    Some(Value::Fixed)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
