//! Who reads the collector's own metrics, spans and log. What serves and sends them needs a network, so it is a crate of its own, which a
//! generated `main` passes in where the network is linked anyway.

use std::{collections::BTreeMap, sync::Arc};

use slimcol_config::{Logs, Metrics, MetricsLevel, Telemetry, Traces};

use crate::{
    BoxError, BoxFuture, Build, Context, Log, Running, Signals, StatusReporter, Stop, Waiting,
    context::Process, failure::Failures, graph::Work,
};

/// Opens what serves and sends the collector's own metrics, spans and log lines, if there is anything to do.
pub type Readers = fn(Report, Stop) -> BoxFuture<'static, Result<Running, BoxError>>;

/// What there is to report, and to whom.
#[derive(Debug)]
pub struct Report {
    /// The metrics' configuration.
    pub metrics: Metrics,
    /// The spans' configuration.
    pub traces: Traces,
    /// The log's configuration.
    pub logs: Logs,
    /// For each of the log's processors the lines that it is to send.
    pub lines: Vec<Arc<Waiting>>,
    /// Who the collector is.
    pub resource: BTreeMap<String, String>,
    /// The collector's log and instruments.
    pub context: Context,
}

/// The level at which a collector measures: nothing that nobody reads.
pub(crate) fn level(build: &Build, metrics: &Metrics) -> MetricsLevel {
    if build.readers.is_some() { metrics.level } else { MetricsLevel::None }
}

/// Whether spans are made for export.
pub(crate) fn exports(traces: &Traces) -> bool {
    traces.level != MetricsLevel::None && !traces.sent_by().is_empty()
}

/// Where lines of the log wait for each of its processors.
pub(crate) fn lines(build: &Build, logs: &Logs) -> Vec<Arc<Waiting>> {
    let sent_by = logs.sent_by().iter().filter(|_| build.readers.is_some());
    sent_by.map(|one| Waiting::new(one.most, one.batch)).collect()
}

/// Opens the readers, if there are any.
///
/// # Errors
/// The text for the user.
pub(crate) async fn open(
    telemetry: &Telemetry,
    resource: BTreeMap<String, String>,
    lines: Vec<Arc<Waiting>>,
    log: &Log,
    process: &Arc<Process>,
    failures: &Failures,
) -> Result<Option<Work>, String> {
    let Telemetry { metrics, traces, logs, .. } = telemetry;
    let measured = metrics.level != MetricsLevel::None;
    if traces.level != MetricsLevel::None {
        let propagated = process.tracing.propagate(&traces.propagators);
        propagated
            .map_err(|e| format!("failed to create tracer provider: error creating propagator: {e}"))?;
    }
    let Some(readers) = process.build.readers.filter(|_| measured || exports(traces) || !lines.is_empty())
    else {
        return Ok(None);
    };
    if measured {
        crate::meter::watch_process(&process.meters);
    }
    let context = Context {
        id: "telemetry".into(),
        kind: None,
        log: log.clone(),
        signals: Signals::NONE,
        status: StatusReporter::default(),
        process: process.clone(),
    };
    let (metrics, traces, logs) = (metrics.clone(), traces.clone(), logs.clone());
    let report = Report { metrics, traces, logs, lines, resource, context };
    let (handle, stop) = Stop::new();
    let work = Work::start(handle, readers(report, stop), log, failures, StatusReporter::default()).await;
    work.map(Some).map_err(|error| error.to_string())
}
