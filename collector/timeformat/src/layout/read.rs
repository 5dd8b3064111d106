//! Reading a text with a layout: Go's `time.Parse`, and what the Go collector does around it.

use super::{
    Layout, Literal, Step,
    chunk::{Std, ZoneForm},
    fields::Fields,
};
use crate::{ParseError, Time, Zone, year::complete};

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(crate) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// What stands there is not what the layout says.
#[derive(Clone, Copy)]
enum Misfit {
    /// It is something else.
    Other,
    /// It is a number that cannot be: of what, from Go's message.
    Range(&'static str),
}

type Read<'a> = Result<&'a [u8], Misfit>;

impl Layout {
    /// The time that a text means, on the clocks of `zone` if it does not say. A year that the layout leaves out is this one,
    /// or the last if that would be more than a week ahead.
    pub fn parse(&self, value: &[u8], zone: &Zone) -> Result<Time, ParseError> {
        self.parse_as_of(value, zone, Time::now)
    }

    /// The same at another time than now.
    pub fn parse_as_of(
        &self,
        value: &[u8],
        zone: &Zone,
        now: impl FnOnce() -> Time,
    ) -> Result<Time, ParseError> {
        let time = self.read(value, zone)?;
        self.placed(value, zone, time).map(|time| complete(time, now))
    }

    /// An abbreviation that means nothing here is read as UTC by Go; the collector then looks for a zone of that name.
    fn placed(&self, value: &[u8], zone: &Zone, time: Time) -> Result<Time, ParseError> {
        let found = time.zone.at(time.seconds);
        if found.seconds != 0 || found.name == "UTC" || found.name == zone.at(time.seconds).name {
            return Ok(time);
        }
        if found.name.is_empty() {
            return Ok(Time { zone: Zone::Utc, ..time });
        }
        let name = found.name;
        let place = self
            .known
            .load(name)
            .map_err(|unknown| ParseError::new(format!("failed to load location {name}: {unknown}")))?;
        Ok(self.read(value, &place).unwrap_or(time))
    }

    fn read(&self, value: &[u8], zone: &Zone) -> Result<Time, ParseError> {
        let mut fields = Fields::default();
        let mut rest = value;
        for step in &self.steps {
            rest = self.skip(value, rest, &step.before)?;
            rest = step.read(rest, &mut fields).map_err(|misfit| match misfit {
                Misfit::Other => ParseError::misfit(value, &self.text, &step.name, rest),
                Misfit::Range(what) => ParseError::because(value, &format!("{what} out of range")),
            })?;
        }
        rest = self.skip(value, rest, &self.tail)?;
        if !rest.is_empty() {
            return Err(ParseError::extra(value, rest));
        }
        fields.time(zone).map_err(|reason| ParseError::because(value, reason))
    }

    /// Steps over literal text.
    #[inline]
    fn skip<'a>(&self, value: &[u8], rest: &'a [u8], literal: &Literal) -> Result<&'a [u8], ParseError> {
        match (&*literal.text, rest) {
            ([], _) => Ok(rest),
            // What most literals are.
            ([sign], [found, behind @ ..]) if sign == found && *sign != b' ' => Ok(behind),
            _ => self.skip_long(value, rest, literal),
        }
    }

    /// The same of any text. A space stands for any number of them, and for none at the end.
    fn skip_long<'a>(
        &self,
        value: &[u8],
        mut rest: &'a [u8],
        literal: &Literal,
    ) -> Result<&'a [u8], ParseError> {
        let mut text = &*literal.text;
        while let [first, others @ ..] = text {
            let fits = match (first, rest) {
                (b' ', []) => true,
                (first, [found, ..]) => first == found,
                _ => false,
            };
            if !fits {
                return Err(ParseError::misfit(value, &self.text, &literal.name, rest));
            }
            if *first == b' ' {
                text = spaces_cut(text);
                rest = spaces_cut(rest);
            } else {
                text = others;
                rest = &rest[1..];
            }
        }
        Ok(rest)
    }
}

fn spaces_cut(b: &[u8]) -> &[u8] {
    let end = b.iter().position(|b| *b != b' ').unwrap_or(b.len());
    &b[end..]
}

impl Step {
    /// Reads this part.
    #[inline]
    fn read<'a>(&self, b: &'a [u8], fields: &mut Fields<'a>) -> Read<'a> {
        match part(self.std, b, fields, self.fraction) {
            Ok(rest) => Ok(rest),
            Err(_) => self.read_anew(b, fields),
        }
    }

    /// Reads what it is not at first sight.
    fn read_anew<'a>(&self, b: &'a [u8], fields: &mut Fields<'a>) -> Read<'a> {
        let mut read = self.spaced(self.std, b, fields);
        let mut others = self.or.iter();
        while let (Err(_), Some(other)) = (read, others.next()) {
            read = self.spaced(*other, b, fields);
        }
        read
    }

