//! What was measured, on its way to OTLP.

use std::ops::Range;

use slimcol_service::{
    Field,
    wire::{attribute, bytes, fixed, message, number, text},
};

use crate::{Kind, MetricInfo, Strategy, Switches, switches::Switch};

const CUMULATIVE: u64 = 2;

/// Collects the points of one resource after the other.
#[derive(Debug)]
pub struct Recorder {
    switches: Switches,
    scope: Vec<u8>,
    schema_url: &'static str,
    /// By metric.
    points: Vec<Vec<Point>>,
    /// The attributes of all points as they are sent: no memory is asked for point by point.
    attributes: Vec<u8>,
    /// Nanoseconds of 1970.
    begun: u64,
    now: u64,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole one.
    Int(i64),
    /// One with a fraction.
    Double(f64),
}

#[derive(Debug)]
struct Point {
    value: Number,
    /// Of how many the value is made.
    of: u32,
    /// Where those attributes stand that are wanted.
    attributes: Range<usize>,
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl Recorder {
    /// A recorder of what `switches` want; `scope` is the name of the instrumentation scope and its version.
    pub fn new(switches: Switches, scope: (&str, &str)) -> Self {
        let mut encoded = Vec::new();
        text(&mut encoded, 1, scope.0);
        text(&mut encoded, 2, scope.1);
        let points = switches.table.iter().map(|_| Vec::new()).collect();
        Self { switches, scope: encoded, schema_url: "", points, attributes: Vec::new(), begun: 0, now: 0 }
    }

    /// The same, whose resources follow the conventions at `schema_url`.
    #[must_use]
    pub fn with_schema(self, schema_url: &'static str) -> Self {
        Self { schema_url, ..self }
    }

    /// Points are from now on of the time `now`, of what began to count at `begun`: nanoseconds of 1970.
    pub fn set_times(&mut self, begun: u64, now: u64) {
        (self.begun, self.now) = (begun, now);
    }

    /// What is wanted.
    pub fn switches(&self) -> &Switches {
        &self.switches
    }

    /// Adds a point of the metric at this place of the table, with the values of all its attributes.
    pub fn record(&mut self, metric: usize, value: impl Into<Number>, attributes: &[&str]) {
        self.add(metric, value.into(), attributes.len(), &|at| attributes[at].into());
    }

    /// The same where attributes are not all text.
    pub fn record_with(&mut self, metric: usize, value: impl Into<Number>, attributes: &[Field<'_>]) {
        self.add(metric, value.into(), attributes.len(), &|at| attributes[at].clone());
    }

    fn add<'a>(
        &mut self,
        metric: usize,
        value: Number,
        attributes: usize,
        attribute_at: &dyn Fn(usize) -> Field<'a>,
    ) {
        let Some(switch) = self.switches.all.get(metric).filter(|switch| switch.on) else { return };
        let Some(points) = self.points.get_mut(metric) else { return };
        let begin = self.attributes.len();
        let known = self.switches.table[metric].attributes.iter().zip(&switch.attributes).enumerate();
        for (at, (info, _)) in known.filter(|(at, (_, wanted))| **wanted && *at < attributes) {
            attribute(&mut self.attributes, 7, info.name, &attribute_at(at));
        }
        let (before, own) = self.attributes.split_at(begin);
        // With all attributes no two points are alike.
        let is_whole = switch.attributes.iter().all(|wanted| *wanted);
        let alike = |point: &&mut Point| before.get(point.attributes.clone()) == Some(own);
        let same = if is_whole { None } else { points.iter_mut().find(alike) };
        match same {
            Some(point) => {
                point.join(value, switch.strategy);
                self.attributes.truncate(begin);
            }
            None => points.push(Point { value, of: 1, attributes: begin..self.attributes.len() }),
        }
    }

    /// How many points there are.
    pub fn points(&self) -> usize {
        self.points.iter().map(Vec::len).sum()
    }

    /// Forgets all points.
    pub fn clear(&mut self) {
        self.points.iter_mut().for_each(Vec::clear);
        self.attributes.clear();
    }

    /// Appends all points as those of a resource to a request, and has none any more. A resource without points is none.
    pub fn emit(&mut self, to: &mut Vec<u8>, resource: &[(&str, Field<'_>)]) {
        if self.points() == 0 {
            return;
        }
        let Self { switches, scope, schema_url, points, attributes, begun, now } = self;
        let times = (*begun, *now);
        message(to, 1, |to| {
            message(to, 1, |to| {
                for (name, value) in resource {
                    attribute(to, 1, name, value);
                }
            });
            message(to, 2, |to| {
                bytes(to, 1, scope);
                for ((info, switch), points) in switches.table.iter().zip(&switches.all).zip(&*points) {
                    if !points.is_empty() {
                        message(to, 2, |to| metric(to, info, switch, (points, attributes), times));
                    }
                }
            });
            text(to, 3, schema_url);
        });
        self.clear();
    }
}

impl Point {
    fn join(&mut self, other: Number, strategy: Strategy) {
        self.of += 1;
        self.value = match (self.value, other) {
            (Number::Int(a), Number::Int(b)) => Number::Int(match strategy {
                Strategy::Sum | Strategy::Avg => a.saturating_add(b),
                Strategy::Min => a.min(b),
                Strategy::Max => a.max(b),
            }),
            (a, b) => {
                let (a, b) = (a.double(), b.double());
                Number::Double(match strategy {
                    Strategy::Sum | Strategy::Avg => a + b,
                    Strategy::Min => a.min(b),
                    Strategy::Max => a.max(b),
                })
            }
        };
    }

    fn result(&self, strategy: Strategy) -> Number {
        match self.value {
            value if strategy != Strategy::Avg || self.of == 1 => value,
            Number::Int(sum) => Number::Int(sum / i64::from(self.of)),
            Number::Double(sum) => Number::Double(sum / f64::from(self.of)),
        }
    }
}

impl Number {
    #[allow(clippy::cast_precision_loss, reason = "a table has whole numbers or others, never both")]
    fn double(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Double(value) => value,
        }
    }
}

fn metric(
    to: &mut Vec<u8>,
    info: &MetricInfo,
    switch: &Switch,
    (points, attributes): (&[Point], &[u8]),
    (begun, now): (u64, u64),
) {
    text(to, 1, info.name);
    text(to, 2, info.help);
    text(to, 3, info.unit);
    let field = if info.kind == Kind::Gauge { 5 } else { 7 };
    message(to, field, |to| {
        for point in points {
            message(to, 1, |to| {
                to.extend_from_slice(&attributes[point.attributes.clone()]);
                fixed(to, 2, begun);
                fixed(to, 3, now);
                match point.result(switch.strategy) {
                    Number::Int(value) => fixed(to, 6, value.cast_unsigned()),
                    Number::Double(value) => fixed(to, 4, value.to_bits()),
                }
            });
        }
        if info.kind != Kind::Gauge {
            number(to, 2, CUMULATIVE);
        }
        if info.kind == Kind::Counter {
            number(to, 3, 1);
        }
    });
}

#[cfg(test)]
mod tests;
