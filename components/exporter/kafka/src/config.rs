//! The exporter's keys.

use slimcol_config::{Duration, Headers, Problems, Section, Settings};
use slimcol_kafka::{
    Hasher, Partitioning,
    config::{ClientConfig, ProducerConfig},
};
use slimcol_pdata::Signal;

/// The exporter's section without what the exporter helper reads.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) client: ClientConfig,
    pub(crate) producer: ProducerConfig,
    pub(crate) timeout: Duration,
    traces: SignalConfig,
    metrics: SignalConfig,
    logs: SignalConfig,
    pub(crate) topic_from_attribute: String,
    pub(crate) include_metadata_keys: Vec<String>,
    pub(crate) record_headers: Headers,
    /// What keys records, and with that chooses their partitions.
    pub(crate) keys: Keys,
    partitioner: Partitioner,
    /// By which of the sender's metadata batches are kept apart, if there are batches.
    kept_apart: Option<Vec<String>>,
}

/// What keys the records of each signal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys {
    by_signal: [Key; 3],
    /// Logs are to be keyed in two ways.
    ambiguous: bool,
}

/// What a record's telemetry has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Nothing.
    None,
    /// The trace.
    Trace,
    /// The attributes of the resource.
    Resource,
}

impl Keys {
    pub(crate) const fn of(self, signal: Signal) -> Key {
        self.by_signal[signal as usize]
    }
}

impl Settings for Keys {
    fn read(from: &mut Section<'_>) -> Self {
        let mut on = |key, means| if from.get(key, false) { means } else { Key::None };
        let traces = on("partition_traces_by_id", Key::Trace);
        let metrics = on("partition_metrics_by_resource_attributes", Key::Resource);
        let by_resource = on("partition_logs_by_resource_attributes", Key::Resource);
        let by_trace = on("partition_logs_by_trace_id", Key::Trace);
        let logs = if by_trace == Key::None { by_resource } else { by_trace };
        let ambiguous = by_trace != Key::None && by_resource != Key::None;
        Self { by_signal: [traces, metrics, logs], ambiguous }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.ambiguous {
            problems.add(
                "partition_logs_by_trace_id",
                "partition_logs_by_resource_attributes and partition_logs_by_trace_id cannot both be enabled",
            );
        }
    }
}

/// One signal's section.
#[derive(Clone, Debug)]
pub(crate) struct SignalConfig {
    pub(crate) topic: String,
    pub(crate) encoding: String,
    pub(crate) topic_from_metadata_key: String,
    pub(crate) message_key_from_metadata_key: String,
}

impl SignalConfig {
    fn read(from: &mut Section<'_>, topic: &str) -> Self {
        Self {
            topic: from.get("topic", topic.to_owned()),
            encoding: from.get("encoding", "otlp_proto".to_owned()),
            topic_from_metadata_key: from.get("topic_from_metadata_key", String::new()),
            message_key_from_metadata_key: from.get("message_key_from_metadata_key", String::new()),
        }
    }
}

/// So that sections with other defaults can be read.
impl Settings for SignalConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read(from, "")
    }
}

/// The `record_partitioner` section.
#[derive(Clone, Debug)]
struct Partitioner {
    how: Partitioning,
    problem: Option<String>,
}

struct StickyKey {
    hasher: String,
}

struct Empty;

impl Settings for Empty {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }
}

impl Settings for StickyKey {
    fn read(from: &mut Section<'_>) -> Self {
        Self { hasher: from.get("hasher", String::new()) }
    }
}

