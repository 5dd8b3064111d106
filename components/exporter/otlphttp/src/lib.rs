//! Sends OTLP over HTTP, as the OpenTelemetry Collector's `otlp_http` exporter does.
//!
//! ```yaml
//! exporters:
//!   otlp_http:
//!     endpoint: https://gateway:4318
//!     headers:
//!       authorization: Bearer ${env:TOKEN}
//! ```
//!
//! In protobuf, requests are sent as the bytes they came in; only `encoding: json` decodes them. What the server refuses
//! for good is dropped, what may pass later goes to the helper's retries.

mod answer;
mod config;
mod urls;

use std::sync::OnceLock;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use slimcol_config::Section;
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpRequest, labels},
};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability, meter::Labels,
};

use crate::{
    answer::{MAX_READ, Rejection},
    config::{Config, Encoding},
    urls::Urls,
};

/// The exporter, for a collector's list of components.
pub static FACTORY: Factory = Factory::exporter::<Queued<OtlpHttp>>();

/// Sends requests to one URL for each signal.
#[derive(Debug)]
pub struct OtlpHttp {
    config: Config,
    urls: Urls,
    cx: Context,
    /// Made at start: certificates are read then, not when a configuration is only checked.
    client: OnceLock<HttpClient>,
}

impl Push for OtlpHttp {
    type Config = Config;

    const INFO: Info = Info {
        aliases: &["otlphttp"],
        signals: Signals::ALL,
        stability: Stability::Stable,
        ..Info::new("otlp_http", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        // The client has a `timeout` of its own, with better errors.
        Delivery::untimed(section)
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let urls = Urls::new(&config, cx.signals())?;
        Ok(Self { config, urls, cx: cx.clone(), client: OnceLock::new() })
    }

    fn labels(&self, signal: Signal) -> Labels {
        self.urls.get(signal).map(labels).unwrap_or_default()
    }

    async fn start(&self) -> Result<(), BoxError> {
        let client = HttpClient::new(&self.config.client, &self.cx)?;
        for url in self.urls.iter() {
            client.prepare(url)?;
        }
        self.client.set(client).map_err(|_| "otlp exporter started twice".into())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let signal = payload.data.signal();
        let (Some(client), Some(url)) = (self.client.get(), self.urls.get(signal)) else {
            return Err(Refused::permanent("otlp exporter not started"));
        };
        let request = HttpRequest {
            method: Method::POST,
            uri: url.clone(),
            headers: HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static(self.config.encoding.content_type()),
            )]),
            body: self.body(&payload.data),
            client: payload.client,
        };
        let failed = |error| Refused::retryable(format!("failed to make an HTTP request: {error}"));
        let response = client.send(request).await.map_err(failed)?;
        let (status, headers) = (response.status, response.headers.clone());
        if status.is_success() {
            let body = response.start_of_body(MAX_READ).await.map_err(|error| answer::unreadable(&error))?;
            return answer::taken(self.cx.log(), signal, &headers, &body);
        }
        // A body that cannot be read says no more than none.
        let body = response.start_of_body(MAX_READ).await.ok();
        Err(Rejection { url, status, body: body.as_deref(), retry_after: headers.get(RETRY_AFTER) }.refused())
    }
}

impl OtlpHttp {
    fn body(&self, data: &Data) -> Pieces {
        match self.config.encoding {
            Encoding::Proto => data.pieces().into(),
            Encoding::Json => {
                let mut text = Vec::new();
                data.write_json(&mut text);
                Bytes::from(text).into()
            }
        }
    }
}

#[cfg(test)]
mod tests;
