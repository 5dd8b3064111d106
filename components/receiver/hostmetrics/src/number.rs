//! Numbers as the kernel's files have them, and as points show them.

/// A whole number.
///
/// # Errors
/// In Go's words.
pub(crate) fn whole(text: &str) -> Result<u64, String> {
    let is_long = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Rust would take a sign too.
    if !is_long {
        return Err(format!("strconv.ParseUint: parsing {text:?}: invalid syntax"));
    }
    text.parse().map_err(|_| format!("strconv.ParseUint: parsing {text:?}: value out of range"))
}

/// How many seconds, or parts of a whole, so many of `of` are.
#[allow(clippy::cast_precision_loss, reason = "counters that large have other troubles")]
pub(crate) fn of(part: u64, of: u64) -> f64 {
    part as f64 / of as f64
}

/// What part of `whole` it is, with as many digits as there is to know (Go's `precision.Ratio`).
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the logarithm of 64 bits is below 20"
)]
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    let exact = of(part, whole);
    if whole == 0 {
        return exact;
    }
    let digits = ((part.max(whole) as f64).log10().floor() as i32 + 1).max(1);
    let scale = 10_f64.powi(digits);
    (exact * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_digits() {
        assert_eq!(whole("18446744073709551615"), Ok(u64::MAX));
        for (text, problem) in [
            ("", "invalid syntax"),
            ("+1", "invalid syntax"),
            ("1 kB", "invalid syntax"),
            ("18446744073709551616", "value out of range"),
        ] {
            assert_eq!(whole(text), Err(format!("strconv.ParseUint: parsing {text:?}: {problem}")));
        }
    }

    #[test]
    fn ratios_have_the_digits_of_what_they_are_of() {
        assert_eq!(ratio(1, 3).to_bits(), 0.3_f64.to_bits());
        assert_eq!(ratio(123, 1000).to_bits(), 0.123_f64.to_bits());
        assert!(ratio(0, 0).is_nan());
        assert!(ratio(u64::MAX, u64::MAX) <= 1.0);
    }
}
