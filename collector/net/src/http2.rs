//! One HTTP/2 connection of a client, of gRPC or HTTP.
//!
//! The HTTP/2 layer is used bare: a call with its message already in memory needs neither body polling nor a task per
//! request, and what that saves is most of the time that a relay spends on a request. That HTTP's client uses the same
//! connections, rather than those of a library, keeps a second copy of the HTTP/2 layer out of a collector (60 KB).

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use h2::{
    Ping, PingPong, RecvStream,
    client::{ResponseFuture, SendRequest},
};
use http::{Request, Response};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until, timeout},
};

use crate::{corked::cork, dial::DialError, pieces::Pieces, stream::Stream};

/// How much calls may leave in a connection, in bytes, whose far end shows no sign of life. One that has stopped reading
/// would otherwise be left with every request that was ever tried.
const ABANDONED: usize = 8 << 20;

/// What a call leaves there besides its body.
const CALL: usize = 1 << 10;

/// A connection that calls share. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    send: SendRequest<Pieces>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// No new calls: the far end is gone or going.
    closed: AtomicBool,
    /// Calls that are under way.
    active: AtomicUsize,
    /// When the far end last answered a call or a ping, in milliseconds after `opened`; 0: it never has.
    heard: AtomicU64,
    opened: Instant,
    /// The far end's address, empty if nobody asks.
    remote: String,
    /// What calls have left behind that ended without a sign of life from the far end, in bytes.
    abandoned: AtomicUsize,
    /// Woken when that is too much.
    dead: Notify,
    /// Woken when the connection closes.
    on_close: Arc<Notify>,
}

/// When to ask the far end for a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeepAlive {
    /// Silence after which to ask.
    pub(crate) time: Duration,
    /// How long to wait for the answer before giving the connection up.
    pub(crate) timeout: Duration,
    /// Whether to ask while no call is under way.
    pub(crate) permit_without_stream: bool,
}

impl Connection {
    /// Speaks HTTP/2 over `stream`, to what is shown as `remote`; `on_close` is woken when that ends.
    pub(crate) async fn open(
        stream: Stream,
        keep_alive: Option<KeepAlive>,
        on_close: Arc<Notify>,
        remote: String,
    ) -> Result<Self, DialError> {
        let (stream, cork) = cork(stream);
        let (send, mut connection) = h2::client::Builder::new()
            .enable_push(false)
            .handshake(stream)
            .await
            .map_err(|error| DialError(error.to_string()))?;
        let shared = Arc::new(Shared {
            closed: AtomicBool::new(false),
            active: AtomicUsize::new(0),
            heard: AtomicU64::new(0),
            opened: Instant::now(),
            remote,
            abandoned: AtomicUsize::new(0),
            dead: Notify::new(),
            on_close,
        });
        let this = Self { send, shared: Arc::clone(&shared) };
        let ping_pong = connection.ping_pong();
        let driven = poll_fn(move |cx| {
            let ended = Future::poll(Pin::new(&mut connection), cx);
            // An error of the flush shows as one of the next read, too.
            match cork.poll_flush(cx) {
                Poll::Ready(Err(_)) => Poll::Ready(()),
                _ => ended.map(|_| ()),
            }
        });
        tokio::spawn(async move {
            let watched = async {
                match (keep_alive, ping_pong) {
                    (Some(settings), Some(ping_pong)) => shared.until_silent(settings, ping_pong).await,
                    _ => std::future::pending().await,
                }
            };
            // The outcome is each call's own: all that are under way end with the connection's error.
            tokio::select! {
                () = driven => {}
                () = watched => {}
                () = shared.dead.notified() => {}
            }
            shared.close();
        });
        Ok(this)
    }

    /// Whether new calls must go elsewhere.
    pub(crate) fn is_closed(&self) -> bool {
        self.shared.closed.load(Ordering::Acquire)
    }

    /// The far end's address, empty if nobody asks.
    pub(crate) fn remote(&self) -> &str {
        &self.shared.remote
    }

    /// How long it has been open.
    pub(crate) fn age(&self) -> Duration {
        self.shared.opened.elapsed()
    }

    /// Whether it has been of use: the far end has answered, or had a call to answer when the connection closed.
    pub(crate) fn was_used(&self) -> bool {
        self.shared.heard.load(Ordering::Relaxed) > 0
    }

    /// Takes no new calls any more; those under way go on.
    pub(crate) fn retire(&self) {
        self.shared.close();
    }

    /// Sends a request. An error means that the far end has seen nothing of it.
    pub(crate) async fn send(&self, request: Request<()>, body: Pieces) -> Result<Call, h2::Error> {
        let mut send = self.send.clone().ready().await?;
        let (response, mut stream) = send.send_request(request, body.is_empty())?;
        let size = body.len();
        if !body.is_empty() {
            // All of it at once, whatever the windows say: the pieces are in memory anyway, and what cannot go out yet
            // waits in the connection instead of waking this task for each window update.
            stream.send_data(body, true)?;
        }
        self.shared.active.fetch_add(1, Ordering::Relaxed);
        Ok(Call { response, shared: Arc::clone(&self.shared), size, began: self.shared.now() })
    }
}

impl Shared {
    fn close(&self) {
        // The answer may be there already, with its call yet to look.
        if self.active.load(Ordering::Relaxed) > 0 {
            self.hear();
        }
        self.closed.store(true, Ordering::Release);
        self.on_close.notify_one();
    }

    fn hear(&self) {
        self.heard.fetch_max(self.now(), Ordering::Relaxed);
        self.abandoned.store(0, Ordering::Relaxed);
    }

    /// Milliseconds after `opened`, never 0.
    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// Returns once the far end owes an answer to a ping for too long.
    async fn until_silent(&self, settings: KeepAlive, mut ping_pong: PingPong) {
        loop {
            let heard = self.opened + Duration::from_millis(self.heard.load(Ordering::Relaxed));
            let due = heard + settings.time;
            if Instant::now() < due {
                sleep_until(due).await;
            } else if self.active.load(Ordering::Relaxed) == 0 && !settings.permit_without_stream {
                sleep(settings.time).await;
            } else {
                match timeout(settings.timeout, ping_pong.ping(Ping::opaque())).await {
                    Ok(Ok(_)) => self.hear(),
                    Ok(Err(_)) | Err(_) => return,
                }
            }
        }
    }
}

/// A call that is under way; dropping it cancels it.
#[derive(Debug)]
pub(crate) struct Call {
    response: ResponseFuture,
    shared: Arc<Shared>,
    /// Of its body, in bytes.
    size: usize,
    /// When, in milliseconds after the connection was opened.
    began: u64,
}

impl Call {
    /// The response's head, with the body still to be read.
    pub(crate) async fn response(&mut self) -> Result<Response<RecvStream>, h2::Error> {
        let response = poll_fn(|cx| Future::poll(Pin::new(&mut self.response), cx)).await;
        if response.as_ref().map_or_else(h2::Error::is_remote, |_| true) {
            self.shared.hear();
        }
        response
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.shared.active.fetch_sub(1, Ordering::Relaxed);
        if self.shared.heard.load(Ordering::Relaxed) < self.began {
            let left = self.size + CALL;
            if self.shared.abandoned.fetch_add(left, Ordering::Relaxed) + left > ABANDONED {
                self.shared.dead.notify_one();
            }
        }
    }
}
