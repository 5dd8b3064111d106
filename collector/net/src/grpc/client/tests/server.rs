//! A server that answers as a test says.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::{Bytes, BytesMut};
use h2::{Reason, server::SendResponse};
use http::{HeaderMap, Request, Response};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};

use crate::tls::Acceptor;

/// What a call is answered with.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    http: u16,
    content_type: &'static str,
    message: Option<Bytes>,
    headers: HeaderMap,
    trailers: Option<HeaderMap>,
    reset: Option<Reason>,
    never: bool,
    go_away: bool,
}

impl Answer {
    fn new() -> Self {
        Self {
            http: 200,
            content_type: "application/grpc",
            message: None,
            headers: HeaderMap::new(),
            trailers: None,
            reset: None,
            never: false,
            go_away: false,
        }
    }

    pub(crate) fn ok(message: &[u8]) -> Self {
        let mut framed = vec![0];
        framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        framed.extend(message);
        let trailers = HeaderMap::from_iter([("grpc-status".parse().unwrap(), 0.into())]);
        Self { message: Some(framed.into()), trailers: Some(trailers), ..Self::new() }
    }

    pub(crate) fn status(trailers: HeaderMap) -> Self {
        Self { trailers: Some(trailers), ..Self::new() }
    }

    pub(crate) fn trailers_only(headers: HeaderMap) -> Self {
        Self { headers, ..Self::new() }
    }

    pub(crate) fn http(http: u16, content_type: &'static str) -> Self {
        Self { http, content_type, ..Self::new() }
    }

    pub(crate) fn reset(reason: Reason) -> Self {
        Self { reset: Some(reason), ..Self::new() }
    }

    pub(crate) fn never() -> Self {
        Self { never: true, ..Self::new() }
    }

    /// Answers, and takes nothing more on the connection.
    pub(crate) fn then_go_away(self) -> Self {
        Self { go_away: true, ..self }
    }
}

/// A call as it arrived.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

type Script = dyn Fn(usize) -> Answer + Send + Sync;

struct Shared {
    script: Box<Script>,
    calls: AtomicUsize,
    connections: AtomicUsize,
    seen: mpsc::UnboundedSender<Seen>,
}

/// Listens until dropped or stopped.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    shared: Arc<Shared>,
    seen: mpsc::UnboundedReceiver<Seen>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers the n-th call as `script(n)` says.
    pub(crate) async fn start(script: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), script).await
    }

    pub(crate) async fn start_at(
        addr: SocketAddr,
        script: impl Fn(usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_over(addr, None, script).await
    }

    pub(crate) async fn start_over(
        addr: SocketAddr,
        tls: Option<Acceptor>,
        script: impl Fn(usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (shared, seen) = shared(script);
        let served = Arc::clone(&shared);
        let tls = tls.map(Arc::new);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                served.connections.fetch_add(1, Ordering::SeqCst);
                let (served, tls) = (Arc::clone(&served), tls.clone());
                connections.spawn(async move {
                    match tls {
                        None => serve(stream, served).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, served).await;
                            }
                        }
                    }
                });
            }
        });
        Self { addr, shared, seen, task }
    }

    pub(crate) fn start_unix(path: &Path, script: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Self {
        let _ = std::fs::remove_file(path);
        let listener = UnixListener::bind(path).unwrap();
        let (shared, seen) = shared(script);
        let served = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&served)));
            }
        });
        Self { addr: ([127, 0, 0, 1], 0).into(), shared, seen, task }
    }

    /// The next call that arrived.
    pub(crate) async fn seen(&mut self) -> Seen {
        self.seen.recv().await.unwrap()
    }

    pub(crate) fn calls(&self) -> usize {
        self.shared.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Closes the port and all connections.
    pub(crate) async fn stop(mut self) {
        self.task.abort();
        assert!((&mut self.task).await.unwrap_err().is_cancelled());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn shared(
    script: impl Fn(usize) -> Answer + Send + Sync + 'static,
) -> (Arc<Shared>, mpsc::UnboundedReceiver<Seen>) {
    let (seen, arrived) = mpsc::unbounded_channel();
    let script = Box::new(script);
    (Arc::new(Shared { script, calls: 0.into(), connections: 0.into(), seen }), arrived)
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let answer = (shared.script)(shared.calls.fetch_add(1, Ordering::SeqCst));
        let go_away = answer.go_away;
        tokio::spawn(reply(request, respond, answer, shared.seen.clone()));
        if go_away {
            connection.graceful_shutdown();
        }
    }
}

async fn reply(
    request: Request<h2::RecvStream>,
    mut respond: SendResponse<Bytes>,
    answer: Answer,
    seen: mpsc::UnboundedSender<Seen>,
) {
    let (head, mut body) = request.into_parts();
    let mut whole = BytesMut::new();
    while let Some(Ok(data)) = body.data().await {
        body.flow_control().release_capacity(data.len()).unwrap();
        whole.extend_from_slice(&data);
    }
    let _ = seen.send(Seen { uri: head.uri.to_string(), headers: head.headers, body: whole.freeze() });
    if answer.never {
        std::future::pending::<()>().await;
    }
    if let Some(reason) = answer.reset {
        respond.send_reset(reason);
        return;
    }
    let mut response = Response::builder().status(answer.http).header("content-type", answer.content_type);
    response.headers_mut().unwrap().extend(answer.headers);
    let alone = answer.message.is_none() && answer.trailers.is_none();
    let Ok(mut stream) = respond.send_response(response.body(()).unwrap(), alone) else { return };
    if let Some(message) = answer.message {
        let _ = stream.send_data(message, false);
    }
    if let Some(trailers) = answer.trailers {
        let _ = stream.send_trailers(trailers);
    }
}

/// An address of this machine where nothing listens.
pub(crate) async fn free_addr() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// Takes connections and never says a word.
pub(crate) async fn mute() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    addr
}
