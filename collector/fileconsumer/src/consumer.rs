//! One look at the files after the other.

mod archive;
mod unreadable;

use std::{
    collections::HashSet,
    fs::File,
    io,
    iter::repeat_with,
    mem,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::SystemTime,
};

use slimcol_service::{BoxError, Log, go_error};

use self::{archive::Archive, unreadable::Unreadable};
use crate::{
    batch::Consume,
    checkpoint,
    config::Config,
    fingerprint::Fingerprint,
    known::Known,
    meta::Meta,
    offsets::Offsets,
    plan::Plan,
    reader::{Lane, Reader, Reading, nanos},
};

/// Polls that a file is remembered for after it was last open.
const GENERATIONS: usize = 3;

/// The files that a configuration means, and how far each was read.
#[derive(Debug)]
pub struct Consumer {
    plan: Plan,
    log: Log,
    offsets: Option<Offsets>,
    archive: Option<Archive>,
    closing: Closing,
    from_beginning: bool,
    /// The files of the last batch, which stay open: what is written to one that goes away is read all the same.
    open: Known<Reader>,
    /// Files that were closed, the newest first.
    closed: [Known<Meta>; GENERATIONS],
    unreadable: Unreadable,
    /// What was kept last.
    saved: Vec<u8>,
    lane: Lane,
}

/// Ends a poll early: between two calls of [`Consume`].
#[derive(Clone, Debug, Default)]
pub struct Closing(Arc<AtomicBool>);

impl Closing {
    /// Lets the poll that runs end, and those that follow do nothing.
    pub fn close(&self) {
        self.0.store(true, Relaxed);
    }
}

impl Consumer {
    /// The consumer of a configuration, which goes on where `offsets` says.
    ///
    /// # Errors
    /// What is wrong with the configuration or with what was kept.
    pub async fn new(config: &Config, offsets: Option<Offsets>, log: Log) -> Result<Self, BoxError> {
        let plan = Plan::new(config)?;
        let mut consumer = Self {
            from_beginning: plan.from_beginning,
            lane: Lane::new(plan.window),
            plan,
            log,
            offsets,
            archive: None,
            closing: Closing::default(),
            open: Known::default(),
            closed: Default::default(),
            unreadable: Unreadable::default(),
            saved: Vec::new(),
        };
        consumer.load().await?;
        let (paths, errors) = consumer.plan.finder.find(SystemTime::now());
        let none = paths.is_empty().then(|| "no files match the configured criteria".to_owned());
        for error in errors.into_iter().chain(none) {
            consumer.log.warn("finding files", &[("error", error.into())]);
        }
        Ok(consumer)
    }

    async fn load(&mut self) -> Result<(), BoxError> {
        let polls = self.plan.archived_polls;
        let Some(offsets) = &self.offsets else {
            if polls > 0 {
                self.log.error("archiving is not supported in memory, please use a storage extension", &[]);
            }
            return Ok(());
        };
        let loaded = offsets.load(polls, nanos(SystemTime::now())).await;
        let loaded = loaded.map_err(|why| format!("read known files from database: {why}"))?;
        if !loaded.files.is_empty() {
            let message = "Resuming from previously known offset(s). 'start_at' setting is not applicable.";
            self.log.info(message, &[]);
            self.from_beginning = true;
        }
        self.closed[0].extend(loaded.files);
        self.archive = (polls > 0).then(|| Archive::new(polls, loaded.archive_at));
        Ok(())
    }

    /// What ends a poll from outside.
    pub fn closing(&self) -> Closing {
        self.closing.clone()
    }

    /// Looks at the files and gives what is new in them to `sink`.
    pub async fn poll(&mut self, sink: &dyn Consume) {
        self.poll_at(SystemTime::now(), sink).await;
    }

    /// The same at a time that is not now, for tests.
    pub async fn poll_at(&mut self, now: SystemTime, sink: &dyn Consume) {
        let (paths, errors) = self.plan.finder.find(now);
        for error in errors {
            self.log.debug("finding files", &[("error", error.into())]);
        }
        self.unreadable.keep(&paths);
        let batches = paths.chunks(self.plan.batch_files);
        // Without files there is a batch too: files may have been lost.
        let batches: Vec<&[PathBuf]> = if paths.is_empty() { vec![&[]] } else { batches.collect() };
        let most = if self.plan.max_batches == 0 { usize::MAX } else { self.plan.max_batches };
        for batch in batches.iter().take(most) {
            self.read(batch, now, sink).await;
            if self.closing.0.load(Relaxed) {
                return;
            }
        }
        if batches.len() > most {
            return;
        }
        self.from_beginning = true;
        self.save().await;
        self.age().await;
    }

    /// Keeps all offsets, for the end.
    pub async fn close(mut self) {
        self.save().await;
    }

