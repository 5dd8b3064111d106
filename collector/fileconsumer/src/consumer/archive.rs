//! Files that were not seen for longer than they are remembered, kept in the storage poll by poll: a ring.

use slimcol_service::Log;

use crate::{checkpoint, fingerprint::Fingerprint, known::Known, meta::Meta, offsets::Offsets};

/// The ring.
#[derive(Debug)]
pub(super) struct Archive {
    polls: usize,
    /// Where the next poll's files go.
    at: usize,
    /// What is known to be empty needs no looking. `None` is not known.
    empty: Vec<Option<bool>>,
}

impl Archive {
    pub(super) fn new(polls: usize, at: usize) -> Self {
        // Configurations name as many polls as they like; the ring is only as long as what was used of it.
        Self { polls, at, empty: Vec::new() }
    }

    /// Keeps a poll's files in place of the oldest.
    pub(super) async fn put(&mut self, files: &Known<Meta>, offsets: &Offsets, log: &Log) {
        let encoded = checkpoint::encode(files.iter());
        let empty = encoded.is_empty();
        let changes = !empty || self.is_empty(self.at) != Some(true);
        if changes && let Err(error) = offsets.put(self.at, encoded, true).await {
            log.error("error faced while saving to the archive", &[("error", error.to_string().into())]);
        }
        self.set_empty(self.at, empty);
        self.at = (self.at + 1) % self.polls;
    }

    /// Takes files out of the archive, the newest first.
    pub(super) async fn find<'a>(
        &mut self,
        wanted: impl Iterator<Item = &'a Fingerprint>,
        offsets: &Offsets,
        log: &Log,
        now: i64,
    ) -> Vec<Option<Meta>> {
        let wanted: Vec<_> = wanted.collect();
        let mut found: Vec<Option<Meta>> = wanted.iter().map(|_| None).collect();
        for back in 1..=self.polls {
            let poll = (self.at + self.polls - back) % self.polls;
            if found.iter().all(Option::is_some) {
                break;
            }
            if self.is_empty(poll) == Some(true) {
                continue;
            }
            let files = match offsets.archived(poll, now).await {
                Ok(files) => files,
                Err(error) => {
                    log.error("error while opening archive", &[("error", error.to_string().into())]);
                    continue;
                }
            };
            self.set_empty(poll, files.is_empty());
            let mut known = Known::default();
            known.extend(files);
            let mut taken = false;
            for (found, wanted) in found.iter_mut().zip(&wanted).filter(|(found, _)| found.is_none()) {
                *found = known.take(wanted);
                taken |= found.is_some();
            }
            if taken && let Err(error) = offsets.put(poll, checkpoint::encode(known.iter()), false).await {
                log.error("error while saving to the archive", &[("error", error.to_string().into())]);
            }
        }
        found
    }

    fn is_empty(&self, poll: usize) -> Option<bool> {
        self.empty.get(poll).copied().flatten()
    }

    fn set_empty(&mut self, poll: usize, empty: bool) {
        if self.empty.len() <= poll {
            self.empty.resize(poll + 1, None);
        }
        self.empty[poll] = Some(empty);
    }
}
