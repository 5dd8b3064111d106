//! `sending_queue::batch`.

use slimcol_config::{Duration, Problems, Section, Settings};

use super::Sizer;

/// How queued payloads are joined before they are sent.
#[derive(Clone, Debug)]
pub(crate) struct Batching {
    /// How long the first payload of a batch waits for others.
    pub(crate) flush_timeout: Duration,
    /// What the two sizes count.
    pub(crate) sizer: Sizer,
    /// A batch of this size is sent at once.
    pub(crate) min_size: i64,
    /// A larger batch is cut; zero is never.
    pub(crate) max_size: i64,
    pub(crate) partition: Partition,
}

impl Batching {
    /// Reads the section; `sizer` is the one that it inherits from the queue, if anything at all stands in it.
    pub(super) fn read_with(from: &mut Section<'_>, sizer: Sizer) -> Self {
        // `batch: {}` inherits, `batch:` and no key at all do not.
        let written = from.here().is_some_and(|node| !node.is_null());
        Self {
            flush_timeout: from.get("flush_timeout", Duration::millis(200)),
            sizer: Sizer::read(from, if written { sizer } else { Sizer::Items }),
            min_size: from.get("min_size", 8192),
            max_size: from.get("max_size", 0),
            partition: from.section("partition"),
        }
    }
}

impl Settings for Batching {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, Sizer::Items)
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let Self { flush_timeout, sizer, min_size, max_size, partition } = self;
        if *sizer == Sizer::Requests {
            let message =
                format_args!("`batch` supports only `items` or `bytes` sizer, found {:?}", sizer.to_string());
            problems.add("sizer", message);
        } else if flush_timeout.0 <= 0 {
            let message = format_args!("`flush_timeout` must be positive, found {}", flush_timeout.0);
            problems.add("flush_timeout", message);
        } else if *min_size < 0 {
            problems.add("min_size", format_args!("`min_size` must be non-negative, found {min_size}"));
        } else if *max_size < 0 {
            problems.add("max_size", format_args!("`max_size` must be non-negative, found {max_size}"));
        } else if *max_size > 0 && max_size < min_size {
            let message =
                format_args!("`max_size` ({max_size}) must be greater or equal to `min_size` ({min_size})");
            problems.add("max_size", message);
        }
        problems.within("partition", partition);
    }
}

/// Which payloads may not share a batch.
#[derive(Clone, Debug)]
pub(crate) struct Partition {
    /// Request headers; payloads with different values go to different batches.
    pub(crate) metadata_keys: Vec<String>,
    /// How many partitions hold data at a time.
    pub(crate) cache_size: i64,
    /// For how long Go keeps an empty partition; here an empty one is not kept at all.
    idle_timeout: Duration,
}

impl Settings for Partition {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            metadata_keys: from.get("metadata_keys", Vec::new()),
            cache_size: from.get("cache_size", 10_000),
            idle_timeout: from.get("idle_timeout", Duration::secs(90)),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.idle_timeout.0 <= 0 {
            let message = format_args!("`idle_timeout` must be positive, found {}", self.idle_timeout);
            problems.add("idle_timeout", message);
        } else if let Some(twice) = repeated(&self.metadata_keys) {
            let message = format_args!("duplicate entry in metadata_keys: {twice:?} (case-insensitive)");
            problems.add("metadata_keys", message);
        } else if self.cache_size <= 0 {
            let message = format_args!("`cache_size` must be positive, found {}", self.cache_size);
            problems.add("cache_size", message);
        }
    }
}

/// The first key, in lower case, that stands twice whatever its case.
fn repeated(keys: &[String]) -> Option<String> {
    let lower: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    (1..lower.len()).find(|i| lower[..*i].contains(&lower[*i])).map(|i| lower[i].clone())
}
