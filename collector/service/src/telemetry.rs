//! Who reads the collector's own metrics. What serves and sends them needs a network, so it is a crate of its own, which a
//! generated `main` passes in where the network is linked anyway.

use std::collections::BTreeMap;

use slimcol_config::{Metrics, MetricsLevel};

use crate::{
    BoxError, BoxFuture, Build, Context, Log, Running, Signals, StatusReporter, Stop, context::Process,
    failure::Failures, graph::Work,
};

/// Opens what serves and sends the collector's own metrics.
pub type Readers = fn(Report, Stop) -> BoxFuture<'static, Result<Running, BoxError>>;

/// What there is to report, and to whom.
#[derive(Debug)]
pub struct Report {
    /// The configuration.
    pub metrics: Metrics,
    /// Who the collector is.
    pub resource: BTreeMap<String, String>,
    /// The collector's log and instruments.
    pub context: Context,
}

/// The level at which a collector measures: nothing that nobody reads.
pub(crate) fn level(build: &Build, metrics: &Metrics) -> MetricsLevel {
    if build.readers.is_some() { metrics.level } else { MetricsLevel::None }
}

/// Opens the readers, if there are any.
///
/// # Errors
/// The text for the user.
pub(crate) async fn open(
    metrics: &Metrics,
    resource: BTreeMap<String, String>,
    log: &Log,
    process: &std::sync::Arc<Process>,
    failures: &Failures,
) -> Result<Option<Work>, String> {
    let Some(readers) = process.build.readers.filter(|_| metrics.level != MetricsLevel::None) else {
        return Ok(None);
    };
    crate::meter::watch_process(&process.meters);
    let context = Context {
        id: "telemetry".into(),
        kind: None,
        log: log.clone(),
        signals: Signals::NONE,
        status: StatusReporter::default(),
        process: process.clone(),
    };
    let report = Report { metrics: metrics.clone(), resource, context };
    let (handle, stop) = Stop::new();
    let work = Work::start(handle, readers(report, stop), log, failures, StatusReporter::default()).await;
    work.map(Some).map_err(|error| format!("failed to create meter provider: {error}"))
}
