//! The storage that offsets are kept in.

use std::sync::Arc;

use bytes::Bytes;
use slimcol_service::{BoxError, Change, Store};

use crate::{checkpoint, meta::Meta};

/// Where offsets are kept: a store, and what its keys begin with.
#[derive(Clone)]
pub struct Offsets {
    store: Arc<dyn Store>,
    prefix: String,
}

/// What a load found.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) files: Vec<Meta>,
    /// How many places there are of files that were being read.
    pub(crate) reading: usize,
    /// Where the archive goes on.
    pub(crate) archive_at: usize,
}

impl Offsets {
    /// Keeps offsets under keys that begin with the id of an operator, as the Go collector's do (`file_input`), or with none where
    /// there are no operators.
    pub fn new(store: Arc<dyn Store>, operator: &str) -> Self {
        let prefix = if operator.is_empty() { String::new() } else { format!("{operator}.") };
        Self { store, prefix }
    }

    /// All that is kept, but the archive.
    pub(crate) async fn load(&self, polls: usize, now: i64) -> Result<Loaded, BoxError> {
        let kept = self.store.get(&self.known()).await?.unwrap_or_default();
        let mut files = checkpoint::decode(&kept, now)?;
        let mut place = 0;
        while let Some(kept) = self.store.get(&self.reading(place)).await? {
            place += 1;
            let Some(reading) = checkpoint::decode(&kept, now)?.pop() else { continue };
            // It is further than it was at the end of the poll before.
            let older =
                |file: &Meta| reading.fingerprint.extends(&file.fingerprint) && file.offset <= reading.offset;
            if let Some(known) = files.iter().rposition(older) {
                files.remove(known);
            }
            files.push(reading);
        }
        let index = self.store.get(&self.archive_index()).await?;
        let index = index.and_then(|index| str::from_utf8(&index).ok()?.trim().parse::<usize>().ok());
        let archive_at = index.filter(|index| *index < polls).map_or(0, |index| (index + 1) % polls);
        Ok(Loaded { files, reading: place, archive_at })
    }

    /// Keeps all files, and forgets what was kept of so many while they were read.
    pub(crate) async fn save(&self, files: Vec<u8>, reading: usize) -> Result<(), BoxError> {
        let mut changes = vec![Change::Set(self.known(), vec![files.into()])];
        changes.extend((0..reading).map(|place| Change::Delete(self.reading(place))));
        self.store.apply(changes).await
    }

    /// Keeps how far a file was read since all were saved, at a place of its own: it costs the same however many there are.
    pub(crate) async fn progress(&self, place: usize, file: &Meta) -> Result<(), BoxError> {
        let file = checkpoint::encode([file].into_iter());
        self.store.apply(vec![Change::Set(self.reading(place), vec![file.into()])]).await
    }

    /// The files of one poll in the archive.
    pub(crate) async fn archived(&self, poll: usize, now: i64) -> Result<Vec<Meta>, BoxError> {
        let kept = self.store.get(&self.archive(poll)).await?;
        Ok(kept.map(|kept| checkpoint::decode(&kept, now)).transpose()?.unwrap_or_default())
    }

    /// Puts the files of a poll into the archive, and says that it goes on behind them if they are new.
    pub(crate) async fn put(&self, poll: usize, files: Vec<u8>, new: bool) -> Result<(), BoxError> {
        let mut changes = vec![Change::Set(self.archive(poll), vec![files.into()])];
        if new {
            changes.push(Change::Set(self.archive_index(), vec![poll.to_string().into()]));
        }
        self.store.apply(changes).await
    }

    fn known(&self) -> Bytes {
        format!("{}knownFiles", self.prefix).into()
    }

    fn reading(&self, place: usize) -> Bytes {
        format!("{}readingFile{place}", self.prefix).into()
    }

    fn archive_index(&self) -> Bytes {
        format!("{}knownFilesArchiveIndex", self.prefix).into()
    }

    fn archive(&self, poll: usize) -> Bytes {
        format!("{}knownFiles{poll}", self.prefix).into()
    }
}

impl std::fmt::Debug for Offsets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offsets").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
