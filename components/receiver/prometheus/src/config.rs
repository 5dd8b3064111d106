//! The receiver's configuration: its own keys, and Prometheus' in `config`.

use std::sync::Arc;

use slimcol_config::{Duration, Optional, Problems, Section, Settings};

mod allocator;
mod files;
mod global;
mod scrape;

pub(crate) use self::allocator::Allocator;
use self::{global::Global, scrape::Scrape};
use crate::job::Job;

/// What Prometheus has and a receiver has no use for.
const IGNORED: [&str; 5] = ["runtime", "storage", "tracing", "otlp", "rule_query_offset"];

const FILES: &str = "scrape_config_files";

/// The receiver's keys.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    prometheus: Prometheus,
    allocator: Optional<Allocator>,
    trim_metric_suffixes: bool,
    scrape_on_shutdown: bool,
    initial_scrape_offset: Duration,
}

/// Prometheus' own configuration.
#[derive(Clone, Debug)]
struct Prometheus {
    global: Global,
    scrapes: Vec<Scrape>,
    /// Whether there may be scrapes in files.
    has_files: bool,
    /// Those that stand in files, with the files.
    filed: Vec<(String, Scrape)>,
    /// What is written there that nothing comes of.
    unsupported: Vec<&'static str>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let prometheus = from.section("config");
        if let Some(node) = from.node("api_server")
            && node.get("enabled").is_some_and(|on| on.as_bool() == Some(true))
        {
            from.error("api_server", "`api_server` is not supported by this receiver yet");
        }
        // Targets are known at once anyway.
        from.get("discovery_reload_on_startup", false);
        Self {
            prometheus,
            allocator: from.optional("target_allocator", false),
            trim_metric_suffixes: from.get("trim_metric_suffixes", false),
            scrape_on_shutdown: from.get("scrape_on_shutdown", false),
            initial_scrape_offset: from.get("initial_scrape_offset", Duration::default()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("config", &self.prometheus);
        problems.within_optional("target_allocator", &self.allocator);
        let Prometheus { scrapes, has_files, .. } = &self.prometheus;
        if scrapes.is_empty() && !has_files && !self.allocator.is_on() {
            problems.add("", "no Prometheus scrape_configs or target_allocator set");
        }
    }
}

impl Settings for Prometheus {
    fn read(from: &mut Section<'_>) -> Self {
        for key in IGNORED {
            from.node(key);
        }
        let mut unsupported = Vec::new();
        let is_written = |node: Option<&slimcol_config::Node>| {
            node.is_some_and(|node| node.items().map_or(!node.is_null(), |items| !items.is_empty()))
        };
        if let Some(alerting) = from.node("alerting") {
            if is_written(alerting.get("alertmanagers")) {
                unsupported.push("alert_config.alertmanagers");
            }
            if is_written(alerting.get("alert_relabel_configs")) {
                unsupported.push("alert_config.relabel_configs");
            }
        }
        for key in ["remote_read", "remote_write", "rule_files"] {
            if is_written(from.node(key)) {
                unsupported.push(key);
            }
        }
        Self {
            global: from.section("global"),
            scrapes: from.list("scrape_configs"),
            has_files: is_written(from.node(FILES)),
            filed: files::read(from, FILES),
            unsupported,
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if !self.unsupported.is_empty() {
            problems.add("", format!("unsupported features:\n\t{}", self.unsupported.join("\n\t")));
        }
        if let Err(error) = self.global.check() {
            problems.add("global", error);
        }
        let mut names: Vec<(String, String)> = Vec::new();
        for (nth, scrape) in self.scrapes.iter().enumerate() {
            let place = format!("scrape_configs[{nth}]");
            match scrape.job(&self.global) {
                Ok(job) if names.iter().any(|(name, _)| *name == job.name) => {
                    let error = format!("found multiple scrape configs with job name {:?}", job.name);
                    problems.add(&place, error);
                }
                Ok(job) => names.push((job.name, "main config file".to_owned())),
                Err(error) => problems.add(&place, error),
            }
            if let Some(error) = scrape.missing_file() {
                problems.add(&place, error);
            }
        }
        for (file, scrape) in &self.filed {
            let job = scrape.job(&self.global).map(|job| job.name);
            let first = |name: &String| names.iter().find(|(known, _)| known == name);
            let wrong = match job {
                Err(error) => Some(error),
                Ok(name) => {
                    let error = first(&name).map(|(_, place)| {
                        format!(
                            "found multiple scrape configs with job name {name:?}, first found in {place}"
                        )
                    });
                    names.push((name, format!("{file:?}")));
                    error
                }
            };
            if let Some(error) = wrong {
                problems.add(FILES, format!("failed to get scrape configs: {file:?}: {error}"));
            }
            if let Some(error) = scrape.missing_file() {
                problems.add(FILES, error);
            }
        }
    }
}

impl Config {
    /// The jobs that are written; the error is what validating would say.
    pub(crate) fn jobs(&self) -> Result<Vec<Job>, String> {
        let Prometheus { scrapes, filed, .. } = &self.prometheus;
        scrapes.iter().chain(filed.iter().map(|(_, scrape)| scrape)).map(|scrape| self.job(scrape)).collect()
    }

    fn job(&self, scrape: &Scrape) -> Result<Job, String> {
        let mut job = scrape.job(&self.prometheus.global)?;
        Arc::make_mut(&mut job.terms).trim_metric_suffixes = self.trim_metric_suffixes;
        Ok(Job {
            scrape_on_shutdown: self.scrape_on_shutdown,
            initial_offset: self.initial_scrape_offset.std(),
            ..job
        })
    }

    /// Who gives jobs besides.
    pub(crate) fn allocator(&self) -> Option<&Allocator> {
        match &self.allocator {
            Optional::On(allocator) => Some(allocator),
            Optional::Off => None,
        }
    }
}

#[cfg(test)]
mod tests;
