//! OpenTelemetry's data: traces, metrics and logs as they pass through a collector.
//!
//! Telemetry is kept as the bytes of the request that brought it ([`Otlp`], or [`Data`] for any signal). They are checked
//! once, at the door, by a pass that also counts; behind it everybody may rely on them. So a relay never decodes: batching
//! lays requests one behind the other, splitting cuts them, exporters send them.

mod check;
mod data;
mod fields;
mod invalid;
mod json;
mod level;
mod merge;
mod otlp;
mod put;
mod rope;
mod schema;
mod signal;
mod split;
mod wire;

pub use self::{
    data::Data,
    invalid::Invalid,
    otlp::{Logs, LogsKind, Metrics, MetricsKind, Of, Otlp, Traces, TracesKind},
    signal::Signal,
};
