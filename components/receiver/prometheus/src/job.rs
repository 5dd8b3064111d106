//! How the targets of a job are scraped.

use std::{sync::Arc, time::Duration};

use slimcol_exposition::Format;
use slimcol_relabel::Rule;
use slimcol_series::Terms;

use crate::{discovery::Found, web::Web};

/// A scrape configuration that was read.
#[allow(clippy::struct_excessive_bools, reason = "they are keys of the configuration")]
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) metrics_path: String,
    pub(crate) scheme: String,
    pub(crate) params: Vec<(String, Vec<String>)>,
    /// What is asked for, most wanted first.
    pub(crate) accept: String,
    /// What a page is that does not say what it is.
    pub(crate) fallback: Format,
    pub(crate) compressed: bool,
    pub(crate) extra_metrics: bool,
    /// The longest page, and a byte; zero: as long as it likes.
    pub(crate) body_limit: usize,
    /// How many targets there may be; zero: as many as there are.
    pub(crate) target_limit: usize,
    pub(crate) relabel: Vec<Rule>,
    /// How pages are read.
    pub(crate) terms: Arc<Terms>,
    pub(crate) web: Web,
    pub(crate) discovery: Vec<Found>,
    pub(crate) initial_offset: Duration,
    pub(crate) scrape_on_shutdown: bool,
}
