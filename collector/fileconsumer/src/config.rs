//! The keys that say which files are read, and how.

mod ordering;

use slimcol_config::{ByteSize, Duration, Node, Section, Settings};
use slimcol_pattern::{Size, compile};
use slimcol_textformat::encoding::Encoding;

pub use self::ordering::{Order, Ordering};
use crate::{glob::Glob, split};

/// The keys of Go's `fileconsumer.Config`, which components squash into their own.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key")]
pub struct Config {
    /// Patterns of paths.
    pub include: Vec<String>,
    /// Patterns of paths that are not read after all.
    pub exclude: Vec<String>,
    /// Files that were not changed for longer are not read; zero is never.
    pub exclude_older_than: Duration,
    /// Which of the files that were found are read, if not all.
    pub ordering: Ordering,
    /// The time from one look at the files to the next.
    pub poll_interval: Duration,
    /// Twice as many files as are open in one batch.
    pub max_concurrent_files: i64,
    /// The batches of one poll; zero is all.
    pub max_batches: i64,
    /// `beginning` or `end`: where files are read from that are there at the start.
    pub start_at: String,
    /// How much of a file's beginning tells it from others.
    pub fingerprint_size: ByteSize,
    /// The least room to read into.
    pub initial_buffer_size: ByteSize,
    /// What is longer is cut.
    pub max_log_size: ByteSize,
    /// `split` or `truncate`: what becomes of the rest.
    pub max_log_size_behavior: String,
    /// The files' encoding.
    pub encoding: String,
    /// What ends a token, if not the end of a line.
    pub multiline: Multiline,
    /// Whether white space at the beginning stays.
    pub preserve_leading_whitespaces: bool,
    /// Whether white space at the end stays.
    pub preserve_trailing_whitespaces: bool,
    /// A last token without an end is taken after this long without growth; zero is never.
    pub force_flush_period: Duration,
    /// Lines at the beginning that say something about the file.
    pub header: Option<Header>,
    /// Whether files are removed once they were read.
    pub delete_after_read: bool,
    /// What is told of a file.
    pub include_file: Included,
    /// Empty, `gzip`, or `auto`; Go takes any word and means none.
    pub compression: String,
    /// How many polls files are remembered for in the storage that were not seen since.
    pub polls_to_archive: i64,
    /// Whether files that others hold a lock on wait.
    pub acquire_fs_lock: bool,
    /// `ignore`, `read_whole_file` or `read_new`: what becomes of a file that is shorter than what was read of it.
    pub on_truncate: String,
}

/// `multiline`: at most one of the patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multiline {
    /// What a token starts with.
    pub line_start_pattern: String,
    /// What a token ends with.
    pub line_end_pattern: String,
    /// Whether the pattern's match is left out.
    pub omit_pattern: bool,
}

/// `header`.
#[derive(Clone, Debug)]
pub struct Header {
    /// What a header's line matches.
    pub pattern: String,
    /// The operators that find attributes in it, for who has operators.
    pub metadata_operators: Option<Node>,
}

/// Which of the attributes that tell of a file there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key")]
pub struct Included {
    /// `log.file.name`
    pub name: bool,
    /// `log.file.path`
    pub path: bool,
    /// `log.file.name_resolved`
    pub name_resolved: bool,
    /// `log.file.path_resolved`
    pub path_resolved: bool,
    /// `log.file.owner.name`
    pub owner_name: bool,
    /// `log.file.owner.group.name`
    pub owner_group_name: bool,
    /// `log.file.permissions`
    pub permissions: bool,
    /// `log.file.record_number`, of each token
    pub record_number: bool,
    /// `log.file.record_offset`, of each token
    pub record_offset: bool,
}

impl Included {
    /// Whether links are followed to what they lead to, which may change without the file.
    pub(crate) const fn resolves(self) -> bool {
        self.name_resolved || self.path_resolved
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            include: from.get("include", Vec::new()),
            exclude: from.get("exclude", Vec::new()),
            exclude_older_than: from.get("exclude_older_than", Duration(0)),
            ordering: from.section("ordering_criteria"),
            poll_interval: from.get("poll_interval", Duration::millis(200)),
            max_concurrent_files: from.get("max_concurrent_files", 1024),
            max_batches: from.get("max_batches", 0),
            start_at: from.get("start_at", "end".to_owned()),
            fingerprint_size: from.get("fingerprint_size", ByteSize(1000)),
            initial_buffer_size: from.get("initial_buffer_size", ByteSize(16 << 10)),
            max_log_size: from.get("max_log_size", ByteSize(1 << 20)),
            max_log_size_behavior: from.get("max_log_size_behavior", "split".to_owned()),
            encoding: from.get("encoding", "utf-8".to_owned()),
            multiline: from.section("multiline"),
            preserve_leading_whitespaces: from.get("preserve_leading_whitespaces", false),
            preserve_trailing_whitespaces: from.get("preserve_trailing_whitespaces", false),
            force_flush_period: from.get("force_flush_period", Duration::millis(500)),
            header: from.when_written("header"),
            delete_after_read: from.get("delete_after_read", false),
            include_file: from.squash(),
            compression: compression(from),
            polls_to_archive: from.get("polls_to_archive", 0),
            acquire_fs_lock: from.get("acquire_fs_lock", false),
            on_truncate: from.get("on_truncate", "ignore".to_owned()),
        }
    }
}

