//! The way from a request to the pipelines.

use slimcol_net::grpc::client::GrpcStatus;
use slimcol_pdata::{Data, Signal};
use slimcol_service::{Client, Context, Outputs, Payload, meter::Received};

/// An encoded export response of any signal: Go sets `partial_success` and leaves it empty.
pub(crate) const RESPONSE: &[u8] = &[0x0a, 0];

/// The pipelines behind a receiver.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    to: Outputs,
    received: Received,
}

impl Intake {
    /// The way to `to` for what comes over `transport`.
    pub(crate) fn new(to: Outputs, cx: &Context, transport: &'static str) -> Self {
        Self { to, received: Received::new(cx, transport) }
    }

    /// Whether `signal` goes anywhere. What does not is not served.
    pub(crate) fn takes(&self, signal: Signal) -> bool {
        self.to.get(signal).is_some()
    }

    /// Hands data on and waits until it is taken. Data without items is taken by nobody, which is fine.
    pub(crate) async fn take(&self, data: Data, client: Client) -> Result<(), GrpcStatus> {
        let Some(next) = self.to.get(data.signal()) else { return Ok(()) };
        if data.is_empty() {
            return Ok(());
        }
        let (signal, items) = (data.signal(), data.items());
        let outcome = next.consume(Payload { data, client }).await;
        self.received.count(signal, items, outcome.is_ok());
        outcome.map_err(|refused| GrpcStatus::from(&refused))
    }
}
