//! How the pages of a target are read.

use slimcol_relabel::{Labels, Rule};

/// What is configured for the series of a target's pages.
#[allow(clippy::struct_excessive_bools, reason = "they are keys of the configuration")]
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// Whether labels of the page stay where the target has them too.
    pub(crate) honor_labels: bool,
    /// Whether the times that a page gives count.
    pub(crate) honor_timestamps: bool,
    /// Whether the end of series is told whose times the page gives.
    pub(crate) track_timestamps_staleness: bool,
    /// Whether histograms are read as native ones where they can be.
    pub(crate) native_histograms: bool,
    /// Whether names have to be such as Prometheus took before it took any.
    pub(crate) legacy_names: bool,
    /// Whether names lose their units, and `total`.
    pub(crate) trim_metric_suffixes: bool,
    /// What is too much.
    pub(crate) limits: Limits,
    /// What changes the labels of series, and drops some.
    pub(crate) metric_relabel: Vec<Rule>,
    /// What every series gets.
    pub(crate) external: Labels,
}

/// What a page may have; zero is as much as it likes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// Series that are kept.
    pub(crate) samples: usize,
    /// Labels of a series.
    pub(crate) labels: usize,
    /// Bytes of a label's name.
    pub(crate) label_name_length: usize,
    /// Bytes of a label's value.
    pub(crate) label_value_length: usize,
}