    async fn read(&mut self, paths: &[PathBuf], now: SystemTime, sink: &dyn Consume) {
        let mut current = self.open(paths, now).await;
        let lost = self.lost(&current);
        let with = Reading {
            plan: &self.plan,
            sink,
            log: &self.log,
            offsets: self.offsets.as_ref(),
            closing: &self.closing.0,
            now,
        };
        let mut previous: Vec<_> = self.open.drain().collect();
        for reader in previous.iter_mut().filter(|reader| lost.contains(&reader.path)) {
            reader.read(&with, &mut self.lane).await;
        }
        for reader in &mut current {
            if self.closing.0.load(Relaxed) {
                break;
            }
            reader.read(&with, &mut self.lane).await;
        }
        self.closed[0].extend(previous.into_iter().map(|reader| reader.meta));
        self.open.extend(current);
    }

    /// Opens files, each at its place. A second one that begins alike is the first, copied.
    async fn open(&mut self, paths: &[PathBuf], now: SystemTime) -> Vec<Reader> {
        let mut seen = HashSet::new();
        let mut readers: Vec<Option<Reader>> = Vec::with_capacity(paths.len());
        let mut unknown = Vec::new();
        for path in paths {
            let Some((file, fingerprint)) = self.look(path) else { continue };
            if !seen.insert(fingerprint.clone()) {
                continue;
            }
            let known = self.open.take(&fingerprint).map(|reader| reader.meta);
            let known = known.or_else(|| self.closed.iter_mut().find_map(|files| files.take(&fingerprint)));
            if let Some(meta) = known {
                readers.push(self.start(path, file, meta));
            } else {
                unknown.push((readers.len(), path, file, fingerprint));
                readers.push(None);
            }
        }
        let archived = match (&mut self.archive, &self.offsets) {
            (Some(archive), Some(offsets)) if !unknown.is_empty() => {
                let fingerprints = unknown.iter().map(|(.., fingerprint)| fingerprint);
                archive.find(fingerprints, offsets, &self.log, nanos(now)).await
            }
            _ => Vec::new(),
        };
        let archived = archived.into_iter().chain(repeat_with(|| None));
        for ((place, path, file, fingerprint), known) in unknown.into_iter().zip(archived) {
            let meta = known.map_or_else(
                || {
                    self.log.info("Started watching file", &[("path", path.display().to_string().into())]);
                    Reader::unseen(fingerprint, &file, &self.plan, now)
                },
                Ok,
            );
            match meta {
                Ok(meta) => readers[place] = self.start(path, file, meta),
                Err(error) => self.complain(&error),
            }
        }
        readers.into_iter().flatten().collect()
    }

    fn look(&mut self, path: &Path) -> Option<(File, Fingerprint)> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => {
                self.unreadable.failed(path, &error, &self.log);
                return None;
            }
        };
        self.unreadable.opened(path, &self.log);
        let fingerprint =
            Fingerprint::of(&file, self.plan.fingerprint_size, self.plan.decompresses()).ok()?;
        (!fingerprint.is_empty()).then_some((file, fingerprint))
    }

    fn start(&self, path: &Path, file: File, meta: Meta) -> Option<Reader> {
        let reader = Reader::open(path, file, meta, &self.plan, self.from_beginning);
        reader.inspect_err(|error| self.complain(error)).ok()
    }

    fn complain(&self, error: &io::Error) {
        self.log.error("Failed to create reader", &[("error", go_error(error).into())]);
    }

    /// The files of the last batch that nobody goes on from, but whose handles may have more. One that has another name's
    /// beginning now was truncated, and what it has is the other's.
    fn lost(&self, current: &[Reader]) -> HashSet<PathBuf> {
        if self.plan.delete {
            return HashSet::new();
        }
        let is_lost = |old: &&Reader| {
            !current.iter().any(|new| {
                new.meta.fingerprint.extends(&old.meta.fingerprint)
                    || new.path == old.path && !old.is_valid(&self.plan)
            })
        };
        self.open.iter().filter(is_lost).map(|reader| reader.path.clone()).collect()
    }

    async fn save(&mut self) {
        let Some(offsets) = &self.offsets else { return };
        let closed = self.closed.iter().rev().flat_map(Known::iter);
        let files = checkpoint::encode(closed.chain(self.open.iter().map(|reader| &reader.meta)));
        if files == self.saved {
            return;
        }
        match offsets.save(files.clone()).await {
            Ok(()) => self.saved = files,
            Err(error) => self.log.error("save offsets", &[("error", error.to_string().into())]),
        }
    }

    /// Lets files grow older by a poll. The oldest are forgotten, or archived.
    async fn age(&mut self) {
        self.closed.rotate_right(1);
        let oldest = mem::take(&mut self.closed[0]);
        if let (Some(archive), Some(offsets)) = (&mut self.archive, &self.offsets) {
            archive.put(&oldest, offsets, &self.log).await;
        }
    }
}

#[cfg(test)]
mod tests;
