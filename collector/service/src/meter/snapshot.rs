//! What all instruments show at one time.

use std::sync::PoisonError;

use super::{Family, Labels, Meters, instruments::Source};

/// The instruments of one name.
#[derive(Clone, Debug)]
pub struct Metric {
    /// What they have in common.
    pub family: &'static Family,
    /// The name, the family's unless it was changed.
    pub name: String,
    /// The description likewise.
    pub help: String,
    /// One for each combination of labels, sorted by them.
    pub points: Vec<Point>,
}

/// One instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Sorted by name.
    pub labels: Labels,
    /// What it shows.
    pub value: Value,
}

/// What an instrument shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A sum or a state.
    Number(f64),
    /// How many values each bucket has, the last without a bound, and the sum of all.
    Buckets(Vec<u64>, f64),
}

impl Meters {
    /// What the instruments show now, sorted by name. Those with the same name and labels show as one, with their sum.
    #[allow(clippy::cast_precision_loss, reason = "Go's exposition counts in floating point too")]
    pub fn snapshot(&self) -> Vec<Metric> {
        let mut metrics: Vec<Metric> = Vec::new();
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|instrument| {
            let value = match &instrument.source {
                Source::Counter(cells, at) => cells.sum(*at).map(|sum| Value::Number(sum as f64)),
                Source::Read(read) => read().map(Value::Number),
                Source::Histogram(histogram) => {
                    // A sum of seconds is kept in nanoseconds.
                    let unit = if instrument.family.unit == "s" { 1e9 } else { 1.0 };
                    histogram.read().map(|(counts, sum)| Value::Buckets(counts, sum as f64 / unit))
                }
            };
            let Some(value) = value else { return !matches!(instrument.source, Source::Read(_)) };
            let point = Point { labels: instrument.labels.clone(), value };
            match metrics.iter_mut().find(|metric| metric.is_of(instrument.family)) {
                Some(metric) => metric.add(point),
                None => metrics.push(Metric::new(instrument.family, point)),
            }
            true
        });
        drop(all);
        slimcol_order::sort_by_key(&mut metrics, |metric| metric.family.name);
        for metric in &mut metrics {
            slimcol_order::sort_by(&mut metric.points, |a, b| a.labels.cmp(&b.labels));
        }
        metrics
    }
}

impl Metric {
    fn new(family: &'static Family, point: Point) -> Self {
        Self { family, name: family.name.to_owned(), help: family.help.to_owned(), points: vec![point] }
    }

    /// Whether these are the family's instruments. Two packages may have metrics of one name.
    fn is_of(&self, family: &Family) -> bool {
        (self.family.name, self.family.scope) == (family.name, family.scope)
    }

    /// Adds a point, or adds to the one that has the same labels.
    pub fn add(&mut self, point: Point) {
        match self.points.iter_mut().find(|known| known.labels == point.labels) {
            Some(known) => known.value.add(point.value),
            None => self.points.push(point),
        }
    }
}

impl Value {
    fn add(&mut self, other: Self) {
        match (self, other) {
            (Self::Number(mine), Self::Number(other)) => *mine += other,
            (Self::Buckets(mine, sum), Self::Buckets(other, more)) => {
                *sum += more;
                for (mine, other) in mine.iter_mut().zip(other) {
                    *mine += other;
                }
            }
            // One family has one shape.
            _ => {}
        }
    }
}