    fn spaced<'a>(&self, std: Std, b: &'a [u8], fields: &mut Fields<'a>) -> Read<'a> {
        let read = part(std, b, fields, self.fraction);
        let space = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        match (read, b) {
            (Err(Misfit::Other), [first, ..]) if self.spaces && space(first) => {
                let end = b.iter().position(|b| !space(b)).unwrap_or(b.len());
                part(std, &b[end..], fields, self.fraction)
            }
            _ => read,
        }
    }
}

/// Reads one part of the reference time.
fn part<'a>(std: Std, b: &'a [u8], to: &mut Fields<'a>, fraction: bool) -> Read<'a> {
    match std {
        Std::LongYear => {
            let (digits, rest) = b.split_at_checked(4).ok_or(Misfit::Other)?;
            to.year = digits
                .first()
                .filter(|b| b.is_ascii_digit())
                .and_then(|_| number(digits))
                .ok_or(Misfit::Other)?;
            Ok(rest)
        }
        Std::Year => {
            let (digits, rest) = b.split_at_checked(2).ok_or(Misfit::Other)?;
            let year = signed(digits).ok_or(Misfit::Other)?;
            to.year = if year >= 69 { year + 1900 } else { year + 2000 };
            Ok(rest)
        }
        Std::Month | Std::LongMonth => {
            let (month, rest) = name(&MONTHS, b, std == Std::Month).ok_or(Misfit::Other)?;
            to.month = Some(month + 1);
            Ok(rest)
        }
        Std::WeekDay | Std::LongWeekDay => {
            name(&DAYS, b, std == Std::WeekDay).map(|(_, rest)| rest).ok_or(Misfit::Other)
        }
        Std::NumMonth | Std::ZeroMonth => {
            let (month, rest) = digits(b, std == Std::ZeroMonth, 1..=12, "month")?;
            to.month = Some(month);
            Ok(rest)
        }
        Std::Day | Std::UnderDay | Std::ZeroDay => {
            let b = b.strip_prefix(b" ").filter(|_| std == Std::UnderDay).unwrap_or(b);
            let (day, rest) = digits(b, std == Std::ZeroDay, 0..=99, "day")?;
            to.day = Some(day);
            Ok(rest)
        }
        Std::UnderYearDay | Std::ZeroYearDay => year_day(b, std == Std::ZeroYearDay, to),
        Std::Hour => {
            let (hour, rest) = digits(b, false, 0..=23, "hour")?;
            to.hour = hour;
            Ok(rest)
        }
        Std::Hour12 | Std::ZeroHour12 => {
            let (hour, rest) = digits(b, std == Std::ZeroHour12, 0..=12, "hour")?;
            to.hour = hour;
            Ok(rest)
        }
        Std::Minute | Std::ZeroMinute => {
            let (minute, rest) = digits(b, std == Std::ZeroMinute, 0..=59, "minute")?;
            to.minute = minute;
            Ok(rest)
        }
        Std::Second | Std::ZeroSecond => {
            let (second, rest) = digits(b, std == Std::ZeroSecond, 0..=59, "second")?;
            to.second = second;
            // A fraction may follow though the layout has none.
            Ok(if fraction { rest } else { any_fraction(rest, to) })
        }
        Std::UpperPm | Std::LowerPm => {
            let (word, rest) = b.split_at_checked(2).ok_or(Misfit::Other)?;
            to.afternoon = match (word, std) {
                (b"PM", Std::UpperPm) | (b"pm", Std::LowerPm) => Some(true),
                (b"AM", Std::UpperPm) | (b"am", Std::LowerPm) => Some(false),
                _ => return Err(Misfit::Other),
            };
            Ok(rest)
        }
        Std::Zone { zulu: true, .. } if b.first() == Some(&b'Z') => {
            to.utc = true;
            Ok(&b[1..])
        }
        Std::Zone { form, .. } => distance(form, b, to),
        Std::Abbreviation => {
            if let Some(rest) = b.strip_prefix(b"UTC") {
                to.utc = true;
                return Ok(rest);
            }
            let (name, rest) =
                b.split_at_checked(abbreviation(b).ok_or(Misfit::Other)?).ok_or(Misfit::Other)?;
            to.abbreviation = name;
            Ok(rest)
        }
        Std::Fraction { digits: count, exact: true, .. } => {
            let (text, rest) = b.split_at_checked(count + 1).ok_or(Misfit::Other)?;
            to.nanos = nanos(text).ok_or(Misfit::Other)?;
            Ok(rest)
        }
        Std::Fraction { .. } => Ok(any_fraction(b, to)),
    }
}

/// A point or comma and digits, if that is what stands there.
fn any_fraction<'a>(b: &'a [u8], to: &mut Fields<'a>) -> &'a [u8] {
    let ([b'.' | b',', digits @ ..], Some(true)) = (b, b.get(1).map(u8::is_ascii_digit)) else { return b };
    let end = 1 + digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    to.nanos = nanos(&b[..end]).unwrap_or_default();
    &b[end..]
}

/// The first nine digits after the separator, as nanoseconds.
fn nanos(text: &[u8]) -> Option<u32> {
    let [b'.' | b',', digits @ ..] = text else { return None };
    let digits = &digits[..digits.len().min(9)];
    let value = number(digits)?;
    let scale = 10_i64.pow(9 - u32::try_from(digits.len()).ok()?);
    u32::try_from(value * scale).ok()
}