impl Settings for Partitioner {
    fn read(from: &mut Section<'_>) -> Self {
        let empty = from.here().is_none_or(|node| node.entries().is_empty());
        let sticky: Option<StickyKey> = from.when_written("sticky_key");
        let turns: Option<Empty> = from.when_written("round_robin");
        let least: Option<Empty> = from.when_written("least_backup");
        let default = Partitioning::StickyKey(Hasher::Sarama);
        let mut problem = None;
        let how = match (sticky, turns, least) {
            _ if empty => default,
            (Some(sticky), None, None) => match sticky.hasher.as_str() {
                "sarama_compat" => default,
                "murmur2" => Partitioning::StickyKey(Hasher::Murmur2),
                other => {
                    problem = Some(format!(
                        "sticky_key: unknown hasher {other:?}, valid values are \"sarama_compat\", \"murmur2\""
                    ));
                    default
                }
            },
            (None, Some(_), None) => Partitioning::RoundRobin,
            (None, None, Some(_)) => Partitioning::LeastBackup,
            (None, None, None) => default,
            _ => {
                problem = Some("at most one record_partitioner strategy may be configured".to_owned());
                default
            }
        };
        Self { how, problem }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if let Some(problem) = &self.problem {
            problems.add("", problem);
        }
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let signal = |from: &mut Section<'_>, key, topic: &str| {
            from.section_with(key, |section| SignalConfig::read(section, topic))
        };
        let config = Self {
            client: from.squash(),
            producer: from.section("producer"),
            // The helper reads it too, and ends attempts by it.
            timeout: from.get("timeout", Duration::secs(5)),
            traces: signal(from, "traces", "otlp_spans"),
            metrics: signal(from, "metrics", "otlp_metrics"),
            logs: signal(from, "logs", "otlp_logs"),
            topic_from_attribute: from.get("topic_from_attribute", String::new()),
            include_metadata_keys: from.get("include_metadata_keys", Vec::new()),
            record_headers: from.get("record_headers", Headers::default()),
            keys: from.squash(),
            partitioner: from.section("record_partitioner"),
            kept_apart: kept_apart(from),
        };
        // Read so that configurations load: profiles are no signal here.
        signal(from, "profiles", "otlp_profiles");
        config
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.client.validate(problems);
        problems.within("producer", &self.producer);
        problems.within("record_partitioner", &self.partitioner);
        self.keys.validate(problems);
        for (signal, keys) in [
            (Signal::Traces, "partition_traces_by_id"),
            (Signal::Metrics, "partition_metrics_by_resource_attributes"),
            (Signal::Logs, "partition_logs_by_resource_attributes or partition_logs_by_trace_id"),
        ] {
            let key = &self.of(signal).message_key_from_metadata_key;
            if !key.is_empty() && self.keys.of(signal) != Key::None {
                problems.add(
                    &format!("{signal}.message_key_from_metadata_key"),
                    format_args!("{signal}::message_key_from_metadata_key cannot be combined with {keys}"),
                );
            }
        }
        if let Some(kept) = &self.kept_apart {
            self.check_kept_apart(kept, problems);
        }
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

    pub(crate) const fn partitioning(&self) -> Partitioning {
        self.partitioner.how
    }

    /// What comes from different senders may not be in one batch where it matters who they are.
    fn check_kept_apart(&self, kept: &[String], problems: &mut Problems<'_>) {
        if !self.include_metadata_keys.is_empty() && kept.is_empty() {
            problems.add(
                "include_metadata_keys",
                "sending_queue::batch::partition::metadata_keys must be configured when include_metadata_keys is set and batching is enabled",
            );
            return;
        }
        let listed = format!("[{}]", kept.join(" "));
        for key in self.include_metadata_keys.iter().filter(|key| !kept.contains(key)) {
            problems.add(
                "include_metadata_keys",
                format_args!(
                    "sending_queue::batch::partition::metadata_keys must include all include_metadata_keys values: missing {key:?} from sending_queue::batch::partition::metadata_keys={listed}"
                ),
            );
        }
        for signal in [Signal::Logs, Signal::Metrics, Signal::Traces] {
            let of = self.of(signal);
            let keys = [
                ("topic_from_metadata_key", &of.topic_from_metadata_key),
                ("message_key_from_metadata_key", &of.message_key_from_metadata_key),
            ];
            for (name, key) in keys.into_iter().filter(|(_, key)| !key.is_empty() && !kept.contains(key)) {
                problems.add(
                    &format!("{signal}.{name}"),
                    format_args!(
                        "{signal}::{name}: {name} must be present in sending_queue::batch::partition::metadata_keys if batching is enabled: {key:?} not found in partition keys={listed}"
                    ),
                );
            }
        }
    }
}

/// The keys of `sending_queue::batch::partition::metadata_keys`, if there is a `sending_queue::batch`. The helper reads the
/// section; here only what else depends on it is looked at.
fn kept_apart(from: &Section<'_>) -> Option<Vec<String>> {
    let batch = from.here()?.get("sending_queue")?.get("batch")?;
    let keys = batch.get("partition").and_then(|partition| partition.get("metadata_keys"));
    let keys = keys.and_then(|keys| keys.items()).unwrap_or_default();
    Some(keys.iter().filter_map(|key| key.as_str().map(str::to_owned)).collect())
}
