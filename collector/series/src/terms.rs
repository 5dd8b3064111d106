//! How the pages of a target are read.

use slimcol_exposition::Histograms;
use slimcol_relabel::{Labels, Rule};

/// What is configured for the series of a target's pages.
#[allow(clippy::struct_excessive_bools, reason = "they are keys of the configuration")]
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Whether labels of the page stay where the target has them too.
    pub honor_labels: bool,
    /// Whether the times that a page gives count.
    pub honor_timestamps: bool,
    /// Whether the end of series is told whose times the page gives.
    pub track_timestamps_staleness: bool,
    /// What histograms are read as.
    pub histograms: Histograms,
    /// Whether names have to be such as Prometheus took before it took any.
    pub legacy_names: bool,
    /// Whether names lose their units, and `total`.
    pub trim_metric_suffixes: bool,
    /// What is too much.
    pub limits: Limits,
    /// What changes the labels of series, and drops some.
    pub metric_relabel: Vec<Rule>,
    /// What every series gets.
    pub external: Labels,
}

/// What a page may have; zero is as much as it likes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Series that are kept.
    pub samples: usize,
    /// Labels of a series.
    pub labels: usize,
    /// Bytes of a label's name.
    pub label_name_length: usize,
    /// Bytes of a label's value.
    pub label_value_length: usize,
}
