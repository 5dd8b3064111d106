//! `remote_write_queue`

use slimcol_config::{Entry, Node, Problems, Section, Settings};

/// How many payloads it has room for, where nothing says it.
pub(crate) const SIZE: i64 = 10_000;

/// The queue's keys.
#[derive(Clone, Copy, Debug)]
pub struct RemoteWriteQueue {
    enabled: bool,
    size: i64,
    /// How many requests are sent at a time, where nothing else says it.
    pub(crate) consumers: i64,
}

impl Settings for RemoteWriteQueue {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            enabled: from.get("enabled", true),
            size: from.get("queue_size", SIZE),
            consumers: from.get("num_consumers", 5),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.size < 0 {
            problems.add("queue_size", "remote write queue size can't be negative");
        }
        if self.enabled && self.size == 0 {
            problems.add("queue_size", "a 0 size queue will drop all the data");
        }
        if self.consumers < 0 {
            problems.add("num_consumers", "remote write consumer number can't be negative");
        }
    }
}

/// The size of the queue in the exporter's section, which reads it later: nothing without one.
pub(crate) fn peek(section: &Section<'_>) -> Option<i64> {
    let queue = section.here().and_then(|node| node.entry("remote_write_queue"));
    let value = |key: &str| queue.and_then(|queue| queue.value().entry(key)).map(Entry::value);
    let enabled = value("enabled").and_then(Node::as_bool).unwrap_or(true);
    enabled.then(|| value("queue_size").and_then(Node::as_i64).unwrap_or(SIZE))
}
