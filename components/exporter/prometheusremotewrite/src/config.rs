//! The exporter's keys.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::{
    Compression,
    http::client::{HttpClientConfig, HttpClientDefaults},
};
use slimcol_prometheus::{Labels, Namer, ResourceToTelemetry, Translation};

use crate::{queue::RemoteWriteQueue, wal::Wal};

/// Where series are sent to, and how they are made.
#[allow(clippy::struct_excessive_bools, reason = "they are keys of the configuration")]
#[derive(Clone, Debug)]
pub struct Config {
    /// The client that sends.
    pub client: HttpClientConfig,
    /// What stands before metrics' names.
    pub namespace: String,
    /// Labels that every series has.
    pub external_labels: Vec<(String, String)>,
    /// How large a request's series are together.
    pub max_batch_size_bytes: i64,
    /// How many requests are sent at a time.
    pub parallelism: Option<i64>,
    /// The queue before it.
    pub queue: RemoteWriteQueue,
    /// Whether resource attributes become labels of every series.
    pub resource_to_telemetry: ResourceToTelemetry,
    /// Whether resources are series of their own.
    pub target_info: bool,
    /// Whether scopes are no labels.
    pub disable_scope_info: bool,
    /// How names are made.
    pub translation: Translation,
    /// Whether descriptions are sent along.
    pub send_metadata: bool,
    /// Whether histograms with explicit bounds become native ones.
    pub custom_buckets: bool,
    /// Whether they stay classic ones too.
    pub classic_too: bool,
    /// The protocol's version.
    pub message: Message,
    /// Request headers that are passed on.
    pub include_metadata_keys: Vec<String>,
    /// Where the queue is, if it outlives the process.
    pub wal: Option<Wal>,
}

/// `protobuf_message`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Version 1.
    V1,
    /// Version 2, whose requests have a table of texts.
    V2,
}

impl Message {
    /// The messages' names.
    const WORDS: [(&'static str, Self); 2] =
        [("prometheus.WriteRequest", Self::V1), ("io.prometheus.write.v2.Request", Self::V2)];

    /// The message's name.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS[usize::from(self == Self::V2)].0
    }
}

/// Headers that are the protocol's own.
const RESERVED: [&str; 4] =
    ["content-encoding", "content-type", "user-agent", "x-prometheus-remote-write-version"];

/// `target_info`
struct TargetInfo {
    enabled: bool,
}

impl Settings for TargetInfo {
    fn read(from: &mut Section<'_>) -> Self {
        Self { enabled: from.get("enabled", true) }
    }
}

/// `http`: the client's keys in a section of their own.
#[derive(Clone, Debug)]
struct Http(HttpClientConfig);

impl Settings for Http {
    fn read(from: &mut Section<'_>) -> Self {
        Self(client(from))
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.0.validate(problems);
    }
}

fn client(from: &mut Section<'_>) -> HttpClientConfig {
    let written = from.here().and_then(|node| node.entry("compression"));
    let written = written.and_then(|entry| entry.value().scalar_text()).unwrap_or_default();
    if !matches!(written.as_str(), "" | "snappy") {
        from.error("compression", "compression type must be snappy");
    }
    let (timeout, write_buffer_size) = (Duration::secs(5), 512 << 10);
    HttpClientConfig::read_with(
        from,
        HttpClientDefaults { timeout, compression: Compression::Snappy, write_buffer_size },
    )
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let own = client(from);
        let words = [&Translation::WORDS[..], &[("", Translation::Full)]].concat();
        let suffixes = from.get("add_metric_suffixes", true);
        let default = if suffixes { Translation::Full } else { Translation::WithoutSuffixes };
        let translation = from.choice("translation_strategy", default, &words);
        Self {
            client: from.when_written::<Http>("http").map_or(own, |http| http.0),
            namespace: from.get("namespace", String::new()),
            external_labels: from.texts("external_labels"),
            max_batch_size_bytes: from.get("max_batch_size_bytes", 3_000_000),
            parallelism: from.find("max_batch_request_parallelism"),
            queue: from.section("remote_write_queue"),
            resource_to_telemetry: from.section("resource_to_telemetry_conversion"),
            target_info: from.section::<TargetInfo>("target_info").enabled,
            disable_scope_info: from.get("disable_scope_info", false),
            translation,
            send_metadata: from.get("send_metadata", false),
            message: from.choice("protobuf_message", Message::V1, &Message::WORDS),
            custom_buckets: from.get("convert_explicit_histograms_to_nhcb", false),
            classic_too: from.get("keep_classic_histograms", false),
            include_metadata_keys: from.get("include_metadata_keys", Vec::new()),
            wal: from.when_written("wal"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.client.validate(problems);
        problems.within("remote_write_queue", &self.queue);
        if self.client.endpoint.is_empty() {
            problems.add("endpoint", "endpoint must be specified");
        } else if crate::endpoint(self).is_err() {
            problems.add("endpoint", "invalid endpoint");
        }
        if self.parallelism.is_some_and(|requests| requests < 1) {
            let message = "max_batch_request_parallelism can't be set to below 1";
            problems.add("max_batch_request_parallelism", message);
        }
        if self.max_batch_size_bytes < 0 {
            problems.add("max_batch_size_bytes", "max_batch_size_bytes must be greater than 0");
        }
        if self.message == Message::V1
            && matches!(self.translation, Translation::OnlySuffixes | Translation::None)
        {
            let word = Translation::WORDS.iter().find(|(_, strategy)| *strategy == self.translation);
            let word = word.map_or("", |(word, _)| word);
            let message =
                format!("translation strategy {word} requires Prometheus Remote Write 2.0 (UTF-8 support)");
            problems.add("translation_strategy", message);
        }
        for key in &self.include_metadata_keys {
            if RESERVED.contains(&key.to_lowercase().as_str()) {
                let message = format!(
                    "include_metadata_keys entry {key:?} collides with a reserved remote write header"
                );
                problems.add("include_metadata_keys", message);
            }
        }
        if self.external_labels.iter().any(|(key, value)| key.is_empty() || value.is_empty()) {
            let message =
                "prometheus remote write: external labels configuration contains an empty key or value";
            problems.add("external_labels", message);
        } else if let Err(why) = self.sanitized() {
            problems.add("external_labels", why);
        }
    }
}

impl Config {
    /// What makes the names.
    pub(crate) fn namer(&self) -> Namer {
        Namer { translation: self.translation, namespace: self.namespace.clone(), labels: Labels::Collapsing }
    }

    /// How many requests are sent at a time.
    pub(crate) fn parallelism(&self) -> u32 {
        u32::try_from(self.parallelism.unwrap_or(self.queue.consumers)).unwrap_or(1).max(1)
    }

    /// The external labels by the names that they have in Prometheus.
    pub(crate) fn sanitized(&self) -> Result<Vec<(String, String)>, String> {
        let namer = Namer { labels: Labels::Collapsing, ..Namer::default() };
        let labels = self.external_labels.iter();
        labels.map(|(key, value)| Ok((namer.label(key)?.into_owned(), value.clone()))).collect()
    }
}
