//! Writing times.

use crate::{
    Time,
    civil::{day_of_year, days},
    layout::{
        DAYS, MONTHS,
        chunk::{Std, ZoneForm, next},
        native,
    },
};

/// How a time is written, compiled.
#[derive(Debug)]
pub struct Format {
    /// Text, and the part of the time that follows it.
    steps: Box<[(Box<str>, Std)]>,
    tail: Box<str>,
}

impl Format {
    /// A layout in strptime's directives, as OTTL's `FormatTime` takes it. The error is the Go collector's text.
    pub fn strptime(layout: &str) -> Result<Self, String> {
        native(layout).map(|native| Self::gotime(&native))
    }

    /// A layout in Go's reference time.
    pub fn gotime(layout: &str) -> Self {
        let mut steps = Vec::new();
        let mut from = 0;
        while let Some((start, end, std)) = next(layout.as_bytes(), from) {
            steps.push((layout[from..start].into(), std));
            from = end;
        }
        Self { steps: steps.into(), tail: layout[from..].into() }
    }

    /// The time as text.
    pub fn text(&self, time: &Time) -> String {
        let mut text = String::new();
        self.write(time, &mut text);
        text
    }

    /// Appends the time.
    pub fn write(&self, time: &Time, to: &mut String) {
        let shown = Shown::new(time);
        for (before, std) in &self.steps {
            to.push_str(before);
            shown.write(*std, to);
        }
        to.push_str(&self.tail);
    }
}

/// What the clocks show.
struct Shown<'a> {
    time: &'a Time,
    year: i64,
    month: i64,
    day: i64,
    year_day: i64,
    /// From Sunday.
    weekday: i64,
    second: i64,
}

impl<'a> Shown<'a> {
    fn new(time: &'a Time) -> Self {
        let clock = time.clock();
        let weekday = (days(clock.date) + 4).rem_euclid(7);
        let date = clock.date;
        Self {
            time,
            year: date.year,
            month: date.month,
            day: date.day,
            year_day: day_of_year(date),
            weekday,
            second: clock.second,
        }
    }

    fn write(&self, std: Std, to: &mut String) {
        let hour = self.second / 3600;
        let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
        match std {
            Std::LongYear => number(to, self.year, 4),
            Std::Year => number(to, self.year.abs() % 100, 2),
            Std::Month => to.push_str(&named(&MONTHS, self.month - 1)[..3]),
            Std::LongMonth => to.push_str(named(&MONTHS, self.month - 1)),
            Std::NumMonth => number(to, self.month, 0),
            Std::ZeroMonth => number(to, self.month, 2),
            Std::WeekDay => to.push_str(&named(&DAYS, self.weekday)[..3]),
            Std::LongWeekDay => to.push_str(named(&DAYS, self.weekday)),
            Std::Day => number(to, self.day, 0),
            Std::UnderDay => padded(to, self.day, 2),
            Std::ZeroDay => number(to, self.day, 2),
            Std::UnderYearDay => padded(to, self.year_day, 3),
            Std::ZeroYearDay => number(to, self.year_day, 3),
            Std::Hour => number(to, hour, 2),
            Std::Hour12 => number(to, hour12, 0),
            Std::ZeroHour12 => number(to, hour12, 2),
            Std::Minute => number(to, self.second / 60 % 60, 0),
            Std::ZeroMinute => number(to, self.second / 60 % 60, 2),
            Std::Second => number(to, self.second % 60, 0),
            Std::ZeroSecond => number(to, self.second % 60, 2),
            Std::UpperPm => to.push_str(if hour >= 12 { "PM" } else { "AM" }),
            Std::LowerPm => to.push_str(if hour >= 12 { "pm" } else { "am" }),
            Std::Zone { zulu, form } => {
                let offset = self.time.zone.at(self.time.seconds).seconds;
                if zulu && offset == 0 { to.push('Z') } else { distance(to, offset, form) }
            }
            Std::Abbreviation => {
                let offset = self.time.zone.at(self.time.seconds);
                if offset.name.is_empty() {
                    distance(to, offset.seconds, ZoneForm::Plain);
                } else {
                    to.push_str(offset.name);
                }
            }
            Std::Fraction { digits, exact, comma } => self.fraction(to, digits, exact, comma),
        }
    }

