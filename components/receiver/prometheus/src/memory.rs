//! A target from scrape to scrape: what a page says becomes values of series, and what is no longer there is told once.

use std::{collections::HashMap, mem};

use slimcol_exposition::{Entry, Format, Kind, Native, Page, Sample};

use crate::{
    cache::{Cache, Meta, NONE, Role},
    exemplar,
    subject::Subject,
};

/// The value of a series that is not on the page; no page has this one.
pub(crate) const ABSENT: f64 = f64::from_bits(0x7ff8_0000_0000_0a85);
/// The value of a series that was there the last time; Prometheus' own.
pub(crate) const STALE: f64 = f64::from_bits(0x7ff0_0000_0000_0002);
/// The time of the scrape.
pub(crate) const NOW: i64 = i64::MIN;

/// Whether a value is that of a series that is no more.
pub(crate) fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE.to_bits()
}

/// Whether there is no value.
pub(crate) fn is_absent(value: f64) -> bool {
    value.to_bits() == ABSENT.to_bits()
}

/// What is remembered of a target.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) cache: Cache,
    /// Whether so much is remembered in vain that it is to be made anew.
    anew: bool,
}

/// What one scrape brought.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// By series.
    pub(crate) values: Vec<f64>,
    /// By series, milliseconds.
    pub(crate) times: Vec<i64>,
    /// By series, as they are sent.
    pub(crate) exemplars: HashMap<u32, Vec<Vec<u8>>>,
    /// By series.
    pub(crate) natives: HashMap<u32, Native>,
    /// What is told of the end of series of a memory that was made anew.
    pub(crate) before: Option<Box<(Cache, Self)>>,
    pub(crate) counts: Counts,
    /// Whether the ends of series with times of their own are told.
    tracks_times: bool,
}

/// What a scrape tells of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Samples on the page.
    pub(crate) scraped: usize,
    /// Samples after relabelling.
    pub(crate) kept: usize,
    /// Series that were not there before.
    pub(crate) added: usize,
}

/// Why a page is not read to its end.
enum Halt {
    /// It fails the scrape.
    Failure(String),
    /// It says something of families that are remembered otherwise.
    Changed,
}

impl Memory {
    /// Reads the page of `subject`, and notes which series have ended. A page that is wrong ends all, as no page does; the
    /// error is why it is wrong.
    pub(crate) fn take(
        &mut self,
        subject: &Subject,
        page: Option<(&[u8], Format)>,
        now: i64,
    ) -> (Reading, Result<(), String>) {
        self.cache.round = self.cache.round.wrapping_add(1);
        let Some((page, format)) = page.filter(|(page, _)| !page.is_empty()) else {
            return (self.end(), Ok(()));
        };
        let mut before = None;
        if mem::take(&mut self.anew) {
            before = Some(self.start_anew());
        }
        let mut pass = Pass::new(subject, now, before.is_some());
        let mut outcome = pass.run(&mut self.cache, page, format, before.as_ref());
        if let Err(Halt::Changed) = outcome {
            before = Some(self.start_anew());
            pass = Pass::new(subject, now, true);
            outcome = pass.run(&mut self.cache, page, format, before.as_ref());
        }
        let counts = pass.reading.counts;
        match outcome {
            Ok(()) => (self.finish(pass.reading, before), Ok(())),
            Err(halt) => {
                let why = match halt {
                    Halt::Failure(why) => why,
                    Halt::Changed => "the page changes while it is read".to_owned(),
                };
                // What was there before counts, not what half a page says.
                if let Some(mut before) = before {
                    before.metas = mem::take(&mut self.cache.metas);
                    self.cache = before;
                    self.anew = true;
                }
                let mut reading = self.end();
                reading.counts = counts;
                (reading, Err(why))
            }
        }
    }

    fn start_anew(&mut self) -> Cache {
        let next = self.cache.successor();
        mem::replace(&mut self.cache, next)
    }

    /// All series have ended.
    pub(crate) fn end(&mut self) -> Reading {
        let mut reading = Reading::sized(self.cache.series.len());
        for (series, value) in self.cache.series.iter_mut().zip(&mut reading.values) {
            if mem::take(&mut series.tracked) {
                *value = STALE;
            }
        }
        reading
    }

