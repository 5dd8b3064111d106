//! The extension's settings.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::http::server::HttpServerConfig;

/// The keys of `health_check`, those of an HTTP server among them.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) server: HttpServerConfig,
    /// What the question is asked at; below it too if it ends with a slash.
    pub(crate) path: String,
    /// What to answer instead of JSON.
    pub(crate) bodies: Option<Bodies>,
    pub(crate) pipeline_check: bool,
    failure_threshold: i64,
}

/// `response_body`.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    pub(crate) healthy: String,
    pub(crate) unhealthy: String,
}

/// `check_collector_pipeline`.
struct PipelineCheck {
    enabled: bool,
    failure_threshold: i64,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let mut server = HttpServerConfig::default();
        "localhost:13133".clone_into(&mut server.endpoint);
        // Go's extension has no time limits and closes every connection after its answer.
        server.read_header_timeout = Duration::default();
        server.write_timeout = Duration::default();
        server.keepalive.enabled = false;
        let check: PipelineCheck = from.section("check_collector_pipeline");
        Self {
            path: from.get("path", "/".to_owned()),
            bodies: from.optional("response_body", false).into_option(),
            pipeline_check: check.enabled,
            failure_threshold: check.failure_threshold,
            server: HttpServerConfig::read_over(server, from),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.server);
        if self.server.endpoint.is_empty() {
            problems.add("endpoint", "bad config: endpoint must be specified");
        }
        if self.failure_threshold <= 0 {
            let key = "check_collector_pipeline.exporter_failure_threshold";
            problems.add(key, "bad config: exporter_failure_threshold expects a positive number");
        }
        if !self.path.starts_with('/') {
            problems.add("path", "bad config: path must start with /");
        }
    }
}

impl Settings for Bodies {
    fn read(from: &mut Section<'_>) -> Self {
        Self { healthy: from.get("healthy", String::new()), unhealthy: from.get("unhealthy", String::new()) }
    }
}

impl Settings for PipelineCheck {
    fn read(from: &mut Section<'_>) -> Self {
        // Go reads it as text first, so a bare number has no unit there.
        let interval = from.get("interval", "5m".to_owned());
        if let Err(error) = Duration::parse(&interval) {
            from.error("interval", error.reason());
        }
        Self {
            enabled: from.get("enabled", false),
            failure_threshold: from.get("exporter_failure_threshold", 5),
        }
    }
}
