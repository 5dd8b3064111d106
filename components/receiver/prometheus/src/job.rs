//! How the targets of a job are scraped.

use std::time::Duration;

use slimcol_exposition::Format;
use slimcol_relabel::{Labels, Rule};

use crate::{discovery::Found, web::Web};

/// A scrape configuration that was read.
#[allow(clippy::struct_excessive_bools, reason = "they are keys of the configuration")]
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) honor_labels: bool,
    pub(crate) honor_timestamps: bool,
    pub(crate) track_timestamps_staleness: bool,
    pub(crate) metrics_path: String,
    pub(crate) scheme: String,
    pub(crate) params: Vec<(String, Vec<String>)>,
    /// What is asked for, most wanted first.
    pub(crate) accept: String,
    /// What a page is that does not say what it is.
    pub(crate) fallback: Format,
    pub(crate) compressed: bool,
    pub(crate) native_histograms: bool,
    pub(crate) extra_metrics: bool,
    pub(crate) legacy_names: bool,
    pub(crate) trim_metric_suffixes: bool,
    pub(crate) limits: Limits,
    pub(crate) relabel: Vec<Rule>,
    pub(crate) metric_relabel: Vec<Rule>,
    pub(crate) external: Labels,
    pub(crate) web: Web,
    pub(crate) discovery: Vec<Found>,
    pub(crate) initial_offset: Duration,
    pub(crate) scrape_on_shutdown: bool,
}

/// What a target may have; zero is as much as it likes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) body: usize,
    pub(crate) samples: usize,
    pub(crate) targets: usize,
    pub(crate) labels: usize,
    pub(crate) label_name_length: usize,
    pub(crate) label_value_length: usize,
}
