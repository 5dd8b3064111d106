//! Files as protobuf: Go's `MetadataList`.

use std::sync::Arc;

use slimcol_pdata::get::{Malformed, Value, fields};
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
    for field in fields(list) {
        let file = match field {
            Ok((1, Value::Bytes(file))) => meta(file),
            Ok(_) => continue,
            Err(malformed) => Err(malformed),
        };
        files.push(file.map_err(|Malformed| "the offsets are neither protobuf nor JSON")?);
    }
    Ok(files)
}

fn meta(file: &[u8]) -> Result<Meta, Malformed> {
    let mut out = Meta::default();
    for field in fields(file) {
        match field? {
            (1, Value::Bytes(mark)) => {
                for field in fields(mark) {
                    if let (1, Value::Bytes(bytes)) = field? {
                        out.fingerprint = Fingerprint::new(bytes.to_vec());
                    }
                }
            }
            (2, Value::Varint(n)) => out.offset = positive(n),
            (3, Value::Varint(n)) => out.record = positive(n),
            (4, Value::Bytes(json)) => {
                out.attributes = Arc::new(serde_json::from_slice(json).unwrap_or_default());
            }
            (5, Value::Varint(n)) => out.header_done = n != 0,
            (6, Value::Bytes(flush)) => {
                for field in fields(flush) {
                    if let (2, Value::Varint(n)) = field? {
                        out.rest = positive(n);
                    }
                }
            }
            (8, Value::Bytes(kind)) => out.gzip = kind == b".gz",
            _ => {}
        }
    }
    Ok(out)
}

/// A number that Go has signed, where a negative one means nothing.
fn positive(n: u64) -> u64 {
    u64::try_from(n.cast_signed()).unwrap_or_default()
}
