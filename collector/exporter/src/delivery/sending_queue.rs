//! `sending_queue` (Go's `exporterhelper/internal/queuebatch`).

use std::fmt;

use slimcol_config::{Optional, Problems, Section, Settings, Shape, Shown};
use slimcol_pdata::Data;

use super::Batching;

/// Go's text for a storage extension that is not there.
pub(crate) const NO_STORAGE: &str = "no storage client extension found";

/// What a size is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sizer {
    Requests,
    /// Spans, data points or log records.
    Items,
    /// Of the encoded request.
    Bytes,
}

impl Sizer {
    /// The size of `data`.
    pub(crate) fn size(self, data: &Data) -> usize {
        match self {
            Self::Requests => 1,
            Self::Items => data.items(),
            Self::Bytes => data.byte_len(),
        }
    }

    /// Reads the key `sizer`.
    pub(super) fn read(from: &mut Section<'_>, default: Self) -> Self {
        let word = from.find::<String>("sizer");
        from.holds("sizer", Shape::Words(&["requests", "items", "bytes"]));
        let sizer = match word.as_deref() {
            None => default,
            Some("requests") => Self::Requests,
            Some("items") => Self::Items,
            Some("bytes") => Self::Bytes,
            Some(word) => {
                from.error("sizer", format_args!("invalid sizer: {word:?}"));
                default
            }
        };
        from.print_as("sizer", &|| Some(Shown::Text(sizer.to_string())));
        sizer
    }
}

impl fmt::Display for Sizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requests => "requests",
            Self::Items => "items",
            Self::Bytes => "bytes",
        })
    }
}

/// What keeps a queue that outlives the process.
#[derive(Clone, Debug)]
pub(crate) enum Keeper {
    /// The storage extension of this id.
    Extension(String),
    /// The exporter's own storage.
    Exporter,
}

/// So many payloads are sent at the same time at most.
const CONSUMERS: i64 = 10_000;

/// The queue before an exporter.
#[derive(Clone, Debug)]
pub(crate) struct SendingQueue {
    /// How many payloads are sent at the same time.
    pub(crate) num_consumers: i64,
    /// How much is held, in `sizer`'s unit, counting what is being sent.
    pub(crate) queue_size: i64,
    pub(crate) sizer: Sizer,
    /// Whether a caller waits for room rather than being refused.
    pub(crate) block_on_overflow: bool,
    /// Whether a caller waits for the outcome rather than being told that all is well.
    pub(crate) wait_for_result: bool,
    pub(crate) storage: Option<Keeper>,
    pub(crate) batch: Optional<Batching>,
}

impl SendingQueue {
    /// A queue of so many payloads that are sent one at a time.
    pub(crate) fn of(size: i64) -> Self {
        Self {
            num_consumers: 1,
            queue_size: size,
            sizer: Sizer::Requests,
            block_on_overflow: false,
            wait_for_result: false,
            storage: None,
            batch: Optional::Off,
        }
    }
}

impl Settings for SendingQueue {
    fn read(from: &mut Section<'_>) -> Self {
        let sizer = Sizer::read(from, Sizer::Requests);
        let own = from.has("sizer");
        let inherited = if own { sizer } else { Sizer::Items };
        let storage: Option<String> = from.find("storage");
        if let Some(id) = &storage {
            from.wants_extension("storage", id, NO_STORAGE);
        }
        Self {
            num_consumers: from.get("num_consumers", 10),
            queue_size: from.get("queue_size", 1000),
            sizer,
            block_on_overflow: from.get("block_on_overflow", false),
            wait_for_result: from.get("wait_for_result", false),
            storage: storage.map(Keeper::Extension),
            batch: from.optional_with("batch", false, |batch| Batching::read_with(batch, inherited)),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        // Go stops at the first of these, but goes on to the batch.
        if self.num_consumers <= 0 {
            problems.add("num_consumers", "`num_consumers` must be positive");
        } else if self.num_consumers > CONSUMERS {
            // Each is a task from the start on.
            let message = format!("`num_consumers` must be at most {CONSUMERS}");
            problems.add("num_consumers", message);
        } else if self.queue_size <= 0 {
            problems.add("queue_size", "`queue_size` must be positive");
        } else if self.storage.is_some() && self.wait_for_result {
            problems.add(
                "wait_for_result",
                "`wait_for_result` is not supported with a persistent queue configured with `storage`",
            );
        } else if let Some(batch) = self.batch.as_ref()
            && batch.sizer == self.sizer
            && batch.min_size > self.queue_size
        {
            problems.add("batch.min_size", "`min_size` must be less than or equal to `queue_size`");
        }
        problems.within_optional("batch", &self.batch);
    }
}
