//! Converters of one type to another, and of numbers.

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, takes},
    id,
    value::{self, Value},
};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("Int", [takes("target", Takes::IntLike)], int),
    converter!("Double", [takes("target", Takes::FloatLike)], double),
    converter!("Bool", [takes("target", Takes::BoolLike)], boolean),
    converter!("Hex", [takes("target", Takes::BytesLike)], hex),
    converter!("ParseInt", [takes("target", Takes::Text), takes("base", Takes::Int)], parse_int),
    converter!("Log", [takes("target", Takes::FloatLike)], log),
    converter!("FNV", [takes("target", Takes::Text)], fnv),
    converter!("TraceID", [takes("target", Takes::BytesLike)], |args| any_id(args).map(Value::TraceId)),
    converter!("SpanID", [takes("target", Takes::BytesLike)], |args| any_id(args).map(Value::SpanId)),
];

/// The value, or none.
fn perhaps<'a, T: Into<Value<'a>>>(value: Option<T>) -> Value<'a> {
    value.map_or(Value::NIL, Into::into)
}

fn int(args: Args<'_>) -> Result<Value<'_>, Fault> {
    value::int_like(&args.value(0)?).map(perhaps)
}

fn double(args: Args<'_>) -> Result<Value<'_>, Fault> {
    value::float_like(&args.value(0)?).map(perhaps)
}

fn boolean(args: Args<'_>) -> Result<Value<'_>, Fault> {
    value::bool_like(&args.value(0)?).map(perhaps)
}

fn hex(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(value::hex(&value::bytes_like(&args.value(0)?)?).into())
}

fn log(args: Args<'_>) -> Result<Value<'_>, Fault> {
    match value::float_like(&args.value(0)?)? {
        Some(value) if value <= 0.0 => {
            Err(Fault::new(format!("invalid input: expected number greater than zero but got {value}")))
        }
        Some(value) => Ok(value.ln().into()),
        None => Err(Fault::new("invalid input: <nil>")),
    }
}

/// FNV-1a of 64 bits.
fn fnv(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = args.text(0)?.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    Ok(hash.cast_signed().into())
}

/// An id from its bytes, or from twice as many hex digits.
fn any_id<const N: usize>(args: Args<'_>) -> Result<[u8; N], Fault> {
    let value = args.value(0)?;
    let bytes = value::bytes_like(&value)?;
    let name = args.call.name();
    if let Ok(id) = <[u8; N]>::try_from(&*bytes) {
        return Ok(id);
    }
    if bytes.len() == N * 2 {
        return id(&bytes).ok_or_else(|| Fault::new(format!("{name}: could not decode ID: invalid hex")));
    }
    let len = bytes.len();
    let text = format!("could not decode ID: invalid length: expected {N} or {} bytes, got {len}", N * 2);
    Err(Fault::new(format!("{name}: {text}")))
}

/// A whole number to a base of 2 to 36; to base 0 its prefix says which, and underscores may stand between digits.
fn parse_int(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    if text.is_empty() {
        return Err(Fault::new("invalid target value for ParseInt function, target cannot be empty"));
    }
    let base = args.int(1)?;
    if base < 0 {
        return Err(Fault::new(format!(
            "invalid base value: {base} for ParseInt function, base cannot be negative"
        )));
    }
    let fault = |why: &str| Fault::new(format!("strconv.ParseInt: parsing {text:?}: {why}"));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (radix, digits) = match base {
        0 => prefixed(digits).ok_or_else(|| fault("invalid syntax"))?,
        1 => return Err(fault("invalid base 1")),
        base => match u32::try_from(base) {
            Ok(radix @ 2..=36) => (radix, digits.to_owned()),
            _ => return Err(fault(&format!("invalid base {base}"))),
        },
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(fault("invalid syntax"));
    }
    let number = i128::from_str_radix(&digits, radix).unwrap_or(i128::MAX);
    let signed = if negative { -number } else { number };
    i64::try_from(signed).map(Into::into).map_err(|_| fault("value out of range"))
}

/// The base that a number's prefix says, and its digits.
fn prefixed(digits: &str) -> Option<(u32, String)> {
    let lower = digits.to_ascii_lowercase();
    let (radix, rest) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    let bad = rest.ends_with('_') || rest.contains("__") || (radix == 10 && rest.starts_with('_'));
    (!bad).then(|| (radix, rest.replace('_', "")))
}
