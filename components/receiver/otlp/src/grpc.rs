//! OTLP's gRPC services.

use bytes::Bytes;
use slimcol_net::grpc::{
    client::GrpcStatus,
    server::{GrpcService, Unknown},
};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{Client, Code};

use crate::intake::{Intake, RESPONSE};

/// The `Export` methods of the signals that go anywhere.
#[derive(Debug)]
pub(crate) struct Methods(pub(crate) Intake);

impl GrpcService for Methods {
    type Method = Signal;
    type Reply = Bytes;

    fn find(&self, service: &str, method: &str) -> Result<Signal, Unknown> {
        let signal = match service {
            "opentelemetry.proto.collector.trace.v1.TraceService" => Signal::Traces,
            "opentelemetry.proto.collector.metrics.v1.MetricsService" => Signal::Metrics,
            "opentelemetry.proto.collector.logs.v1.LogsService" => Signal::Logs,
            _ => return Err(Unknown::Service),
        };
        if !self.0.takes(signal) {
            return Err(Unknown::Service);
        }
        if method == "Export" { Ok(signal) } else { Err(Unknown::Method) }
    }

    async fn call(&self, signal: Signal, message: Bytes, client: Client) -> Result<Bytes, GrpcStatus> {
        let data = Data::from_bytes(signal, message).map_err(|invalid| {
            GrpcStatus::new(
                Code::Internal,
                format!("grpc: failed to unmarshal the received message: {invalid}"),
            )
        })?;
        self.0.take(data, client).await?;
        Ok(Bytes::from_static(RESPONSE))
    }
}
