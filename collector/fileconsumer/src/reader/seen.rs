//! Files that nothing happened to since they were read.

use std::{
    fs::Metadata,
    os::unix::fs::MetadataExt,
    time::{Duration, SystemTime},
};

use super::{Reader, nanos};

/// Changes closer together than this may bear the same time.
const TICK: Duration = Duration::from_secs(2);

/// What would be different if anything had happened to a file: the time of change is the kernel's, which nobody can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    file: (u64, u64),
    size: u64,
    changed: i64,
}

impl Seen {
    fn of(about: &Metadata) -> Self {
        let changed = about.ctime().saturating_mul(1_000_000_000).saturating_add(about.ctime_nsec());
        Self { file: (about.dev(), about.ino()), size: about.len(), changed }
    }
}

impl Reader {
    /// Whether the file is as it was when all of it was read.
    pub(crate) fn is_untouched(&self, about: &Metadata) -> bool {
        self.seen == Some(Seen::of(about))
    }

    /// Whether there is nothing to read until something happens to the file.
    pub(crate) fn is_settled(&self) -> bool {
        self.seen.is_some()
    }

    /// Notes what the file was like before it was read to its end, unless it may yet change without looking different.
    pub(super) fn note(&mut self, about: &Metadata, now: SystemTime) {
        let seen = Seen::of(about);
        let settled = nanos(now).saturating_sub(seen.changed) > nanos(SystemTime::UNIX_EPOCH + TICK);
        let whole = self.meta.offset == seen.size && self.meta.rest == 0 && self.meta.unpacked == 0;
        self.seen = (settled && whole).then_some(seen);
    }
}
