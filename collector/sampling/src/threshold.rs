use std::fmt;

use crate::{DIGITS, LIMIT, Randomness, hexadecimal};

/// Why a threshold cannot be lowered: what was not sampled is gone.
pub const INCONSISTENT: &str = "cannot raise existing sampling probability";

/// From which randomness on items are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u64);

impl Threshold {
    /// Keeps everything.
    pub const ALWAYS: Self = Self(0);
    /// Keeps nothing.
    pub const NEVER: Self = Self(LIMIT);
    /// The least probability that has a threshold: 2⁻⁵⁶.
    #[allow(clippy::cast_precision_loss, reason = "a power of two")]
    pub const MIN_PROBABILITY: f64 = 1.0 / LIMIT as f64;

    /// The number itself, at most 2⁵⁶.
    pub const fn of_bits(bits: u64) -> Self {
        Self(if bits < LIMIT { bits } else { LIMIT })
    }

    /// The threshold that keeps this part of everything, in `precision` hexadecimal digits behind those that are all `0` or
    /// all `f`; nothing outside of 2⁻⁵⁶ to 1. No precision is all of it.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "the product is at most 2^56"
    )]
    pub fn of_probability(probability: f64, precision: usize) -> Option<Self> {
        if !(Self::MIN_PROBABILITY..=1.0).contains(&probability) {
            return None;
        }
        if probability >= 1.0 {
            return Some(Self::ALWAYS);
        }
        let precision = match precision {
            0 => DIGITS,
            digits => digits + leading(probability).max(leading(1.0 - probability)),
        };
        let mut threshold = LIMIT - (probability * LIMIT as f64).round() as u64;
        let shift = 4 * DIGITS.saturating_sub(precision);
        if shift > 0 {
            threshold = (threshold + (1 << (shift - 1))) >> shift << shift;
        }
        Some(Self(threshold))
    }

    /// What a t-value says.
    pub fn parse(value: &str) -> Result<Self, String> {
        if value.len() > DIGITS {
            return Err("t-value exceeds 14 hex digits".to_owned());
        }
        if value.is_empty() {
            return Err("t-value is empty".to_owned());
        }
        // Trailing zeros are not written.
        hexadecimal(value).map(|digits| Self(digits << (4 * (DIGITS - value.len()))))
    }

    /// The part of everything that is kept.
    #[allow(clippy::cast_precision_loss, reason = "Go rounds")]
    pub fn probability(self) -> f64 {
        (LIMIT - self.0) as f64 / LIMIT as f64
    }

    /// Whether it keeps items of this randomness.
    pub const fn keeps(self, randomness: Randomness) -> bool {
        self.0 <= randomness.bits()
    }
}

/// How many hexadecimal digits behind the point are zero for sure: a fourth of the binary ones.
fn leading(fraction: f64) -> usize {
    // The exponent of a fraction in [1/2, 1) is -1 here.
    let exponent = (fraction.to_bits() >> 52) & 0x7ff;
    usize::try_from(1022_u64.saturating_sub(exponent) / 4).unwrap_or_default()
}

/// The t-value: nothing for what keeps nothing.
impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALWAYS => f.write_str("0"),
            Self(LIMIT..) => Ok(()),
            Self(bits) => f.write_str(format!("{bits:014x}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn probabilities_have_as_many_digits_as_asked_for() {
        for (probability, precision, expected) in [
            (1.0, 4, "0"),
            (0.5, 4, "8"),
            (0.25, 4, "c"),
            (0.01, 0, "fd70a3d70a3d71"),
            (0.01, 3, "fd71"),
            (0.01, 4, "fd70a"),
            (0.4, 3, "99a"),
            (0.4, 6, "99999a"),
            (0.2, 6, "cccccd"),
            (0.10125, 6, "e6147b"),
            (1.0 / 3.0, 4, "aaab"),
            (1.0 / 16384.0, 4, "fffc"),
            (1.0 / 268_435_456.0, 4, "fffffff"),
            (f64::from((1.0_f32 - 8e-7) * 100.0) / 100.0, 10, "00000cccccccd"),
        ] {
            let threshold = Threshold::of_probability(probability, precision).unwrap();
            assert_eq!(threshold.to_string(), expected, "{probability} {precision}");
        }
        assert_eq!(Threshold::of_probability(Threshold::MIN_PROBABILITY / 2.0, 4), None);
        assert_eq!(Threshold::of_probability(1.1, 4), None);
        assert_eq!(Threshold::of_probability(f64::NAN, 4), None);
    }

    #[test]
    fn what_is_no_threshold_is_refused() {
        for (value, expected) in [
            ("", "t-value is empty"),
            ("abababababababab", "t-value exceeds 14 hex digits"),
            ("-1", "strconv.ParseUint: parsing \"-1\": invalid syntax"),
        ] {
            assert_eq!(Threshold::parse(value), Err(expected.to_owned()));
        }
        assert_eq!(Threshold::NEVER.to_string(), "");
        assert!(!Threshold::NEVER.keeps(Randomness::MAX));
    }

    proptest! {
        #[test]
        fn texts_say_what_thresholds_are(bits in 0..LIMIT) {
            let threshold = Threshold::of_bits(bits);
            prop_assert_eq!(Threshold::parse(&threshold.to_string()), Ok(threshold));
        }

        #[test]
        fn probabilities_come_back(probability in Threshold::MIN_PROBABILITY..1.0) {
            let back = Threshold::of_probability(probability, 0).unwrap().probability();
            prop_assert!((back - probability).abs() <= Threshold::MIN_PROBABILITY);
        }
    }
}
