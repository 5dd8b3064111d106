//! Values as Go prints them.

use std::fmt;

use slimcol_pdata::view::ValueRef;
use slimcol_service::Utc;

/// A floating-point number with six decimals (`%f`).
pub(crate) struct Fixed(pub(crate) f64);

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match special(self.0) {
            Some(name) => f.write_str(name),
            None => write!(f, "{:.6}", self.0),
        }
    }
}

/// A floating-point number as short as it can be told (`%v`): with an exponent below 1e-4 and from 1e6 on.
pub(crate) struct Short(pub(crate) f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = special(self.0) {
            return f.write_str(name);
        }
        let scientific = format!("{:e}", self.0);
        let Some((digits, exponent)) = scientific.split_once('e') else { return f.write_str(&scientific) };
        let exponent: i32 = exponent.parse().unwrap_or_default();
        if (-4..6).contains(&exponent) {
            return write!(f, "{}", self.0);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(f, "{digits}e{sign}{:02}", exponent.unsigned_abs())
    }
}

fn special(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number.is_infinite() {
        Some(if number > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        None
    }
}

/// Nanoseconds since 1970 as a date and time. Go takes the upper half of the range for times before 1970.
pub(crate) struct Time(pub(crate) u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Utc { year, month, day, hour, minute, second, nanos } =
            Utc::from_unix_nanos(self.0.cast_signed());
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")?;
        if nanos != 0 {
            write!(f, ".{}", format!("{nanos:09}").trim_end_matches('0'))?;
        }
        f.write_str(" +0000 UTC")
    }
}

/// A trace's or span's id in hexadecimal; nothing if it is all zero, which means that there is none.
pub(crate) struct Id<const N: usize>(pub(crate) [u8; N]);

impl<const N: usize> fmt::Display for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == [0; N] {
            return Ok(());
        }
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A value with its kind: `Str(text)`.
pub(crate) struct Typed<'a>(pub(crate) ValueRef<'a>);

impl fmt::Display for Typed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.0.kind(), self.0.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_go_prints_them() {
        // The output of Go 1.26.
        for (number, short, fixed) in [
            (0.0, "0", "0.000000"),
            (-0.0, "-0", "-0.000000"),
            (5.5, "5.5", "5.500000"),
            (100_000.0, "100000", "100000.000000"),
            (1_000_000.0, "1e+06", "1000000.000000"),
            (123_456_789.0, "1.23456789e+08", "123456789.000000"),
            (1e22, "1e+22", "10000000000000000000000.000000"),
            (0.0001, "0.0001", "0.000100"),
            (0.00001, "1e-05", "0.000010"),
            (1.5e-7, "1.5e-07", "0.000000"),
            (-2.25, "-2.25", "-2.250000"),
            (5e-324, "5e-324", "0.000000"),
            (1.0 / 3.0, "0.3333333333333333", "0.333333"),
            (999_999.0, "999999", "999999.000000"),
            (1_234_567.5, "1.2345675e+06", "1234567.500000"),
            (0.007_812_5, "0.0078125", "0.007812"),
            (0.023_437_5, "0.0234375", "0.023438"),
            (f64::MAX, "1.7976931348623157e+308", &format!("{:.6}", f64::MAX)),
            (f64::NAN, "NaN", "NaN"),
            (f64::INFINITY, "+Inf", "+Inf"),
            (f64::NEG_INFINITY, "-Inf", "-Inf"),
        ] {
            assert_eq!(Short(number).to_string(), short);
            assert_eq!(Fixed(number).to_string(), fixed);
        }
    }

    #[test]
    fn times_are_printed_as_go_prints_them() {
        for (nanos, text) in [
            (0, "1970-01-01 00:00:00 +0000 UTC"),
            (1_544_712_660_500_000_000, "2018-12-13 14:51:00.5 +0000 UTC"),
            (1_544_712_660_300_000_001, "2018-12-13 14:51:00.300000001 +0000 UTC"),
            (u64::MAX, "1969-12-31 23:59:59.999999999 +0000 UTC"),
            (i64::MAX.cast_unsigned(), "2262-04-11 23:47:16.854775807 +0000 UTC"),
        ] {
            assert_eq!(Time(nanos).to_string(), text);
        }
    }

    #[test]
    fn no_id_is_nothing() {
        assert_eq!(Id([0; 8]).to_string(), "");
        assert_eq!(Id([0, 1, 2, 3, 4, 5, 6, 0xff]).to_string(), "00010203040506ff");
    }
}
