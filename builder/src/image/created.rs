//! The time an image says it was made at.

use std::fmt;

use slimcol_timeformat::civil::{Date, date};

use crate::error::Error;

/// Seconds since 1970. The default is 1970 itself, as reproducible builds have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Created(u64);

impl Created {
    /// `SOURCE_DATE_EPOCH`, which the reproducible-builds project defined for this.
    pub(crate) fn from_environment() -> Result<Self, Error> {
        Self::from_environment_or(0)
    }

    /// The same for what cannot be as old as 1970.
    pub(crate) fn from_environment_or(default: u64) -> Result<Self, Error> {
        match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(text) => Self::parse(&text),
            Err(_) => Ok(Self(default)),
        }
    }

    /// Seconds as people write them.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        /// The end of the year 9999, the last that the text form holds.
        const LAST: u64 = 253_402_300_799;
        let seconds = text.parse().ok().filter(|seconds| *seconds <= LAST);
        seconds
            .map(Self)
            .ok_or_else(|| Error::Other(format!("SOURCE_DATE_EPOCH is `{text}`, not seconds since 1970")))
    }

    /// Seconds since 1970.
    pub(crate) const fn seconds(self) -> u64 {
        self.0
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = i64::try_from(self.0 / 86_400).unwrap_or(i64::MAX);
        let second = self.0 % 86_400;
        let Date { year, month, day } = date(days);
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times() {
        for (seconds, text) in [
            ("0", "1970-01-01T00:00:00Z"),
            ("951782399", "2000-02-28T23:59:59Z"),
            ("951782400", "2000-02-29T00:00:00Z"),
            ("1700000000", "2023-11-14T22:13:20Z"),
            ("4107542399", "2100-02-28T23:59:59Z"),
            ("253402300799", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Created::parse(seconds).unwrap().to_string(), text);
        }
        let error = Created::parse("yesterday").unwrap_err().to_string();
        assert_eq!(error, "SOURCE_DATE_EPOCH is `yesterday`, not seconds since 1970");
    }
}