    fn fraction(&self, to: &mut String, digits: usize, exact: bool, comma: bool) {
        if !exact && self.time.nanos == 0 {
            return;
        }
        let len = to.len();
        to.push(if comma { ',' } else { '.' });
        number(to, self.time.nanos.into(), 9);
        to.truncate(len + 1 + digits.min(9));
        if !exact {
            let kept = to.trim_end_matches('0').len();
            to.truncate(if kept == len + 1 { len } else { kept });
        }
    }
}

fn named(names: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or("???")
}

/// A number with zeros before it up to the width.
fn number(to: &mut String, value: i64, width: usize) {
    if value < 0 {
        to.push('-');
    }
    let digits = value.unsigned_abs().to_string();
    to.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
    to.push_str(&digits);
}

/// A number with spaces before it.
fn padded(to: &mut String, value: i64, width: usize) {
    let digits = value.to_string();
    to.extend(std::iter::repeat_n(' ', width.saturating_sub(digits.len())));
    to.push_str(&digits);
}

fn distance(to: &mut String, offset: i32, form: ZoneForm) {
    // Less than a minute west is written as east, as in Go.
    let minutes = i64::from(offset / 60);
    to.push(if minutes < 0 { '-' } else { '+' });
    let colon = matches!(form, ZoneForm::Colon | ZoneForm::ColonSeconds);
    number(to, minutes.abs() / 60, 2);
    if form != ZoneForm::Short {
        to.push_str(if colon { ":" } else { "" });
        number(to, minutes.abs() % 60, 2);
    }
    if matches!(form, ZoneForm::Seconds | ZoneForm::ColonSeconds) {
        to.push_str(if colon { ":" } else { "" });
        number(to, i64::from(offset.abs() % 60), 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layout, Zone};

    fn time(text: &str) -> Time {
        Layout::gotime("2006-01-02T15:04:05Z07:00").unwrap().parse(text.as_bytes(), &Zone::Utc).unwrap()
    }

    #[test]
    fn directives_are_written_as_go_writes_them() {
        let time = time("2024-02-05T14:07:09.0456-03:30");
        for (layout, text) in [
            ("%Y %y %m|%o|%q %b %h %B", "2024 24 02|_2|2 Feb Feb February"),
            ("%d|%e|%g %a %A", "05| 5|5 Mon Monday"),
            ("%H %I %l %p %P %M %S", "14 02 2 PM pm 07 09"),
            ("%S.%L %S.%f %S,%s", "09.045 09.0456 09,0456"),
            ("%z %w %i %j %k %Z", "-0330 -033000 -03 -03:30 -03:30:00 -0330"),
            ("%D %x %F %T %X %r %R", "02/05/2024 02/05/2024 2024-02-05 14:07:09 14:07:09 02:07:09 pm 14:07"),
            ("%c%n%t%%", "Mon Feb 05 14:07:09 2024\n\t%"),
        ] {
            assert_eq!(Format::strptime(layout).unwrap().text(&time), text, "{layout}");
        }
    }

    #[test]
    fn layouts_of_go() {
        let time = time("2024-03-07T00:00:00Z");
        for (layout, text) in [
            ("2006-01-02T15:04:05.999999999Z07:00", "2024-03-07T00:00:00Z"),
            ("Mon Jan _2 3:04PM MST .000 __2 002", "Thu Mar  7 12:00AM UTC .000  67 067"),
            ("Monday", "Thursday"),
        ] {
            assert_eq!(Format::gotime(layout).text(&time), text, "{layout}");
        }
    }

    #[test]
    fn unknown_directives_are_named() {
        let error = Format::strptime("%Y %E %Q").unwrap_err();
        let expected = "convert to go time format: [unsupported ctimefmt.toNative() directive: %E \
                        unsupported ctimefmt.toNative() directive: %Q]";
        assert_eq!(error, expected);
    }
}
