//! How a collector's own metrics and spans reach those who want them: a page for Prometheus, OTLP requests now and then, or lines on
//! the standard output, as `service::telemetry::metrics::readers` and `service::telemetry::traces::processors` say.
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
//! ```
//!
//! A generated `main` passes [`READERS`] in where components that talk over a network are linked: all that is needed is there
//! then.

mod encode;
mod number;
mod page;
mod push;
mod reshape;
mod spans;
mod target;
mod text;

use std::{fmt, sync::Arc, task::Poll};

use slimcol_config::{MetricsLevel, Reader, View};
use slimcol_service::{
    BoxError, BoxFuture, Readers, Report, Running, Stop,
    meter::{Meters, Metric},
};

use self::{page::Page, push::Push, spans::Spans};

/// What a collector is built with.
pub const READERS: Readers = |report, stop| Box::pin(open(report, stop));

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

/// Opens everything that is configured; what is returned runs until told to stop.
async fn open(report: Report, stop: Stop) -> Result<Running, BoxError> {
    let Report { metrics, traces, resource, context } = report;
    let origin = Origin {
        meters: context.meters().clone(),
        views: metrics.reshaped().into(),
        resource: resource.into_iter().collect(),
    };
    // Boxed, so that running them is compiled once.
    let mut readers: Vec<BoxFuture<'static, ()>> = Vec::new();
    let metered = metrics.level != MetricsLevel::None;
    for reader in metrics.read_by().iter().filter(|_| metered) {
        let failed = |error: &dyn fmt::Display| format!("failed to create meter provider: {error}");
        match reader {
            Reader::Prometheus(config) => {
                let page = Page::open(config, origin.clone(), &context).await.map_err(|e| failed(&e))?;
                readers.push(Box::pin(page.serve(stop.clone())));
            }
            Reader::Periodic(config) => {
                let push = Push::new(config, origin.clone(), &context).map_err(|e| failed(&e))?;
                readers.push(Box::pin(push.run(stop.clone())));
            }
            Reader::None => {}
        }
    }
    let traced = traces.level != MetricsLevel::None;
    for config in traces.sent_by().iter().filter(|_| traced) {
        let spans = Spans::new(config, origin.resource.clone(), &context)
            .map_err(|e| format!("failed to create tracer provider: {e}"))?;
        readers.push(Box::pin(spans.run(stop.clone())));
    }
    Ok(Running::new(async move {
        // All of them in one task: they wait nearly all the time.
        std::future::poll_fn(|cx| {
            readers.retain_mut(|reader| reader.as_mut().poll(cx).is_pending());
            if readers.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        Ok(())
    }))
}

#[cfg(test)]
mod tests;
