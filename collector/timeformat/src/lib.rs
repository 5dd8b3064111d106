//! Times in texts, as the Go collector's log operators and OTTL read and write them: strptime layouts with that program's
//! quirks, Go's own layouts, seconds since 1970, and the machine's time zones.
//!
//! A [`Layout`] is compiled once and reads without allocating; a [`Format`] writes; an [`Epoch`] reads numbers.
//!
//! ```
//! use slimcol_timeformat::{Format, Layout, Zone};
//!
//! let layout = Layout::strptime("%Y-%m-%d %H:%M:%S.%L %z").unwrap();
//! let time = layout.parse(b"2024-02-29 23:59:58.25 -05:00", &Zone::Utc).unwrap();
//! assert_eq!(time.unix_nanos(), 1_709_269_198_250_000_000);
//! assert_eq!(Format::strptime("%d/%b/%Y").unwrap().text(&time), "29/Feb/2024");
//! ```
//!
//! There is no library behind it: what an abbreviation in a text means, and which of two moments a doubled hour is, follow
//! Go's rules, and no crate of time zones tells which abbreviations a place ever had.

pub mod civil;
mod epoch;
mod error;
mod format;
mod layout;
mod time;
mod year;
mod zone;

pub use self::{
    epoch::Epoch,
    error::ParseError,
    format::Format,
    layout::Layout,
    time::{Reading, Time},
    zone::{UnknownZone, Zone},
};
