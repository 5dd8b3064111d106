//! One request and its answer, whatever version of HTTP carries them.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use slimcol_service::{BoxFuture, Client, ClientInfo};

use crate::{calls::Tally, pieces::Pieces};

/// Answers requests. One for HTTP and one for gRPC stand behind it, so that what is below is compiled once.
pub(crate) trait Answer: Send + Sync {
    /// The answer to a request; `None` closes the connection without one.
    fn answer(
        &self,
        request: Request<Inbound>,
        peer: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>>;
}

/// The far end of a connection.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    /// What pipelines get to know of it where requests' headers do not matter.
    pub(crate) client: Client,
    /// The requests of which the head has come and the answer has not gone.
    open: AtomicU32,
    /// Those of which everything has come.
    answering: AtomicU32,
    /// How often either has changed.
    turns: AtomicU32,
}

/// Counts a request of a [`Peer`] for as long as it lives.
#[derive(Debug)]
pub(crate) struct Counted {
    peer: Arc<Peer>,
    which: fn(&Peer) -> &AtomicU32,
}

impl Peer {
    pub(crate) fn new(addr: Option<SocketAddr>, grpc: bool) -> Arc<Self> {
        Arc::new(Self {
            client: Client::new(ClientInfo { addr, grpc, ..ClientInfo::default() }),
            ..Self::default()
        })
    }

    /// The far end, of which an authenticator learned `auth`.
    pub(crate) fn known_by(&self, auth: Vec<(String, String)>) -> Client {
        if auth.is_empty() {
            return self.client.clone();
        }
        self.with(Vec::new(), auth)
    }

    /// The far end, with the headers of its request.
    pub(crate) fn with(&self, metadata: Vec<(String, Vec<String>)>, auth: Vec<(String, String)>) -> Client {
        Client::new(ClientInfo { addr: self.client.addr(), metadata, grpc: self.client.grpc(), auth })
    }

    /// Says that the head of a request has come.
    pub(crate) fn opened(self: &Arc<Self>) -> Counted {
        self.count(|peer| &peer.open)
    }

    /// Says that the whole of a request has come and its answer is being made.
    pub(crate) fn answering(self: &Arc<Self>) -> Counted {
        self.count(|peer| &peer.answering)
    }

    fn count(self: &Arc<Self>, which: fn(&Self) -> &AtomicU32) -> Counted {
        which(self).fetch_add(1, Ordering::Relaxed);
        self.turns.fetch_add(1, Ordering::Relaxed);
        Counted { peer: self.clone(), which }
    }

    /// Whether no request is open.
    pub(crate) fn is_idle(&self) -> bool {
        self.open.load(Ordering::Relaxed) == 0
    }

    /// Returns when no request has been open for `time` to twice that.
    pub(crate) async fn idle(&self, time: Duration) {
        self.none(|peer| &peer.open, time).await;
    }

    /// Returns when no answer has been in the making for `time` to twice that, however many requests are arriving.
    pub(crate) async fn unanswering(&self, time: Duration) {
        self.none(|peer| &peer.answering, time).await;
    }

    async fn none(&self, which: fn(&Self) -> &AtomicU32, time: Duration) {
        loop {
            let before = self.turns.load(Ordering::Relaxed);
            tokio::time::sleep(time).await;
            if which(self).load(Ordering::Relaxed) == 0 && self.turns.load(Ordering::Relaxed) == before {
                return;
            }
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.which)(&self.peer).fetch_sub(1, Ordering::Relaxed);
        self.peer.turns.fetch_add(1, Ordering::Relaxed);
    }
}

/// A request's body, as it comes.
#[derive(Debug)]
pub(crate) enum Inbound {
    H1(Incoming),
    H2(h2::RecvStream),
    /// Any of these, of a request that is counted.
    Counted(Box<Self>, Arc<Tally>),
}

/// The connection ended, or broke the protocol, before the body did.
#[derive(Debug)]
pub(crate) struct Cut;

impl Inbound {
    /// The next bytes; nothing at the end. What is returned counts as consumed, so the sender may go on.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Cut> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Where to say what a request that is counted asked for.
    pub(crate) fn tally(&self) -> Option<&Tally> {
        match self {
            Self::Counted(_, tally) => Some(tally),
            Self::H1(_) | Self::H2(_) => None,
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Cut>> {
        loop {
            let data = match self {
                Self::H1(body) => match std::task::ready!(Pin::new(body).poll_frame(cx)) {
                    Some(Ok(frame)) => frame.into_data().ok(),
                    Some(Err(_)) => return Poll::Ready(Err(Cut)),
                    None => return Poll::Ready(Ok(None)),
                },
                Self::H2(body) => match std::task::ready!(body.poll_data(cx)) {
                    Some(Ok(data)) => {
                        body.flow_control().release_capacity(data.len()).map_err(|_| Cut)?;
                        Some(data)
                    }
                    Some(Err(_)) => return Poll::Ready(Err(Cut)),
                    None => return Poll::Ready(Ok(None)),
                },
                Self::Counted(body, tally) => {
                    let next = body.poll_next(cx);
                    if let Poll::Ready(Ok(Some(data))) = &next {
                        tally.read(data.len());
                    }
                    return next;
                }
            };
            // Trailers and empty frames say nothing.
            if let Some(data) = data.filter(|data| !data.is_empty()) {
                return Poll::Ready(Ok(Some(data)));
            }
        }
    }
}

/// An answer's body.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    pub(crate) data: Bytes,
    /// gRPC's status.
    pub(crate) trailers: Option<HeaderMap>,
    /// Instead of all that: what writes the body for as long as it takes. HTTP/2 only.
    pub(crate) stream: Option<Streaming>,
}

/// Writes a body that has no end yet.
pub(crate) struct Streaming(
    pub(crate) Box<dyn FnOnce(h2::SendStream<Pieces>) -> BoxFuture<'static, ()> + Send>,
);

impl std::fmt::Debug for Streaming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Streaming")
    }
}

impl From<Bytes> for Outbound {
    fn from(data: Bytes) -> Self {
        Self { data, trailers: None, stream: None }
    }
}

/// For HTTP/1, which never carries trailers here: gRPC is not spoken over it.
impl Body for Outbound {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = std::mem::take(&mut self.data);
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.len() as u64)
    }
}

/// Request headers as pipelines carry them: by lower-case name, in the order of their first appearance.
pub(crate) fn metadata(headers: &HeaderMap) -> Vec<(String, Vec<String>)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.keys().map(|name| (name.to_string(), headers.get_all(name).iter().map(text).collect())).collect()
}
