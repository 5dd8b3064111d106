//! One of `scrape_configs`.

use std::{collections::BTreeMap, sync::Arc};

use slimcol_config::{Section, Settings};
use slimcol_exposition::{Format, Histograms};
use slimcol_relabel::{Action, Rule, Written};
use slimcol_series::{Limits, Terms};

use super::global::{Global, Shared};
use crate::{
    discovery::Found,
    durations::{PromDuration, Scalar},
    job::Job,
    web::Web,
};

/// Discoveries that Prometheus has and this receiver does not.
const ELSEWHERE: [&str; 26] = [
    "aws_sd_configs",
    "azure_sd_configs",
    "consul_sd_configs",
    "digitalocean_sd_configs",
    "docker_sd_configs",
    "dockerswarm_sd_configs",
    "ec2_sd_configs",
    "eureka_sd_configs",
    "gce_sd_configs",
    "hetzner_sd_configs",
    "ionos_sd_configs",
    "kubernetes_sd_configs",
    "kuma_sd_configs",
    "lightsail_sd_configs",
    "linode_sd_configs",
    "marathon_sd_configs",
    "nerve_sd_configs",
    "nomad_sd_configs",
    "openstack_sd_configs",
    "ovhcloud_sd_configs",
    "puppetdb_sd_configs",
    "scaleway_sd_configs",
    "serverset_sd_configs",
    "stackit_sd_configs",
    "triton_sd_configs",
    "uyuni_sd_configs",
];

/// How pages are asked for: name, media type, whether names may be escaped, format.
const PROTOCOLS: [(&str, &str, bool, Format); 5] = [
    ("OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1", false, Format::OpenMetrics),
    ("OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0", true, Format::OpenMetrics),
    (
        "PrometheusProto",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        false,
        Format::Proto,
    ),
    ("PrometheusText0.0.4", "text/plain;version=0.0.4", false, Format::Text),
    ("PrometheusText1.0.0", "text/plain;version=1.0.0", true, Format::Text),
];

const DEFAULT: [&str; 4] =
    ["OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"];

/// A scrape configuration as it is written.
#[allow(clippy::struct_excessive_bools, reason = "they are keys of the configuration")]
#[derive(Clone, Debug)]
pub(super) struct Scrape {
    name: String,
    interval: Option<PromDuration>,
    timeout: Option<PromDuration>,
    honor_labels: bool,
    honor_timestamps: bool,
    track_timestamps_staleness: bool,
    metrics_path: String,
    scheme: String,
    params: Vec<(String, Vec<String>)>,
    fallback: String,
    compressed: bool,
    shared: Shared,
    relabel: Vec<Written>,
    metric_relabel: Vec<Written>,
    web: Web,
    discovery: Vec<Found>,
}

impl Settings for Scrape {
    fn read(from: &mut Section<'_>) -> Self {
        let name = from.get("job_name", Scalar::default()).0;
        if name.is_empty() {
            from.error("job_name", "job_name is empty");
        }
        for key in ELSEWHERE {
            if from.has(key) {
                from.node(key);
                from.error(key, format!("`{key}` is not supported by this receiver yet"));
            }
        }
        for key in [
            "scrape_failure_log_file",
            "keep_dropped_targets",
            "native_histogram_bucket_limit",
            "native_histogram_min_bucket_factor",
        ] {
            from.node(key);
        }
        let params: BTreeMap<String, Vec<Scalar>> = from.get("params", BTreeMap::new());
        let relabel = rules(from, "relabel_configs");
        let discovery = Found::read(from, relabel.is_empty());
        Self {
            name,
            interval: from.find("scrape_interval").filter(|interval: &PromDuration| !interval.0.is_zero()),
            timeout: from.find("scrape_timeout").filter(|timeout: &PromDuration| !timeout.0.is_zero()),
            honor_labels: from.get("honor_labels", false),
            honor_timestamps: from.get("honor_timestamps", true),
            track_timestamps_staleness: from.get("track_timestamps_staleness", false),
            metrics_path: from.get("metrics_path", "/metrics".to_owned()),
            scheme: from.get("scheme", "http".to_owned()),
            params: params
                .into_iter()
                .map(|(name, values)| (name, values.into_iter().map(|value| value.0).collect()))
                .collect(),
            fallback: from.get("fallback_scrape_protocol", String::new()),
            compressed: from.get("enable_compression", true),
            shared: Shared::read(from),
            relabel,
            metric_relabel: rules(from, "metric_relabel_configs"),
            web: Web::read(from),
            discovery,
        }
    }
}

/// The keys of a rule.
struct Keys(Written);

fn rules(from: &mut Section<'_>, key: &'static str) -> Vec<Written> {
    from.list::<Keys>(key).into_iter().map(|keys| keys.0).collect()
}

impl Settings for Keys {
    fn read(from: &mut Section<'_>) -> Self {
        let sources: Vec<Scalar> = from.get("source_labels", Vec::new());
        let word = from.get("action", "replace".to_owned());
        let action = Action::named(&word).unwrap_or_else(|error| {
            from.error("action", error);
            Action::Replace
        });
        let text = |from: &mut Section<'_>, key| from.find::<Scalar>(key).map(|text| text.0);
        Self(Written {
            source_labels: sources.into_iter().map(|name| name.0).collect(),
            separator: text(from, "separator"),
            regex: text(from, "regex"),
            modulus: from.get("modulus", 0),
            target_label: from.get("target_label", Scalar::default()).0,
            replacement: text(from, "replacement"),
            action,
        })
    }
}

