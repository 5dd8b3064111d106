//! How a collector's own metrics, spans and log lines reach those who want them: a page for Prometheus, OTLP requests now and then,
//! or lines on the standard output, as `service::telemetry::metrics::readers`, `service::telemetry::traces::processors` and
//! `service::telemetry::logs::processors` say.
//!
//! ```yaml
//! service:
//!   telemetry:
//!     metrics:
//!       level: normal
//!       readers:
//!         - pull: {exporter: {prometheus: {host: localhost, port: 8888}}}
//!         - periodic: {interval: 60000, exporter: {otlp: {protocol: grpc, endpoint: http://gateway:4317}}}
//!     traces:
//!       propagators: [tracecontext]
//!       processors:
//!         - batch: {exporter: {otlp: {protocol: http/protobuf, endpoint: http://gateway:4318}}}
//!     logs:
//!       processors:
//!         - batch: {exporter: {otlp: {protocol: http/protobuf, endpoint: http://gateway:4318}}}
//! ```
//!
//! A generated `main` passes [`open`] in where components that talk over a network are linked: all that is needed is there
//! then.

mod encode;
mod export;
mod page;
mod push;
mod reshape;
mod spans;
mod target;
mod text;

use std::{fmt, sync::Arc, task::Poll};

use slimcol_config::{Metrics, MetricsLevel, Reader, Traces, View};
use slimcol_pdata::Signal;
use slimcol_service::{
    BoxError, BoxFuture, Context, Readers, Report, Running, Stop,
    meter::{Meters, Metric},
};

use self::{export::Export, page::Page, push::Push};

// That it is what a generated `main` passes in.
const _: Readers = open;

/// Where readers get the metrics from.
#[derive(Clone, Debug)]
struct Origin {
    meters: Arc<Meters>,
    views: Arc<[View]>,
    resource: Arc<[(String, String)]>,
}

impl Origin {
    fn metrics(&self) -> Vec<Metric> {
        reshape::apply(&self.views, self.meters.snapshot())
    }
}

/// What runs until it is told to stop. Boxed, so that running them is compiled once.
type Works = Vec<BoxFuture<'static, ()>>;

/// Opens everything that is configured; what is returned runs until told to stop.
///
/// # Errors
/// An address cannot be listened on, or certificates cannot be loaded: the Go collector's texts.
pub fn open(report: Report, stop: Stop) -> BoxFuture<'static, Result<Running, BoxError>> {
    Box::pin(open_all(report, stop))
}

async fn open_all(report: Report, stop: Stop) -> Result<Running, BoxError> {
    let Report { metrics, traces, logs, lines, resource, context } = report;
    let origin = Origin {
        meters: context.meters().clone(),
        views: metrics.reshaped().into(),
        resource: resource.into_iter().collect(),
    };
    // The log stops when the others have: it takes what they say of that.
    let (last, stop_last) = Stop::new();
    let mut exports: Works = Vec::new();
    for (config, waiting) in logs.sent_by().iter().zip(lines) {
        // What it says itself is not for export: it would never come to an end.
        let (resource, log) = (origin.resource.clone(), context.log().unexported());
        let export = Export::new(config, Signal::Logs, waiting, resource, &context, log)
            .map_err(|e| format!("failed to create logger: {e}"))?;
        exports.push(Box::pin(export.run(stop_last.clone())));
    }
    let readers = read(&metrics, &traces, origin, &context, stop).await;
    if readers.is_err() {
        last.stop();
        for export in exports.drain(..) {
            export.await;
        }
    }
    let mut readers = readers?;
    Ok(Running::new(async move {
        // All of them in one task: they wait nearly all the time.
        std::future::poll_fn(|cx| {
            readers.retain_mut(|reader| reader.as_mut().poll(cx).is_pending());
            if readers.is_empty() {
                last.stop();
            }
            exports.retain_mut(|export| export.as_mut().poll(cx).is_pending());
            if readers.is_empty() && exports.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        Ok(())
    }))
}

/// Opens what serves and sends metrics and spans.
async fn read(
    metrics: &Metrics,
    traces: &Traces,
    origin: Origin,
    context: &Context,
    mut stop: Stop,
) -> Result<Works, BoxError> {
    let mut readers: Works = Vec::new();
    let metered = metrics.level != MetricsLevel::None;
    for reader in metrics.read_by().iter().filter(|_| metered) {
        let failed = |error: &dyn fmt::Display| format!("failed to create meter provider: {error}");
        match reader {
            Reader::Prometheus(config) => {
                let page = Page::open(config, origin.clone(), context).await.map_err(|e| failed(&e))?;
                readers.push(Box::pin(page.serve(stop.clone())));
            }
            Reader::Periodic(config) => {
                let push = Push::new(config, origin.clone(), context).map_err(|e| failed(&e))?;
                readers.push(Box::pin(push.run(stop.clone())));
            }
            Reader::None => {}
        }
    }
    let made = traces.level != MetricsLevel::None;
    for config in traces.sent_by().iter().filter(|_| made) {
        let spans = spans::export(config, origin.resource.clone(), context, stop.clone())
            .map_err(|e| format!("failed to create tracer provider: {e}"))?;
        readers.push(Box::pin(spans));
    }
    // There may be no other.
    readers.push(Box::pin(async move { stop.wait().await }));
    Ok(readers)
}

#[cfg(test)]
mod tests;
