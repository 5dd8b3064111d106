//! The way from a request to the pipelines.

use slimcol_net::grpc::client::GrpcStatus;
use slimcol_pdata::{Data, Signal};
use slimcol_service::{Client, Outputs, Payload};

/// An encoded export response of any signal: Go sets `partial_success` and leaves it empty.
pub(crate) const RESPONSE: &[u8] = &[0x0a, 0];

/// The pipelines behind a receiver.
#[derive(Clone, Debug)]
pub(crate) struct Intake(pub(crate) Outputs);

impl Intake {
    /// Whether `signal` goes anywhere. What does not is not served.
    pub(crate) fn takes(&self, signal: Signal) -> bool {
        self.0.get(signal).is_some()
    }

    /// Hands data on and waits until it is taken. Data without items is taken by nobody, which is fine.
    pub(crate) async fn take(&self, data: Data, client: Client) -> Result<(), GrpcStatus> {
        let Some(next) = self.0.get(data.signal()) else { return Ok(()) };
        if data.is_empty() {
            return Ok(());
        }
        next.consume(Payload { data, client }).await.map_err(|refused| GrpcStatus::from(&refused))
    }
}
