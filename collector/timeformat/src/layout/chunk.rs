//! Go's layouts: the reference time `Mon Jan 2 15:04:05 -0700 MST 2006`, taken apart as Go's `time` package does.

/// A part of the reference time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Std {
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `Jan`
    Month,
    /// `January`
    LongMonth,
    /// `1`
    NumMonth,
    /// `01`
    ZeroMonth,
    /// `Mon`
    WeekDay,
    /// `Monday`
    LongWeekDay,
    /// `2`
    Day,
    /// `_2`
    UnderDay,
    /// `02`
    ZeroDay,
    /// `__2`
    UnderYearDay,
    /// `002`
    ZeroYearDay,
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `03`
    ZeroHour12,
    /// `4`
    Minute,
    /// `04`
    ZeroMinute,
    /// `5`
    Second,
    /// `05`
    ZeroSecond,
    /// `PM`
    UpperPm,
    /// `pm`
    LowerPm,
    /// `-0700` and the like; with `zulu` `Z0700` and the like
    Zone { zulu: bool, form: ZoneForm },
    /// `MST`
    Abbreviation,
    /// `.000` (exact) or `.999`, or with a comma
    Fraction { digits: usize, exact: bool, comma: bool },
}

/// How a distance from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZoneForm {
    /// `0700`
    Plain,
    /// `07:00`
    Colon,
    /// `07`
    Short,
    /// `070000`
    Seconds,
    /// `07:00:00`
    ColonSeconds,
}

/// In the order in which Go looks.
const ZONES: [(&[u8], ZoneForm); 5] = [
    (b"070000", ZoneForm::Seconds),
    (b"07:00:00", ZoneForm::ColonSeconds),
    (b"0700", ZoneForm::Plain),
    (b"07:00", ZoneForm::Colon),
    (b"07", ZoneForm::Short),
];

/// The first part of the reference time at or after `from`: where it starts, where it ends, what it is.
pub(crate) fn next(layout: &[u8], from: usize) -> Option<(usize, usize, Std)> {
    (from..layout.len()).find_map(|start| {
        let (len, std) = at(&layout[start..])?;
        // `_2006` is an underscore and a year.
        let start = if layout[start] == b'_' && std == Std::LongYear { start + 1 } else { start };
        Some((start, start + len, std))
    })
}

fn at(b: &[u8]) -> Option<(usize, Std)> {
    // What a lower-case letter follows is a word.
    let word = |len: usize| !b.get(len).is_some_and(u8::is_ascii_lowercase);
    let found = match b {
        [b'J', b'a', b'n', b'u', b'a', b'r', b'y', ..] => (7, Std::LongMonth),
        [b'J', b'a', b'n', ..] if word(3) => (3, Std::Month),
        [b'M', b'o', b'n', b'd', b'a', b'y', ..] => (6, Std::LongWeekDay),
        [b'M', b'o', b'n', ..] if word(3) => (3, Std::WeekDay),
        [b'M', b'S', b'T', ..] => (3, Std::Abbreviation),
        [b'0', b'1', ..] => (2, Std::ZeroMonth),
        [b'0', b'2', ..] => (2, Std::ZeroDay),
        [b'0', b'3', ..] => (2, Std::ZeroHour12),
        [b'0', b'4', ..] => (2, Std::ZeroMinute),
        [b'0', b'5', ..] => (2, Std::ZeroSecond),
        [b'0', b'6', ..] => (2, Std::Year),
        [b'0', b'0', b'2', ..] => (3, Std::ZeroYearDay),
        [b'1', b'5', ..] => (2, Std::Hour),
        [b'1', ..] => (1, Std::NumMonth),
        [b'2', b'0', b'0', b'6', ..] | [b'_', b'2', b'0', b'0', b'6', ..] => (4, Std::LongYear),
        [b'2', ..] => (1, Std::Day),
        [b'_', b'2', ..] => (2, Std::UnderDay),
        [b'_', b'_', b'2', ..] => (3, Std::UnderYearDay),
        [b'3', ..] => (1, Std::Hour12),
        [b'4', ..] => (1, Std::Minute),
        [b'5', ..] => (1, Std::Second),
        [b'P', b'M', ..] => (2, Std::UpperPm),
        [b'p', b'm', ..] => (2, Std::LowerPm),
        [sign @ (b'-' | b'Z'), rest @ ..] => {
            let (text, form) = ZONES.iter().find(|(text, _)| rest.starts_with(text))?;
            (1 + text.len(), Std::Zone { zulu: *sign == b'Z', form: *form })
        }
        [point @ (b'.' | b','), digit @ (b'0' | b'9'), ..] => {
            let digits = b[1..].iter().take_while(|b| *b == digit).count();
            // Other digits behind them: no fraction.
            if b.get(1 + digits).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            (1 + digits, Std::Fraction { digits, exact: *digit == b'0', comma: *point == b',' })
        }
        _ => return None,
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(layout: &str) -> Vec<&str> {
        let mut from = 0;
        let mut parts = Vec::new();
        while let Some((start, end, _)) = next(layout.as_bytes(), from) {
            parts.push(&layout[start..end]);
            from = end;
        }
        parts
    }

    #[test]
    fn layouts_come_apart_as_in_go() {
        for (layout, expected) in [
            ("2006-01-02T15:04:05.999999999Z07:00", "2006 01 02 15 04 05 .999999999 Z07:00"),
            ("Mon Jan _2 15:04:05 MST 2006", "Mon Jan _2 15 04 05 MST 2006"),
            ("Monday, 02-Jan-06 3:4:5PM -0700", "Monday 02 Jan 06 3 4 5 PM -0700"),
            ("Month Janet _2006 002 __2", "2006 002 __2"),
            ("20061215", "2006 1 2 15"),
            (".0001 ,999 .9", "01 ,999 .9"),
            ("-07:00:00 -070000 Z07 -07", "-07:00:00 -070000 Z07 -07"),
        ] {
            assert_eq!(parts(layout).join(" "), expected, "{layout}");
        }
    }
}
