//! Reading a file to its end.

use std::{
    fs::{self, File},
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::SystemTime,
};

use slimcol_service::{Log, go_error};

use super::{Reader, nanos};
use crate::{
    batch::{Attributes, Batch, Consume},
    closing::Closing,
    fingerprint::Fingerprint,
    fit,
    offsets::Offsets,
    plan::Plan,
    source::Source,
    split::{Span, State},
    window::Window,
};

/// What all files of a poll are read with.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) sink: &'a dyn Consume,
    pub(crate) log: &'a Log,
    pub(crate) offsets: Option<&'a Offsets>,
    /// How many files have a place among the offsets for what was read of them since all were saved.
    pub(crate) places: &'a AtomicUsize,
    pub(crate) closing: &'a Closing,
    pub(crate) now: SystemTime,
}

/// The memory that files are read in, one after the other.
#[derive(Debug)]
pub(crate) struct Lane {
    window: Window,
    spans: Vec<Span>,
}

/// How far a reading came.
struct Progress {
    /// Where in the file, or in what it decompresses to, the window begins.
    at: u64,
    /// How much of a decompressed stretch was taken.
    unpacked: u64,
    packed: bool,
    /// Where it is kept.
    place: Option<usize>,
}

/// How a reading ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// All was taken.
    Whole,
    /// A rest has no end yet, or the collector stops.
    Open,
}

impl Lane {
    pub(crate) fn new(window: usize) -> Self {
        Self { window: Window::new(window), spans: Vec::new() }
    }
}

impl Reader {
    /// Takes what the file has from the place on that was reached.
    pub(crate) async fn read(&mut self, with: &Reading<'_>, lane: &mut Lane) {
        let Some(file) = self.file.take() else { return };
        if with.plan.lock && file.try_lock_shared().is_err() {
            self.file = Some(file);
            return;
        }
        let before = self.place();
        let about = file.metadata();
        let end = self.read_on(&file, with, lane).await;
        if with.plan.lock {
            // Closing unlocks too.
            let _ = file.unlock();
        }
        match end {
            Ok(End::Whole) if with.plan.delete => {
                if let Err(error) = fs::remove_file(&self.path) {
                    let filename = self.path.display().to_string();
                    with.log.error(
                        "could not delete",
                        &[("filename", filename.into()), ("error", go_error(&error).into())],
                    );
                }
                return;
            }
            Ok(End::Whole) if !with.plan.included.resolves() => {
                if let Ok(about) = about {
                    self.note(&about, with.now);
                }
            }
            Ok(_) => {}
            Err(error) => self.complain(with, "failed during scan", &go_error(&error)),
        }
        self.file = Some(file);
        if self.place() != before {
            self.grow_fingerprint(with.plan);
        }
    }

    /// What changes when anything was read.
    fn place(&self) -> [u64; 3] {
        [self.meta.offset, self.meta.unpacked, self.meta.rest]
    }

    async fn read_on(&mut self, file: &File, with: &Reading<'_>, lane: &mut Lane) -> io::Result<End> {
        let packed = self.is_unpacked(with.plan);
        let mut progress =
            Progress { at: self.meta.offset, unpacked: self.meta.unpacked, packed, place: None };
        lane.window.clear();
        if !packed {
            return self
                .take_all(Source::plain(file, self.meta.offset), file, &mut progress, with, lane)
                .await;
        }
        let size = file.metadata()?.len();
        if size <= self.meta.offset || self.meta.stuck == Some(size) {
            return Ok(End::Whole);
        }
        let done = match Source::gzip(file, self.meta.offset, size, self.meta.unpacked) {
            Ok(source) => self.take_all(source, file, &mut progress, with, lane).await,
            Err(error) => Err(error),
        };
        if with.closing.is_closed() {
            return Ok(End::Open);
        }
        // What cannot be decompressed to its end may have its end written later: then it goes on where it stopped.
        let broken = done.is_err();
        self.meta.stuck = broken.then_some(size);
        self.meta.unpacked = if broken { progress.unpacked } else { 0 };
        if !broken {
            self.meta.offset = size;
        }
        done
    }

    async fn take_all(
        &mut self,
        mut source: Source<'_>,
        file: &File,
        progress: &mut Progress,
        with: &Reading<'_>,
        lane: &mut Lane,
    ) -> io::Result<End> {
        loop {
            let last = lane.window.fill(&mut source, with.plan.encoding)?;
            if !last && !self.is_of_this_file(file, &source, with.plan)? {
                return Ok(End::Open);
            }
            if self.take_header(progress, with, lane, last) {
                let mut state = State { skipping: self.meta.skipping, cut: false };
                lane.spans.clear();
                let next = with.plan.splitter.split(lane.window.text(), &mut state, last, &mut lane.spans);
                let taken = lane.window.len_in_file(next, with.plan.encoding);
                self.take(next, taken, state, progress, with, lane).await;
            }
            if with.closing.is_closed() {
                return Ok(End::Open);
            }
            if last {
                return Ok(self.take_rest(progress, with, lane).await);
            }
        }
    }

