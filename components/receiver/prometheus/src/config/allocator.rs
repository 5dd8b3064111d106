//! `target_allocator`: a server that shares jobs and their targets out among collectors.

use http::Uri;
use slimcol_config::{Duration, Entry, NoSettings, Node, Problems, Section, Settings, without_secrets};
use slimcol_net::http::client::HttpClientConfig;

use super::{Config, scrape::Scrape};
use crate::{discovery::Found, durations::PromDuration, job::Job, target::query, web::Web};

/// The keys of the section, besides those of a client.
#[derive(Clone, Debug)]
pub(crate) struct Allocator {
    pub(crate) client: HttpClientConfig,
    pub(crate) interval: Duration,
    collector_id: String,
    /// How targets are asked for.
    targets: (PromDuration, Web),
    /// How they are scraped, if not as their jobs say.
    scrapes: Option<Web>,
}

impl Settings for Allocator {
    fn read(from: &mut Section<'_>) -> Self {
        let mut targets = (PromDuration::secs(30), Web::plain());
        if from.has("http_sd_config") {
            from.section_with("http_sd_config", |keys| {
                // Whatever it is, the allocator's is taken.
                keys.get("url", String::new());
                targets = (keys.get("refresh_interval", PromDuration::secs(60)), Web::read(keys));
                NoSettings
            });
        }
        let mut scrapes = None;
        if from.has("http_scrape_config") {
            from.section_with("http_scrape_config", |keys| {
                scrapes = Some(Web::read(keys));
                NoSettings
            });
        }
        Self {
            client: HttpClientConfig::read(from),
            interval: from.get("interval", Duration::default()),
            collector_id: from.get("collector_id", String::new()),
            targets,
            scrapes,
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let endpoint = &self.client.endpoint;
        let valid = endpoint
            .parse::<Uri>()
            .is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
        if !valid {
            problems.add(
                "endpoint",
                format!("TargetAllocator endpoint is not valid: {}", without_secrets(endpoint)),
            );
        }
        if self.collector_id.is_empty() || self.collector_id.contains("${") {
            problems.add("collector_id", "CollectorID is not a valid ID");
        }
        if self.interval <= Duration::default() {
            problems.add("interval", format!("interval must be a positive duration, got {}", self.interval));
        }
        if let Some(error) = self.scrapes.as_ref().and_then(Web::missing) {
            problems.add("http_scrape_config", error);
        }
        problems.within("clientconfig", &self.client);
    }
}

impl Config {
    /// The jobs of a list that the allocator gave, each with how it was written; the error is why there is one that is none.
    pub(crate) fn allocated(&self, allocator: &Allocator, list: &Node) -> Result<Vec<(Node, Job)>, String> {
        let job = |entry: &Entry| self.allocate(allocator, entry).map(|job| (entry.value().clone(), job));
        list.entries().iter().map(job).collect()
    }

    fn allocate(&self, allocator: &Allocator, entry: &Entry) -> Result<Job, String> {
        // The allocator has found the targets that these would find.
        let is_discovery = |key: &str| key.ends_with("_sd_configs") || key == "static_configs";
        let node = entry.value();
        let kept = node.entries().iter().filter(|entry| !is_discovery(entry.key())).cloned().collect();
        let node = Node::map(kept, node.place().clone());
        let mut section = Section::new(Some(&node), "");
        let scrape = Scrape::read(&mut section);
        // Its Prometheus may be a newer one.
        let issues = section.finish().issues;
        if let Some(issue) = issues.into_iter().find(|issue| !issue.message.contains("has invalid keys: ")) {
            return Err(issue.message);
        }
        let mut job = self.job(&scrape)?;
        let Allocator { client, collector_id, .. } = allocator;
        let url =
            format!("{}/jobs/{}/targets?collector_id={collector_id}", client.endpoint, query(entry.key()));
        let (interval, web) = &allocator.targets;
        let url: Uri = url.parse().map_err(|error| format!("{url:?} is no URL: {error}"))?;
        let web = Box::new(web.clone().towards(client));
        job.discovery = vec![Found::Http { url, interval: *interval, web }];
        if let Some(web) = &allocator.scrapes {
            job.web = web.clone();
        }
        Ok(job)
    }
}
