//! Sends spans to Zipkin, as the OpenTelemetry Collector's `zipkin` exporter does.
//!
//! ```yaml
//! exporters:
//!   zipkin:
//!     endpoint: http://zipkin:9411/api/v2/spans
//! ```
//!
//! Spans are written as version 2, in JSON or protobuf, straight from the encoded request.

mod config;

use std::sync::OnceLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header::CONTENT_TYPE};
use slimcol_config::Section;
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_net::http::client::{self, HttpClient, HttpRequest};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability, meter::Labels,
};
use slimcol_zipkin::v2;

use crate::config::Config;

/// The exporter, for a collector's list of components.
pub static FACTORY: Factory = Factory::exporter::<Queued<Zipkin>>();

/// How much of a response's body is read, bytes: it says nothing, but the connection lives on.
const MAX_READ: usize = 64 << 10;

/// Sends spans to one URL.
#[derive(Debug)]
pub struct Zipkin {
    config: Config,
    url: Uri,
    format: Format,
    cx: Context,
    /// Made at start: certificates are read then, not when a configuration is only checked.
    client: OnceLock<HttpClient>,
}

/// How spans are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Proto,
}

impl Format {
    fn of(word: &str) -> Option<Self> {
        match word {
            "json" => Some(Self::Json),
            "proto" => Some(Self::Proto),
            _ => None,
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Proto => "application/x-protobuf",
        }
    }
}

impl Push for Zipkin {
    type Config = Config;

    const INFO: Info = Info {
        signals: Signals::TRACES,
        stability: Stability::Beta,
        ..Info::new("zipkin", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        // The client has a `timeout` of its own, with better errors.
        Delivery::untimed(section)
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let format = Format::of(&config.format)
            .ok_or_else(|| format!("{} is not one of json or proto", config.format))?;
        let url = client::url(&config.client.endpoint).ok_or("endpoint must be a valid URL")?;
        Ok(Self { config, url, format, cx: cx.clone(), client: OnceLock::new() })
    }

    fn labels(&self, _: Signal) -> Labels {
        client::labels(&self.url)
    }

    async fn start(&self) -> Result<(), BoxError> {
        let client = HttpClient::new(&self.config.client, &self.cx)?;
        client.prepare(&self.url)?;
        self.client.set(client).map_err(|_| "zipkin exporter started twice".into())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let Some(client) = self.client.get() else {
            return Err(Refused::permanent("zipkin exporter not started"));
        };
        let body = self.body(&payload.data).map_err(|error| {
            Refused::permanent(format!(
                "Permanent error: failed to push trace data via Zipkin exporter: {error}"
            ))
        })?;
        let request = HttpRequest {
            method: Method::POST,
            uri: self.url.clone(),
            headers: HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static(self.format.content_type()),
            )]),
            body: Bytes::from(body).into(),
            client: payload.client,
        };
        let failed =
            |error| Refused::retryable(format!("failed to push trace data via Zipkin exporter: {error}"));
        let response = client.send(request).await.map_err(failed)?;
        let status = response.status;
        // The status has said it all, whether or not the rest of the answer comes.
        let _ = response.start_of_body(MAX_READ).await;
        if status.is_success() {
            return Ok(());
        }
        Err(Refused::retryable(format!("failed the request with status code {}", status.as_u16())))
    }
}

impl Zipkin {
    fn body(&self, data: &Data) -> Result<Vec<u8>, slimcol_zipkin::Error> {
        let Data::Traces(traces) = data else { return Ok(Vec::new()) };
        let service = self.config.default_service_name.as_deref();
        match self.format {
            Format::Json => v2::to_json_of(traces, service),
            Format::Proto => v2::to_proto_of(traces, service),
        }
    }
}

#[cfg(test)]
mod tests;
