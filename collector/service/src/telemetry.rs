//! Who reads the collector's own metrics and spans. What serves and sends them needs a network, so it is a crate of its own, which a
//! generated `main` passes in where the network is linked anyway.

use std::collections::BTreeMap;

use slimcol_config::{Metrics, MetricsLevel, Telemetry, Traces};

use crate::{
    BoxError, BoxFuture, Build, Context, Log, Running, Signals, StatusReporter, Stop, context::Process,
    failure::Failures, graph::Work,
};

/// Opens what serves and sends the collector's own metrics and spans, if there is anything to do.
pub type Readers = fn(Report, Stop) -> BoxFuture<'static, Result<Running, BoxError>>;

/// What there is to report, and to whom.
#[derive(Debug)]
pub struct Report {
    /// The metrics' configuration.
    pub metrics: Metrics,
    /// The spans' configuration.
    pub traces: Traces,
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

/// Opens the readers, if there are any.
///
/// # Errors
/// The text for the user.
pub(crate) async fn open(
    telemetry: &Telemetry,
    resource: BTreeMap<String, String>,
    log: &Log,
    process: &std::sync::Arc<Process>,
    failures: &Failures,
) -> Result<Option<Work>, String> {
    let Telemetry { metrics, traces, .. } = telemetry;
    let measured = metrics.level != MetricsLevel::None;
    if traces.level != MetricsLevel::None {
        let propagated = process.tracing.propagate(&traces.propagators);
        propagated
            .map_err(|e| format!("failed to create tracer provider: error creating propagator: {e}"))?;
    }
    let Some(readers) = process.build.readers.filter(|_| measured || exports(traces)) else {
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
    let report = Report { metrics: metrics.clone(), traces: traces.clone(), resource, context };
    let (handle, stop) = Stop::new();
    let work = Work::start(handle, readers(report, stop), log, failures, StatusReporter::default()).await;
    work.map(Some).map_err(|error| error.to_string())
}
