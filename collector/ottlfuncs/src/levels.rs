//! What statements and conditions of each signal can be about, with the functions that there are for it.

use slimcol_ottl::{Level, Levels};
use slimcol_ottleval::{Kind, function::Functions};
use slimcol_pdata::Signal;

use crate::{LOG, METRIC, METRIC_CONDITIONS, POINT, SPAN, SPAN_CONDITIONS, STANDARD};

const fn level(kind: Kind, functions: Functions) -> Level {
    Level { kind, statements: functions, conditions: functions }
}

const RESOURCE: Level = level(Kind::Resource, STANDARD);
const SCOPE: Level = level(Kind::Scope, STANDARD);

/// The levels of metrics, whose statements have `functions`, and those of their points `points`; exemplars only statements can
/// be about.
const fn metrics(functions: Functions, points: Functions) -> [Level; 5] {
    let metric = Level { kind: Kind::Metric, statements: functions, conditions: METRIC_CONDITIONS };
    [RESOURCE, SCOPE, metric, level(Kind::DataPoint, points), level(Kind::Exemplar, STANDARD)]
}

/// The levels of traces, whose spans have `functions`.
const fn traces(functions: Functions) -> [Level; 4] {
    [RESOURCE, SCOPE, level(Kind::Span, functions), level(Kind::SpanEvent, STANDARD)]
}

/// For who has statements about that signal, which may have conditions.
pub const fn of_statements(signal: Signal) -> Levels {
    const TRACES: &[Level] = &traces(SPAN);
    const METRICS: &[Level] = &metrics(METRIC, POINT);
    const LOGS: &[Level] = &[RESOURCE, SCOPE, level(Kind::Log, LOG)];
    levels(signal, [TRACES, METRICS, LOGS])
}

/// For who has only conditions, and is spared what only statements can do.
pub const fn of_conditions(signal: Signal) -> Levels {
    const TRACES: &[Level] = &traces(SPAN_CONDITIONS);
    const METRICS: &[Level] = metrics(METRIC_CONDITIONS, STANDARD).split_at(4).0;
    const LOGS: &[Level] = &[RESOURCE, SCOPE, level(Kind::Log, STANDARD)];
    levels(signal, [TRACES, METRICS, LOGS])
}

const fn levels(signal: Signal, of: [&'static [Level]; 3]) -> Levels {
    Levels(of[signal as usize])
}
