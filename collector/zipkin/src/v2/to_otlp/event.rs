//! Annotations as events.

use slimcol_pdata::put;

use crate::{Error, json::attributes, v2::span::Annotation};

/// Appends what an annotation is in OTLP. `name|{…}|dropped` is an event with attributes, as exporters write it.
pub(super) fn event(annotation: &Annotation<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    put::fixed64(to, 1, annotation.time);
    let (name, rest) = annotation.value.split_once('|').unwrap_or((&annotation.value, ""));
    put::bytes(to, 2, name.as_bytes());
    if let Some((json, dropped)) = rest.rsplit_once('|') {
        attributes(json, 3, to)?;
        put::varint_field(to, 4, count(dropped)?.into());
    }
    Ok(())
}

/// How many attributes were dropped.
pub(super) fn count(text: &str) -> Result<u32, Error> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or_else(|| {
        let why = if digits { "value out of range" } else { "invalid syntax" };
        Error::new(format!("strconv.ParseUint: parsing {text:?}: {why}"))
    })
}