    /// Whether what was just read belongs to what was read before.
    ///
    /// While tokens are handed on, which may take as long as a backend does, the file may be copied, truncated, and be longer
    /// again than it was read. Taken for the rest of the old file, the new one's text would be read twice, and that of the copy,
    /// which is known by the old beginning, as if it had been read. A file that is short now was longer when it was read.
    fn is_of_this_file(&self, file: &File, source: &Source<'_>, plan: &Plan) -> io::Result<bool> {
        let Some(reached) = source.reached() else { return Ok(true) };
        let now = Fingerprint::of(file, self.meta.fingerprint.bytes().len(), plan.decompresses())?;
        Ok(now == self.meta.fingerprint || file.metadata()?.len() < reached)
    }

    /// Takes lines of the header. Tells whether it is behind.
    fn take_header(
        &mut self,
        progress: &mut Progress,
        with: &Reading<'_>,
        lane: &mut Lane,
        last: bool,
    ) -> bool {
        let Some((pattern, lines)) = with.plan.header.as_ref().filter(|_| !self.meta.header_done) else {
            return true;
        };
        lane.spans.clear();
        let mut state = State { skipping: self.meta.skipping, cut: false };
        let mut next = lines.split(lane.window.text(), &mut state, last, &mut lane.spans);
        for span in &lane.spans {
            let text = &lane.window.text()[span.start as usize..span.end as usize];
            if !pattern.is_match(text) {
                self.meta.header_done = true;
                state.skipping = false;
                next = span.at as usize;
                break;
            }
            let mut attributes = Attributes::clone(&self.meta.attributes);
            if let Err(error) = with.sink.header(&String::from_utf8_lossy(text), &mut attributes) {
                self.complain(with, "failed to process header token", &error.to_string());
            }
            self.meta.attributes = Arc::new(attributes);
        }
        self.meta.skipping = state.skipping;
        let taken = lane.window.len_in_file(next, with.plan.encoding);
        lane.window.advance(next);
        self.advance(taken, progress);
        self.meta.header_done
    }

    /// Hands on the tokens that were found in the window's first `next` bytes, which are `taken` bytes of the file.
    async fn take(
        &mut self,
        next: usize,
        taken: usize,
        state: State,
        progress: &mut Progress,
        with: &Reading<'_>,
        lane: &mut Lane,
    ) {
        if next == 0 {
            return;
        }
        let encoding = with.plan.encoding;
        let Lane { window, spans } = lane;
        if spans.iter().any(|span| span.start < span.end) {
            let lent = window.lend();
            let fitted = fit::fit(&lent[..next], encoding, window.lengths(), state.cut, spans);
            let text = fitted.as_ref().unwrap_or(&lent);
            let before = self.meta.record;
            let batch = Batch { text, file: &self.meta.attributes, spans, base: progress.at, before };
            if let Err(error) = with.sink.consume(batch).await {
                self.complain(with, "failed to emit token", &error.to_string());
            }
            window.give_back(lent, next);
        } else {
            window.advance(next);
        }
        self.meta.record += spans.len() as u64;
        self.meta.skipping = state.skipping;
        self.meta.grew = nanos(with.now);
        self.meta.rest = 0;
        self.advance(taken, progress);
        if let Some(offsets) = with.offsets
            && !progress.packed
        {
            let place = *progress.place.get_or_insert_with(|| with.places.fetch_add(1, Relaxed));
            if let Err(error) = offsets.progress(place, &self.meta).await {
                self.complain(with, "save offsets", &error.to_string());
            }
        }
    }

    /// Takes what has no end, if it waited long enough for one.
    async fn take_rest(&mut self, progress: &mut Progress, with: &Reading<'_>, lane: &mut Lane) -> End {
        let begun = lane.window.begun();
        let rest = lane.window.text().len() + begun;
        if rest == 0 {
            return End::Whole;
        }
        let header = with.plan.header.is_some() && !self.meta.header_done;
        if header || !progress.packed && !self.is_due(rest as u64, with) {
            return End::Open;
        }
        let taken = lane.window.len_in_file(rest - begun, with.plan.encoding) + begun;
        lane.window.end();
        let mut state = State { skipping: self.meta.skipping, cut: false };
        lane.spans.clear();
        with.plan.splitter.flush(lane.window.text(), &mut state, &mut lane.spans);
        let all = lane.window.text().len();
        self.take(all, taken, state, progress, with, lane).await;
        End::Whole
    }

    /// Whether a rest has not grown for so long that nothing more of it is waited for.
    fn is_due(&mut self, rest: u64, with: &Reading<'_>) -> bool {
        let Some(period) = with.plan.flush_after else {
            // Nobody waits for a rest that is deleted with its file.
            return with.plan.delete;
        };
        let now = nanos(with.now);
        if rest > self.meta.rest {
            self.meta.grew = now;
            self.meta.rest = rest;
            return false;
        }
        let waited = now.saturating_sub(self.meta.grew);
        u128::try_from(waited).is_ok_and(|waited| waited > period.as_nanos())
    }

    fn advance(&mut self, by: usize, progress: &mut Progress) {
        progress.at += by as u64;
        progress.unpacked += by as u64;
        if !progress.packed {
            self.meta.offset = progress.at;
        }
    }

    fn complain(&self, with: &Reading<'_>, message: &str, error: &str) {
        let path = self.path.display().to_string();
        with.log.error(message, &[("error", error.into()), ("path", path.into())]);
    }
}
