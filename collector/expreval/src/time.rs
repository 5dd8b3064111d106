//! Times, as far as expressions need them.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_timeformat::civil::{self, Date};

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

    /// This moment.
    pub fn now() -> Self {
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
        let date = civil::date(day);
        Some(match name {
            "Unix" => self.seconds,
            "UnixMilli" => self.seconds.wrapping_mul(1000).wrapping_add(i64::from(self.nanos / 1_000_000)),
            "UnixMicro" => self.seconds.wrapping_mul(1_000_000).wrapping_add(i64::from(self.nanos / 1000)),
            "UnixNano" => self.seconds.wrapping_mul(SECOND).wrapping_add(i64::from(self.nanos)),
            "Year" => date.year,
            "Month" => date.month,
            "Day" => date.day,
            "Hour" => second / 3600,
            "Minute" => second / 60 % 60,
            "Second" => second % 60,
            "Nanosecond" => i64::from(self.nanos),
            "Weekday" => (day + 4).rem_euclid(7),
            "YearDay" => civil::day_of_year(date),
            _ => return None,
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = civil::date(self.seconds.div_euclid(86_400));
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
