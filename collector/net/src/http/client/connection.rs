//! One connection of an HTTP client, speaking HTTP/1.1 or HTTP/2.

use std::{error::Error, io};

use http::{Request, Response};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::{TrySendError, http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};

use crate::{handshake, http::client::config::Http2, pieces::Pieces, stream::Stream};

/// How long to wait for the answer to a ping unless configured, like Go.
const PING_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// A request's body.
pub(crate) type Body = Full<Pieces>;

/// An open connection.
#[derive(Debug)]
pub(crate) enum Connection {
    /// Takes one request at a time.
    Http1(http1::SendRequest<Body>),
    /// Takes as many as come.
    Http2(http2::SendRequest<Body>),
}

/// Why a request got no response.
#[derive(Debug)]
pub(crate) struct SendError {
    /// In Go's words.
    pub(crate) reason: String,
    /// Nothing of the request has left: it can go over another connection.
    pub(crate) unsent: bool,
}

impl Connection {
    /// Speaks what the TLS handshake has settled on, HTTP/1.1 without one.
    pub(crate) async fn open(stream: Stream, settings: Http2) -> Result<Self, String> {
        if stream.chose_h2() {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder.timer(TokioTimer::new());
            if !settings.read_idle_timeout.is_zero() {
                let timeout = settings.ping_timeout;
                builder
                    .keep_alive_interval(settings.read_idle_timeout.std())
                    .keep_alive_timeout(if timeout.is_zero() { PING_TIMEOUT } else { timeout.std() })
                    .keep_alive_while_idle(true);
            }
            let (send, connection) =
                builder.handshake(TokioIo::new(stream)).await.map_err(|error| reason(&error))?;
            // Its outcome is that of the requests on it.
            tokio::spawn(connection);
            Ok(Self::Http2(send))
        } else {
            let (send, connection) = http1::Builder::new()
                .handshake(TokioIo::new(stream))
                .await
                .map_err(|error| reason(&error))?;
            tokio::spawn(connection);
            Ok(Self::Http1(send))
        }
    }

    /// Whether it takes no more requests.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Http1(send) => send.is_closed(),
            Self::Http2(send) => send.is_closed(),
        }
    }

    /// Another handle to it, if requests can share it.
    pub(crate) fn share(&self) -> Option<Self> {
        match self {
            Self::Http1(_) => None,
            Self::Http2(send) => Some(Self::Http2(send.clone())),
        }
    }

    /// Waits until the last response has been dealt with; whether the connection can take another request then.
    pub(crate) async fn settled(&mut self) -> bool {
        match self {
            Self::Http1(send) => send.ready().await.is_ok(),
            Self::Http2(send) => send.ready().await.is_ok(),
        }
    }

    /// Sends a request, in the form that a server expects: `request` names the whole URL.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> Result<Response<Incoming>, SendError> {
        let failed = |error: TrySendError<Request<Body>>| SendError {
            reason: reason(error.error()),
            unsent: error.message().is_some(),
        };
        match self {
            Self::Http1(send) => send.try_send_request(request).await.map_err(failed),
            Self::Http2(send) => send.try_send_request(request).await.map_err(failed),
        }
    }
}

/// A broken connection or a malformed response, in Go's words.
pub(crate) fn reason(error: &hyper::Error) -> String {
    if error.is_incomplete_message() {
        return "EOF".to_owned();
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return handshake::broken(io);
        }
        cause = error.source();
    }
    if error.is_parse() {
        return format!("net/http: HTTP/1.x transport connection broken: {error}");
    }
    error.to_string()
}
