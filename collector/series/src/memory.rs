//! A target from scrape to scrape: what a page says becomes values of series, and what is no longer there is told once.

mod pass;

use std::{
    collections::{HashMap, HashSet},
    mem,
};

use slimcol_exposition::{Format, Native};

use self::pass::{Halt, Pass};
use crate::{cache::Cache, subject::Subject};

/// The value of a series that is not on the page; no page has this one.
pub(crate) const ABSENT: f64 = f64::from_bits(0x7ff8_0000_0000_0a85);
/// The value of a series that was there the last time; Prometheus' own.
pub const STALE: f64 = f64::from_bits(0x7ff0_0000_0000_0002);
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
pub struct Memory {
    pub(crate) cache: Cache,
    /// Whether so much is remembered in vain that it is to be made anew.
    anew: bool,
    /// How many series there were after the last scrape, and whether they have room for more.
    grown: (usize, bool),
    /// How many series there were in the last scrape, if it had all of them, with no times of their own.
    whole: Option<usize>,
    /// How long the last request was.
    pub(crate) written: usize,
}

/// What one scrape brought.
#[derive(Debug, Default)]
pub struct Reading {
    /// By series.
    pub(crate) values: Vec<f64>,
    /// By series, milliseconds; of none behind the last that has a time of its own.
    pub(crate) times: Vec<i64>,
    /// By series, as they are sent.
    pub(crate) exemplars: HashMap<u32, Vec<Vec<u8>>>,
    /// By series.
    pub(crate) natives: HashMap<u32, Native>,
    /// What is told of the end of series of a memory that was made anew.
    pub(crate) before: Option<Box<(Cache, Self)>>,
    /// What the page had.
    pub counts: Counts,
    /// Whether the ends of series with times of their own are told.
    tracks_times: bool,
}

/// What a scrape tells of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Samples on the page.
    pub scraped: usize,
    /// Samples after relabelling.
    pub kept: usize,
    /// Series that were not there before.
    pub added: usize,
}

impl Memory {
    /// Reads the page of `subject`, and notes which series have ended. A page that is wrong ends all, as no page does; the
    /// error is why it is wrong.
    pub fn take(
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
            Ok(()) => (self.finish(pass.reading, before, pass.taken), Ok(())),
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
    pub fn end(&mut self) -> Reading {
        self.whole = None;
        let mut reading = Reading::sized(self.cache.series.len());
        for (series, value) in self.cache.series.iter_mut().zip(&mut reading.values) {
            if mem::take(&mut series.tracked) {
                *value = STALE;
            }
        }
        reading
    }

    fn finish(&mut self, mut reading: Reading, before: Option<Cache>, taken: usize) -> Reading {
        let is_whole = before.is_none() && taken == self.cache.series.len() && reading.times.is_empty();
        let whole = is_whole.then_some(taken);
        if mem::replace(&mut self.whole, whole) == whole && is_whole {
            // All were known and are, and nothing ends.
            self.cache.metas.forget(self.cache.round);
            self.settle();
            return reading;
        }
        let tracks_times = reading.tracks_times;
        reading.resize(self.cache.series.len());
        // Series that are written in another way than before are the same; only what ends is looked for among them.
        let all = || self.cache.series.iter().zip(&reading.values);
        let renewed: HashSet<u64> =
            if before.is_some() || all().any(|(series, value)| series.tracked && is_absent(*value)) {
                let new = all().filter(|(series, value)| !is_absent(**value) && !series.known);
                new.map(|(series, _)| series.identity).collect()
            } else {
                HashSet::new()
            };
        let mut times = reading.times.iter();
        for (series, value) in self.cache.series.iter_mut().zip(&mut reading.values) {
            let has_time = times.next().is_some_and(|time| *time != NOW);
            let was_tracked = mem::take(&mut series.tracked);
            series.known = !is_absent(*value);
            if series.known {
                series.tracked = !has_time || tracks_times;
            } else if was_tracked && !renewed.contains(&series.identity) {
                *value = STALE;
            }
        }
        if let Some(mut cache) = before {
            let mut ends = Reading::sized(cache.series.len());
            for (series, value) in cache.series.iter_mut().zip(&mut ends.values) {
                if series.tracked && !renewed.contains(&series.identity) {
                    *value = STALE;
                }
            }
            reading.before = Some(Box::new((cache, ends)));
        }
        let round = self.cache.round;
        self.cache.metas.forget(round);
        self.anew = self.cache.is_stale();
        self.settle();
        reading
    }

    /// Gives back what growing took in advance, once a scrape has brought nothing new.
    fn settle(&mut self) {
        let (before, roomy) = self.grown;
        let now = self.cache.series.len();
        if now == before && roomy {
            self.cache.shrink();
        }
        self.grown = (now, now != before);
    }
}

impl Reading {
    fn sized(series: usize) -> Self {
        let mut reading = Self::default();
        reading.resize(series);
        reading
    }

    #[inline(never)]
    fn resize(&mut self, series: usize) {
        self.values.resize(series, ABSENT);
    }
}

#[cfg(test)]
mod tests;