    fn finish(&mut self, mut reading: Reading, before: Option<Cache>) -> Reading {
        let tracks_times = reading.tracks_times;
        reading.resize(self.cache.series.len());
        // Series that are written in another way than before are the same.
        let mut renewed: Vec<u64> = Vec::new();
        for (series, value) in self.cache.series.iter().zip(&reading.values) {
            if !is_absent(*value) && !series.known {
                renewed.push(series.identity);
            }
        }
        renewed.sort_unstable();
        for (series, (value, time)) in
            self.cache.series.iter_mut().zip(reading.values.iter_mut().zip(&reading.times))
        {
            let was_tracked = mem::take(&mut series.tracked);
            series.known = !is_absent(*value);
            if series.known {
                series.tracked = *time == NOW || tracks_times;
            } else if was_tracked && renewed.binary_search(&series.identity).is_err() {
                *value = STALE;
            }
        }
        if let Some(mut cache) = before {
            let mut ends = Reading::sized(cache.series.len());
            for (series, value) in cache.series.iter_mut().zip(&mut ends.values) {
                if series.tracked && renewed.binary_search(&series.identity).is_err() {
                    *value = STALE;
                }
            }
            reading.before = Some(Box::new((cache, ends)));
        }
        let round = self.cache.round;
        self.cache.metas.retain(|_, meta| round.wrapping_sub(meta.seen) <= 10);
        self.anew = self.cache.is_stale();
        reading
    }
}

impl Reading {
    fn sized(series: usize) -> Self {
        let mut reading = Self::default();
        reading.resize(series);
        reading
    }

    fn resize(&mut self, series: usize) {
        self.values.resize(series, ABSENT);
        self.times.resize(series, NOW);
    }
}

/// One way through a page.
struct Pass<'a> {
    subject: &'a Subject,
    reading: Reading,
    /// When the scrape began, in milliseconds.
    now: i64,
    /// Whether what pages say of families may change what is remembered: nothing of it is old.
    fresh: bool,
    kind: Kind,
    last: u32,
    taken: usize,
}

impl<'a> Pass<'a> {
    fn new(subject: &'a Subject, now: i64, fresh: bool) -> Self {
        let reading = Reading { tracks_times: subject.job.track_timestamps_staleness, ..Reading::default() };
        Self { subject, reading, now, fresh, kind: Kind::Unknown, last: NONE, taken: 0 }
    }

    fn run(
        &mut self,
        cache: &mut Cache,
        page: &[u8],
        format: Format,
        before: Option<&Cache>,
    ) -> Result<(), Halt> {
        self.fresh |= cache.series.is_empty();
        self.reading.resize(cache.series.len());
        let mut page = Page::new(page, format, self.subject.job.native_histograms);
        loop {
            let expected = match cache.series.get(self.last as usize) {
                Some(last) => last.next,
                None => cache.first,
            };
            let entry = page.next(cache.key(expected)).map_err(|error| Halt::Failure(error.to_string()))?;
            match entry {
                None => break,
                Some(Entry::Sample(sample)) => self.sample(cache, &sample, expected, before)?,
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
                    self.meta(cache, name, |meta| mem::replace(&mut meta.kind, kind) != kind)?;
                }
                Some(Entry::Help { name, text }) => {
                    self.meta(cache, name, |meta| put(&mut meta.help, &text))?;
                }
                Some(Entry::Unit { name, unit }) => {
                    self.meta(cache, name, |meta| put(&mut meta.unit, unit))?;
                }
            }
        }
        let limit = self.subject.job.limits.samples;
        if limit > 0 && self.taken > limit {
            return Err(Halt::Failure("sample limit exceeded".into()));
        }
        Ok(())
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
        let number = if is_expected {
            expected
        } else {
            let number = match cache.find(key) {
                Some(number) => number,
                None => cache.resolve(self.subject, key, self.kind, native).map_err(Halt::Failure)?,
            };
            match cache.series.get_mut(self.last as usize) {
                Some(last) => last.next = number,
                None => cache.first = number,
            }
            number
        };
        self.last = number;
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
            self.reading.values.resize(cache.series.len().max(at + 1), ABSENT);
            self.reading.times.resize(cache.series.len().max(at + 1), NOW);
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
        if let Some(time) = timestamp.filter(|_| self.subject.job.honor_timestamps) {
            self.reading.times[at] = time;
        }
        Some(number)
    }

    fn exemplar(&mut self, series: u32, exemplar: &slimcol_exposition::Exemplar<'_>) {
        let time = self.reading.times[series as usize];
        let encoded = exemplar::encode(exemplar, if time == NOW { self.now } else { time });
        self.reading.exemplars.entry(series).or_default().push(encoded);
    }

    /// Notes what a page says of a family; `change` tells whether that was not known.
    fn meta(
        &mut self,
        cache: &mut Cache,
        name: &str,
        change: impl FnOnce(&mut Meta) -> bool,
    ) -> Result<(), Halt> {
        let round = cache.round;
        let matters = if let Some(meta) = cache.metas.get_mut(name) {
            meta.seen = round;
            change(meta)
        } else {
            let mut meta = Meta { seen: round, ..Meta::default() };
            change(&mut meta);
            cache.metas.insert(name.into(), meta);
            cache.missed.contains(name)
        };
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

#[cfg(test)]
mod tests;
