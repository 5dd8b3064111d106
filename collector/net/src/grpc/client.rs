//! A client for unary gRPC calls whose messages are bytes already.

mod call;
mod channel;
mod config;
mod details;
mod dialer;
mod metadata;
mod status;
mod target;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use slimcol_service::{
    BoxError, BoxFuture, Client, Code, Context,
    meter::requests::{GRPC_CLIENT, Requests},
};
use tokio::time::Instant;

use self::{channel::Channel, dialer::Dialer, target::Place};
pub use self::{
    config::{GrpcClientConfig, GrpcClientDefaults},
    status::GrpcStatus,
};
use slimcol_compression::Compression;

use crate::{calls, http::client::proxy::ProxyRules, http2::Connection, pieces::Pieces, reference::Proof};

/// The largest response that is read, gRPC's default.
const MAX_RESPONSE: usize = 4 << 20;
/// How often a call that the server has not seen is sent again without anyone noticing.
const UNSEEN_ATTEMPTS: usize = 3;

/// Makes unary calls to one endpoint. Connects in the background as soon as it is made; dropping it disconnects.
#[derive(Debug)]
pub struct GrpcClient {
    channel: Channel,
    headers: HeaderMap,
    scheme: Scheme,
    authority: Authority,
    compression: Compression,
    wait_for_ready: bool,
    proof: Option<Proof>,
    calls: Option<Arc<Requests>>,
}

impl GrpcClient {
    /// A client by `config`, which introduces itself as the collector. Must be called within a runtime.
    ///
    /// # Errors
    /// Certificates that cannot be loaded, an authenticator that does not exist, a compression that gRPC does not have,
    /// headers that cannot be sent.
    pub fn start(config: &GrpcClientConfig, cx: &Context) -> Result<Self, BoxError> {
        let target = config.target()?;
        let name = encoding_name(config.compression)?;
        let connector = if target.https {
            Some(config.tls.connector_over_tls(&["h2"])?)
        } else {
            config.tls.connector(&["h2"])?
        };
        let proof = Proof::find(config.auth.as_ref(), &config.middlewares, cx, "gRPC")?;
        if connector.is_none() && proof.as_ref().is_some_and(Proof::wants_tls) {
            let text = "grpc: the credentials require transport level security (use grpc.WithTransportCredentials() to set)";
            return Err(text.into());
        }
        let headers = metadata::headers(config, name, cx)?;
        let server_name = connector.as_ref().and_then(|c| c.server_name()).map(str::to_owned);
        let authority = [config.authority.as_str()]
            .into_iter()
            .chain(server_name.as_deref())
            .find(|name| !name.is_empty())
            .unwrap_or(&target.authority);
        let authority = authority_of(authority)?;
        let scheme = if connector.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
        let proxy = match &target.place {
            Place::Host { host, port } => ProxyRules::from_env().proxy(true, host, *port)?,
            Place::Unix(_) => None,
        };
        let server_name = server_name.unwrap_or_else(|| target.host().to_owned());
        let dialer = Dialer {
            tls: connector.map(|connector| (connector, server_name)),
            place: target.place,
            proxy,
            keep_alive: config.keep_alive,
        };
        Ok(Self {
            channel: Channel::open(dialer),
            headers,
            scheme,
            authority,
            compression: config.compression,
            wait_for_ready: config.wait_for_ready,
            proof,
            calls: Requests::new(&GRPC_CLIENT, cx),
        })
    }

