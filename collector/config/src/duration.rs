//! Go's durations: how YAML writes them and how they are printed.

use std::fmt;

/// Go's time.Duration in YAML: `1h2m3.5s`, `200ms`, or a bare number of nanoseconds. May be negative; who reads validates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(
    /// Nanoseconds.
    pub i64,
);

impl Duration {
    /// So many nanoseconds.
    pub const fn nanos(n: i64) -> Self {
        Self(n)
    }

    /// So many milliseconds.
    pub const fn millis(n: i64) -> Self {
        Self(n * 1_000_000)
    }

    /// So many seconds.
    pub const fn secs(n: i64) -> Self {
        Self(n * 1_000_000_000)
    }

    /// Whether it is less than zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As the standard library's duration; negative is zero.
    pub const fn std(self) -> std::time::Duration {
        std::time::Duration::from_nanos(if self.0 < 0 { 0 } else { self.0.unsigned_abs() })
    }

    /// Go's `time.ParseDuration`.
    pub fn parse(text: &str) -> Result<Self, NoDuration<'_>> {
        use NoDuration::Invalid;
        let (negative, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(Invalid);
        }
        // Go sums up in a u64, so that the most negative duration has a text.
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (whole, after) = leading(rest, |b| b.is_ascii_digit());
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => leading(after, |b| b.is_ascii_digit()),
                None => ("", after),
            };
            if whole.is_empty() && fraction.is_empty() {
                return Err(Invalid);
            }
            let (unit, after) = leading(after, |b| b != b'.' && !b.is_ascii_digit());
            let unit = match unit {
                "" => return Err(NoDuration::MissingUnit),
                "ns" => 1,
                "us" | "µs" | "μs" => 1_000,
                "ms" => 1_000_000,
                "s" => 1_000_000_000,
                "m" => 60_000_000_000,
                "h" => 3_600_000_000_000,
                other => return Err(NoDuration::UnknownUnit(other)),
            };
            let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| Invalid)? };
            let nanos = whole.checked_mul(unit).and_then(|n| n.checked_add(part(fraction, unit)));
            total = nanos.and_then(|n| total.checked_add(n)).filter(|n| *n <= 1 << 63).ok_or(Invalid)?;
            rest = after;
        }
        if negative {
            return Ok(Self(0i64.checked_sub_unsigned(total).ok_or(Invalid)?));
        }
        i64::try_from(total).map(Self).map_err(|_| Invalid)
    }
}

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDuration<'a> {
    /// There are no digits, too many points, or more nanoseconds than a duration holds.
    Invalid,
    /// A number has no unit behind it.
    MissingUnit,
    /// What stands behind a number is no unit.
    UnknownUnit(&'a str),
}

impl NoDuration<'_> {
    /// What mapstructure leaves of Go's message: it takes the value out.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Invalid => "time: invalid duration",
            Self::MissingUnit => "time: missing unit in duration",
            Self::UnknownUnit(_) => "time: unknown unit",
        }
    }

    /// Go's message about `text`.
    pub fn in_full(self, text: &str) -> String {
        match self {
            Self::UnknownUnit(unit) => format!("time: unknown unit {unit:?} in duration {text:?}"),
            _ => format!("{} {text:?}", self.reason()),
        }
    }
}

/// The nanoseconds of the digits behind the point.
fn part(digits: &str, unit: u64) -> u64 {
    let mut nanos = 0;
    let mut scale = unit;
    for digit in digits.bytes() {
        let value = u64::from(digit - b'0') * scale;
        nanos += value / 10;
        // What is below a tenth of a nanosecond is nothing.
        scale /= 10;
        if scale == 0 {
            break;
        }
    }
    nanos
}

fn leading(text: &str, belongs: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|b| !belongs(b)).unwrap_or(text.len());
    text.split_at(end)
}

/// Prints as Go does (`1m30s`).
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let nanos = self.0.unsigned_abs();
        match nanos {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{nanos}ns"),
            1_000..1_000_000 => decimal(f, nanos, 1_000, "µs"),
            1_000_000..1_000_000_000 => decimal(f, nanos, 1_000_000, "ms"),
            _ => {
                let (hours, minutes) = (nanos / 3_600_000_000_000, nanos / 60_000_000_000 % 60);
                if hours > 0 {
                    write!(f, "{hours}h")?;
                }
                if hours > 0 || minutes > 0 {
                    write!(f, "{minutes}m")?;
                }
                decimal(f, nanos % 60_000_000_000, 1_000_000_000, "s")
            }
        }
    }
}

/// `nanos` in a unit of `size` nanoseconds, without trailing zeros.
fn decimal(f: &mut fmt::Formatter<'_>, nanos: u64, size: u64, unit: &str) -> fmt::Result {
    write!(f, "{}", nanos / size)?;
    let rest = nanos % size;
    if rest > 0 {
        let digits = format!("{:0width$}", rest, width = size.ilog10() as usize);
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    f.write_str(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_what_go_says() {
        for (text, expected) in [
            ("1h2m3.5s", Ok(3_723_500_000_000)),
            ("200ms", Ok(200_000_000)),
            ("-1.5h", Ok(-5_400_000_000_000)),
            ("+5s", Ok(5_000_000_000)),
            ("0", Ok(0)),
            (".5s", Ok(500_000_000)),
            ("1.s", Ok(1_000_000_000)),
            ("1µs", Ok(1_000)),
            ("1.0000000001s", Ok(1_000_000_000)),
            ("0.333333333333333333333s", Ok(333_333_333)),
            ("-9223372036854775808ns", Ok(i64::MIN)),
            ("9223372036854775808ns", Err("time: invalid duration")),
            ("99999999999999999999h", Err("time: invalid duration")),
            ("5", Err("time: missing unit in duration")),
            ("5x", Err("time: unknown unit")),
            ("", Err("time: invalid duration")),
            ("s", Err("time: invalid duration")),
            (".s", Err("time: invalid duration")),
            ("1h30m", Ok(5_400_000_000_000)),
            ("+.5us", Ok(500)),
            ("1µs2ns", Ok(1_002)),
            ("2562047h47m16.854775807s", Ok(i64::MAX)),
            ("1.2.3s", Err("time: missing unit in duration")),
            ("99999999999999999999999999999999999999999h", Err("time: invalid duration")),
            ("1é", Err("time: unknown unit")),
        ] {
            assert_eq!(Duration::parse(text).map(|d| d.0).map_err(NoDuration::reason), expected, "{text}");
        }
    }

    #[test]
    fn refusals_name_the_text_where_go_does() {
        for (text, expected) in [
            ("", r#"time: invalid duration """#),
            ("1.2.3s", r#"time: missing unit in duration "1.2.3s""#),
            ("1", r#"time: missing unit in duration "1""#),
            ("1x", r#"time: unknown unit "x" in duration "1x""#),
        ] {
            assert_eq!(Duration::parse(text).map_err(|why| why.in_full(text)), Err(expected.to_owned()));
        }
    }

    #[test]
    fn durations_print_as_in_go() {
        for (nanos, expected) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (2_200_000, "2.2ms"),
            (3_300_000_000, "3.3s"),
            (90_000_000_000, "1m30s"),
            (3_600_000_000_000, "1h0m0s"),
            (3_723_500_000_000, "1h2m3.5s"),
            (-5_000_000_000, "-5s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(Duration(nanos).to_string(), expected);
        }
    }
}
