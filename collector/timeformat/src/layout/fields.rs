//! What was read so far, and the time that it makes.

use crate::{
    Time, Zone,
    civil::{Date, days_in, is_leap},
    time::Clock,
};

/// The parts of a time as a text has them; `None` is not there.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) year: i64,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) year_day: Option<i64>,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) nanos: u32,
    pub(super) afternoon: Option<bool>,
    pub(super) utc: bool,
    pub(super) offset: Option<i32>,
    pub(super) abbreviation: &'a [u8],
}

impl Fields<'_> {
    /// The moment, with `zone` for what the text does not say.
    pub(super) fn time(mut self, zone: &Zone) -> Result<Time, &'static str> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        let date = self.date()?;
        let clock = Clock { date, second: (self.hour * 60 + self.minute) * 60 + self.second };
        if self.utc {
            return Ok(Time::of_clock(clock, self.nanos, Zone::Utc));
        }
        let as_utc = || Time::of_clock(clock, self.nanos, Zone::Utc);
        // -1 stands for "none" in Go, so that a distance of one second west is none.
        if let Some(offset) = self.offset.filter(|offset| *offset != -1) {
            let mut time = as_utc();
            time.seconds -= i64::from(offset);
            let there = zone.at(time.seconds);
            let same = self.abbreviation.is_empty() || there.name.as_bytes() == self.abbreviation;
            let here = there.seconds == offset && same;
            time.zone = if here { zone.clone() } else { Zone::fixed(offset, self.abbreviation) };
            return Ok(time);
        }
        if self.abbreviation.is_empty() {
            return Ok(Time::of_clock(clock, self.nanos, zone.clone()));
        }
        let mut time = as_utc();
        if let Some(offset) = zone.offset_of_name(self.abbreviation, time.seconds) {
            time.seconds -= i64::from(offset);
            time.zone = zone.clone();
            return Ok(time);
        }
        let hours = self.abbreviation.strip_prefix(b"GMT").and_then(|hours| std::str::from_utf8(hours).ok());
        let offset = hours.and_then(|hours| hours.parse::<i32>().ok()).unwrap_or(0) * 3600;
        // Go names the distance, but does not apply it: `12:00 GMT+3` is noon in Greenwich.
        time.zone = Zone::fixed(offset, self.abbreviation);
        Ok(time)
    }

    fn date(&self) -> Result<Date, &'static str> {
        let (month, day) = match self.year_day {
            Some(of_year) => {
                let (month, day) = self.of_year(of_year).ok_or("day-of-year out of range")?;
                if self.month.is_some_and(|m| m != month) {
                    return Err("day-of-year does not match month");
                }
                if self.day.is_some_and(|d| d != day) {
                    return Err("day-of-year does not match day");
                }
                (month, day)
            }
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        Ok(Date { year: self.year, month, day })
    }

    fn of_year(&self, day: i64) -> Option<(i64, i64)> {
        let last = 365 + i64::from(is_leap(self.year));
        let mut left = (1..=last).contains(&day).then_some(day)?;
        let mut month = 1;
        while left > days_in(month, self.year) {
            left -= days_in(month, self.year);
            month += 1;
        }
        Some((month, left))
    }
}
