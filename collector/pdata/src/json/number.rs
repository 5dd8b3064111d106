//! Numbers as Go writes them.

use std::io::Write;

/// How an exponent is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With two digits at least, `1e-07`, as json-iterator does in OTLP/JSON.
    Padded,
    /// Without padding, `1e-7`, as JavaScript and Go's `AsString`.
    Es6,
}

/// Appends the shortest text that reads as `value` again: digits between 1e-6 and 1e21, an exponent elsewhere. What is no
/// number is a word, without quotes.
pub fn double(to: &mut Vec<u8>, value: f64, style: Style) {
    let size = value.abs();
    if value.is_nan() {
        to.extend_from_slice(b"NaN");
    } else if value.is_infinite() {
        to.extend_from_slice(if value > 0.0 { b"Infinity" } else { b"-Infinity" });
    } else if size == 0.0 || (1e-6..1e21).contains(&size) {
        display(to, value);
    } else {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
        let pad = if style == Style::Padded && exponent.len() < 2 { "0" } else { "" };
        display(to, format_args!("{digits}e{sign}{pad}{exponent}"));
    }
}

/// Appends a number in decimal.
pub(crate) fn display(to: &mut Vec<u8>, value: impl std::fmt::Display) {
    write!(to, "{value}").expect("writing to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::{Style, double};

    #[test]
    fn as_go_writes() {
        for (value, padded, es6) in [
            (0.0, "0", "0"),
            (-0.0, "-0", "-0"),
            (6.0, "6", "6"),
            (0.1, "0.1", "0.1"),
            (-1.5, "-1.5", "-1.5"),
            (1e20, "100000000000000000000", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (1.5e300, "1.5e+300", "1.5e+300"),
            (1e-6, "0.000001", "0.000001"),
            (1.25e-7, "1.25e-07", "1.25e-7"),
            (-5e-324, "-5e-324", "-5e-324"),
            (f64::NAN, "NaN", "NaN"),
            (f64::NEG_INFINITY, "-Infinity", "-Infinity"),
        ] {
            for (style, want) in [(Style::Padded, padded), (Style::Es6, es6)] {
                let mut to = Vec::new();
                double(&mut to, value, style);
                assert_eq!(String::from_utf8(to).unwrap(), want);
            }
        }
    }
}
