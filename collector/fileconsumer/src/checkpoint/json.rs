//! Files as JSON: their number in a line, then an object for each.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Deserializer, Value};

use crate::{batch::Attributes, fingerprint::Fingerprint, meta::Meta};

/// Reads the files of a stream.
pub(super) fn read(stream: &[u8]) -> Result<Vec<Meta>, String> {
    let mut values = Deserializer::from_slice(stream).into_iter::<Value>();
    let count = values.next().and_then(Result::ok).and_then(|count| count.as_u64());
    let count = count.ok_or("decode number of offsets: not a number")?;
    let mut files = Vec::new();
    for _ in 0..count {
        let value = values.next().ok_or("decode offset: EOF")?;
        files.push(meta(value.map_err(|why| format!("decode offset: {why}"))?)?);
    }
    Ok(files)
}

fn meta(mut value: Value) -> Result<Meta, String> {
    let mark = value["Fingerprint"]["first_bytes"].as_str().unwrap_or_default();
    let mark = STANDARD.decode(mark).map_err(|why| format!("decode offset: {why}"))?;
    let mut attributes = match value.get_mut("FileAttributes").map(Value::take) {
        Some(Value::Object(attributes)) => attributes,
        _ => Attributes::new(),
    };
    // Older releases kept them apart.
    if let Some(Value::Object(header)) = attributes.remove("HeaderAttributes") {
        attributes.extend(header);
    }
    // What is not there, or negative, is nothing.
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    Ok(Meta {
        fingerprint: Fingerprint::new(mark),
        offset: number(&value["Offset"]),
        record: number(&value["RecordNum"]),
        attributes: Arc::new(attributes),
        header_done: value["HeaderFinalized"] == true,
        rest: number(&value["FlushState"]["LastDataLength"]),
        gzip: value["FileType"] == ".gz",
        skipping: value["TruncateSkipping"] == true,
        ..Meta::default()
    })
}
