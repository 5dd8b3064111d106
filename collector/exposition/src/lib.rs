//! Reads the pages that Prometheus scrapes: its text format (0.0.4 and 1.0.0), OpenMetrics text (1.0) and delimited protobuf
//! with native histograms.
//!
//! A page is read entry by entry and nothing is copied that need not be. A sample's series (its name and labels) stays the bytes
//! that it was written with, which is what callers keep to know it again; who tells what series probably comes next saves the
//! reading of it altogether. [`parts`] takes a series apart.
//!
//! ```
//! use slimcol_exposition::{Entry, Format, Histograms, Page, parts};
//!
//! let mut page = Page::new(b"# TYPE jobs gauge\njobs{queue=\"mail\"} 3\n", Format::Text, Histograms::Native);
//! assert!(matches!(page.next(b""), Ok(Some(Entry::Type { name: "jobs", .. }))));
//! let Ok(Some(Entry::Sample(sample))) = page.next(b"") else { panic!() };
//! assert_eq!((sample.series, sample.value), (&b"jobs{queue=\"mail\"}"[..], 3.0));
//! let mut labels = Vec::new();
//! parts(sample.series, |name, value| labels.push((name.to_owned(), value.to_owned())));
//! assert_eq!(labels[1], ("queue".to_owned(), "mail".to_owned()));
//! ```

mod cursor;
mod entry;
mod error;
mod meta;
mod native;
mod number;
mod openmetrics;
mod page;
mod proto;
mod series;
mod text;

pub use self::{
    entry::{Entry, Exemplar, Kind, Sample},
    error::ParseError,
    native::{Buckets, Native},
    number::parse as parse_number,
    page::{Format, Histograms, Page},
    series::{ends_with, name, parts},
};

#[cfg(test)]
mod tests;
