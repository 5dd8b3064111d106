//! Times as numbers.

use std::fmt::{self, Write};

use crate::{ParseError, Time, Zone, year::complete};

/// A layout of type `epoch`: what a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Epoch {
    /// `s`
    Seconds,
    /// `ms`
    Millis,
    /// `us`
    Micros,
    /// `ns`
    Nanos,
    /// `s.ms`: after the point stands a count of milliseconds, so that `1.5` is 1 s and 5 ms.
    SecondsMillis,
    /// `s.us`
    SecondsMicros,
    /// `s.ns`
    SecondsNanos,
}

impl Epoch {
    /// The layouts and their names.
    const WORDS: [(Self, &'static str); 7] = [
        (Self::Seconds, "s"),
        (Self::Millis, "ms"),
        (Self::Micros, "us"),
        (Self::Nanos, "ns"),
        (Self::SecondsMillis, "s.ms"),
        (Self::SecondsMicros, "s.us"),
        (Self::SecondsNanos, "s.ns"),
    ];

    /// The layout of that name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, w)| *w == word).map(|(epoch, _)| *epoch)
    }

    /// The layout's name.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(epoch, _)| *epoch == self).map_or("", |(_, word)| word)
    }

    /// The moment that a text means.
    pub fn text(self, text: &[u8]) -> Result<Time, ParseError> {
        self.read(text).ok_or_else(|| self.refuse(&String::from_utf8_lossy(text)))
    }

    /// The moment that a whole number means.
    pub fn int(self, number: i64) -> Time {
        let (seconds, nanos) = match self {
            Self::Seconds | Self::SecondsMillis | Self::SecondsMicros | Self::SecondsNanos => (number, 0),
            Self::Millis => split(number, 1_000),
            Self::Micros => split(number, 1_000_000),
            Self::Nanos => split(number, 1_000_000_000),
        };
        finish(seconds, nanos)
    }

    /// The moment that a number means; without a point in the layout what is behind the number's is cut off.
    #[allow(clippy::cast_possible_truncation, reason = "Go truncates, and `as` saturates")]
    pub fn float(self, number: f64) -> Result<Time, ParseError> {
        let decimals = match self {
            Self::SecondsMillis => 3,
            Self::SecondsMicros => 6,
            Self::SecondsNanos => 9,
            _ => return Ok(self.int(number as i64)),
        };
        let mut digits = Digits { bytes: [0; 352], len: 0 };
        // As Go prints it: what is shorter than ten characters is padded, and does not read.
        let fits = write!(digits, "{number:10.decimals$}").is_ok();
        self.read(&digits.bytes[..digits.len])
            .filter(|_| fits)
            .ok_or_else(|| self.refuse(&format!("{number:10.decimals$}")))
    }

    fn read(self, text: &[u8]) -> Option<Time> {
        let text = std::str::from_utf8(text).ok()?;
        let unit = match self {
            Self::SecondsMillis => 1_000_000,
            Self::SecondsMicros => 1_000,
            Self::SecondsNanos => 1,
            _ => return Some(self.int(text.parse().ok()?)),
        };
        let (seconds, part) = text.split_once('.')?;
        let nanos = part.parse::<i64>().ok()?.wrapping_mul(unit);
        Some(finish(seconds.parse().ok()?, nanos))
    }

    #[cold]
    fn refuse(self, value: &str) -> ParseError {
        ParseError::new(format!("invalid value '{value}' for layout '{}'", self.word()))
    }
}

const fn split(number: i64, per_second: i64) -> (i64, i64) {
    (number / per_second, number % per_second * (1_000_000_000 / per_second))
}

fn finish(seconds: i64, nanos: i64) -> Time {
    let seconds = seconds.saturating_add(nanos.div_euclid(1_000_000_000));
    let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or_default();
    // Dates of more than eleven digits are no dates; the calendar must not overflow on them.
    let seconds = seconds.clamp(-(1 << 55), 1 << 55);
    complete(Time { seconds, nanos, zone: Zone::Utc }, Time::now)
}

/// The digits of a number, without the heap.
struct Digits {
    bytes: [u8; 352],
    len: usize,
}

impl Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_what_the_layout_says() {
        for (layout, text, nanos) in [
            ("s", "1136214245", 1_136_214_245_000_000_000),
            ("ms", "1136214245123", 1_136_214_245_123_000_000),
            ("us", "-1500000", -1_500_000_000),
            ("ns", "1136214245123456789", 1_136_214_245_123_456_789),
            ("s.ms", "1136214245.123", 1_136_214_245_123_000_000),
            ("s.ms", "1.5", 1_005_000_000),
            ("s.us", "1136214245.123456", 1_136_214_245_123_456_000),
            ("s.ns", "1136214245.123456789", 1_136_214_245_123_456_789),
        ] {
            let epoch = Epoch::from_word(layout).unwrap();
            assert_eq!(epoch.text(text.as_bytes()).unwrap().unix_nanos(), nanos, "{layout} {text}");
        }
    }

    #[test]
    fn numbers_of_other_types() {
        let at = |layout, number| Epoch::from_word(layout).unwrap().float(number);
        assert_eq!(at("s", 1_136_214_245.9).unwrap().unix_nanos(), 1_136_214_245_000_000_000);
        assert_eq!(at("s.ms", 1_136_214_245.123).unwrap().unix_nanos(), 1_136_214_245_123_000_000);
        assert_eq!(at("s.us", 1_136_214_245.123_456).unwrap().unix_nanos(), 1_136_214_245_123_456_000);
        let short = at("s.ms", 1.5).unwrap_err();
        assert_eq!(short.to_string(), "invalid value '     1.500' for layout 's.ms'");
        assert_eq!(Epoch::SecondsMillis.int(7).unix_nanos(), 7_000_000_000);
        assert!(at("s.ns", f64::NAN).is_err());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for (layout, text) in [("s", "1.5"), ("s", ""), ("s.ms", "15"), ("s.ns", "1.2.3"), ("ms", "x")] {
            let refused = Epoch::from_word(layout).unwrap().text(text.as_bytes()).unwrap_err();
            assert_eq!(refused.to_string(), format!("invalid value '{text}' for layout '{layout}'"));
        }
        assert_eq!(Epoch::from_word("min"), None);
    }
}
