//! One connection of an HTTP client, speaking HTTP/1.1 or HTTP/2.

use std::{error::Error, io, sync::Arc};

use h2::Reason;
use http::{HeaderMap, Request, StatusCode, Version};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::sync::Notify;

use crate::{
    handshake,
    http::client::{
        alone::{Alone, Resting},
        body::Body,
        config::Http2,
    },
    http2::{self, KeepAlive},
    pieces::Pieces,
    stream::Stream,
};

/// How long to wait for the answer to a ping unless configured, like Go.
const PING_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// An open connection.
#[derive(Debug)]
pub(crate) enum Connection {
    /// Takes one request at a time.
    Http1(http1::SendRequest<Full<Pieces>>),
    /// The same, run by who makes it.
    Alone(Alone),
    /// The same between two requests.
    Resting(Resting),
    /// Takes as many as come.
    Http2(http2::Connection),
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
    /// Speaks what the TLS handshake has settled on, HTTP/1.1 without one; if `rests`, that is run by who makes requests.
    pub(crate) async fn open(stream: Stream, settings: Http2, rests: bool) -> Result<Self, String> {
        if stream.chose_h2() {
            let timeout = settings.ping_timeout;
            let keep_alive = (!settings.read_idle_timeout.is_zero()).then(|| KeepAlive {
                time: settings.read_idle_timeout.std(),
                timeout: if timeout.is_zero() { PING_TIMEOUT } else { timeout.std() },
                permit_without_stream: true,
            });
            // The pool looks whether a connection is closed when it needs one.
            let on_close = Arc::new(Notify::new());
            let connection = http2::Connection::open(stream, keep_alive, on_close, String::new()).await;
            Ok(Self::Http2(connection.map_err(|error| error.to_string())?))
        } else if rests {
            Ok(Self::Alone(Resting::new(stream, 0).open().await?))
        } else {
            let (send, connection) = http1::Builder::new()
                .handshake(TokioIo::new(stream))
                .await
                .map_err(|error| reason(&error))?;
            // Its outcome is that of the requests on it.
            tokio::spawn(connection);
            Ok(Self::Http1(send))
        }
    }

    /// Whether it is known to take no more requests.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Http1(send) | Self::Alone(Alone { send, .. }) => send.is_closed(),
            Self::Resting(_) => false,
            Self::Http2(connection) => connection.is_closed(),
        }
    }

    /// What is spoken.
    pub(crate) fn version(&self) -> Version {
        match self {
            Self::Http1(_) | Self::Alone(_) | Self::Resting(_) => Version::HTTP_11,
            Self::Http2(_) => Version::HTTP_2,
        }
    }

    /// Another handle to it, if requests can share it.
    pub(crate) fn share(&self) -> Option<Self> {
        match self {
            Self::Http1(_) | Self::Alone(_) | Self::Resting(_) => None,
            Self::Http2(connection) => Some(Self::Http2(connection.clone())),
        }
    }

    /// Waits until the last response, whose body was so long, has been dealt with; the connection if it can take another request then.
    pub(crate) async fn settled(mut self, last: usize) -> Option<Self> {
        match &mut self {
            Self::Http1(send) => send.ready().await.ok()?,
            Self::Resting(_) => return None,
            Self::Http2(connection) if connection.is_closed() => return None,
            Self::Alone(_) | Self::Http2(_) => {}
        }
        match self {
            Self::Alone(alone) => alone.rest(last).await.map(Self::Resting),
            connection => Some(connection),
        }
    }

    /// What waited, ready for a request; `None` if it has been closed meanwhile.
    pub(crate) async fn awake(self) -> Option<Self> {
        match self {
            Self::Resting(resting) => resting.awake().await?.ok().map(Self::Alone),
            connection => Some(connection),
        }
    }

    /// The outcome of what waits for something to come.
    pub(crate) async fn during<T>(&mut self, other: impl Future<Output = T>) -> T {
        match self {
            Self::Alone(alone) => alone.driver.during(other).await,
            _ => other.await,
        }
    }

    /// Sends a request, in the form that a server expects: `head` names the whole URL for HTTP/2.
    pub(crate) async fn send(&mut self, head: Request<()>, body: Pieces) -> Result<Answer, SendError> {
        let answer = match self {
            Self::Http1(send) => send.try_send_request(head.map(|()| Full::new(body))).await,
            Self::Alone(Alone { send, driver }) => {
                driver.during(send.try_send_request(head.map(|()| Full::new(body)))).await
            }
            Self::Resting(_) => return Err(SendError { reason: "EOF".to_owned(), unsent: true }),
            Self::Http2(connection) => {
                let sent = connection.send(head, body).await;
                let mut call =
                    sent.map_err(|error| SendError { reason: http2_reason(&error), unsent: true })?;
                let (head, body) = call
                    .response()
                    .await
                    .map_err(|error| SendError { reason: http2_reason(&error), unsent: unseen(&error) })?
                    .into_parts();
                return Ok(Answer {
                    status: head.status,
                    headers: head.headers,
                    body: Body::Http2(body, call),
                });
            }
        };
        let (head, body) = answer
            .map_err(|error| SendError { reason: reason(error.error()), unsent: error.message().is_some() })?
            .into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: Body::Http1(body) })
    }
}

/// What came back: the head, with the body still to be read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// Whether the server says that it has not begun with the request.
fn unseen(error: &h2::Error) -> bool {
    let going = error.is_go_away() && error.is_remote() && error.reason() == Some(Reason::NO_ERROR);
    going || error.reason() == Some(Reason::REFUSED_STREAM)
}

/// A broken HTTP/2 connection or a stream that was reset, in Go's words where it has any.
pub(crate) fn http2_reason(error: &h2::Error) -> String {
    match error.get_io() {
        Some(io) => handshake::broken(io),
        None => error.to_string(),
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
