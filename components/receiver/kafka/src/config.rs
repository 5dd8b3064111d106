//! The receiver's keys.

use slimcol_config::{Problems, Section, Settings};
use slimcol_exporter::RetryOnFailure;
use slimcol_kafka::{
    Topics,
    config::{ClientConfig, ConsumerConfig},
};
use slimcol_pdata::Signal;

/// The receiver's section.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) client: ClientConfig,
    pub(crate) consumer: ConsumerConfig,
    traces: SignalConfig,
    metrics: SignalConfig,
    logs: SignalConfig,
    pub(crate) marking: Marking,
    /// Headers that become attributes of resources.
    pub(crate) headers: Vec<String>,
    pub(crate) backoff: RetryOnFailure,
    /// Whether it shows how old records are.
    pub(crate) delays: bool,
}

/// One signal's section.
#[derive(Clone, Debug)]
pub(crate) struct SignalConfig {
    pub(crate) topics: Vec<String>,
    pub(crate) exclude_topics: Vec<String>,
    pub(crate) encoding: String,
}

/// What is passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marking {
    /// Whether `on_permanent_error` counts; without it what cannot be taken is passed over.
    pub(crate) after: bool,
    /// What was refused and could be taken later.
    pub(crate) on_error: bool,
    /// What will never be taken.
    pub(crate) on_permanent_error: bool,
}

impl SignalConfig {
    fn read_with(from: &mut Section<'_>, topic: &str) -> Self {
        Self {
            topics: from.get("topics", vec![topic.to_owned()]),
            exclude_topics: from.get("exclude_topics", Vec::new()),
            encoding: from.get("encoding", "otlp_proto".to_owned()),
        }
    }
}

/// So that sections with other defaults can be read.
impl Settings for SignalConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, "")
    }
}

impl Settings for Marking {
    fn read(from: &mut Section<'_>) -> Self {
        let (after, on_error) = (from.get("after", false), from.get("on_error", false));
        Self { after, on_error, on_permanent_error: from.get("on_permanent_error", on_error) }
    }
}

struct Extraction {
    on: bool,
    headers: Vec<String>,
}

impl Settings for Extraction {
    fn read(from: &mut Section<'_>) -> Self {
        Self { on: from.get("extract_headers", false), headers: from.get("headers", Vec::new()) }
    }
}

/// `telemetry`, and `metrics` in it.
struct Telemetry {
    delays: Switch,
}

impl Settings for Telemetry {
    fn read(from: &mut Section<'_>) -> Self {
        let delays = |metrics: &mut Section<'_>| metrics.section("kafka_receiver_records_delay");
        Self { delays: from.section_with("metrics", delays) }
    }
}

/// A metric that is off unless it is switched on.
struct Switch {
    enabled: bool,
}

impl Settings for Switch {
    fn read(from: &mut Section<'_>) -> Self {
        Self { enabled: from.get("enabled", false) }
    }
}

/// `error_backoff`, which is off unless it is switched on.
fn backoff(from: &mut Section<'_>) -> RetryOnFailure {
    let mut backoff = RetryOnFailure::read(from);
    backoff.enabled = from.get("enabled", false);
    backoff
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let signal = |from: &mut Section<'_>, key, topic: &str| {
            from.section_with(key, |section| SignalConfig::read_with(section, topic))
        };
        let extraction: Extraction = from.section("header_extraction");
        let config = Self {
            client: from.squash(),
            consumer: from.squash(),
            traces: signal(from, "traces", "otlp_spans"),
            metrics: signal(from, "metrics", "otlp_metrics"),
            logs: signal(from, "logs", "otlp_logs"),
            marking: from.section("message_marking"),
            headers: if extraction.on { extraction.headers } else { Vec::new() },
            backoff: from.section_with("error_backoff", backoff),
            delays: from.section::<Telemetry>("telemetry").delays.enabled,
        };
        // Read so that configurations load: profiles are no signal here.
        signal(from, "profiles", "otlp_profiles");
        config
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.client.validate(problems);
        self.consumer.validate(problems);
        problems.within("error_backoff", &self.backoff);
        for signal in Signal::ALL {
            let of = self.of(signal);
            if let Some(problem) = of.problem(signal) {
                problems.add(&format!("{signal}.exclude_topics"), problem);
            }
        }
    }
}

impl SignalConfig {
    fn problem(&self, signal: Signal) -> Option<String> {
        if let Err(error) = Topics::new(&self.topics, &[]) {
            return Some(format!("{signal}.topics contains invalid regex pattern: {error}"));
        }
        if self.exclude_topics.is_empty() {
            return None;
        }
        if !self.topics.iter().any(|topic| topic.starts_with('^')) {
            return Some(format!(
                "{signal}.exclude_topics is configured but none of the configured {signal}.topics use regex pattern (must start with '^')"
            ));
        }
        if self.exclude_topics.iter().any(String::is_empty) {
            return Some(format!(
                "{signal}.exclude_topics contains empty string, which would match all topics"
            ));
        }
        let error = Topics::new(&self.topics, &self.exclude_topics).err()?;
        Some(format!("{signal}.exclude_topic contains invalid regex pattern: {error}"))
    }
}

impl Config {
    pub(crate) const fn of(&self, signal: Signal) -> &SignalConfig {
        match signal {
            Signal::Traces => &self.traces,
            Signal::Metrics => &self.metrics,
            Signal::Logs => &self.logs,
        }
    }
}
