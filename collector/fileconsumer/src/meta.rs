//! What is remembered of a file, also when it is not open and across restarts.

use std::sync::Arc;

use crate::{batch::Attributes, fingerprint::Fingerprint};

/// What is remembered of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Meta {
    pub(crate) fingerprint: Fingerprint,
    /// How far it was read; in a compressed file, of the compressed bytes.
    pub(crate) offset: u64,
    /// How many tokens were in that, empty ones too.
    pub(crate) record: u64,
    pub(crate) attributes: Arc<Attributes>,
    /// Its header was read to the end.
    pub(crate) header_done: bool,
    /// When the rest without an end grew, in nanoseconds since 1970, and how long it is.
    pub(crate) grew: i64,
    pub(crate) rest: u64,
    pub(crate) gzip: bool,
    /// What comes next is the rest of a token that was truncated.
    pub(crate) skipping: bool,
    /// How much of what is decompressed from the offset on was taken before. Not kept across restarts.
    pub(crate) unpacked: u64,
    /// The length that a compressed file had when it could not be decompressed to its end. Not kept either.
    pub(crate) stuck: Option<u64>,
}
