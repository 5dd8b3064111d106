//! How a collector's own metrics reach those who want them: a page for Prometheus, OTLP requests now and then, or lines on the
//! standard output, as `service::telemetry::metrics::readers` says.
//!
//! ```yaml
//! service:
//!   telemetry:
//!     metrics:
//!       level: normal
//!       readers:
//!         - pull: {exporter: {prometheus: {host: localhost, port: 8888}}}
//!         - periodic: {interval: 60000, exporter: {otlp: {protocol: grpc, endpoint: http://gateway:4317}}}
//! ```
//!
//! A generated `main` passes [`READERS`] in where components that talk over a network are linked: all that is needed is there
//! then.

mod encode;
mod number;
mod page;
mod push;
mod reshape;
mod text;

use std::{sync::Arc, task::Poll};

use slimcol_config::{Reader, View};
use slimcol_service::{
    BoxError, BoxFuture, Readers, Report, Running, Stop,
    meter::{Meters, Metric},
};

use self::{page::Page, push::Push};

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
    let Report { metrics, resource, context } = report;
    let origin = Origin {
        meters: context.meters().clone(),
        views: metrics.reshaped().into(),
        resource: resource.into_iter().collect(),
    };
    // Boxed, so that running them is compiled once.
    let mut readers: Vec<BoxFuture<'static, ()>> = Vec::new();
    for reader in metrics.read_by() {
        match reader {
            Reader::Prometheus(config) => {
                let page = Page::open(config, origin.clone(), &context).await?;
                readers.push(Box::pin(page.serve(stop.clone())));
            }
            Reader::Periodic(config) => {
                let push = Push::new(config, origin.clone(), &context)?;
                readers.push(Box::pin(push.run(stop.clone())));
            }
            Reader::None => {}
        }
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
