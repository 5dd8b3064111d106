//! Days and dates of the Gregorian calendar, proleptic in both directions as Go's.

/// A date; months and days count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year; 0 is the one before 1.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

/// The seconds of a day.
pub const DAY: i64 = 86_400;

/// Days from 1970-01-01 to the date. Days before the first and after the last of the month count on, as in Go's `time.Date`;
/// months are 1 to 12.
pub const fn days(date: Date) -> i64 {
    // Years from March on: the leap day is the last one.
    let year = if date.month <= 2 { date.year - 1 } else { date.year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date so many days after 1970-01-01.
pub const fn date(days: i64) -> Date {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let day = of_year - (153 * march + 2) / 5 + 1;
    Date { year: year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day }
}

/// Whether the year has a 29 February.
pub const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days the month (1 to 12) has.
pub const fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day of the year, from 1.
pub const fn day_of_year(date: Date) -> i64 {
    days(date) - days(Date { year: date.year, month: 1, day: 1 }) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        for day in (-800_000..800_000).step_by(17) {
            let found = date(day);
            assert_eq!(days(found), day);
            assert!(found.day <= days_in(found.month, found.year));
        }
        assert_eq!(days(Date { year: 2000, month: 3, day: 1 }), 11_017);
        assert_eq!(date(-719_528), Date { year: 0, month: 1, day: 1 });
    }

    #[test]
    fn days_beyond_the_month_count_on() {
        let past = days(Date { year: 2023, month: 2, day: 29 });
        assert_eq!(date(past), Date { year: 2023, month: 3, day: 1 });
        assert_eq!(day_of_year(Date { year: 2024, month: 12, day: 31 }), 366);
    }
}
