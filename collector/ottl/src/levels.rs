//! What statements and conditions of each signal can be about, and the functions that there are.

use slimcol_pdata::Signal;

use crate::{
    context::Kind,
    functions::{Functions, LOG, METRIC, METRIC_CONDITIONS, POINT, SPAN, STANDARD},
};

/// What statements of one signal may be about, and which functions they have there.
#[derive(Clone, Copy, Debug)]
pub struct Levels(pub(crate) &'static [Level]);

/// One thing that statements may be about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    /// What it is.
    pub(crate) kind: Kind,
    /// The functions of statements.
    pub(crate) statements: Functions,
    /// The functions of conditions.
    pub(crate) conditions: Functions,
}

const fn level(kind: Kind, functions: Functions) -> Level {
    Level { kind, statements: functions, conditions: functions }
}

const RESOURCE: Level = level(Kind::Resource, STANDARD);
const SCOPE: Level = level(Kind::Scope, STANDARD);

/// The levels of metrics, whose statements have `functions`, and those of their points `points`.
const fn metrics(functions: Functions, points: Functions) -> [Level; 4] {
    let metric = Level { kind: Kind::Metric, statements: functions, conditions: METRIC_CONDITIONS };
    [RESOURCE, SCOPE, metric, level(Kind::DataPoint, points)]
}

impl Levels {
    /// For who has statements about that signal, which may have conditions.
    pub const fn of_statements(signal: Signal) -> Self {
        const METRICS: &[Level] = &metrics(METRIC, POINT);
        const LOGS: &[Level] = &[RESOURCE, SCOPE, level(Kind::Log, LOG)];
        Self::new(signal, METRICS, LOGS)
    }

    /// For who has only conditions, and is spared what only statements can do.
    pub const fn of_conditions(signal: Signal) -> Self {
        const METRICS: &[Level] = &metrics(METRIC_CONDITIONS, STANDARD);
        const LOGS: &[Level] = &[RESOURCE, SCOPE, level(Kind::Log, STANDARD)];
        Self::new(signal, METRICS, LOGS)
    }

    const fn new(signal: Signal, metrics: &'static [Level], logs: &'static [Level]) -> Self {
        const TRACES: &[Level] =
            &[RESOURCE, SCOPE, level(Kind::Span, SPAN), level(Kind::SpanEvent, STANDARD)];
        Self(match signal {
            Signal::Traces => TRACES,
            Signal::Metrics => metrics,
            Signal::Logs => logs,
        })
    }
}
