//! IBM's Log Event Extended Format.

use slimcol_ottleval::{Fault, Unique};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

/// What stands before `LEEF:`, as syslog puts it there, does not count.
pub(super) fn parse(message: &str) -> Result<OwnValue, Fault> {
    let start = message.find("LEEF:").ok_or_else(|| Fault::new("invalid LEEF message: 'LEEF:' not found"))?;
    let message = &message[start + "LEEF:".len()..];
    let (version, rest) = message
        .split_once('|')
        .ok_or_else(|| Fault::new("invalid LEEF message: missing pipe delimiter in header"))?;
    if !matches!(version, "1.0" | "2.0") {
        return Err(Fault::new(format!("unsupported LEEF version: {version} (supported: 1.0, 2.0)")));
    }
    let fields: Vec<&str> = rest.splitn(5, '|').collect();
    let [vendor, product, product_version, event, ..] = fields[..] else {
        return Err(Fault::new(format!(
            "invalid LEEF {version} header: expected at least 4 fields (vendor, product, version, eventID), got {}",
            fields.len()
        )));
    };
    let behind = fields.get(4).copied().unwrap_or_default();
    let (delimiter, attributes) = if version == "2.0" { delimited(behind)? } else { (b'\t', behind) };
    let mut pairs: Unique<&str, ValueRef<'_>> = Unique::default();
    // A byte that is no ASCII is in no text alone, so that there is one pair then.
    for pair in attributes.split(|letter: char| letter == char::from(delimiter) && letter.is_ascii()) {
        if let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) {
            pairs.put(key, ValueRef::Str(value));
        }
    }
    let attributes = OwnValue::map(pairs.into_pairs());
    Ok(OwnValue::map([
        ("leef.version", ValueRef::Str(version)),
        ("leef.vendor", ValueRef::Str(vendor)),
        ("leef.product.name", ValueRef::Str(product)),
        ("leef.product.version", ValueRef::Str(product_version)),
        ("leef.event.id", ValueRef::Str(event)),
        ("leef.attributes", attributes.view()),
    ]))
}

/// The delimiter that stands before the attributes, if one does.
fn delimited(text: &str) -> Result<(u8, &str), Fault> {
    let (spec, attributes) = text.split_once('|').unwrap_or((text, ""));
    if spec.contains('=') {
        return Ok((b'\t', text));
    }
    let invalid = |why: String| Fault::new(format!("invalid LEEF 2.0 delimiter: {why}"));
    let Some(hex) = spec.strip_prefix("0x").or_else(|| spec.strip_prefix("0X")) else {
        return match spec.as_bytes() {
            [] => Ok((b'\t', attributes)),
            [one] => Ok((*one, attributes)),
            _ => Err(invalid(format!(
                "delimiter must be a single character or 0x-prefixed hex value, got {spec:?}"
            ))),
        };
    };
    if hex.is_empty() {
        return Err(invalid("empty hex value".to_owned()));
    }
    let digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !digits || hex.len() % 2 == 1 {
        let why = match hex.chars().find(|letter| !letter.is_ascii_hexdigit()) {
            Some(letter) => format!("encoding/hex: invalid byte: U+{:04X} {letter:?}", u32::from(letter)),
            None => "encoding/hex: odd length hex string".to_owned(),
        };
        return Err(invalid(format!("invalid hex delimiter {spec:?}: {why}")));
    }
    match (hex.len(), u8::from_str_radix(hex, 16)) {
        (2, Ok(byte)) => Ok((byte, attributes)),
        (len, _) => {
            Err(invalid(format!("hex delimiter must decode to a single byte, got {} bytes", len / 2)))
        }
    }
}
