//! A moment, and the place whose clocks show it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{
    Zone,
    civil::{DAY, Date, date, days},
};

/// A moment and the zone that it is written in.
#[derive(Clone, Debug)]
pub struct Time {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Nanoseconds after that, less than a second.
    pub nanos: u32,
    /// The zone whose clocks count.
    pub zone: Zone,
}

/// What a clock and a calendar show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pub(crate) date: Date,
    /// Seconds since midnight.
    pub(crate) second: i64,
}

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what they are called")]
pub struct Reading {
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    /// From Sunday, which is 0.
    pub weekday: i64,
}

impl Time {
    /// What calendars and clocks show in the time's zone.
    pub fn reading(&self) -> Reading {
        let Clock { date, second } = self.clock();
        Reading {
            year: date.year,
            month: date.month,
            day: date.day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            weekday: (days(date) + 4).rem_euclid(7),
        }
    }

    /// This moment, on the machine's clocks.
    pub fn now() -> Self {
        let (seconds, nanos) = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos()),
            Err(_) => (0, 0),
        };
        Self { seconds, nanos, zone: Zone::local() }
    }

    /// Nanoseconds since 1970; what is outside the years 1678 to 2262 wraps around, as in Go.
    pub fn unix_nanos(&self) -> i64 {
        self.seconds.wrapping_mul(1_000_000_000).wrapping_add(i64::from(self.nanos))
    }

    pub(crate) fn clock(&self) -> Clock {
        let local = self.seconds.saturating_add(i64::from(self.zone.at(self.seconds).seconds));
        Clock { date: date(local.div_euclid(DAY)), second: local.rem_euclid(DAY) }
    }

    /// The moment at which the clocks of `zone` show this; Go's `time.Date`.
    pub(crate) fn of_clock(clock: Clock, nanos: u32, zone: Zone) -> Self {
        let local = days(clock.date) * DAY + clock.second;
        let seconds = local - i64::from(zone.offset_of_local(local));
        Self { seconds, nanos, zone }
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, Time};
    use crate::{Layout, Zone};

    #[test]
    fn calendars_and_clocks() {
        let parse = |text: &str| {
            let layout = Layout::strptime("%Y-%m-%dT%H:%M:%S%j").unwrap();
            layout.parse(text.as_bytes(), &Zone::Utc).unwrap().reading()
        };
        let day = Reading { year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 58, weekday: 4 };
        assert_eq!(parse("2024-02-29T23:59:58-05:00"), day);
        let first = Time { seconds: -1, nanos: 0, zone: Zone::Utc }.reading();
        let want = Reading { year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59, weekday: 3 };
        assert_eq!(first, want);
    }
}
