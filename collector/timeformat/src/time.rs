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

impl Time {
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
