//! A scraped page becomes a request: bytes to bytes, without labels or a tree of data in between, for all series that were
//! there the last time.
//!
//! A [`Subject`] is what is scraped and a [`Memory`] what is remembered of it. [`Memory::take`] reads a page: each value goes
//! to its series, which is known by the bytes it was written with (`cache`), and only what was never seen is resolved.
//! [`Report::request`] writes what the page brought, and what the scrape tells of itself.

mod cache;
mod exemplar;
mod index;
mod memory;
mod metas;
mod names;
mod report;
mod resolve;
mod subject;
mod terms;
mod write;

pub use self::{
    memory::{Counts, Memory, Reading, STALE},
    report::Report,
    subject::Subject,
    terms::{Limits, Terms},
    write::Request,
};
