//! The year that some formats leave out (syslog's).

use crate::{
    Time,
    civil::{Date, date, days},
    time::Clock,
};

/// Puts a year on a time that has none: this year, or the last if that would be more than a week ahead.
pub(crate) fn complete(time: Time, now: impl FnOnce() -> Time) -> Time {
    // Cheaper than the calendar, and nearly always enough: the year 2 has begun everywhere.
    if time.seconds > -62_100_000_000 {
        return time;
    }
    let clock = time.clock();
    if clock.date.year > 0 {
        return time;
    }
    let now = now();
    let today = now.clock();
    let in_year = |year| {
        let clock = Clock { date: Date { year, ..clock.date }, second: clock.second };
        Time::of_clock(clock, time.nanos, time.zone.clone())
    };
    let thus = in_year(today.date.year);
    let week = Clock { date: date(days(today.date) + 7), second: today.second };
    let limit = Time::of_clock(week, now.nanos, now.zone.clone());
    if (thus.seconds, thus.nanos) <= (limit.seconds, limit.nanos) {
        return thus;
    }
    // Go takes the year off the finished date: a 29 February that became 1 March stays one.
    let shown = thus.clock();
    let last = Date { year: shown.date.year - 1, ..shown.date };
    Time::of_clock(Clock { date: last, second: shown.second }, time.nanos, time.zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn utc(year: i64, month: i64, day: i64) -> Time {
        let clock = Clock { date: Date { year, month, day }, second: 12_694 };
        Time::of_clock(clock, 525, Zone::Utc)
    }

    #[test]
    fn a_missing_year_is_this_or_the_last() {
        for (now, then, year) in [
            ((2020, 6, 16), (6, 16), 2020),
            ((2020, 1, 16), (1, 17), 2020),
            ((2020, 1, 16), (1, 23), 2020),
            ((2020, 1, 16), (1, 24), 2019),
            ((2020, 1, 1), (12, 31), 2019),
            ((2020, 12, 31), (1, 1), 2020),
        ] {
            let found = complete(utc(0, then.0, then.1), || utc(now.0, now.1, now.2));
            assert_eq!(found.clock().date, Date { year, month: then.0, day: then.1 }, "{now:?} {then:?}");
            assert_eq!((found.clock().second, found.nanos), (12_694, 525));
        }
    }

    #[test]
    fn a_year_that_is_there_stays() {
        let time = complete(utc(1, 2, 3), || panic!("the clock is not asked"));
        assert_eq!(time.clock().date.year, 1);
    }

    #[test]
    fn a_leap_day_goes_to_march() {
        let found = complete(utc(0, 2, 29), || utc(2023, 6, 1));
        assert_eq!(found.clock().date, Date { year: 2023, month: 3, day: 1 });
    }
}
