//! Times and durations, as far as expressions need them.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;
/// Seconds between the year 1, Go's zero time, and 1970.
const YEAR_1: i64 = -62_135_596_800;

/// A point in time, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    seconds: i64,
    nanos: u32,
}

impl Time {
    /// The time without a value, which is the beginning of the year 1.
    pub const ZERO: Self = Self { seconds: YEAR_1, nanos: 0 };

    /// A time by its nanoseconds since 1970.
    pub fn from_unix_nanos(nanos: i64) -> Self {
        Self::from_parts(nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND))
    }

    fn from_parts(seconds: i64, nanos: i64) -> Self {
        Self { seconds, nanos: u32::try_from(nanos).unwrap_or_default() }
    }

    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanos: since.subsec_nanos() }
    }

    /// What is `nanos` later.
    pub(crate) fn plus(self, nanos: i64) -> Self {
        let sum = i64::from(self.nanos) + nanos.rem_euclid(SECOND);
        let seconds = self.seconds.saturating_add(nanos.div_euclid(SECOND)).saturating_add(sum / SECOND);
        Self::from_parts(seconds, sum % SECOND)
    }

    /// Nanoseconds since `earlier`, at most what a duration can hold.
    pub(crate) fn since(self, earlier: Self) -> i64 {
        self.seconds
            .saturating_sub(earlier.seconds)
            .saturating_mul(SECOND)
            .saturating_add(i64::from(self.nanos) - i64::from(earlier.nanos))
    }

    /// The result of Go's method of that name without arguments.
    pub(crate) fn method(self, name: &str) -> Option<i64> {
        let day = self.seconds.div_euclid(86_400);
        let second = self.seconds.rem_euclid(86_400);
        let (year, month, date) = civil(day);
        Some(match name {
            "Unix" => self.seconds,
            "UnixMilli" => self.seconds.wrapping_mul(1000).wrapping_add(i64::from(self.nanos / 1_000_000)),
            "UnixMicro" => self.seconds.wrapping_mul(1_000_000).wrapping_add(i64::from(self.nanos / 1000)),
            "UnixNano" => self.seconds.wrapping_mul(SECOND).wrapping_add(i64::from(self.nanos)),
            "Year" => year,
            "Month" => month,
            "Day" => date,
            "Hour" => second / 3600,
            "Minute" => second / 60 % 60,
            "Second" => second % 60,
            "Nanosecond" => i64::from(self.nanos),
            "Weekday" => (day + 4).rem_euclid(7),
            "YearDay" => day - days(year, 1, 1) + 1,
            _ => return None,
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.seconds.div_euclid(86_400));
        let second = self.seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str(" +0000 UTC")
    }
}

/// Year, month and day of a day since 1970, in the proleptic Gregorian calendar.
fn civil(day: i64) -> (i64, i64, i64) {
    // Years begin in March here, so that leap days come last.
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

/// The day since 1970 of a date.
fn days(year: i64, month: i64, date: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + date - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The nanoseconds of a text such as `1h15m30.5s`, read as Go does.
pub(crate) fn parse_duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0i128;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(number);
        let unit = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (name, behind) = behind.split_at(unit);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() == 0 || fraction.contains('.') {
            return Err(invalid());
        }
        let scale: i128 = match name {
            "ns" => 1,
            "us" | "µs" | "μs" => 1000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            _ => return Err(format!("time: unknown unit {name:?} in duration {text:?}")),
        };
        let whole: i128 =
            if whole.is_empty() { 0 } else { whole.parse::<u64>().map_err(|_| invalid())?.into() };
        total += whole * scale;
        // Digits below a nanosecond of an hour say nothing.
        let fraction = &fraction[..fraction.len().min(18)];
        if !fraction.is_empty() {
            let parts: i128 = fraction.parse().map_err(|_| invalid())?;
            let digits = u32::try_from(fraction.len()).unwrap_or_default();
            total += parts * scale / 10i128.pow(digits);
        }
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return Err(invalid());
        }
        rest = behind;
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

/// A duration as Go writes it: `1h0m0.5s`, and below a second `1.5ms`.
pub(crate) fn show_duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let total = nanos.unsigned_abs();
    if total == 0 {
        return "0s".into();
    }
    let fraction = |value: u64, unit: u64| {
        let (whole, rest) = (value / unit, value % unit);
        if rest == 0 {
            return whole.to_string();
        }
        let width = unit.ilog10() as usize;
        format!("{whole}.{}", format!("{rest:0width$}").trim_end_matches('0'))
    };
    let text = match total {
        0..1000 => format!("{total}ns"),
        1000..1_000_000 => format!("{}µs", fraction(total, 1000)),
        1_000_000..1_000_000_000 => format!("{}ms", fraction(total, 1_000_000)),
        _ => {
            let minutes = total / 60_000_000_000;
            let seconds = fraction(total % 60_000_000_000, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{seconds}s"),
                (0, minutes) => format!("{minutes}m{seconds}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    };
    format!("{sign}{text}")
}