    /// The same with no calls in the own metrics.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.calls = None;
        self
    }

    /// Calls `path` (`/package.Service/Method`) with an encoded message, given in as many pieces as there are, and
    /// returns the encoded response. `within` is what the caller and, as `grpc-timeout`, the server have for it; `client`
    /// is who sent what the message is made of.
    ///
    /// # Errors
    /// The server's status, or one that says what went wrong on the way, in Go's words.
    pub fn unary<'a>(
        &'a self,
        path: &'static str,
        message: &'a [Bytes],
        within: Option<Duration>,
        client: &'a Client,
    ) -> BoxFuture<'a, Result<Bytes, GrpcStatus>> {
        Box::pin(async move {
            let deadline = within.map(|within| Instant::now() + within);
            let frame = call::frame(message, self.compression)?;
            let (begun, mut remote) = (self.calls.as_ref().map(|_| Instant::now()), String::new());
            let call = self.attempts(path, frame, deadline, client, &mut remote);
            let outcome = match deadline {
                None => call.await,
                Some(deadline) => tokio::time::timeout_at(deadline, call)
                    .await
                    .unwrap_or_else(|_| Err(GrpcStatus::deadline_exceeded())),
            };
            if let (Some(calls), Some(begun)) = (&self.calls, begun) {
                let code = outcome.as_ref().err().map_or(Code::Ok, |status| status.code);
                calls::called(calls, path, code, &remote, begun);
            }
            outcome
        })
    }

    async fn attempts(
        &self,
        path: &'static str,
        frame: Pieces,
        deadline: Option<Instant>,
        client: &Client,
        remote: &mut String,
    ) -> Result<Bytes, GrpcStatus> {
        let unavailable = |reason: Arc<str>| GrpcStatus::new(Code::Unavailable, &*reason);
        let mut attempt = 1;
        loop {
            let connection = self.channel.connection(self.wait_for_ready).await.map_err(unavailable)?;
            if self.calls.is_some() {
                connection.remote().clone_into(remote);
            }
            let failure = match self.attempt(&connection, path, frame.clone(), deadline, client).await {
                Ok(message) => return Ok(message),
                Err(failure) => failure,
            };
            if let (Code::Unauthenticated, Some(proof)) = (failure.status.code, &self.proof) {
                proof.refused();
            }
            if failure.gone {
                connection.retire();
            }
            if !failure.unseen || attempt == UNSEEN_ATTEMPTS {
                return Err(failure.status);
            }
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        connection: &Connection,
        path: &'static str,
        frame: Pieces,
        deadline: Option<Instant>,
        client: &Client,
    ) -> Result<Bytes, call::Failure> {
        let mut headers = self.headers.clone();
        if let Some(proof) = &self.proof {
            // Go gives up the data for want of a proof. It may be there later.
            proof.apply(&mut headers, client).await.map_err(|error| {
                let text = format!("transport: per-RPC creds failed due to error: {error}");
                GrpcStatus::new(Code::Unavailable, text)
            })?;
        }
        if let Some(deadline) = deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            headers.insert("grpc-timeout", call::timeout_value(left));
        }
        let mut uri = http::uri::Parts::default();
        uri.scheme = Some(self.scheme.clone());
        uri.authority = Some(self.authority.clone());
        uri.path_and_query = Some(PathAndQuery::from_static(path));
        let mut request = http::Request::new(());
        *request.method_mut() = http::Method::POST;
        *request.version_mut() = http::Version::HTTP_2;
        *request.uri_mut() =
            Uri::from_parts(uri).map_err(|error| GrpcStatus::new(Code::Internal, error.to_string()))?;
        *request.headers_mut() = headers;
        call::unary(connection, request, frame, MAX_RESPONSE).await
    }
}

/// What gRPC calls a compression; empty for none.
fn encoding_name(compression: Compression) -> Result<&'static str, BoxError> {
    match compression {
        Compression::None => Ok(""),
        Compression::Gzip | Compression::Snappy | Compression::Zstd => Ok(compression.name()),
        other => Err(format!("unsupported compression type {:?}", other.name()).into()),
    }
}

/// `:4317` names the local host, but no authority can be without a host.
fn authority_of(text: &str) -> Result<Authority, BoxError> {
    let whole = if text.starts_with(':') { format!("localhost{text}") } else { text.to_owned() };
    Authority::try_from(whole).map_err(|error| format!("invalid authority {text:?}: {error}").into())
}

#[cfg(test)]
mod tests;
