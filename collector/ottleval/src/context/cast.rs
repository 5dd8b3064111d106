//! Values as the types that fields have.

use std::borrow::Cow;

use slimcol_pdata::view::ValueRef;

use crate::{
    fault::Fault,
    value::{Look, Value},
};

fn wrong(wanted: &str, value: &Value<'_>) -> Fault {
    if value.is_nil() {
        return Fault::new("setting a value to nil is not supported");
    }
    Fault::new(format!("expects {wanted} but got {}", value.look().type_name()))
}

pub(super) fn int(value: &Value<'_>) -> Result<i64, Fault> {
    match value.look() {
        Look::Data(ValueRef::Int(value)) => Ok(value),
        _ => Err(wrong("int64", value)),
    }
}

/// A whole number of which the low half is kept, as Go converts.
pub(super) fn low(value: &Value<'_>) -> Result<u32, Fault> {
    Ok(u32::try_from(int(value)? & 0xffff_ffff).unwrap_or_default())
}

pub(super) fn text<'v>(value: &'v Value<'_>) -> Result<&'v str, Fault> {
    match value.look() {
        Look::Data(ValueRef::Str(text)) => Ok(text),
        _ => Err(wrong("string", value)),
    }
}

pub(super) fn boolean(value: &Value<'_>) -> Result<bool, Fault> {
    match value.look() {
        Look::Data(ValueRef::Bool(value)) => Ok(value),
        _ => Err(wrong("bool", value)),
    }
}

pub(super) fn float(value: &Value<'_>) -> Result<f64, Fault> {
    match value.look() {
        Look::Data(ValueRef::Double(value)) => Ok(value),
        _ => Err(wrong("float64", value)),
    }
}

/// A timestamp from nanoseconds.
pub(super) fn nanos(value: &Value<'_>) -> Result<u64, Fault> {
    Ok(int(value)?.cast_unsigned())
}

/// A timestamp from an instant, of which 64 bits are kept.
pub(super) fn time(value: &Value<'_>) -> Result<u64, Fault> {
    match value.look() {
        Look::Time(time) => Ok(u64::try_from(time & i128::from(u64::MAX)).unwrap_or_default()),
        _ => Err(wrong("time.Time", value)),
    }
}

/// The instant that a timestamp is.
pub(super) fn instant(timestamp: u64) -> Value<'static> {
    Value::Time(timestamp.cast_signed().into())
}

/// A count as expressions have it.
pub(super) fn count(value: u64) -> Value<'static> {
    value.cast_signed().into()
}

pub(super) fn trace_id(value: &Value<'_>) -> Result<[u8; 16], Fault> {
    match value.look() {
        Look::TraceId(id) => Ok(id),
        _ => Err(wrong("pcommon.TraceID", value)),
    }
}

pub(super) fn span_id(value: &Value<'_>) -> Result<[u8; 8], Fault> {
    match value.look() {
        Look::SpanId(id) => Ok(id),
        _ => Err(wrong("pcommon.SpanID", value)),
    }
}

/// The id that text in hex is; `what` says of what it is one.
pub(super) fn id_text<const N: usize>(value: &Value<'_>, what: &str) -> Result<[u8; N], Fault> {
    let text = text(value)?;
    if text.len() != N * 2 {
        return Err(Fault::new(format!("{what} ids must be {} hex characters", N * 2)));
    }
    id(text.as_bytes()).ok_or_else(|| Fault::new(format!("encoding/hex: invalid byte in {text:?}")))
}

/// The bytes that hex digits are.
pub fn id<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let mut id = [0; N];
    if pairs.len() != N {
        return None;
    }
    for (byte, [high, low]) in id.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()?;
    }
    Some(id)
}

/// Text that was made where it must be owned.
pub(super) fn made(text: Cow<'_, str>) -> Value<'_> {
    text.into()
}
