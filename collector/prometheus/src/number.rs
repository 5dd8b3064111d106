//! Numbers as Go's Prometheus library prints them.

use std::fmt;

use slimcol_pdata::view::Number;

/// A number as Prometheus has it.
#[expect(clippy::cast_precision_loss, reason = "Prometheus has floats only")]
pub fn float(number: Number) -> f64 {
    match number {
        Number::Empty => 0.0,
        Number::Int(value) => value as f64,
        Number::Double(value) => value,
    }
}

/// The shortest text that reads back as the same number, with an exponent from a million on (Go's `%g`).
#[derive(Clone, Copy, Debug)]
pub struct Short(
    /// The number.
    pub f64,
);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_finite() {
            return f.write_str(match self.0 {
                n if n.is_nan() => "NaN",
                n if n > 0.0 => "+Inf",
                _ => "-Inf",
            });
        }
        let text = format!("{:e}", self.0);
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        if (-4..6).contains(&exponent) {
            return write!(f, "{}", self.0);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(f, "{digits}e{sign}{:02}", exponent.abs())
    }
}

/// The same as OpenMetrics has it: with a point or an exponent (`1.0`).
#[derive(Clone, Copy, Debug)]
pub struct Canonical(
    /// The number.
    pub f64,
);

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Short(self.0))?;
        // What has more digits than that has an exponent.
        let whole = self.0.abs() < 1e6 && self.0 % 1.0 == 0.0;
        if whole { f.write_str(".0") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_numbers_say_that_they_have_fractions() {
        for (number, text) in [
            (0.0, "0.0"),
            (-3.0, "-3.0"),
            (340_191.0, "340191.0"),
            (1_000_000.0, "1e+06"),
            (0.5, "0.5"),
            (1e-7, "1e-07"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(Canonical(number).to_string(), text);
        }
    }

    #[test]
    fn numbers_are_gos() {
        for (number, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (340_191.0, "340191"),
            (1_000_000.0, "1e+06"),
            (39_763_968.0, "3.9763968e+07"),
            (2.034_425_804, "2.034425804"),
            (0.000_050_635, "5.0635e-05"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(Short(number).to_string(), text);
        }
    }
}
