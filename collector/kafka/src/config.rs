//! The keys that everything that talks to Kafka has (Go's `configkafka`).

mod auth;
mod consumer;
mod producer;

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::tls::ClientTls;

pub(crate) use self::auth::{Sasl, no_tokens};
pub use self::{
    auth::Auth,
    consumer::{ConsumerConfig, Strategy},
    producer::{Acks, ProducerConfig},
};

/// How to reach a cluster.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Where to ask first, as `host:port`.
    pub brokers: Vec<String>,
    protocol_version: String,
    /// What brokers know this client as.
    pub client_id: String,
    /// How connections are encrypted, if they are.
    pub tls: Option<ClientTls>,
    /// Who this client says it is.
    pub auth: Auth,
    /// How what is known of the cluster is kept up to date.
    pub metadata: MetadataConfig,
    /// Where this client is, for brokers that would rather be read elsewhere.
    pub rack_id: String,
    /// How long an unused connection is kept.
    pub conn_idle_timeout: Duration,
}

/// How what is known of a cluster is kept up to date.
#[derive(Clone, Debug)]
pub struct MetadataConfig {
    /// How old it may be.
    pub refresh_interval: Duration,
    /// How often a leader that is not there is asked for again.
    pub max: u32,
    /// How long to wait in between.
    pub backoff: Duration,
}

impl Settings for MetadataConfig {
    fn read(from: &mut Section<'_>) -> Self {
        // Only what is used is asked for, whatever this says.
        from.get("full", true);
        let refresh_interval = from.get("refresh_interval", Duration::secs(600));
        let Retry { max, backoff } = from.section("retry");
        Self { refresh_interval, max, backoff }
    }
}

struct Retry {
    max: u32,
    backoff: Duration,
}

impl Settings for Retry {
    fn read(from: &mut Section<'_>) -> Self {
        Self { max: from.get("max", 3), backoff: from.get("backoff", Duration::millis(250)) }
    }
}

impl Settings for ClientConfig {
    fn read(from: &mut Section<'_>) -> Self {
        let brokers = from.get("brokers", vec!["localhost:9092".to_owned()]);
        // Read so that configurations load: certificates are checked against the name that was dialled.
        from.get("resolve_canonical_bootstrap_servers_only", false);
        let config = Self {
            brokers,
            protocol_version: from.get("protocol_version", String::new()),
            client_id: from.get("client_id", "otel-collector".to_owned()),
            tls: from.when_written("tls"),
            auth: from.section("auth"),
            metadata: from.section("metadata"),
            rack_id: from.get("rack_id", String::new()),
            conn_idle_timeout: from.get("conn_idle_timeout", Duration::secs(540)),
        };
        // Read so that configurations load: no leader's epoch is sent.
        from.get("use_leader_epoch", true);
        config
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.brokers.is_empty() {
            problems.add("brokers", "brokers must be specified");
        }
        for broker in &self.brokers {
            if address(broker).is_none() {
                problems.add("brokers", format_args!("invalid broker address {broker:?}, want host:port"));
            }
        }
        if !self.protocol_version.is_empty() && !is_version(&self.protocol_version) {
            let message = format_args!("invalid protocol version: {:?}", self.protocol_version);
            problems.add("protocol_version", message);
        }
        if self.conn_idle_timeout.0 <= 0 {
            let message = format_args!("conn_idle_timeout ({}) must be positive", self.conn_idle_timeout);
            problems.add("conn_idle_timeout", message);
        }
        if let Some(tls) = &self.tls {
            problems.within("tls", tls);
        }
        problems.within("auth", &self.auth);
    }
}

/// Host and port of a broker; the port is Kafka's usual one if there is none.
pub(crate) fn address(broker: &str) -> Option<(&str, u16)> {
    let (host, port) = match broker.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()?),
        _ => (broker, 9092),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (!host.is_empty()).then_some((host, port))
}

/// Whether Kafka has, or had, this version.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let numbers: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
    match numbers.as_deref() {
        Some([0, minor, ..]) => (8..=11).contains(minor),
        Some([1, minor, ..]) => *minor <= 1,
        Some([2, minor, ..]) => *minor <= 8,
        Some([3, minor, ..]) => *minor <= 9,
        Some([4, ..]) => numbers.is_some_and(|numbers| numbers.len() > 1),
        _ => false,
    }
}

/// A word of which each stands for a value.
macro_rules! words {
    ($type:ty, $($word:literal => $value:expr),+) => {
        impl Leaf for $type {
            const SHAPE: Shape = Shape::Words(&[$($word),+]);

            fn show(&self) -> Shown {
                $(if *self == $value { return Shown::text($word); })+
                Shown::text("")
            }

            fn leaf(node: &Node) -> Result<Self, String> {
                let word = String::leaf(node)?;
                $(if word == $word { return Ok($value); })+
                Err(<$type>::refusal(&word))
            }
        }
    };
}

use words;

#[cfg(test)]
mod tests;
