//! `toJSON` and `fromJSON`.

use std::fmt::Write;

use serde_json::Value as Json;
use slimcol_expreval::{Held, List, Map, Meter, Value, go_float};

/// The value of a JSON text; its numbers are fractions, as in Go.
pub(crate) fn read<'a>(text: &str, meter: &mut Meter) -> Result<Value<'a>, String> {
    meter.bytes(text.len())?;
    let json: Json = serde_json::from_str(text).map_err(|error| format!("invalid JSON: {error}"))?;
    value(json, meter)
}

fn value<'a>(json: Json, meter: &mut Meter) -> Result<Value<'a>, String> {
    meter.step()?;
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => Value::Float(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::made(text),
        Json::Array(items) => {
            meter.items(items.len())?;
            let items = items.into_iter().map(|item| value(item, meter)).collect::<Result<_, _>>()?;
            Value::List(List::new(items)?)
        }
        Json::Object(fields) => {
            meter.items(fields.len())?;
            let entry = |(key, field): (String, Json)| Ok((Held::Shared(key.into()), value(field, meter)?));
            Value::Map(Map::new(fields.into_iter().map(entry).collect::<Result<_, String>>()?)?)
        }
    })
}

/// The JSON text of a value, indented by two.
pub(crate) fn write(value: &Value<'_>, meter: &mut Meter) -> Result<String, String> {
    let mut text = String::new();
    put(value, 0, &mut text, meter)?;
    meter.bytes(text.len())?;
    Ok(text)
}

fn put(value: &Value<'_>, level: usize, to: &mut String, meter: &mut Meter) -> Result<(), String> {
    meter.steps(1 + level / 8)?;
    match value {
        Value::Nil => to.push_str("null"),
        Value::Float(number) if !number.is_finite() => {
            return Err(format!("json: unsupported value: {}", value.to_text()));
        }
        // Go writes `e-9` here, and `e-09` elsewhere.
        Value::Float(number) => to.push_str(&go_float(*number, -6, 21).replace("e-0", "e-")),
        Value::Bool(_) | Value::Int(_) => to.push_str(&value.to_text()),
        Value::Duration(nanos) => to.push_str(&nanos.to_string()),
        Value::Text(text) => {
            meter.bytes(text.len())?;
            quote(text, to);
        }
        Value::Bytes(bytes) => {
            use base64::{Engine, engine::general_purpose::STANDARD};
            meter.bytes(bytes.len())?;
            quote(&STANDARD.encode(&**bytes), to);
        }
        Value::Time(_) => {
            let text = value.to_text().replace(" +0000 UTC", "Z").replacen(' ', "T", 1);
            quote(&text, to);
        }
        Value::List(list) if list.is_empty() => to.push_str("[]"),
        Value::Map(map) if map.is_empty() => to.push_str("{}"),
        Value::List(list) => {
            for (index, item) in list.iter().enumerate() {
                to.push_str(if index == 0 { "[" } else { "," });
                line(level + 1, to);
                put(&item, level + 1, to, meter)?;
            }
            line(level, to);
            to.push(']');
        }
        Value::Map(map) => {
            for (index, (key, field)) in map.entries().into_iter().enumerate() {
                to.push_str(if index == 0 { "{" } else { "," });
                line(level + 1, to);
                meter.bytes(key.len())?;
                quote(&key, to);
                to.push_str(": ");
                put(&field, level + 1, to, meter)?;
            }
            line(level, to);
            to.push('}');
        }
    }
    Ok(())
}

fn line(level: usize, to: &mut String) {
    to.push('\n');
    for _ in 0..level {
        to.push_str("  ");
    }
}

/// With Go's escapes, among them those that make a text harmless in HTML.
fn quote(text: &str, to: &mut String) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => to.extend(['\\', c]),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            '\0'..=' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if c != ' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
    to.push('"');
}
