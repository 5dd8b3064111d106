//! What receivers share that measure something at intervals (Go's `scraperhelper` and what its `mdatagen` generates).
//!
//! A receiver has [`Scraper`]s. Each has a table of [`MetricInfo`], reads the [`Switches`] that users set for it, and hands
//! the points that it measures to a [`Recorder`], which leaves out what is switched off, joins points that differ only in
//! attributes nobody wants, and writes the rest as OTLP. [`run`] calls all of them at their time and sends what they found.

mod controller;
mod filter;
mod info;
mod recorder;
mod resource;
mod schedule;
mod switches;

pub use self::{
    controller::{Scraped, Scraper, run},
    filter::Filters,
    info::{Attribute, Kind, MetricInfo},
    recorder::{Number, Recorder},
    resource::Resources,
    schedule::Schedule,
    switches::{Strategy, Switches},
};