/// Digits and nothing else, few enough.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// As Go's `atoi`, which takes a sign.
fn signed(text: &[u8]) -> Option<i64> {
    match text {
        [b'-', digits @ ..] => number(digits).map(|n| -n),
        [b'+', digits @ ..] | digits => number(digits),
    }
}

/// One or two digits, or exactly two.
fn pair(b: &[u8], exact: bool) -> Option<(i64, &[u8])> {
    match b {
        [x @ b'0'..=b'9', y @ b'0'..=b'9', rest @ ..] => {
            Some((i64::from(x - b'0') * 10 + i64::from(y - b'0'), rest))
        }
        [x @ b'0'..=b'9', rest @ ..] if !exact => Some((i64::from(x - b'0'), rest)),
        _ => None,
    }
}

fn digits<'a>(
    b: &'a [u8],
    exact: bool,
    range: std::ops::RangeInclusive<i64>,
    what: &'static str,
) -> Result<(i64, &'a [u8]), Misfit> {
    let (number, rest) = pair(b, exact).ok_or(Misfit::Other)?;
    if range.contains(&number) { Ok((number, rest)) } else { Err(Misfit::Range(what)) }
}

fn year_day<'a>(mut b: &'a [u8], exact: bool, to: &mut Fields<'a>) -> Read<'a> {
    for _ in 0..2 {
        b = b.strip_prefix(b" ").filter(|_| !exact).unwrap_or(b);
    }
    let count = b.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    if count == 0 || exact && count != 3 {
        return Err(Misfit::Other);
    }
    to.year_day = number(&b[..count]);
    Ok(&b[count..])
}

/// Which of the names stands there, in any case; only their first three letters if they are cut.
fn name<'a>(names: &[&str], b: &'a [u8], cut: bool) -> Option<(i64, &'a [u8])> {
    (0..).zip(names).find_map(|(i, name)| {
        let name = if cut { &name.as_bytes()[..3] } else { name.as_bytes() };
        let (found, rest) = b.split_at_checked(name.len())?;
        found.eq_ignore_ascii_case(name).then_some((i, rest))
    })
}

/// A distance from UTC.
fn distance<'a>(form: ZoneForm, b: &'a [u8], to: &mut Fields<'a>) -> Read<'a> {
    // Where minutes and seconds stand, and the length of it all.
    let (minutes, seconds, len) = match form {
        ZoneForm::Plain => (Some(3), None, 5),
        ZoneForm::Colon => (Some(4), None, 6),
        ZoneForm::Short => (None, None, 3),
        ZoneForm::Seconds => (Some(3), Some(5), 7),
        ZoneForm::ColonSeconds => (Some(4), Some(7), 9),
    };
    let (text, rest) = b.split_at_checked(len).ok_or(Misfit::Other)?;
    let colons: &[usize] = match form {
        ZoneForm::Colon => &[3],
        ZoneForm::ColonSeconds => &[3, 6],
        _ => &[],
    };
    if colons.iter().any(|at| text[*at] != b':') {
        return Err(Misfit::Other);
    }
    let read = |at: Option<usize>| match at {
        Some(at) => pair(&text[at..at + 2], true).map(|(n, _)| n),
        None => Some(0),
    };
    let (Some(hours), Some(minutes), Some(seconds)) = (read(Some(1)), read(minutes), read(seconds)) else {
        return Err(Misfit::Other);
    };
    // Some do write 24 hours or 60 minutes.
    for (number, most, what) in [
        (hours, 24, "time zone offset hour"),
        (minutes, 60, "time zone offset minute"),
        (seconds, 60, "time zone offset second"),
    ] {
        if number > most {
            return Err(Misfit::Range(what));
        }
    }
    let total = i32::try_from((hours * 60 + minutes) * 60 + seconds).map_err(|_| Misfit::Other)?;
    to.offset = Some(match text[0] {
        b'+' => total,
        b'-' => -total,
        _ => return Err(Misfit::Other),
    });
    Ok(rest)
}

/// How long the abbreviation of a zone is that stands there: Go's guess.
fn abbreviation(b: &[u8]) -> Option<usize> {
    match b {
        [b'C', b'h', b'S', b'T', ..] | [b'M', b'e', b'S', b'T', ..] => return Some(4),
        [b'G', b'M', b'T', rest @ ..] => return Some(3 + hours(rest)),
        [b'+' | b'-', _, _, ..] => return Some(hours(b)).filter(|len| *len > 0),
        _ => {}
    }
    match b.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count() {
        5 if b[4] == b'T' => Some(5),
        4 if b[3] == b'T' || b.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// How long a sign and up to 23 hours are; 0 if they are not there.
fn hours(b: &[u8]) -> usize {
    let [b'+' | b'-', rest @ ..] = b else { return 0 };
    let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = rest[..count].iter().fold(0_u64, |n, b| (n * 10 + u64::from(b - b'0')).min(1_000));
    if count == 0 || value > 23 { 0 } else { 1 + count }
}
