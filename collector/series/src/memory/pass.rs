//! One way through a page: entry by entry, each given to its series or its family.

use std::mem;

use slimcol_exposition::{Entry, Exemplar, Format, Kind, Page, Sample};

use super::{NOW, Reading, is_absent};
use crate::{
    cache::{Cache, NONE, Role},
    exemplar,
    metas::Meta,
    subject::Subject,
};

/// Why a page is not read to its end.
pub(super) enum Halt {
    /// It fails the scrape.
    Failure(String),
    /// It says something of families that are remembered otherwise.
    Changed,
}

/// The lines since the last sample that say something of families.
#[derive(Default)]
struct Between {
    /// Where they begin.
    start: usize,
    metas: Vec<u32>,
    kind: Option<Kind>,
}

/// One way through a page.
pub(super) struct Pass<'a> {
    subject: &'a Subject,
    pub(super) reading: Reading,
    /// When the scrape began, in milliseconds.
    now: i64,
    /// Whether what pages say of families may change what is remembered: nothing of it is old.
    fresh: bool,
    kind: Kind,
    last: u32,
    /// How many series have a value.
    pub(super) taken: usize,
    /// The family that was first heard of last, and how many samples were before it.
    newest: (String, usize),
    lead: Between,
}

impl<'a> Pass<'a> {
    pub(super) fn new(subject: &'a Subject, now: i64, fresh: bool) -> Self {
        let reading =
            Reading { tracks_times: subject.terms.track_timestamps_staleness, ..Reading::default() };
        let newest = (String::new(), 0);
        let lead = Between::default();
        Self { subject, reading, now, fresh, kind: Kind::Unknown, last: NONE, taken: 0, newest, lead }
    }

    /// Reads the page to its end; `before` is what was remembered if the memory was made anew.
    pub(super) fn run(
        &mut self,
        cache: &mut Cache,
        bytes: &[u8],
        format: Format,
        before: Option<&Cache>,
    ) -> Result<(), Halt> {
        self.fresh |= cache.series.is_empty();
        self.reading.resize(cache.series.len());
        let mut page = Page::new(bytes, format, self.subject.terms.histograms);
        loop {
            let expected = match cache.series.get(self.last as usize) {
                Some(last) => last.next,
                None => cache.first,
            };
            if self.lead.metas.is_empty() {
                if let Some(value) = page.value_of(cache.key(expected)) {
                    self.last = expected;
                    if !self.again(cache, expected, value) {
                        self.place(cache, expected, None, value, before);
                    }
                    continue;
                }
                if self.recall(cache, expected, &mut page) {
                    continue;
                }
            }
            let at = page.at();
            let entry = page.next(cache.key(expected)).map_err(|error| Halt::Failure(error.to_string()))?;
            match entry {
                None => break,
                Some(Entry::Sample(sample)) => {
                    self.sample(cache, &sample, expected, before)?;
                    if let Some(at) = at.filter(|_| !self.lead.metas.is_empty()) {
                        let Between { start, metas, kind } = mem::take(&mut self.lead);
                        cache.keep_lead(self.last, &bytes[start..at], &metas, kind);
                    }
                }
                Some(Entry::Histogram { series, timestamp, native, exemplars }) => {
                    let number = self.series(cache, series, false, expected, true)?;
                    let Some(number) = self.place(cache, number, timestamp, native.sum, before) else {
                        continue;
                    };
                    self.reading.natives.insert(number, native.clone());
                    for exemplar in exemplars {
                        self.exemplar(number, exemplar);
                    }
                }
                Some(Entry::Type { name, kind }) => {
                    self.kind = kind;
                    self.lead.kind = Some(kind);
                    self.meta(cache, at, name, &|meta| mem::replace(&mut meta.kind, kind) != kind)?;
                }
                Some(Entry::Help { name, text }) => {
                    self.meta(cache, at, name, &|meta| put(&mut meta.help, &text))?;
                }
                Some(Entry::Unit { name, unit }) => {
                    self.meta(cache, at, name, &|meta| put(&mut meta.unit, unit))?;
                }
            }
        }
        let limit = self.subject.terms.limits.samples;
        if limit > 0 && self.taken > limit {
            return Err(Halt::Failure("sample limit exceeded".into()));
        }
        Ok(())
    }

    /// Notes the value of a series that was there the last time; not if it was not, or is there twice.
    #[inline]
    fn again(&mut self, cache: &Cache, number: u32, value: f64) -> bool {
        let (series, place) = (cache.series[number as usize], self.reading.values.get_mut(number as usize));
        let Some(place) = place.filter(|place| series.known && is_absent(**place)) else { return false };
        *place = value;
        self.taken += 1;
        self.reading.counts.scraped += 1;
        self.reading.counts.kept += 1;
        true
    }

