//! What conditions can be about, by signal, and the functions that there are.

use slimcol_ottl::{
    Kind, Level, Levels,
    functions::{Functions, METRIC_CONDITIONS, SPAN, STANDARD},
};
use slimcol_pdata::Signal;

const fn level(kind: Kind, functions: Functions) -> Level {
    Level { kind, statements: functions, conditions: functions }
}

/// What conditions about that signal can be about.
pub(crate) const fn levels(signal: Signal) -> Levels {
    const TRACES: &[Level] = &[
        level(Kind::Resource, STANDARD),
        level(Kind::Scope, STANDARD),
        level(Kind::Span, SPAN),
        level(Kind::SpanEvent, STANDARD),
    ];
    const METRICS: &[Level] = &[
        level(Kind::Resource, STANDARD),
        level(Kind::Scope, STANDARD),
        level(Kind::Metric, METRIC_CONDITIONS),
        level(Kind::DataPoint, STANDARD),
    ];
    const LOGS: &[Level] =
        &[level(Kind::Resource, STANDARD), level(Kind::Scope, STANDARD), level(Kind::Log, STANDARD)];
    Levels(match signal {
        Signal::Traces => TRACES,
        Signal::Metrics => METRICS,
        Signal::Logs => LOGS,
    })
}