impl Scrape {
    /// The job with the defaults of `global`; the error is Prometheus'.
    pub(super) fn job(&self, global: &Global) -> Result<Job, String> {
        let Self { name, .. } = self;
        let interval = self.interval.unwrap_or(global.interval);
        if self.timeout.is_some_and(|timeout| timeout > interval) {
            return Err(format!(
                "scrape timeout greater than scrape interval for scrape config with job name {name:?}"
            ));
        }
        let timeout = self.timeout.unwrap_or(global.timeout.min(interval));
        let native = self.shared.native_histograms.or(global.shared.native_histograms).unwrap_or(false);
        let both = self.shared.classic_too.or(global.shared.classic_too).unwrap_or(false);
        let histograms = match (native, both) {
            (false, _) => Histograms::Classic,
            (true, false) => Histograms::Native,
            (true, true) => Histograms::Both,
        };
        let legacy_names = self.legacy(global)?;
        let rules = |written: &[Written]| {
            written.iter().map(|rule| Rule::new(rule, legacy_names)).collect::<Result<Vec<_>, _>>()
        };
        let or = |own: usize, global: usize| if own == 0 { global } else { own };
        let (own, all) = (&self.shared, &global.shared);
        Ok(Job {
            name: name.clone(),
            interval: interval.0,
            timeout: timeout.0,
            metrics_path: self.metrics_path.clone(),
            scheme: self.scheme.clone(),
            params: self.params.clone(),
            accept: self.accept(global, native, legacy_names)?,
            fallback: self.fallback()?,
            compressed: self.compressed,
            extra_metrics: self.shared.extra_metrics.or(global.shared.extra_metrics).unwrap_or(false),
            body_limit: or(own.body_limit, all.body_limit),
            target_limit: or(own.target_limit, all.target_limit),
            relabel: rules(&self.relabel)?,
            terms: Arc::new(Terms {
                honor_labels: self.honor_labels,
                honor_timestamps: self.honor_timestamps,
                track_timestamps_staleness: self.track_timestamps_staleness,
                histograms,
                legacy_names,
                trim_metric_suffixes: false,
                limits: Limits {
                    samples: or(own.limits.samples, all.limits.samples),
                    labels: or(own.limits.labels, all.limits.labels),
                    label_name_length: or(own.limits.label_name_length, all.limits.label_name_length),
                    label_value_length: or(own.limits.label_value_length, all.limits.label_value_length),
                },
                metric_relabel: rules(&self.metric_relabel)?,
                external: global.external(),
            }),
            web: self.web.clone(),
            discovery: self.discovery.clone(),
            initial_offset: std::time::Duration::ZERO,
            scrape_on_shutdown: false,
        })
    }

    /// What is missing of the files that it names.
    pub(super) fn missing_file(&self) -> Option<String> {
        self.web.missing()
    }

    fn legacy(&self, global: &Global) -> Result<bool, String> {
        let own = &self.shared.validation;
        match (own.as_str(), global.shared.validation.as_str()) {
            ("legacy", _) | ("", "legacy") => Ok(true),
            ("utf8" | "", _) => Ok(false),
            _ => Err(format!(
                "unknown scrape config name validation method specified, must be either '', 'legacy' or 'utf8', got {own}"
            )),
        }
    }

    fn fallback(&self) -> Result<Format, String> {
        if self.fallback.is_empty() {
            return Ok(Format::Text);
        }
        let known = protocol(&self.fallback);
        let (.., format) = known.map_err(|why| {
            format!("invalid fallback_scrape_protocol for scrape config with job name {:?}: {why}", self.name)
        })?;
        Ok(*format)
    }

    /// The header that says which pages are wanted.
    fn accept(&self, global: &Global, native: bool, legacy: bool) -> Result<String, String> {
        let written = self.shared.protocols.as_ref().or(global.shared.protocols.as_ref());
        let names: Vec<&str> = match written {
            Some(names) => names.iter().map(String::as_str).collect(),
            None if native => [&["PrometheusProto"][..], &DEFAULT].concat(),
            None => DEFAULT.to_vec(),
        };
        let wrong = |why: String| format!("{why} for scrape config with job name {:?}", self.name);
        if names.is_empty() {
            return Err(wrong("scrape_protocols cannot be empty".into()));
        }
        let own = [&self.shared.escaping, &global.shared.escaping];
        let escaping = match own.into_iter().find(|name| !name.is_empty()).map(String::as_str) {
            None if legacy => "underscores",
            None => "allow-utf-8",
            Some(name @ ("allow-utf-8" | "underscores" | "dots" | "values")) => name,
            Some(other) => {
                return Err(format!(
                    "unknown scrape config name escaping method specified, must be one of 'allow-utf-8', 'underscores', \
                     'dots', or 'values', got {other:?}"
                ));
            }
        };
        let mut all = Vec::new();
        // As Prometheus counts, whatever is asked for.
        let mut weight = PROTOCOLS.len() + 1;
        for (nth, name) in names.iter().enumerate() {
            if names[..nth].iter().any(|other| other.eq_ignore_ascii_case(name)) {
                let names = names.join(" ");
                return Err(wrong(format!("duplicated protocol in scrape_protocols, got [{names}]")));
            }
            let (_, media, escapes, _) =
                protocol(name).map_err(|why| wrong(format!("scrape_protocols: {why}")))?;
            let escaping = if *escapes { format!(";escaping={escaping}") } else { String::new() };
            all.push(format!("{media}{escaping};q=0.{weight}"));
            weight -= 1;
        }
        all.push(format!("*/*;q=0.{weight}"));
        Ok(all.join(","))
    }
}

fn protocol(name: &str) -> Result<&'static (&'static str, &'static str, bool, Format), String> {
    PROTOCOLS.iter().find(|(known, ..)| *known == name).ok_or_else(|| {
        let known: Vec<&str> = PROTOCOLS.iter().map(|(known, ..)| *known).collect();
        format!("unknown scrape protocol {name}, supported: [{}]", known.join(" "))
    })
}
