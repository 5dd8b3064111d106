//! Spans to export.

use std::sync::Arc;

use slimcol_config::TelemetryProcessor;
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, Context, Span, Stop, Waiting, Watch};

use crate::{encode, export::Export};

/// Where spans wait that have ended.
struct Spans(Arc<Waiting>);

impl Watch for Spans {
    fn ended(&self, span: &Span) {
        if span.place.sampled {
            self.0.push(encode::span(span));
        }
    }
}

/// Collects spans from now on; what is returned sends them until told to stop, and then the rest. Not boxed here: that would
/// compile clients of the network in this crate, and another time where exporters have theirs.
pub(crate) fn export(
    config: &TelemetryProcessor,
    resource: Arc<[(String, String)]>,
    cx: &Context,
    stop: Stop,
) -> Result<impl Future<Output = ()> + use<>, BoxError> {
    let waiting = Waiting::new(config.most, config.batch);
    let export = Export::new(config, Signal::Traces, waiting.clone(), resource, cx, cx.log().clone())?;
    let (tracing, spans) = (cx.tracing().clone(), Arc::new(Spans(waiting)));
    tracing.add(spans.clone());
    Ok(async move {
        export.run(stop).await;
        tracing.remove(&spans);
    })
}

#[cfg(test)]
mod tests;
