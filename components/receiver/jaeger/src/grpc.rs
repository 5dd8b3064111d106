//! Jaeger's collector over gRPC.

use bytes::Bytes;
use slimcol_net::grpc::{
    client::GrpcStatus,
    server::{GrpcService, Unknown},
};
use slimcol_service::{Client, Code};

use crate::intake::Intake;

/// `PostSpans` of `jaeger.api_v2.CollectorService`.
#[derive(Debug)]
pub(crate) struct Methods(pub(crate) Intake);

/// The one method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostSpans;

impl GrpcService for Methods {
    type Method = PostSpans;
    /// A response without fields.
    type Reply = Bytes;

    fn find(&self, service: &str, method: &str) -> Result<PostSpans, Unknown> {
        match (service, method) {
            ("jaeger.api_v2.CollectorService", "PostSpans") => Ok(PostSpans),
            ("jaeger.api_v2.CollectorService", _) => Err(Unknown::Method),
            _ => Err(Unknown::Service),
        }
    }

    async fn call(&self, _: PostSpans, message: Bytes, client: Client) -> Result<Bytes, GrpcStatus> {
        let traces = slimcol_jaeger::from_proto(&message).map_err(|error| {
            let text = format!("grpc: failed to unmarshal the received message: {error}");
            GrpcStatus::new(Code::Internal, text)
        })?;
        // A cause without a code of its own is of no known kind, as in Go.
        self.0
            .take(traces, client)
            .await
            .map_err(|refused| GrpcStatus::new(refused.code.unwrap_or(Code::Unknown), refused.to_string()))?;
        Ok(Bytes::new())
    }
}
