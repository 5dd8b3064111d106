//! How much an entry matters.

/// OTLP's severity number, 0 (unspecified) to 24.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Severity(u8);

/// The names of 1, 5, 9, …; a digit counts on from there.
const NAMES: [&str; 25] = [
    "", "TRACE", "TRACE2", "TRACE3", "TRACE4", "DEBUG", "DEBUG2", "DEBUG3", "DEBUG4", "INFO", "INFO2",
    "INFO3", "INFO4", "WARN", "WARN2", "WARN3", "WARN4", "ERROR", "ERROR2", "ERROR3", "ERROR4", "FATAL",
    "FATAL2", "FATAL3", "FATAL4",
];

impl Severity {
    /// All that are specified.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=24).map(Self)
    }

    /// The severity of a number from 0 to 24.
    pub fn from_number(number: u8) -> Option<Self> {
        (number <= 24).then_some(Self(number))
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its name (`INFO2`), empty if it is unspecified.
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }
}
