//! What a configuration means.

use std::time::Duration;

use slimcol_pattern::{Regex, Size, compile};
use slimcol_textformat::encoding::Encoding;

use crate::{
    config::{Config, Included},
    find::Finder,
    split::{Mode, Splitter, Trim},
};

/// A configuration, resolved.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) finder: Finder,
    pub(crate) batch_files: usize,
    pub(crate) max_batches: usize,
    pub(crate) from_beginning: bool,
    pub(crate) fingerprint_size: usize,
    pub(crate) window: usize,
    pub(crate) encoding: Encoding,
    pub(crate) splitter: Splitter,
    /// What lines of a header match, and how they are found.
    pub(crate) header: Option<(Regex, Splitter)>,
    pub(crate) flush_after: Option<Duration>,
    pub(crate) delete: bool,
    pub(crate) included: Included,
    pub(crate) compression: Compression,
    pub(crate) lock: bool,
    pub(crate) on_truncate: OnTruncate,
    pub(crate) archived_polls: usize,
}

/// Which files are decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    /// All; what is not gzip is not read.
    Gzip,
    /// Those that are gzip.
    Auto,
    /// None of them, though fingerprints are of what they decompress to: what Go makes of a word that it does not know.
    Unknown,
}

/// What becomes of a file that is shorter than what was read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnTruncate {
    Ignore,
    ReadWhole,
    ReadNew,
}

/// Reads are of so much. Twice as much is no faster, half as much a tenth slower.
const WINDOW: usize = 256 << 10;

/// Tokens are never longer, whatever the configuration says: places in a buffer have 32 bits.
const LONGEST: usize = 1 << 30;

impl Plan {
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        if let Some((_, why)) = config.problem() {
            return Err(why);
        }
        let encoding = Encoding::find(&config.encoding)?;
        let longest = config.max_log_size.bytes().min(LONGEST);
        let keep = encoding == Encoding::Nop;
        let trim = Trim {
            leading: !config.preserve_leading_whitespaces && !keep,
            trailing: !config.preserve_trailing_whitespaces && !keep,
        };
        let truncate = config.max_log_size_behavior == "truncate";
        let splitter = Splitter { mode: Mode::new(&config.multiline, encoding)?, longest, truncate, trim };
        let header = match &config.header {
            Some(header) => {
                let lines = Splitter { mode: Mode::Lines, longest, truncate: true, trim: Trim::default() };
                Some((compile(&header.pattern, Size::Config)?, lines))
            }
            None => None,
        };
        let positive = |n: i64| usize::try_from(n).unwrap_or_default();
        Ok(Self {
            finder: Finder::new(config)?,
            batch_files: (positive(config.max_concurrent_files) / 2).max(1),
            max_batches: positive(config.max_batches),
            from_beginning: config.start_at == "beginning",
            fingerprint_size: config.fingerprint_size.bytes().min(LONGEST),
            window: config.initial_buffer_size.bytes().clamp(WINDOW, LONGEST),
            encoding,
            splitter,
            header,
            flush_after: (config.force_flush_period.0 > 0).then(|| config.force_flush_period.std()),
            delete: config.delete_after_read,
            included: config.include_file,
            compression: match config.compression.as_str() {
                "" => Compression::None,
                "gzip" => Compression::Gzip,
                "auto" => Compression::Auto,
                _ => Compression::Unknown,
            },
            lock: config.acquire_fs_lock,
            on_truncate: match config.on_truncate.as_str() {
                "read_whole_file" => OnTruncate::ReadWhole,
                "read_new" => OnTruncate::ReadNew,
                _ => OnTruncate::Ignore,
            },
            archived_polls: positive(config.polls_to_archive),
        })
    }

    /// Whether fingerprints are of what files decompress to.
    pub(crate) fn decompresses(&self) -> bool {
        self.compression != Compression::None
    }
}
