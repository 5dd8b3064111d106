//! The rule for the time after a file's last change: POSIX's `TZ`, read once.

use super::Offset;
use crate::civil::{DAY, Date, date, day_of_year, days, days_in, is_leap};

/// Standard time, and summer time if there is one.
#[derive(Debug)]
pub(super) struct Footer {
    standard: Named,
    summer: Option<Summer>,
}

#[derive(Debug)]
struct Named {
    name: Box<str>,
    seconds: i32,
}

#[derive(Debug)]
struct Summer {
    time: Named,
    begins: Rule,
    ends: Rule,
}

/// A moment of the year.
#[derive(Clone, Copy, Debug)]
struct Rule {
    day: Day,
    /// Seconds after midnight.
    time: i64,
}

#[derive(Clone, Copy, Debug)]
enum Day {
    /// From 1; 29 February is not counted.
    Julian(i64),
    /// From 0; it is counted.
    Zero(i64),
    Week {
        month: i64,
        week: i64,
        day: i64,
    },
}

impl Footer {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut b = text.as_bytes();
        let standard = Named { name: name(&mut b)?, seconds: -seconds(&mut b)? };
        if matches!(b, [] | [b',', ..]) {
            return Some(Self { standard, summer: None });
        }
        let name = name(&mut b)?;
        let seconds = if matches!(b, [] | [b',', ..]) { standard.seconds + 3600 } else { -seconds(&mut b)? };
        if b.is_empty() {
            b = b",M3.2.0,M11.1.0";
        }
        let begins = rule(b.strip_prefix(b",").or_else(|| b.strip_prefix(b";"))?)?;
        let ends = rule(begins.1.strip_prefix(b",")?)?;
        let summer = Summer { time: Named { name, seconds }, begins: begins.0, ends: ends.0 };
        ends.1.is_empty().then_some(Self { standard, summer: Some(summer) })
    }

    /// What holds at a moment, the last change in the file having been at `last`.
    pub(super) fn at(&self, last: i64, moment: i64) -> Offset<'_> {
        let Some(summer) = &self.summer else { return self.standard.during(last, i64::MAX) };
        let year = date(moment.div_euclid(DAY)).year;
        let new_year = days(Date { year, month: 1, day: 1 }) * DAY;
        let second = moment - new_year;
        let begins = summer.begins.second(year) - i64::from(self.standard.seconds);
        let ends = summer.ends.second(year) - i64::from(summer.time.seconds);
        // South of the equator the year begins and ends in summer.
        let (begins, ends, inside, outside) = if ends < begins {
            (ends, begins, &self.standard, &summer.time)
        } else {
            (begins, ends, &summer.time, &self.standard)
        };
        // Away from a change start and end are just the year's, as Go has it: enough to tell a skipped hour.
        if second < begins {
            outside.during(new_year, new_year + begins)
        } else if second >= ends {
            outside.during(new_year + ends, new_year + 365 * DAY)
        } else {
            inside.during(new_year + begins, new_year + ends)
        }
    }
}

impl Named {
    fn during(&self, start: i64, end: i64) -> Offset<'_> {
        Offset { name: &self.name, seconds: self.seconds, start, end }
    }
}

impl Rule {
    /// Seconds since the start of the year, on the clocks.
    fn second(&self, year: i64) -> i64 {
        let day = match self.day {
            Day::Julian(day) => day - 1 + i64::from(is_leap(year) && day >= 60),
            Day::Zero(day) => day,
            Day::Week { month, week, day } => {
                let first = Date { year, month, day: 1 };
                // 1970-01-01 was a Thursday.
                let weekday = (days(first) + 4).rem_euclid(7);
                let mut of_month = (day - weekday).rem_euclid(7);
                for _ in 1..week {
                    if of_month + 7 >= days_in(month, year) {
                        break;
                    }
                    of_month += 7;
                }
                day_of_year(first) - 1 + of_month
            }
        };
        day * DAY + self.time
    }
}

fn name(b: &mut &[u8]) -> Option<Box<str>> {
    let (name, rest) = if let Some(quoted) = b.strip_prefix(b"<") {
        let end = quoted.iter().position(|b| *b == b'>')?;
        (&quoted[..end], &quoted[end + 1..])
    } else {
        let ends = |b: &u8| b.is_ascii_digit() || matches!(b, b',' | b'-' | b'+');
        let end = b.iter().position(ends).unwrap_or(b.len());
        b.split_at_checked(end).filter(|(name, _)| name.len() >= 3)?
    };
    *b = rest;
    Some(std::str::from_utf8(name).ok()?.into())
}

/// `[+-]hh[:mm[:ss]]`
fn seconds(b: &mut &[u8]) -> Option<i32> {
    let negative = b.first() == Some(&b'-');
    if let [b'+' | b'-', rest @ ..] = b {
        *b = rest;
    }
    let mut total = number(b, 0, 24 * 7)? * 3600;
    for unit in [60, 1] {
        let Some(rest) = b.strip_prefix(b":") else { break };
        *b = rest;
        total += number(b, 0, 59)? * unit;
    }
    i32::try_from(if negative { -total } else { total }).ok()
}

fn number(b: &mut &[u8], min: i64, max: i64) -> Option<i64> {
    let end = b.iter().position(|b| !b.is_ascii_digit()).unwrap_or(b.len());
    let (digits, rest) = b.split_at(end);
    *b = rest;
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|n| (min..=max).contains(n))
}

fn rule(mut b: &[u8]) -> Option<(Rule, &[u8])> {
    let day = match b {
        [b'J', rest @ ..] => {
            b = rest;
            Day::Julian(number(&mut b, 1, 365)?)
        }
        [b'M', rest @ ..] => {
            b = rest;
            let month = number(&mut b, 1, 12)?;
            b = b.strip_prefix(b".")?;
            let week = number(&mut b, 1, 5)?;
            b = b.strip_prefix(b".")?;
            Day::Week { month, week, day: number(&mut b, 0, 6)? }
        }
        _ => Day::Zero(number(&mut b, 0, 365)?),
    };
    let time = match b {
        [b'/', rest @ ..] => {
            b = rest;
            i64::from(seconds(&mut b)?)
        }
        _ => 2 * 3600,
    };
    Some((Rule { day, time }, b))
}
