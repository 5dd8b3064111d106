//! Sending metrics now and then.

use std::{
    io::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header::CONTENT_TYPE};
use slimcol_config::{Otlp, Periodic, Settings};
use slimcol_net::{
    grpc::client::{GrpcClient, GrpcClientConfig},
    http::client::{HttpClient, HttpClientConfig, HttpRequest},
};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{BoxError, Client, Context, Log, Stop};
use tokio::time::{Instant, sleep_until, timeout};

use crate::{
    Origin,
    encode::{self, Times},
};

/// Where gRPC's metrics go.
const METHOD: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

/// A reader that sends.
pub(crate) struct Push {
    interval: Duration,
    timeout: Duration,
    to: To,
    origin: Origin,
    begun: u64,
    log: Log,
}

enum To {
    Grpc(Box<GrpcClient>),
    Http(Box<HttpClient>, Uri),
    Console,
}

impl Push {
    pub(crate) fn new(config: &Periodic, origin: Origin, cx: &Context) -> Result<Self, BoxError> {
        let to = match &config.otlp {
            None => To::Console,
            Some(otlp) if otlp.grpc => {
                To::Grpc(Box::new(GrpcClient::start(&client::<GrpcClientConfig>(otlp)?, cx)?))
            }
            Some(otlp) => {
                let client = HttpClient::new(&client::<HttpClientConfig>(otlp)?, cx)?;
                To::Http(Box::new(client), url(otlp).parse().map_err(|e| format!("invalid endpoint: {e}"))?)
            }
        };
        let Periodic { interval, timeout, .. } = *config;
        // Not so often that it would be all the collector does.
        let interval = interval.max(Duration::from_millis(1));
        Ok(Self { interval, timeout, to, origin, begun: now(), log: cx.log().clone() })
    }

    /// Sends until told to stop, and then once more.
    pub(crate) async fn run(self, mut stop: Stop) {
        let mut due = Instant::now() + self.interval;
        loop {
            let stopping = tokio::select! {
                () = stop.wait() => true,
                () = sleep_until(due) => false,
            };
            let outcome = timeout(self.timeout, self.send()).await;
            if let Err(error) = outcome.unwrap_or_else(|_| Err("context deadline exceeded".into())) {
                self.log.error("failed to upload metrics", &[("error", error.to_string().into())]);
            }
            if stopping {
                return;
            }
            // What took too long leaves times out rather than making up for them.
            due = Instant::now().max(due + self.interval);
        }
    }

    async fn send(&self) -> Result<(), BoxError> {
        let times = Times { begun: self.begun, now: now() };
        let request = Bytes::from(encode::request(&self.origin, &self.origin.metrics(), times));
        match &self.to {
            To::Grpc(client) => {
                client.unary(METHOD, &[request], Some(self.timeout), &Client::default()).await?;
            }
            To::Http(client, uri) => {
                let media = HeaderValue::from_static("application/x-protobuf");
                let headers = HeaderMap::from_iter([(CONTENT_TYPE, media)]);
                let body = vec![request].into();
                let request = HttpRequest {
                    method: Method::POST,
                    uri: uri.clone(),
                    headers,
                    body,
                    client: Client::default(),
                };
                let response = client.send(request).await?;
                let status = response.status;
                // Read so that the connection can serve again; what it says changes nothing.
                let _ = response.start_of_body(64 << 10).await;
                if !status.is_success() {
                    return Err(format!("failed to send metrics to {uri}: {status}").into());
                }
            }
            To::Console => {
                let mut line = Vec::new();
                Data::from_bytes(Signal::Metrics, request)?.write_json(&mut line);
                line.push(b'\n');
                std::io::stdout().write_all(&line)?;
            }
        }
        Ok(())
    }
}

/// A client's settings, as users would write them.
fn client<T: Settings>(otlp: &Otlp) -> Result<T, BoxError> {
    let headers =
        otlp.headers.0.iter().map(|(name, value)| format!("{}: {}", quoted(name), quoted(value.reveal())));
    let headers: Vec<String> = headers.collect();
    let compression = if otlp.compression.is_empty() { "none" } else { &otlp.compression };
    let yaml = format!(
        "{{endpoint: {}, compression: {compression}, headers: {{{}}}, \
         tls: {{insecure: {}, ca_file: {}, cert_file: {}, key_file: {}}}}}",
        quoted(&if otlp.grpc { otlp.endpoint.clone() } else { url(otlp) }),
        headers.join(", "),
        otlp.insecure || otlp.endpoint.starts_with("http://"),
        quoted(&otlp.certificate),
        quoted(&otlp.client_certificate),
        quoted(&otlp.client_key),
    );
    let node = slimcol_config::parse("readers", &yaml).map_err(|error| error.to_string())?;
    slimcol_config::read(&node).map_err(|issues| {
        let messages: Vec<&str> = issues.iter().map(|issue| issue.message.as_str()).collect();
        messages.join("; ").into()
    })
}

/// A text that YAML reads back.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Where HTTP's metrics go: a path is the endpoint's own, if it has one.
fn url(otlp: &Otlp) -> String {
    let scheme = if otlp.insecure { "http" } else { "https" };
    let endpoint = match otlp.endpoint.as_str() {
        "" => "https://localhost:4318".to_owned(),
        endpoint if endpoint.contains("://") => endpoint.to_owned(),
        endpoint => format!("{scheme}://{endpoint}"),
    };
    let path = endpoint.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
    match path {
        None => endpoint + "/v1/metrics",
        Some("") => endpoint + "v1/metrics",
        Some(_) => endpoint,
    }
}

/// Nanoseconds of 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
