//! The way from spans to the pipeline.

use slimcol_pdata::{Signal, Traces};
use slimcol_service::{Client, Context, Next, Outputs, Payload, Refused, meter::Received};

/// The pipeline behind a protocol.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    to: Option<Next>,
    received: Received,
}

impl Intake {
    /// The way to `to` for what comes over `transport`.
    pub(crate) fn new(to: &Outputs, cx: &Context, transport: &'static str) -> Self {
        Self { to: to.get(Signal::Traces).cloned(), received: Received::new(cx, transport) }
    }

    /// Hands spans on and waits until they are taken. None are taken by nobody, which is fine.
    pub(crate) async fn take(&self, traces: Traces, client: Client) -> Result<(), Refused> {
        let Some(to) = self.to.as_ref().filter(|_| !traces.is_empty()) else { return Ok(()) };
        let items = traces.items();
        let outcome = to.consume(Payload { data: traces.into(), client }).await;
        self.received.count(Signal::Traces, items, outcome.is_ok());
        outcome
    }
}
