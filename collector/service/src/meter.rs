//! What the collector counts of itself: instruments that components add to, and a snapshot of them for who serves or sends
//! them.
//!
//! An instrument's labels are fixed when it is made, so that counting is one addition to an atomic. Above the configured level
//! an instrument is inert and shows nowhere.

pub mod bounds;
mod instruments;
mod process;
mod processing;
mod receiving;
pub mod requests;
mod snapshot;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

pub use slimcol_config::MetricsLevel;

use self::instruments::{Cells, Source};
pub(crate) use self::process::watch_process;
pub use self::{
    instruments::{Counters, Histogram},
    processing::Processed,
    receiving::Received,
    snapshot::{Metric, Point, Value},
};

/// Names and values.
pub type Labels = Vec<(&'static str, String)>;

/// What instruments of one name have in common.
#[derive(Debug)]
pub struct Family {
    /// The name (`otelcol_exporter_sent_spans`).
    pub name: &'static str,
    /// The unit in UCUM (`By`, `s`, `{spans}`). What counts seconds has fractions, all else is whole.
    pub unit: &'static str,
    /// The description, which ends with the stability as in Go (` [Alpha]`).
    pub help: &'static str,
    /// The Go package that has this metric.
    pub scope: &'static str,
    /// What is measured.
    pub shape: Shape,
    /// From which level on it is measured.
    pub level: MetricsLevel,
}

/// What kind of number an instrument has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A sum that only grows.
    Counter,
    /// A sum that grows and shrinks.
    UpDown,
    /// A state.
    Gauge,
    /// How many values lie at or below each bound.
    Histogram(&'static [f64]),
}

/// All instruments of a process.
pub struct Meters {
    level: MetricsLevel,
    all: Mutex<Vec<Instrument>>,
}

struct Instrument {
    family: &'static Family,
    labels: Labels,
    source: Source,
}

/// Makes a component's instruments: those of which the name says whose they are carry the component's id.
#[derive(Clone)]
pub struct Meter {
    meters: Arc<Meters>,
    owner: Option<(&'static str, Arc<str>)>,
}

impl Meters {
    /// No instruments yet; those above `level` will be inert.
    pub fn new(level: MetricsLevel) -> Arc<Self> {
        Arc::new(Self { level, all: Mutex::default() })
    }

    fn add(&self, instrument: Instrument) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).push(instrument);
    }

    /// What has the name and the labels already.
    fn find<T>(&self, family: &Family, labels: &Labels, pick: impl Fn(&Source) -> Option<T>) -> Option<T> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut same = all.iter().filter(|one| std::ptr::eq(one.family, family) && one.labels == *labels);
        same.find_map(|one| pick(&one.source))
    }
}

impl Meter {
    /// A meter whose instruments carry `owner`, a label and its value.
    pub(crate) fn new(meters: Arc<Meters>, owner: Option<(&'static str, Arc<str>)>) -> Self {
        Self { meters, owner }
    }

    /// Whether what is measured at `level` is measured.
    pub fn measures(&self, level: MetricsLevel) -> bool {
        level <= self.meters.level
    }

    /// Counters that show together, from the first time that one of them counts. Who asks for those of the same names and
    /// labels gets the same ones: they go on from where they are when a component is replaced.
    pub fn counters(&self, families: &[&'static Family], labels: &[(&'static str, String)]) -> Counters {
        let measured = |family: &&&'static Family| self.measures(family.level);
        if families.iter().find(measured).is_none() {
            return Counters(None);
        }
        let labels = self.labels(labels);
        let known = families.iter().enumerate().find_map(|(place, family)| {
            self.meters.find(family, &labels, |source| match source {
                Source::Counter(cells, at) if *at == place && cells.len() == families.len() => {
                    Some(cells.clone())
                }
                _ => None,
            })
        });
        if known.is_some() {
            return Counters(known);
        }
        let cells = Cells::new(families.len());
        for (at, family) in families.iter().enumerate().filter(|(_, family)| measured(family)) {
            self.add(family, labels.clone(), Source::Counter(cells.clone(), at));
        }
        Counters(Some(cells))
    }

    /// A value that is asked for when somebody wants to see it, as long as there is one: what it is the value of may end.
    pub fn observe<V: Into<Option<f64>>>(
        &self,
        family: &'static Family,
        labels: &[(&'static str, String)],
        read: impl Fn() -> V + Send + Sync + 'static,
    ) {
        if self.measures(family.level) {
            self.add(family, self.labels(labels), Source::Read(Box::new(move || read().into())));
        }
    }

    /// A histogram with the family's bounds.
    pub fn histogram(&self, family: &'static Family, labels: &[(&'static str, String)]) -> Histogram {
        let Shape::Histogram(bounds) = family.shape else { return Histogram::inert() };
        if !self.measures(family.level) {
            return Histogram::inert();
        }
        let labels = self.labels(labels);
        let known = self.meters.find(family, &labels, |source| match source {
            Source::Histogram(histogram) => Some(histogram.clone()),
            _ => None,
        });
        known.unwrap_or_else(|| {
            let histogram = Histogram::new(bounds);
            self.add(family, labels, Source::Histogram(histogram.clone()));
            histogram
        })
    }

    fn labels(&self, labels: &[(&'static str, String)]) -> Labels {
        let owner = self.owner.iter().map(|(name, id)| (*name, id.to_string()));
        let mut labels: Labels = owner.chain(labels.iter().cloned()).collect();
        slimcol_order::sort(&mut labels);
        labels
    }

    fn add(&self, family: &'static Family, labels: Labels, source: Source) {
        self.meters.add(Instrument { family, labels, source });
    }
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").field("level", &self.level).finish_non_exhaustive()
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter").field("owner", &self.owner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
