//! Sends OTLP over gRPC, as the OpenTelemetry Collector's `otlp_grpc` exporter does.
//!
//! ```yaml
//! exporters:
//!   otlp_grpc:
//!     endpoint: gateway:4317
//!     tls:
//!       ca_file: /etc/ssl/gateway.pem
//! ```
//!
//! Requests are sent as the bytes they came in: nothing is decoded, and without compression nothing is copied either.
//! What the server refuses for good is dropped, what may pass later goes to the helper's retries.

mod config;
mod outcome;

use std::{sync::OnceLock, time::Duration};

use slimcol_config::Section;
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_net::{PartialSuccess, grpc::client::GrpcClient};
use slimcol_pdata::Signal;
use slimcol_service::{
    BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability, meter::Labels,
};

use crate::config::{Config, TIMEOUT};

/// The exporter, for a collector's list of components.
pub static FACTORY: Factory = Factory::exporter::<Queued<OtlpGrpc>>();

/// Sends requests to one endpoint.
#[derive(Debug)]
pub struct OtlpGrpc {
    config: Config,
    cx: Context,
    /// Made at start: certificates are read and connections opened then, not when a configuration is only checked.
    client: OnceLock<GrpcClient>,
}

impl Push for OtlpGrpc {
    type Config = Config;

    const INFO: Info = Info {
        aliases: &["otlp"],
        signals: Signals::ALL,
        stability: Stability::Stable,
        ..Info::new("otlp_grpc", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        Delivery::read(section, TIMEOUT)
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone(), client: OnceLock::new() })
    }

    fn labels(&self, _signal: Signal) -> Labels {
        self.config.client.server_labels()
    }

    async fn start(&self) -> Result<(), BoxError> {
        let client = GrpcClient::start(&self.config.client, &self.cx)?;
        self.client.set(client).map_err(|_| "otlp exporter started twice".into())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let Some(client) = self.client.get() else {
            return Err(Refused::permanent("otlp exporter not started"));
        };
        let signal = payload.data.signal();
        let within = Some(self.config.timeout).filter(|timeout: &Duration| !timeout.is_zero());
        let response = client
            .unary(path(signal), &payload.data.pieces(), within, &payload.client)
            .await
            .map_err(|status| outcome::refused(&status))?;
        // What cannot be read says nothing about the data, which the status says has been taken.
        if let Ok(Some(partial)) = PartialSuccess::from_proto(&response) {
            outcome::warn_partial(self.cx.log(), signal, &partial);
        }
        Ok(())
    }
}

/// The method that takes this signal.
const fn path(signal: Signal) -> &'static str {
    match signal {
        Signal::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    }
}

#[cfg(test)]
mod tests;