/// Reads `compression`. Go takes any word, and reads files as they are for those that it does not know.
fn compression(from: &mut Section<'_>) -> String {
    let word = from.get("compression", String::new());
    if !["", "gzip", "auto"].contains(&&*word) {
        let message = format_args!(
            "there is no compression {word:?}, files are read as they are; valid values: [gzip auto]"
        );
        from.warn("compression", message);
    }
    word
}

impl Settings for Multiline {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, "")
    }
}

impl Multiline {
    /// Reads the keys; `end` is the default of `line_end_pattern`.
    pub(crate) fn read_with(from: &mut Section<'_>, end: &str) -> Self {
        Self {
            line_start_pattern: from.get("line_start_pattern", String::new()),
            line_end_pattern: from.get("line_end_pattern", end.to_owned()),
            omit_pattern: from.get("omit_pattern", false),
        }
    }
}

impl Settings for Header {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            pattern: from.get("pattern", String::new()),
            metadata_operators: from.node("metadata_operators").cloned(),
        }
    }
}

impl Settings for Included {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            name: from.get("include_file_name", true),
            path: from.get("include_file_path", false),
            name_resolved: from.get("include_file_name_resolved", false),
            path_resolved: from.get("include_file_path_resolved", false),
            owner_name: from.get("include_file_owner_name", false),
            owner_group_name: from.get("include_file_owner_group_name", false),
            permissions: from.get("include_file_permissions", false),
            record_number: from.get("include_file_record_number", false),
            record_offset: from.get("include_file_record_offset", false),
        }
    }
}

impl Config {
    /// What is wrong with the values, in Go's words, and its key. Like Go, the first only.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        self.check().err()
    }

    fn check(&self) -> Result<(), (&'static str, String)> {
        let fault = |key: &'static str, message: &str| Err((key, message.to_owned()));
        if self.include.is_empty() {
            return fault("include", "'include' must be specified");
        }
        for (key, patterns) in [("include", &self.include), ("exclude", &self.exclude)] {
            for pattern in patterns {
                Glob::new(pattern).map_err(|why| (key, format!("{key}: parse glob: {why}")))?;
            }
        }
        self.ordering.check().map_err(|why| ("ordering_criteria", why))?;
        // Go's ticker panics.
        if self.poll_interval.0 <= 0 {
            return fault("poll_interval", "'poll_interval' must be positive");
        }
        if self.fingerprint_size.0 < 16 {
            return fault("fingerprint_size", "'fingerprint_size' must be at least 16 bytes");
        }
        if self.max_log_size.0 <= 0 {
            return fault("max_log_size", "'max_log_size' must be positive");
        }
        if self.max_concurrent_files < 1 {
            return fault("max_concurrent_files", "'max_concurrent_files' must be positive");
        }
        if self.max_batches < 0 {
            return fault("max_batches", "'max_batches' must not be negative");
        }
        if !["split", "truncate"].contains(&self.max_log_size_behavior.as_str()) {
            let word = &self.max_log_size_behavior;
            let message = format!("invalid max_log_size_behavior '{word}': must be 'split' or 'truncate'");
            return Err(("max_log_size_behavior", message));
        }
        if !["ignore", "read_whole_file", "read_new"].contains(&self.on_truncate.as_str()) {
            let word = &self.on_truncate;
            let message =
                format!("invalid on_truncate '{word}': must be 'ignore', 'read_whole_file' or 'read_new'");
            return Err(("on_truncate", message));
        }
        let at_end = match self.start_at.as_str() {
            "beginning" => false,
            "end" => true,
            other => return Err(("start_at", format!("invalid start_at location '{other}'"))),
        };
        if at_end && self.delete_after_read {
            return fault("delete_after_read", "'delete_after_read' cannot be used with 'start_at: end'");
        }
        if at_end && self.header.is_some() {
            return fault("header", "'header' cannot be specified with 'start_at: end'");
        }
        let encoding = Encoding::find(&self.encoding).map_err(|why| ("encoding", why))?;
        split::Mode::new(&self.multiline, encoding).map_err(|why| ("multiline", why))?;
        if let Some(header) = &self.header {
            compile(&header.pattern, Size::Config).map_err(|why| {
                ("header", format!("invalid config for 'header': failed to compile 'pattern': {why}"))
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
