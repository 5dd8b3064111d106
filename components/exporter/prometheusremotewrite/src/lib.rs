//! The `prometheus_remote_write` exporter: sends metrics to Prometheus and what speaks its remote write protocol.
//!
//! ```yaml
//! exporters:
//!   prometheus_remote_write:
//!     endpoint: http://localhost:9090/api/v1/write
//! ```
//!
//! Points are put together by their labels, as series, and series into requests; what is not cumulative is left out.

mod config;
mod counts;
mod encode;
mod labels;
mod native;
mod queue;
mod series;
mod translate;
mod wal;
mod written;

use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, OnceLock},
    task::Poll,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header::CONTENT_TYPE};
use slimcol_config::{Duration, Section, without_secrets};
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_net::http::client::{HttpClient, HttpRequest};
use slimcol_pdata::Data;
use slimcol_service::{
    BoxError, Client, Context, Factory, Info, Payload, Refused, Retry, Signals, Stability, Storage,
};

pub use self::{
    config::{Config, Message},
    queue::RemoteWriteQueue,
    wal::Wal,
};
use self::{counts::Counts, translate::Translator, wal::Folder, written::Warned};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::exporter::<Queued<RemoteWrite>>();

/// The exporter.
#[derive(Debug)]
pub struct RemoteWrite {
    translator: Translator,
    endpoint: Uri,
    /// The endpoint as lines and labels show it.
    shown: String,
    config: Config,
    counts: Counts,
    warned: Warned,
    cx: Context,
    /// Made at start: certificates are read then, not when a configuration is only checked.
    client: OnceLock<HttpClient>,
}

/// What of an answer that is a refusal is read.
const MAX_READ: usize = 1024;

/// Where requests go.
pub(crate) fn endpoint(config: &Config) -> Result<Uri, &'static str> {
    let uri: Uri = config.client.endpoint.parse().map_err(|_| "invalid endpoint")?;
    let whole = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
    if whole { Ok(uri) } else { Err("invalid endpoint") }
}

impl Push for RemoteWrite {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["prometheusremotewrite"],
        signals: Signals::METRICS,
        stability: Stability::Beta,
        ..Info::new("prometheus_remote_write", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        let size = queue::peek(section);
        let wal = section.here().and_then(|node| node.entry("wal")).is_some_and(|wal| !wal.value().is_null());
        let size = if wal { size.or(Some(queue::SIZE)) } else { size };
        let delivery = Delivery::with_queue_of(section, Duration::millis(50), size);
        if wal { delivery.kept_by_exporter() } else { delivery }
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let endpoint = endpoint(&config)?;
        let log = cx.log();
        log.info("starting prometheus remote write exporter", &[("ProtoMsg", config.message.word().into())]);
        let shown = without_secrets(&config.client.endpoint).into_owned();
        Ok(Self {
            translator: Translator::new(&config)?,
            counts: Counts::new(cx, &shown, config.parallelism()),
            warned: Warned::default(),
            endpoint,
            shown,
            config,
            cx: cx.clone(),
            client: OnceLock::new(),
        })
    }

    fn storage(&self) -> Option<Arc<dyn Storage>> {
        let wal = self.config.wal.clone()?;
        Some(Arc::new(Folder::new(wal, self.cx.log().clone())))
    }

    async fn start(&self) -> Result<(), BoxError> {
        let client = HttpClient::new(&self.config.client, &self.cx)?;
        client.prepare(&self.endpoint)?;
        self.client.set(client).map_err(|_| "remote write exporter started twice".into())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let Data::Metrics(metrics) = &payload.data else { return Ok(()) };
        let made = self.translator.translate(metrics);
        if !made.errors.is_empty() {
            self.counts.failed();
            let fields =
                [("error", made.errors.join("; ").into()), ("translated", made.table.series.len().into())];
            self.cx.log().debug("failed to translate metrics, exporting remaining metrics", &fields);
        }
        self.counts.translated(made.table.series.len());
        let max = usize::try_from(self.config.max_batch_size_bytes).unwrap_or_default();
        let max = if max == 0 { 3_000_000 } else { max };
        let requests = encode::requests(&made.table, self.config.message, self.config.send_metadata, max);
        self.send_all(requests, &payload.client).await
    }
}

impl RemoteWrite {
    /// Sends so many requests at a time as are configured. What can be tried again goes before what cannot.
    async fn send_all(&self, requests: Vec<Vec<u8>>, client: &Client) -> Result<(), Refused> {
        let mut waiting = requests.into_iter();
        let mut sending = Vec::new();
        let mut outcome = Ok(());
        let limit = usize::try_from(self.config.parallelism()).unwrap_or(1);
        loop {
            let room = limit - sending.len();
            sending.extend(waiting.by_ref().take(room).map(|request| Box::pin(self.send(request, client))));
            if sending.is_empty() {
                return outcome;
            }
            let some = poll_fn(|cx| {
                let before = sending.len();
                sending.retain_mut(|one| match pin!(one).poll(cx) {
                    Poll::Ready(Ok(())) => false,
                    Poll::Ready(Err(refused)) => {
                        let kept = |outcome: &Refused| outcome.retry != Retry::Never;
                        if !outcome.as_ref().is_err_and(kept) {
                            outcome = Err(refused);
                        }
                        false
                    }
                    Poll::Pending => true,
                });
                if sending.len() < before { Poll::Ready(()) } else { Poll::Pending }
            });
            some.await;
        }
    }

    async fn send(&self, request: Vec<u8>, client: &Client) -> Result<(), Refused> {
        let Some(http) = self.client.get() else {
            return Err(Refused::permanent("remote write exporter not started"));
        };
        let (media, version) = match self.config.message {
            Message::V1 => ("application/x-protobuf", "0.1.0"),
            Message::V2 => ("application/x-protobuf;proto=io.prometheus.write.v2.Request", "2.0.0"),
        };
        let mut headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static(media)),
            (HeaderName::from_static("x-prometheus-remote-write-version"), HeaderValue::from_static(version)),
        ]);
        for key in &self.config.include_metadata_keys {
            let Ok(name) = HeaderName::try_from(key.as_str()) else { continue };
            for value in client.metadata(key) {
                if let Ok(value) = HeaderValue::try_from(value) {
                    headers.append(&name, value);
                }
            }
        }
        let request = HttpRequest {
            method: Method::POST,
            uri: self.endpoint.clone(),
            headers,
            body: Bytes::from(request).into(),
            client: client.clone(),
        };
        self.counts.sent();
        let response = http.send(request).await.map_err(|error| Refused::retryable(error.to_string()))?;
        if self.config.message == Message::V2 {
            self.warned.count(&response.headers, &self.counts, self.cx.log(), &self.shown);
        }
        let status = response.status;
        if status.is_success() {
            return Ok(());
        }
        let body = response.start_of_body(MAX_READ).await.unwrap_or_default();
        let fields = [
            ("status_code", i64::from(status.as_u16()).into()),
            ("status", status.to_string().into()),
            ("endpoint", (&self.shown).into()),
            ("error", String::from_utf8_lossy(&body).into_owned().into()),
        ];
        self.cx.log().error("failed to send WriteRequest to remote endpoint", &fields);
        let failed = "remote write request failed";
        Err(if status.is_server_error() { Refused::retryable(failed) } else { Refused::permanent(failed) })
    }
}

#[cfg(test)]
mod tests;
