//! What a plain scalar means: yaml.v3's reading of YAML 1.2's core schema, less timestamps, which stay text.

use crate::node::Value;

/// The value of an unquoted scalar.
pub(crate) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Value::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Value::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Value::Text(text.into());
    }
    let digits = text.replace('_', "");
    integer(&digits).or_else(|| float(&digits)).unwrap_or_else(|| Value::Text(text.into()))
}

/// Whether `text` is a string where it stands without quotes.
pub fn reads_as_text(text: &str) -> bool {
    matches!(plain(text), Value::Text(_))
}

/// The value of a scalar with one of the core schema's tags; `None` if the text does not fit the tag.
pub(crate) fn tagged(tag: &str, text: &str) -> Option<Value> {
    let value = plain(text);
    match (tag, value) {
        ("str" | "binary" | "timestamp", _) => Some(Value::Text(text.into())),
        ("null", v @ Value::Null)
        | ("bool", v @ Value::Bool(_))
        | ("int", v @ (Value::Int(_) | Value::Uint(_)))
        | ("float", v @ Value::Float(_)) => Some(v),
        #[allow(clippy::cast_precision_loss, reason = "the user asked for a float")]
        ("float", Value::Int(n)) => Some(Value::Float(n as f64)),
        ("null" | "bool" | "int" | "float", _) => None,
        (_, v) => Some(v),
    }
}

/// Go's `strconv.ParseInt` with base 0: `0x`, `0o`, `0b` and the bare leading zero of octal.
fn integer(text: &str) -> Option<Value> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let n = u64::from_str_radix(digits, radix).ok()?;
    match (negative, i64::try_from(n)) {
        (false, Ok(n)) => Some(Value::Int(n)),
        (false, Err(_)) => Some(Value::Uint(n)),
        (true, Ok(n)) => Some(Value::Int(-n)),
        (true, Err(_)) => (n == i64::MIN.unsigned_abs()).then_some(Value::Int(i64::MIN)),
    }
}

/// yaml.v3's float: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e.strip_prefix(['+', '-']).unwrap_or(e))),
        None => (unsigned, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let mantissa_fits = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    if !mantissa_fits || exponent.is_some_and(|e| e.is_empty() || !digits(e)) {
        return None;
    }
    text.parse().ok().filter(|x: &f64| x.is_finite()).map(Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_yaml_v3_says() {
        for (text, expected) in [
            ("no", "Text(\"no\")"),
            ("yes", "Text(\"yes\")"),
            ("on", "Text(\"on\")"),
            ("off", "Text(\"off\")"),
            ("True", "Bool(true)"),
            ("tRue", "Text(\"tRue\")"),
            ("~", "Null"),
            ("", "Null"),
            ("NULL", "Null"),
            ("0123", "Int(83)"),
            ("08", "Float(8.0)"),
            ("0x1F", "Int(31)"),
            ("-0x1F", "Int(-31)"),
            ("0o17", "Int(15)"),
            ("0b101", "Int(5)"),
            ("+12", "Int(12)"),
            ("--12", "Text(\"--12\")"),
            ("+-12", "Text(\"+-12\")"),
            ("0x-1", "Text(\"0x-1\")"),
            ("1_000", "Int(1000)"),
            ("1e3", "Float(1000.0)"),
            ("3.14", "Float(3.14)"),
            (".5", "Float(0.5)"),
            ("5.", "Float(5.0)"),
            (".", "Text(\".\")"),
            ("1e", "Text(\"1e\")"),
            ("1e999", "Text(\"1e999\")"),
            ("18446744073709551615", "Uint(18446744073709551615)"),
            ("-9223372036854775808", "Int(-9223372036854775808)"),
            ("18446744073709551616", "Float(1.8446744073709552e19)"),
            (".inf", "Float(inf)"),
            ("-.INF", "Float(-inf)"),
            (".nan", "Float(NaN)"),
            ("2020-01-01", "Text(\"2020-01-01\")"),
            ("127.0.0.1:4317", "Text(\"127.0.0.1:4317\")"),
            ("1h", "Text(\"1h\")"),
            ("inf", "Text(\"inf\")"),
        ] {
            assert_eq!(format!("{:?}", plain(text)), expected, "{text}");
        }
    }
}
