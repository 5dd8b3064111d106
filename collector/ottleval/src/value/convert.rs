//! Values read as what they are not: the rules of the Go collector's "like" arguments.

use std::borrow::Cow;

use slimcol_pdata::{json, view::ValueRef};

use super::{Look, Value};
use crate::fault::Fault;

/// `bytes` in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    json::hex::encode(&mut out, bytes);
    // All digits are text; the default is for the type.
    String::from_utf8(out).unwrap_or_default()
}

/// `text` with a whole number in decimal behind it.
pub(crate) fn decimal(mut text: String, value: i64) -> String {
    let mut digits = [0; 20];
    let (mut at, mut left) = (digits.len(), value.unsigned_abs());
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
        (at, left) = (at - 1, left / 10);
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    // All digits are text; the default is for the type.
    text.push_str(str::from_utf8(&digits[at..]).unwrap_or_default());
    text
}

/// The value as text; `None` for no value.
pub fn string_like(value: Value<'_>) -> Result<Option<Cow<'_, str>>, Fault> {
    let value = match value.into_text() {
        Ok(text) => return Ok(Some(text)),
        Err(value) => value,
    };
    let text = match value.look() {
        Look::Data(ValueRef::Empty) => return Ok(None),
        Look::Data(ValueRef::Bytes(bytes)) => hex(bytes),
        Look::Data(ValueRef::Double(value)) if !value.is_finite() => {
            return Err(Fault::new("unsupported type: float64"));
        }
        // Go's JSON is made safe for HTML here, unlike where values of telemetry are printed.
        Look::Data(value @ (ValueRef::Array(_) | ValueRef::Map(_))) => escaped(&value.to_text()),
        Look::Data(value) => value.to_text().into_owned(),
        Look::Duration(nanoseconds) => nanoseconds.to_string(),
        Look::TraceId(id) => numbers(&id),
        Look::SpanId(id) => numbers(&id),
        other @ (Look::Time(_) | Look::Items(..)) => {
            return Err(Fault::new(format!("unsupported type: {}", other.type_name())));
        }
    };
    Ok(Some(Cow::Owned(text)))
}

/// JSON with what means something in HTML escaped. Outside of strings JSON has none of that.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            letter => out.push(letter),
        }
    }
    out
}

/// Bytes as Go's JSON has arrays of them.
fn numbers(bytes: &[u8]) -> String {
    let numbers: Vec<_> = bytes.iter().map(u8::to_string).collect();
    format!("[{}]", numbers.join(","))
}

fn unsupported(look: Look<'_>) -> Fault {
    Fault::new(format!("unsupported type: {}", look.type_name()))
}

/// The value as a whole number; `None` for no value and for text that is none.
pub fn int_like(value: &Value<'_>) -> Result<Option<i64>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Empty) => Ok(None),
        Look::Data(ValueRef::Int(value)) => Ok(Some(value)),
        Look::Data(ValueRef::Str(text)) => Ok(written(text)),
        Look::Data(ValueRef::Double(value)) => Ok(Some(truncated(value))),
        Look::Data(ValueRef::Bool(value)) => Ok(Some(value.into())),
        other => Err(unsupported(other)),
    }
}

/// A decimal number with a sign or without; Rust and Go agree on what that is.
fn written(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// The number without its fraction. What has no place in 64 bits is, as on x86 in Go, the least number.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub fn truncated(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) { value as i64 } else { i64::MIN }
}

/// A whole number as the nearest that a float can be.
#[expect(clippy::cast_precision_loss, reason = "as Go converts")]
pub fn float(value: i64) -> f64 {
    value as f64
}

/// The value as a number; `None` for no value.
pub fn float_like(value: &Value<'_>) -> Result<Option<f64>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Empty) => Ok(None),
        Look::Data(ValueRef::Double(value)) => Ok(Some(value)),
        Look::Data(ValueRef::Int(value)) => Ok(Some(float(value))),
        Look::Data(ValueRef::Str(text)) => match text.parse::<f64>() {
            Ok(value) if value.is_infinite() && text.contains(|digit: char| digit.is_ascii_digit()) => {
                Err(Fault::new(format!("strconv.ParseFloat: parsing {text:?}: value out of range")))
            }
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Fault::new(format!("strconv.ParseFloat: parsing {text:?}: invalid syntax"))),
        },
        Look::Data(ValueRef::Bool(value)) => Ok(Some(f64::from(u8::from(value)))),
        other => Err(unsupported(other)),
    }
}

/// The value as true or false; `None` for no value.
pub fn bool_like(value: &Value<'_>) -> Result<Option<bool>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Empty) => Ok(None),
        Look::Data(ValueRef::Bool(value)) => Ok(Some(value)),
        Look::Data(ValueRef::Int(value)) => Ok(Some(value != 0)),
        Look::Data(ValueRef::Double(value)) => Ok(Some(value != 0.0)),
        Look::Data(ValueRef::Str(text)) => match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Some(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Some(false)),
            _ => Err(Fault::new(format!("strconv.ParseBool: parsing {text:?}: invalid syntax"))),
        },
        other => Err(unsupported(other)),
    }
}

/// The value as bytes: numbers as eight, the most significant first. Empty for no value.
pub fn bytes_like<'a>(value: &'a Value<'_>) -> Result<Cow<'a, [u8]>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Empty) => Ok(Cow::Borrowed(&[])),
        Look::Data(ValueRef::Bytes(bytes)) => Ok(Cow::Borrowed(bytes)),
        Look::Data(ValueRef::Str(text)) => Ok(Cow::Borrowed(text.as_bytes())),
        Look::Data(ValueRef::Bool(value)) => Ok(Cow::Owned(vec![u8::from(value)])),
        Look::Data(ValueRef::Int(value)) => Ok(Cow::Owned(value.to_be_bytes().to_vec())),
        Look::Data(ValueRef::Double(value)) => Ok(Cow::Owned(value.to_be_bytes().to_vec())),
        other => Err(unsupported(other)),
    }
}
