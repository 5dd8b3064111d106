//! Texts that mean a number or a boolean (`parse_string_tags`).

use slimcol_pdata::view::ValueRef;

/// What a tag's value is: with `parse`, a number or a boolean if it is written as one.
pub(crate) fn typed(text: &str, parse: bool) -> ValueRef<'_> {
    if parse { parsed(text) } else { ValueRef::Str(text) }
}

fn parsed(text: &str) -> ValueRef<'_> {
    match text {
        "true" => return ValueRef::Bool(true),
        "false" => return ValueRef::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match digits.split_once('.') {
        // Go takes the nearest number for one that does not fit.
        None if all(digits) => {
            ValueRef::Int(text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX }))
        }
        Some((whole, fraction)) if all(whole) && all(fraction) => {
            ValueRef::Double(text.parse().unwrap_or_default())
        }
        _ => ValueRef::Str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_tells_them() {
        for (text, shown) in [
            ("", "Str(\"\")"),
            ("12", "Int(12)"),
            ("-12", "Int(-12)"),
            ("99999999999999999999", "Int(9223372036854775807)"),
            ("-99999999999999999999", "Int(-9223372036854775808)"),
            ("1.5", "Double(1.5)"),
            ("-0.25", "Double(-0.25)"),
            ("1.", "Str(\"1.\")"),
            (".5", "Str(\".5\")"),
            ("1e3", "Str(\"1e3\")"),
            ("+1", "Str(\"+1\")"),
            ("--1", "Str(\"--1\")"),
            ("1.2.3", "Str(\"1.2.3\")"),
            ("true", "Bool(true)"),
            ("True", "Str(\"True\")"),
            ("[1]", "Str(\"[1]\")"),
        ] {
            assert_eq!(format!("{:?}", typed(text, true)), shown);
            assert_eq!(format!("{:?}", typed(text, false)), format!("Str({text:?})"));
        }
    }
}
