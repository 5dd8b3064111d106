//! Time zones: how far the clocks of a place are from UTC, and what their time is called.

mod footer;
mod load;
mod place;
mod tzif;

use std::sync::Arc;

pub(crate) use self::load::Known;
pub use self::load::UnknownZone;
use self::place::Place;

/// A time zone.
#[derive(Clone, Debug)]
pub enum Zone {
    /// Coordinated Universal Time.
    Utc,
    /// The same distance all year, as a text had it.
    Fixed(Fixed),
    /// A place in the machine's time zone database.
    Place(Arc<Place>),
}

/// A distance from UTC, and its name if it has one.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    seconds: i32,
    name: [u8; 15],
    len: u8,
}

/// What the clocks of a place show at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offset<'a> {
    /// The abbreviation, possibly empty.
    pub(crate) name: &'a str,
    /// What they are ahead of UTC.
    pub(crate) seconds: i32,
    /// From when.
    pub(crate) start: i64,
    /// Until when.
    pub(crate) end: i64,
}

impl Fixed {
    /// A name of more than 15 bytes is cut.
    pub(crate) fn new(seconds: i32, name: &[u8]) -> Self {
        let mut fixed = Self { seconds, name: [0; 15], len: 0 };
        for (to, from) in fixed.name.iter_mut().zip(name.iter().filter(|b| b.is_ascii())) {
            *to = *from;
            fixed.len += 1;
        }
        fixed
    }

    fn name(&self) -> &str {
        std::str::from_utf8(&self.name[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl Zone {
    /// What the clocks show at a moment.
    pub(crate) fn at(&self, seconds: i64) -> Offset<'_> {
        let always = |name, seconds| Offset { name, seconds, start: i64::MIN, end: i64::MAX };
        match self {
            Self::Utc => always("UTC", 0),
            Self::Fixed(fixed) => always(fixed.name(), fixed.seconds),
            Self::Place(place) => place.at(seconds),
        }
    }

    /// The offset that held when clocks showed so many seconds since 1970. Of an hour that was skipped or doubled Go's choice.
    pub(crate) fn offset_of_local(&self, local: i64) -> i32 {
        let there = self.at(local);
        let utc = local - i64::from(there.seconds);
        if there.seconds == 0 || (there.start..there.end).contains(&utc) {
            there.seconds
        } else {
            self.at(utc).seconds
        }
    }

    /// The offset that an abbreviation means here, best the one that held when clocks showed `local`.
    pub(crate) fn offset_of_name(&self, name: &[u8], local: i64) -> Option<i32> {
        match self {
            Self::Place(place) => place.offset_of_name(name, local),
            Self::Fixed(fixed) => (fixed.name().as_bytes() == name).then_some(fixed.seconds),
            Self::Utc => None,
        }
    }
}
