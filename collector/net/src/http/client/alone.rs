//! A connection of HTTP/1.1 that is nothing but its stream while it waits: no task, no buffers. Who makes a request on it runs it.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
};

use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, ReadBuf};

use crate::{http::client::connection::reason, pieces::Pieces, stream::Stream};

/// How much is read at a time where nothing is known of the bodies to come, and at least, bytes; a head may be as long.
const LEAST: usize = 64 << 10;
/// How much is read at a time at most.
const MOST: usize = 1 << 20;
/// What comes with a body: the head, and what the body may have grown by.
const BESIDE: usize = 4 << 10;

/// A connection that waits.
#[derive(Debug)]
pub(crate) struct Resting {
    stream: Stream,
    /// How long the last body was.
    last: usize,
}

/// A connection with one request under way.
pub(crate) struct Alone {
    pub(crate) send: http1::SendRequest<Full<Pieces>>,
    pub(crate) driver: Driver,
}

/// What moves a connection on. It ends with the stream, if that can be used further.
pub(crate) struct Driver {
    running: Option<Pin<Box<dyn Future<Output = Option<Stream>> + Send + Sync>>>,
    stream: Option<Stream>,
}

impl std::fmt::Debug for Alone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Alone")
    }
}

impl Resting {
    pub(crate) fn new(stream: Stream, last: usize) -> Self {
        Self { stream, last }
    }

    /// Ready for a request; `None` if the server has closed it, or says what it was not asked for.
    pub(crate) async fn awake(mut self) -> Option<Result<Alone, String>> {
        let mut byte = [0];
        let mut read = ReadBuf::new(&mut byte);
        let stream = &mut self.stream;
        let is_quiet =
            poll_fn(|cx| Poll::Ready(Pin::new(&mut *stream).poll_read(cx, &mut read).is_pending())).await;
        if is_quiet { Some(self.open().await) } else { None }
    }

    /// Ready for a request.
    pub(crate) async fn open(self) -> Result<Alone, String> {
        let mut builder = http1::Builder::new();
        builder.read_buf_exact_size(Some((self.last + BESIDE).clamp(LEAST, MOST)));
        let opened = builder.handshake(TokioIo::new(self.stream)).await;
        let (send, connection) = opened.map_err(|error| reason(&error))?;
        let running = Box::pin(async move {
            let parts = connection.without_shutdown().await.ok()?;
            // Nothing may come before the next request.
            parts.read_buf.is_empty().then(|| parts.io.into_inner())
        });
        Ok(Alone { send, driver: Driver { running: Some(running), stream: None } })
    }
}

impl Alone {
    /// What remains when the response, whose body was so long, has been read.
    pub(crate) async fn rest(mut self, last: usize) -> Option<Resting> {
        self.driver.during(self.send.ready()).await.ok()?;
        drop(self.send);
        let mut driver = self.driver;
        poll_fn(|cx| if driver.turn(cx) { Poll::Pending } else { Poll::Ready(()) }).await;
        driver.stream.map(|stream| Resting { stream, last })
    }
}

impl Driver {
    /// Moves the connection on; whether there is more to come.
    fn turn(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(running) = &mut self.running else { return false };
        let Poll::Ready(stream) = running.as_mut().poll(cx) else { return true };
        self.running = None;
        self.stream = stream;
        false
    }

    /// The outcome of `other`, which the connection makes happen.
    pub(crate) async fn during<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        poll_fn(|cx| {
            self.turn(cx);
            let outcome = other.as_mut().poll(cx);
            if outcome.is_ready() {
                return outcome;
            }
            // What was asked for there may be what the connection waits for.
            self.turn(cx);
            other.as_mut().poll(cx)
        })
        .await
    }
}
