//! Times in ISO 8601, in the forms that Go's `github.com/relvacode/iso8601` reads.

use slimcol_timeformat::civil::{DAY, Date, days, days_in, is_leap};

/// Nanoseconds since 1970 of a date, perhaps with a time of day and a distance from UTC; those that 64 bits do not hold wrap
/// around, as in Go.
pub(super) fn nanos(text: &str) -> Option<i64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let day = day(date, time.is_some())?;
    let time = time.unwrap_or_default();
    let (clock, zone) = time.split_at(time.find(['+', '-', 'Z']).unwrap_or(time.len()));
    let (seconds, nanos) = of_day(clock)?;
    let seconds = day * DAY + seconds - distance(zone)?;
    Some(seconds.wrapping_mul(1_000_000_000).wrapping_add(nanos))
}

/// The day since 1970. Where a time follows, the date is a whole one.
fn day(text: &str, is_whole: bool) -> Option<i64> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let first = days(Date { year, month: 1, day: 1 });
    let (month, day) = match (parts.next(), parts.next()) {
        (None, _) => (1, None),
        (Some(of_year), None) if of_year.len() == 3 => {
            let of_year = number(of_year, 3)?;
            return (1..=365 + i64::from(is_leap(year))).contains(&of_year).then(|| first + of_year - 1);
        }
        (Some(month), day) => (number(month, 2)?, day),
    };
    let day = match day {
        Some(day) => number(day, 2)?,
        None if is_whole => return None,
        None => 1,
    };
    let is_date = (1..=12).contains(&month) && (1..=days_in(month, year)).contains(&day);
    (is_date && parts.next().is_none()).then(|| days(Date { year, month, day }))
}

/// Seconds since midnight and nanoseconds after that. What is not said is 0.
fn of_day(text: &str) -> Option<(i64, i64)> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut of = [0; 3];
    for (at, part) in text.split(':').enumerate() {
        if !part.is_empty() {
            *of.get_mut(at)? = number(part, 2)?;
        }
    }
    let [hour, minute, second] = of;
    let digits = u32::try_from(fraction.len()).ok()?;
    let nanos = if digits == 0 { 0 } else { number(fraction, 9)? * 10_i64.pow(9 - digits) };
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 3600 + minute * 60 + second, nanos))
}

/// How many seconds a zone is ahead of UTC.
fn distance(text: &str) -> Option<i64> {
    let Some(digits) = text.strip_prefix(['+', '-']) else { return matches!(text, "" | "Z").then_some(0) };
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
    let minutes = if minutes.is_empty() { 0 } else { number(minutes, 2)? };
    let ahead = number(hours, 2)? * 3600 + minutes * 60;
    Some(if text.starts_with('-') { -ahead } else { ahead })
}

/// A number of so many digits at most.
fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = (1..=digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
