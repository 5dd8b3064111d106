//! Where the collector's own telemetry goes.

use std::{io::Write as _, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header::CONTENT_TYPE};
use slimcol_config::{Otlp, Settings};
use slimcol_net::{
    grpc::client::{GrpcClient, GrpcClientConfig},
    http::client::{HttpClient, HttpClientConfig, HttpRequest},
};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{BoxError, Client, Context};
use tokio::time::timeout;

/// A server, or the standard output.
pub(crate) struct Target {
    to: To,
    signal: Signal,
    timeout: Duration,
}

enum To {
    Grpc(Box<GrpcClient>),
    Http(Box<HttpClient>, Uri),
    Console,
}

impl Target {
    /// The target of `signal` that is configured, for requests that may take `timeout`.
    pub(crate) fn new(
        otlp: Option<&Otlp>,
        signal: Signal,
        timeout: Duration,
        cx: &Context,
    ) -> Result<Self, BoxError> {
        let to = match otlp {
            None => To::Console,
            Some(otlp) if otlp.grpc => {
                let config = client::<GrpcClientConfig>(otlp, &otlp.endpoint)?;
                To::Grpc(Box::new(GrpcClient::start(&config, cx)?.uncounted()))
            }
            Some(otlp) => {
                let url = url(otlp, signal);
                let client = HttpClient::new(&client::<HttpClientConfig>(otlp, &url)?, cx)?.uncounted();
                To::Http(Box::new(client), url.parse().map_err(|e| format!("invalid endpoint: {e}"))?)
            }
        };
        let timeout = otlp.map_or(timeout, |otlp| timeout.min(otlp.timeout));
        Ok(Self { to, signal, timeout })
    }

    /// Sends an encoded request.
    pub(crate) async fn send(&self, request: Vec<u8>) -> Result<(), BoxError> {
        let outcome = timeout(self.timeout, self.attempt(request.into())).await;
        outcome.unwrap_or_else(|_| Err("context deadline exceeded".into()))
    }

    async fn attempt(&self, request: Bytes) -> Result<(), BoxError> {
        match &self.to {
            To::Grpc(client) => {
                let method = match self.signal {
                    Signal::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                    Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
                    Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
                };
                client.unary(method, &[request], Some(self.timeout), &Client::default()).await?;
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
                    return Err(format!("failed to send {} to {uri}: {status}", self.signal).into());
                }
            }
            To::Console => {
                let mut line = Vec::new();
                Data::from_bytes(self.signal, request)?.write_json(&mut line);
                line.push(b'\n');
                std::io::stdout().write_all(&line)?;
            }
        }
        Ok(())
    }
}

/// A client's settings, as users would write them.
fn client<T: Settings>(otlp: &Otlp, endpoint: &str) -> Result<T, BoxError> {
    let headers =
        otlp.headers.0.iter().map(|(name, value)| format!("{}: {}", quoted(name), quoted(value.reveal())));
    let headers: Vec<String> = headers.collect();
    let compression = if otlp.compression.is_empty() { "none" } else { &otlp.compression };
    let yaml = format!(
        "{{endpoint: {}, compression: {compression}, headers: {{{}}}, \
         tls: {{insecure: {}, ca_file: {}, cert_file: {}, key_file: {}}}}}",
        quoted(endpoint),
        headers.join(", "),
        otlp.insecure || otlp.endpoint.starts_with("http://"),
        quoted(&otlp.certificate),
        quoted(&otlp.client_certificate),
        quoted(&otlp.client_key),
    );
    let node = slimcol_config::parse("telemetry", &yaml).map_err(|error| error.to_string())?;
    slimcol_config::read(&node).map_err(|issues| {
        let messages: Vec<&str> = issues.iter().map(|issue| issue.message.as_str()).collect();
        messages.join("; ").into()
    })
}

/// A text that YAML reads back.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Where HTTP's requests go: a path is the endpoint's own, if it has one.
fn url(otlp: &Otlp, signal: Signal) -> String {
    let scheme = if otlp.insecure { "http" } else { "https" };
    let endpoint = match otlp.endpoint.as_str() {
        "" => format!("{scheme}://localhost:4318"),
        endpoint if endpoint.contains("://") => endpoint.to_owned(),
        endpoint => format!("{scheme}://{endpoint}"),
    };
    let path = endpoint.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
    match path {
        None => format!("{endpoint}/v1/{signal}"),
        Some("") => format!("{endpoint}v1/{signal}"),
        Some(_) => endpoint,
    }
}
