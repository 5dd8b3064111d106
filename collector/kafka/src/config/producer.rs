//! How records are sent.

use slimcol_compression::Compression;
use slimcol_config::{Leaf, Node, Problems, Section, Settings, Shape, Shown};

/// The least that `max_broker_write_bytes` may be.
const LEAST_WRITE: i64 = 100 << 20;

/// The `producer` section.
#[derive(Clone, Debug)]
pub struct ProducerConfig {
    pub(crate) max_message_bytes: i64,
    max_broker_write_bytes: i64,
    pub(crate) required_acks: Acks,
    compression: String,
    pub(crate) level: i32,
    flush_max_messages: i64,
    pub(crate) allow_auto_topic_creation: bool,
}

/// Who has to have a record before it counts as sent: 0 nobody, 1 the leader, -1 (`all`) all that are in sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acks(pub(crate) i16);

impl Leaf for Acks {
    const SHAPE: Shape = Shape::Any;

    fn show(&self) -> Shown {
        Shown::Int(self.0.into())
    }

    fn leaf(node: &Node) -> Result<Self, String> {
        if node.as_str() == Some("all") {
            return Ok(Self(-1));
        }
        let number = i64::leaf(node)?;
        i16::try_from(number)
            .ok()
            .filter(|number| (-1..=1).contains(number))
            .map(Self)
            .ok_or_else(|| format!("expected 'all' (-1), 0, or 1; configured value is {number}"))
    }
}

struct Params {
    level: i32,
}

impl Settings for Params {
    fn read(from: &mut Section<'_>) -> Self {
        Self { level: from.get("level", 0) }
    }
}

impl Settings for ProducerConfig {
    fn read(from: &mut Section<'_>) -> Self {
        let config = Self {
            max_message_bytes: from.get("max_message_bytes", 1_000_000),
            max_broker_write_bytes: from.get("max_broker_write_bytes", LEAST_WRITE),
            required_acks: from.get("required_acks", Acks(1)),
            compression: from.get("compression", "none".to_owned()),
            level: from.section::<Params>("compression_params").level,
            flush_max_messages: from.get("flush_max_messages", 10_000),
            allow_auto_topic_creation: from.get("allow_auto_topic_creation", true),
        };
        // Read so that configurations load: nothing waits for company, the sending queue's batches are for that.
        from.get("linger", slimcol_config::Duration::millis(10));
        config
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let (message, write) = (self.max_message_bytes, self.max_broker_write_bytes);
        match self.kind() {
            Some(kind) => {
                if let Err(error) = kind.check_level(self.level) {
                    problems.add("compression_params", error);
                }
            }
            None => problems.add(
                "compression",
                format_args!(
                    "compression should be one of 'none', 'gzip', 'snappy', 'lz4', or 'zstd'. configured value is {:?}",
                    self.compression
                ),
            ),
        }
        let most = i64::from(i32::MAX);
        for (key, value) in [("max_message_bytes", message), ("max_broker_write_bytes", write)] {
            if value < 0 {
                problems.add(key, format_args!("{key} ({value}) must be non-negative"));
            } else if value > most {
                problems.add(key, format_args!("{key} ({value}) must not exceed {most}"));
            }
        }
        if (0..LEAST_WRITE).contains(&write) {
            let text = format_args!(
                "max_broker_write_bytes ({write}) must be at least {LEAST_WRITE} ({} MiB, franz-go minimum)",
                LEAST_WRITE >> 20
            );
            problems.add("max_broker_write_bytes", text);
        }
        if message > write && write >= LEAST_WRITE && message <= most {
            let text = format_args!(
                "max_message_bytes ({message}) cannot be greater than max_broker_write_bytes ({write})"
            );
            problems.add("max_message_bytes", text);
        }
        if self.flush_max_messages < 1 {
            let text = format_args!("flush_max_messages ({}) must be at least 1", self.flush_max_messages);
            problems.add("flush_max_messages", text);
        }
    }
}

impl ProducerConfig {
    fn kind(&self) -> Option<Compression> {
        match self.compression.as_str() {
            "none" | "gzip" | "snappy" | "lz4" | "zstd" => Compression::from_name(&self.compression),
            _ => None,
        }
    }

    /// What batches are compressed with.
    pub(crate) fn compression(&self) -> Compression {
        self.kind().unwrap_or_default()
    }

    /// The largest batch, bytes before compression.
    pub fn max_message_bytes(&self) -> usize {
        usize::try_from(self.max_message_bytes).unwrap_or_default()
    }

    /// The largest request.
    pub(crate) fn max_request(&self) -> usize {
        usize::try_from(self.max_broker_write_bytes).unwrap_or_default()
    }
}
