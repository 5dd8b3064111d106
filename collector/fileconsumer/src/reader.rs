//! A file that is open, and taking all that it has.

mod read;
mod seen;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

pub(crate) use self::read::{Lane, Reading};
use self::seen::Seen;
use crate::{
    attributes,
    batch::Attributes,
    fingerprint::{Fingerprint, is_gzip},
    known::Marked,
    meta::Meta,
    plan::{Compression, OnTruncate, Plan},
};

/// A file that is open.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) path: PathBuf,
    pub(crate) meta: Meta,
    /// Nothing once it was deleted.
    file: Option<File>,
    /// What it was like when all of it had been read.
    seen: Option<Seen>,
}

impl Marked for Reader {
    fn fingerprint(&self) -> &Fingerprint {
        &self.meta.fingerprint
    }
}

impl Marked for Meta {
    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }
}

/// Time as it is kept: nanoseconds since 1970.
pub(crate) fn nanos(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

impl Reader {
    /// Goes on reading the file that `meta` remembers, at its place or at the end.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn open(
        path: &Path,
        file: File,
        mut meta: Meta,
        plan: &Plan,
        from_beginning: bool,
    ) -> io::Result<Self> {
        if plan.decompresses() {
            let gzip = is_gzip(&file)?;
            if gzip != meta.gzip {
                // What was read of a file that is compressed since is skipped where it comes out again. There is no such
                // place the other way round.
                meta.unpacked = if gzip { meta.offset } else { 0 };
                meta.offset = 0;
                meta.gzip = gzip;
                meta.stuck = None;
            }
        }
        if meta.fingerprint.bytes().len() > plan.fingerprint_size {
            let shorter = Fingerprint::of(&file, plan.fingerprint_size, plan.decompresses())?;
            if !meta.fingerprint.extends(&shorter) {
                return Err(io::Error::other("file truncated"));
            }
            meta.fingerprint = shorter;
        }
        let size = file.metadata()?.len();
        if !from_beginning {
            meta.offset = size;
        } else if meta.offset > size {
            meta.offset = match plan.on_truncate {
                OnTruncate::Ignore => meta.offset,
                OnTruncate::ReadWhole => 0,
                OnTruncate::ReadNew => size,
            };
        }
        let found = attributes::resolve(plan.included, path, &file)?;
        if found.iter().any(|(key, value)| meta.attributes.get(key) != Some(value)) {
            let mut merged = Attributes::clone(&meta.attributes);
            merged.extend(found);
            meta.attributes = Arc::new(merged);
        }
        Ok(Self { path: path.to_owned(), meta, file: Some(file), seen: None })
    }

    /// What is remembered of a file that was not seen before.
    pub(crate) fn unseen(
        fingerprint: Fingerprint,
        file: &File,
        plan: &Plan,
        now: SystemTime,
    ) -> io::Result<Meta> {
        let gzip = plan.decompresses() && is_gzip(file)?;
        Ok(Meta { fingerprint, gzip, grew: nanos(now), ..Meta::default() })
    }

    /// Whether the open file still begins as it did.
    pub(crate) fn is_valid(&self, plan: &Plan) -> bool {
        let Some(file) = &self.file else { return false };
        let now = Fingerprint::of(file, plan.fingerprint_size, plan.decompresses());
        now.is_ok_and(|now| now.extends(&self.meta.fingerprint))
    }

    /// Looks again at a beginning that was shorter than it may be.
    fn grow_fingerprint(&mut self, plan: &Plan) {
        let Some(file) = &self.file else { return };
        if self.meta.fingerprint.bytes().len() >= plan.fingerprint_size {
            return;
        }
        // Another beginning says that the file was truncated: it is another file then, which is for the next poll to see.
        if let Ok(now) = Fingerprint::of(file, plan.fingerprint_size, plan.decompresses())
            && now.extends(&self.meta.fingerprint)
        {
            self.meta.fingerprint = now;
        }
    }

    /// Whether it is decompressed.
    fn is_unpacked(&self, plan: &Plan) -> bool {
        match plan.compression {
            Compression::Gzip => true,
            Compression::Auto => self.meta.gzip,
            Compression::None | Compression::Unknown => false,
        }
    }
}
