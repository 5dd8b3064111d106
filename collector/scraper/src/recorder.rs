//! What was measured, on its way to OTLP.

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
    /// By metric.
    points: Vec<Vec<Point>>,
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
    /// Those that are wanted.
    attributes: Vec<String>,
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
        Self { switches, scope: encoded, points, begun: 0, now: 0 }
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
        self.add(metric, value.into(), attributes);
    }

    fn add(&mut self, metric: usize, value: Number, attributes: &[&str]) {
        let (Some(switch), Some(points)) = (self.switches.all.get(metric), self.points.get_mut(metric))
        else {
            return;
        };
        if !switch.on {
            return;
        }
        let wanted = attributes.iter().zip(&switch.attributes).filter(|(_, wanted)| **wanted);
        let attributes: Vec<String> = wanted.map(|(value, _)| (*value).to_owned()).collect();
        // With all attributes no two points are alike.
        let is_whole = switch.attributes.iter().all(|wanted| *wanted);
        let same =
            if is_whole { None } else { points.iter_mut().find(|point| point.attributes == attributes) };
        match same {
            Some(point) => point.join(value, switch.strategy),
            None => points.push(Point { value, of: 1, attributes }),
        }
    }

    /// How many points there are.
    pub fn points(&self) -> usize {
        self.points.iter().map(Vec::len).sum()
    }

    /// Appends all points as those of a resource to a request, and has none any more. A resource without points is none.
    pub fn emit(&mut self, to: &mut Vec<u8>, resource: &[(&str, Field<'_>)]) {
        if self.points() == 0 {
            return;
        }
        let Self { switches, scope, points, begun, now } = self;
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
                        message(to, 2, |to| metric(to, info, switch, points, (*begun, *now)));
                    }
                }
            });
        });
        points.iter_mut().for_each(Vec::clear);
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

fn metric(to: &mut Vec<u8>, info: &MetricInfo, switch: &Switch, points: &[Point], (begun, now): (u64, u64)) {
    text(to, 1, info.name);
    text(to, 2, info.help);
    text(to, 3, info.unit);
    let field = if info.kind == Kind::Gauge { 5 } else { 7 };
    message(to, field, |to| {
        for point in points {
            message(to, 1, |to| {
                let names = info.attributes.iter().zip(&switch.attributes).filter(|(_, wanted)| **wanted);
                for ((name, _), value) in names.zip(&point.attributes) {
                    attribute(to, 7, name.name, &value.into());
                }
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
