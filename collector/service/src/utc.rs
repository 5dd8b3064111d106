//! Moments as dates and times of day.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_timeformat::civil::{Date, date};

/// A moment in UTC on the Gregorian calendar, without leap seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc {
    /// 1677 to 2262.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
    /// 0 to 999 999 999.
    pub nanos: i64,
}

impl Utc {
    /// The moment this many nanoseconds after 1970 began, or before if negative.
    pub const fn from_unix_nanos(nanos: i64) -> Self {
        let (seconds, nanos) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let Date { year, month, day } = date(days);
        Self { year, month, day, hour: second / 3600, minute: second / 60 % 60, second: second % 60, nanos }
    }
}

impl fmt::Display for Utc {
    /// RFC 3339 with as many digits of a second as there are, as Go's JSON has it (`2026-11-21T04:03:04.5Z`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, nanos } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match nanos {
            0 => {}
            nanos => f.write_str(format!(".{nanos:09}").trim_end_matches('0'))?,
        }
        f.write_str("Z")
    }
}

impl From<SystemTime> for Utc {
    /// A clock before 1970 reads as 1970, one after 2262 as 2262.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_unix_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_digits_that_there_are() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399_500_000_000, "2000-02-28T23:59:59.5Z"),
            (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
            (1_795_233_784_000_120_000, "2026-11-21T04:03:04.00012Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(Utc::from_unix_nanos(nanos).to_string(), text);
        }
    }

    #[test]
    fn known_moments() {
        for (nanos, expected) in [
            (0, (1970, 1, 1, 0, 0, 0, 0)),
            (-1, (1969, 12, 31, 23, 59, 59, 999_999_999)),
            (951_782_400_000_000_000, (2000, 2, 29, 0, 0, 0, 0)),
            (1_544_712_660_300_000_000, (2018, 12, 13, 14, 51, 0, 300_000_000)),
            (4_102_444_800_000_000_001, (2100, 1, 1, 0, 0, 0, 1)),
            (i64::MAX, (2262, 4, 11, 23, 47, 16, 854_775_807)),
            (i64::MIN, (1677, 9, 21, 0, 12, 43, 145_224_192)),
        ] {
            let Utc { year, month, day, hour, minute, second, nanos: rest } = Utc::from_unix_nanos(nanos);
            assert_eq!((year, month, day, hour, minute, second, rest), expected);
        }
    }
}
