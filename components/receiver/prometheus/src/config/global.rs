//! What holds for all scrapes that do not say otherwise.

use std::collections::BTreeMap;

use slimcol_config::{Section, Settings};
use slimcol_relabel::{Labels, is_name};
use slimcol_series::Limits;

use crate::durations::{Bytes, PromDuration, Scalar};

/// Keys of `global` that only Prometheus itself has a use for.
const IGNORED: [&str; 5] = [
    "evaluation_interval",
    "rule_query_offset",
    "query_log_file",
    "scrape_failure_log_file",
    "keep_dropped_targets",
];

/// The section `global`.
#[derive(Clone, Debug)]
pub(super) struct Global {
    pub(super) interval: PromDuration,
    pub(super) timeout: PromDuration,
    pub(super) shared: Shared,
    external: Vec<(String, String)>,
}

/// Keys that are in `global` and in scrapes.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) protocols: Option<Vec<String>>,
    pub(super) body_limit: usize,
    pub(super) target_limit: usize,
    pub(super) limits: Limits,
    pub(super) native_histograms: Option<bool>,
    pub(super) classic_too: Option<bool>,
    pub(super) extra_metrics: Option<bool>,
    pub(super) validation: String,
    pub(super) escaping: String,
}

impl Shared {
    pub(super) fn read(from: &mut Section<'_>) -> Self {
        // What becomes of them in OTLP is the same either way.
        from.get("convert_classic_histograms_to_nhcb", false);
        Self {
            protocols: from.find("scrape_protocols"),
            body_limit: from.get("body_size_limit", Bytes::default()).0,
            target_limit: from.get("target_limit", 0),
            limits: Limits {
                samples: from.get("sample_limit", 0),
                labels: from.get("label_limit", 0),
                label_name_length: from.get("label_name_length_limit", 0),
                label_value_length: from.get("label_value_length_limit", 0),
            },
            native_histograms: from.find("scrape_native_histograms"),
            classic_too: from.find("always_scrape_classic_histograms"),
            extra_metrics: from.find("extra_scrape_metrics"),
            validation: from.get("metric_name_validation_scheme", String::new()),
            escaping: from.get("metric_name_escaping_scheme", String::new()),
        }
    }
}

impl Settings for Global {
    fn read(from: &mut Section<'_>) -> Self {
        for key in IGNORED {
            from.node(key);
        }
        let interval = from.find("scrape_interval").filter(|interval: &PromDuration| !interval.0.is_zero());
        let interval = interval.unwrap_or(PromDuration::secs(60));
        let timeout = from.find("scrape_timeout").filter(|timeout: &PromDuration| !timeout.0.is_zero());
        if timeout.is_some_and(|timeout| timeout > interval) {
            from.error("scrape_timeout", "global scrape timeout greater than scrape interval");
        }
        let external: BTreeMap<String, Scalar> = from.get("external_labels", BTreeMap::new());
        Self {
            interval,
            timeout: timeout.unwrap_or(PromDuration::secs(10).min(interval)),
            shared: Shared::read(from),
            external: external.into_iter().map(|(name, value)| (name, value.0)).collect(),
        }
    }
}

impl Global {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.shared.validation.as_str() {
            "" | "legacy" | "utf8" => {}
            other => {
                return Err(format!(
                    "unknown global name validation method specified, must be either '', 'legacy' or 'utf8', got {other}"
                ));
            }
        }
        let wrong = self.external.iter().find(|(name, _)| !is_name(name, false));
        wrong.map_or(Ok(()), |(name, _)| Err(format!("{name:?} is not a valid label name")))
    }

    /// The labels that all series get.
    pub(super) fn external(&self) -> Labels {
        let mut labels = Labels::default();
        for (name, value) in &self.external {
            labels.set(name, value);
        }
        labels
    }
}
