//! The exporter's keys.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::http::server::HttpServerConfig;
use slimcol_prometheus::{Labels, Namer, ResourceToTelemetry, Translation};

/// The page, and how metrics show on it.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the page is served.
    pub server: HttpServerConfig,
    /// What stands before metrics' names.
    pub namespace: String,
    /// Labels that every metric has.
    pub const_labels: Vec<(String, String)>,
    /// Whether points' times are on the page.
    pub send_timestamps: bool,
    /// How long a series is on the page after its last point.
    pub metric_expiration: Duration,
    /// Whether resource attributes become labels of every series.
    pub resource_to_telemetry: ResourceToTelemetry,
    /// Whether the page can be in OpenMetrics' format.
    pub enable_open_metrics: bool,
    /// Whether scopes are no labels.
    pub without_scope_info: bool,
    /// How names are made.
    pub translation: Translation,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        // Go's gate of which the effect is that it has none is on by default.
        from.get("add_metric_suffixes", true);
        let mut words = Translation::WORDS.to_vec();
        words.push(("", Translation::Full));
        Self {
            namespace: from.get("namespace", String::new()),
            const_labels: from.texts("const_labels"),
            send_timestamps: from.get("send_timestamps", false),
            metric_expiration: from.get("metric_expiration", Duration::secs(300)),
            resource_to_telemetry: from.section("resource_to_telemetry_conversion"),
            enable_open_metrics: from.get("enable_open_metrics", false),
            without_scope_info: from.get("without_scope_info", false),
            translation: from.choice("translation_strategy", Translation::Full, &words),
            server: from.squash(),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.server);
        if self.server.endpoint.trim().is_empty() {
            problems.add("endpoint", "expecting a non-blank address to run the Prometheus metrics handler");
        }
    }
}

impl Config {
    /// What makes the names.
    pub fn namer(&self) -> Namer {
        Namer { translation: self.translation, namespace: self.namespace.clone(), labels: Labels::Preserving }
    }
}
