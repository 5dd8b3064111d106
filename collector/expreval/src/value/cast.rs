//! What values are taken for, with what Go says where they are something else.

use super::{Held, Value};

/// The text of an argument, or what Go's type assertion says.
pub fn text_of<'v>(value: &'v Value<'_>) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| not_a("string", value))
}

/// What Go's type assertion says.
pub fn not_a(wanted: &str, value: &Value<'_>) -> String {
    match value {
        Value::Nil => format!("interface conversion: interface {{}} is nil, not {wanted}"),
        _ => format!("interface conversion: interface {{}} is {}, not {wanted}", value.type_name()),
    }
}

/// A whole number, of which a fraction is cut off.
#[expect(clippy::cast_possible_truncation, reason = "Go's int() cuts fractions off")]
pub fn int_of(value: &Value<'_>) -> Result<i64, String> {
    match value {
        Value::Int(value) => Ok(*value),
        Value::Float(value) => Ok(*value as i64),
        _ => Err(format!("invalid operation: int({})", value.type_name())),
    }
}

/// A number as a fraction.
#[expect(clippy::cast_precision_loss, reason = "Go's float64() does so")]
pub fn float_of(value: &Value<'_>) -> Result<f64, String> {
    match value {
        Value::Int(value) => Ok(*value as f64),
        Value::Float(value) => Ok(*value),
        _ => Err(format!("invalid operation: float({})", value.type_name())),
    }
}

/// The position that an index means in something of that length: negative ones count from the end.
pub fn position(index: &Value<'_>, length: usize) -> Result<Option<usize>, String> {
    let index = int_of(index)?;
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let index = if index < 0 { index + length } else { index };
    Ok(usize::try_from(index).ok().filter(|_| index < length))
}

/// A key of a map, which is a text here.
pub fn map_key<'a>(name: &str, value: Value<'a>) -> Result<Held<'a, str>, String> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(format!("cannot use {} as a key for {name}: only texts are keys", other.type_name())),
    }
}