    /// Steps over what stood before a series the last time, if it stands there again: it says nothing new.
    #[inline(never)]
    fn recall(&mut self, cache: &mut Cache, series: u32, page: &mut Page<'_>) -> bool {
        let Some(series) = cache.series.get(series as usize) else { return false };
        let round = cache.round;
        let Some(lead) = cache.leads.get_mut(series.lead as usize) else { return false };
        if !lead.is_known(round) || !page.skip(&lead.text) {
            return false;
        }
        lead.seen = round;
        for place in &lead.metas {
            cache.metas.at(*place).seen = round;
        }
        self.kind = lead.kind.unwrap_or(self.kind);
        true
    }

    fn sample(
        &mut self,
        cache: &mut Cache,
        sample: &Sample<'_>,
        expected: u32,
        before: Option<&Cache>,
    ) -> Result<(), Halt> {
        let number = self.series(cache, sample.series, sample.expected, expected, false)?;
        if let Some(number) = self.place(cache, number, sample.timestamp, sample.value, before)
            && let Some(exemplar) = &sample.exemplar
        {
            self.exemplar(number, exemplar);
        }
        Ok(())
    }

    /// The number of a series, which is remembered from now on.
    #[inline]
    fn series(
        &mut self,
        cache: &mut Cache,
        key: &[u8],
        is_expected: bool,
        expected: u32,
        native: bool,
    ) -> Result<u32, Halt> {
        let number = if is_expected { expected } else { self.unexpected(cache, key, native)? };
        self.last = number;
        Ok(number)
    }

    /// The number of a series that is not the one that followed the last time.
    #[inline(never)]
    fn unexpected(&self, cache: &mut Cache, key: &[u8], native: bool) -> Result<u32, Halt> {
        let number = match cache.find(key) {
            Some(number) => number,
            None => cache.resolve(self.subject, key, self.kind, native).map_err(Halt::Failure)?,
        };
        match cache.series.get_mut(self.last as usize) {
            Some(last) => last.next = number,
            None => cache.first = number,
        }
        Ok(number)
    }

    /// Notes the value of a series, and tells its number if there is a point for it.
    #[inline]
    fn place(
        &mut self,
        cache: &Cache,
        number: u32,
        timestamp: Option<i64>,
        value: f64,
        before: Option<&Cache>,
    ) -> Option<u32> {
        let counts = &mut self.reading.counts;
        counts.scraped += 1;
        let series = cache.series[number as usize];
        if series.role == Role::Dropped {
            return None;
        }
        counts.kept += 1;
        let at = number as usize;
        if at >= self.reading.values.len() {
            // Room for as many again, so that a page of new series costs no more than one of known ones.
            self.reading.resize(cache.series.len().max(at + 1));
        }
        // What is there twice counts once.
        if !is_absent(self.reading.values[at]) {
            return None;
        }
        self.taken += 1;
        let counts = &mut self.reading.counts;
        if !series.known && !before.is_some_and(|before| was_known(before, cache.key(number))) {
            counts.added += 1;
        }
        self.reading.values[at] = value;
        if let Some(time) = timestamp.filter(|_| self.subject.terms.honor_timestamps) {
            if at >= self.reading.times.len() {
                self.reading.times.resize(self.reading.values.len(), NOW);
            }
            self.reading.times[at] = time;
        }
        Some(number)
    }

    fn exemplar(&mut self, series: u32, exemplar: &Exemplar<'_>) {
        let time = self.reading.times.get(series as usize).copied().unwrap_or(NOW);
        let encoded = exemplar::encode(exemplar, if time == NOW { self.now } else { time });
        self.reading.exemplars.entry(series).or_default().push(encoded);
    }

    /// Notes what a page says of a family, in the line that begins at `line`; `change` tells whether that was not known.
    fn meta(
        &mut self,
        cache: &mut Cache,
        line: Option<usize>,
        name: &str,
        change: &dyn Fn(&mut Meta) -> bool,
    ) -> Result<(), Halt> {
        let (round, samples) = (cache.round, self.reading.counts.scraped);
        let (place, matters) = if let Some(place) = cache.metas.find(name) {
            let meta = cache.metas.at(place);
            meta.seen = round;
            // No sample is between the lines that a new family begins with.
            (place, change(meta) && !(self.newest.1 == samples && self.newest.0 == name))
        } else {
            let mut meta = Meta { seen: round, ..Meta::default() };
            change(&mut meta);
            self.newest = (name.to_owned(), samples);
            (cache.metas.add(name, meta), cache.missed.contains(name))
        };
        if let Some(line) = line {
            if self.lead.metas.is_empty() {
                self.lead.start = line;
            }
            self.lead.metas.push(place);
        }
        let matters = matters && !self.fresh;
        if matters { Err(Halt::Changed) } else { Ok(()) }
    }
}

/// Sets a text, and tells whether it was another one.
fn put(text: &mut String, to: &str) -> bool {
    let changed = text != to;
    if changed {
        to.clone_into(text);
    }
    changed
}

fn was_known(before: &Cache, key: &[u8]) -> bool {
    before.find(key).is_some_and(|series| before.series[series as usize].known)
}
