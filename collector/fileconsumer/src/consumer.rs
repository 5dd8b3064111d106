//! One look at the files after the other.

mod archive;
mod counts;
mod lost;
mod unreadable;

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File},
    io,
    iter::repeat_with,
    mem,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use slimcol_service::{BoxError, Log, go_error, meter::Meter};
use tokio::time::{MissedTickBehavior, interval};

use self::{archive::Archive, counts::Counts, lost::Current, unreadable::Unreadable};
use crate::{
    batch::Consume,
    checkpoint,
    closing::Closing,
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
    /// Those of the open files that need no reading until something happens to them.
    settled: HashMap<PathBuf, Fingerprint>,
    unreadable: Unreadable,
    /// What was kept last.
    saved: Vec<u8>,
    /// How many files were kept on their own since.
    places: AtomicUsize,
    interval: Duration,
    counts: Counts,
    lane: Lane,
    /// Whether each poll reads all files anew.
    replays: bool,
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
            settled: HashMap::new(),
            unreadable: Unreadable::default(),
            saved: Vec::new(),
            places: AtomicUsize::new(0),
            interval: config.poll_interval.std(),
            counts: Counts::default(),
            replays: false,
        };
        consumer.load().await?;
        let (paths, errors) = consumer.plan.finder.find(SystemTime::now());
        let none = paths.is_empty().then(|| "no files match the configured criteria".to_owned());
        for error in errors.into_iter().chain(none) {
            consumer.log.warn("finding files", &[("error", error.into())]);
        }
        Ok(consumer)
    }

    /// A consumer that keeps no track of files: each poll reads them from where `start_at` says. That something was kept by
    /// another one counts as in Go: then they are read from their beginning.
    #[must_use]
    pub fn replaying(mut self) -> Self {
        self.offsets = None;
        self.archive = None;
        self.forget();
        self.replays = true;
        self
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
        self.places = AtomicUsize::new(loaded.reading);
        self.archive = (polls > 0).then(|| Archive::new(polls, loaded.archive_at));
        Ok(())
    }

    /// Shows in the collector's metrics how many files there are.
    pub fn show(&self, meter: &Meter) {
        self.counts.show(meter);
    }

    /// What ends the consumer from outside.
    pub fn closing(&self) -> Closing {
        self.closing.clone()
    }

    /// Polls until it is closed, the first time after an interval, and keeps all offsets then.
    ///
    /// It blocks where it reads, so it is for a thread that has nothing else to do.
    pub async fn follow(mut self, sink: &dyn Consume) {
        let closing = self.closing();
        let mut ticks = interval(self.interval.max(Duration::from_millis(1)));
        // What a slow poll missed is not made up for.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            tokio::select! {
                biased;
                () = closing.closed() => break,
                _ = ticks.tick() => self.poll(sink).await,
            }
        }
        self.save().await;
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
        for (number, batch) in batches.iter().take(most).enumerate() {
            self.read(batch, number == 0, now, sink).await;
            if self.closing.is_closed() {
                return;
            }
        }
        self.counts.open(self.open.iter().count() + self.closed.iter().flat_map(Known::iter).count());
        self.save().await;
        // What was left out is still new in the sense of `start_at`.
        if batches.len() <= most {
            self.from_beginning = true;
            self.age().await;
        }
    }

    /// Reads a batch of files, and before the first of a poll what went out of sight since the last.
    async fn read(&mut self, paths: &[PathBuf], first: bool, now: SystemTime, sink: &dyn Consume) {
        let mut current = self.open(paths, now).await;
        let mut previous: Vec<_> = self.open.drain().collect();
        // What was opened in this poll was just read to its end.
        if !first || self.plan.delete {
            self.closed[0].extend(previous.drain(..).map(|reader| reader.meta));
        }
        let with = Reading {
            plan: &self.plan,
            sink,
            log: &self.log,
            offsets: self.offsets.as_ref(),
            places: &self.places,
            closing: &self.closing,
            now,
        };
        let now_open = Current::new(&current);
        for reader in previous.iter_mut().filter(|old| now_open.has_lost(old, &self.plan)) {
            reader.read(&with, &mut self.lane).await;
        }
        for reader in &mut current {
            if self.closing.is_closed() {
                break;
            }
            if !reader.is_settled() {
                self.counts.reading(1);
                reader.read(&with, &mut self.lane).await;
            }
        }
        self.counts.reading(0);
        self.closed[0].extend(previous.into_iter().map(|reader| reader.meta));
        let settled = current.iter().filter(|reader| reader.is_settled());
        self.settled = settled.map(|reader| (reader.path.clone(), reader.meta.fingerprint.clone())).collect();
        self.open.extend(current);
        if self.replays {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.open = Known::default();
        self.closed = Default::default();
        self.settled = HashMap::new();
    }

    /// Opens files, each at its place. A second one that begins alike is the first, copied.
    async fn open(&mut self, paths: &[PathBuf], now: SystemTime) -> Vec<Reader> {
        let mut seen = BTreeSet::new();
        let mut readers: Vec<Option<Reader>> = Vec::with_capacity(paths.len());
        let mut unknown = Vec::new();
        for path in paths {
            if let Some(reader) = self.untouched(path) {
                if seen.insert(reader.meta.fingerprint.clone()) {
                    readers.push(Some(reader));
                } else {
                    self.closed[0].add(reader.meta);
                }
                continue;
            }
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

    /// The open file of a path if nothing happened to it, so that it need not be opened again.
    fn untouched(&mut self, path: &Path) -> Option<Reader> {
        let mark = self.settled.get(path)?;
        let about = fs::metadata(path).ok()?;
        self.open.take_same(mark, |reader| reader.path == path && reader.is_untouched(&about))
    }

    fn look(&mut self, path: &Path) -> Option<(File, Fingerprint)> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => {
                self.unreadable.failed(path, &error, &self.log);
                return None;
            }
        };
        let fingerprint = Fingerprint::of(&file, self.plan.fingerprint_size, self.plan.decompresses());
        let fingerprint =
            fingerprint.inspect_err(|error| self.unreadable.damaged(path, error, &self.log)).ok()?;
        self.unreadable.readable(path, &self.log);
        (!fingerprint.is_empty()).then_some((file, fingerprint))
    }

    fn start(&self, path: &Path, file: File, meta: Meta) -> Option<Reader> {
        let reader = Reader::open(path, file, meta, &self.plan, self.from_beginning);
        reader.inspect_err(|error| self.complain(error)).ok()
    }

    fn complain(&self, error: &io::Error) {
        self.log.error("Failed to create reader", &[("error", go_error(error).into())]);
    }

    async fn save(&mut self) {
        let Some(offsets) = &self.offsets else { return };
        let closed = self.closed.iter().rev().flat_map(Known::iter);
        let files = checkpoint::encode(closed.chain(self.open.iter().map(|reader| &reader.meta)));
        if files == self.saved {
            return;
        }
        match offsets.save(files.clone(), self.places.load(Relaxed)).await {
            Ok(()) => {
                self.saved = files;
                self.places = AtomicUsize::new(0);
            }
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
