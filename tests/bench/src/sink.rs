//! The counting sink: an OTLP/gRPC server on one thread that answers OK and keeps nothing but counts.

use std::{
    io::Read,
    net::SocketAddr,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread::JoinHandle,
    time::Duration,
};

use bytes::{BufMut, Bytes};
use flate2::read::GzDecoder;
use h2::{RecvStream, server::SendResponse};
use http::{HeaderMap, HeaderValue, Response};
use slimcol_pdata::Signal;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

use crate::{count::count, process::go_first, request::method};

/// Windows as large as gRPC servers in the field grow theirs to, so that the exporter is never held up.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;
/// More than any exporter under test sends in one message.
const MAX_MESSAGE: usize = 64 << 20;

const OK: &str = "0";
const INVALID_ARGUMENT: &str = "3";
const RESOURCE_EXHAUSTED: &str = "8";
const UNIMPLEMENTED: &str = "12";

/// A server that counts what it receives, until dropped.
#[derive(Debug)]
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    received: Arc<Received>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What a sink has received so far.
#[derive(Debug, Default)]
pub struct Received {
    /// Spans, log records and data points.
    items: Mutex<u64>,
    arrived: Condvar,
    requests: AtomicU64,
    /// As they came over the wire, compressed or not.
    bytes: AtomicU64,
    /// Requests that could not be counted.
    invalid: AtomicU64,
}

impl Sink {
    /// Listens on `address`, port 0 for any free one.
    pub fn start(address: SocketAddr) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind(address))?;
        let address = listener.local_addr()?;
        let received = Arc::new(Received::default());
        let (stop, stopped) = oneshot::channel();
        let shared = received.clone();
        let thread = std::thread::spawn(move || {
            go_first();
            runtime.block_on(async {
                tokio::select! {
                    () = accept(&listener, &shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { address, received, stop: Some(stop), thread: Some(thread) })
    }

    /// What it has received so far.
    pub fn received(&self) -> &Received {
        &self.received
    }
}

impl Drop for Sink {
    /// Closes the port and all connections before it returns.
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there has printed itself; here is nobody to tell.
            let _ = thread.join();
        }
    }
}

impl Received {
    /// Spans, log records and data points.
    pub fn items(&self) -> u64 {
        *self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there are `items`, or none have come for as long as `patience`; how many there are then.
    pub fn wait(&self, items: u64, patience: Duration) -> u64 {
        let mut now = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        while *now < items {
            let (after, timeout) =
                self.arrived.wait_timeout(now, patience).unwrap_or_else(PoisonError::into_inner);
            now = after;
            if timeout.timed_out() {
                break;
            }
        }
        *now
    }

    fn add(&self, items: u64, bytes: usize) {
        *self.items.lock().unwrap_or_else(PoisonError::into_inner) += items;
        self.requests.fetch_add(1, Relaxed);
        self.bytes.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Relaxed);
        self.arrived.notify_all();
    }

    /// Export requests.
    pub fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }

    /// Bytes of the messages as they came over the wire, compressed or not.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Requests whose items could not be counted.
    pub fn invalid(&self) -> u64 {
        self.invalid.load(Relaxed)
    }
}

async fn accept(listener: &TcpListener, received: &Arc<Received>) {
    let mut connections = JoinSet::new();
    loop {
        // Out of file descriptors is the only error left here, and the next connection may find one.
        let Ok((stream, _)) = listener.accept().await else { continue };
        connections.spawn(serve(stream, received.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, received: Arc<Received>) -> Result<(), h2::Error> {
    // Without it answers are late, never wrong.
    let _ = stream.set_nodelay(true);
    let mut connection = h2::server::Builder::new()
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .handshake::<_, Bytes>(stream)
        .await?;
    let mut calls = JoinSet::new();
    while let Some(call) = connection.accept().await {
        let (request, respond) = call?;
        let signal = Signal::ALL.into_iter().find(|signal| method(*signal) == request.uri().path());
        calls.spawn(answer(signal, request.into_body(), respond, received.clone()));
        while calls.try_join_next().is_some() {}
    }
    Ok(())
}

async fn answer(
    signal: Option<Signal>,
    body: RecvStream,
    mut respond: SendResponse<Bytes>,
    received: Arc<Received>,
) -> Result<(), h2::Error> {
    let status = match signal {
        None => UNIMPLEMENTED,
        Some(signal) => take(signal, body, &received).await?,
    };
    let mut head = Response::new(());
    head.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    let mut stream = respond.send_response(head, false)?;
    if status == OK {
        // An empty ExportServiceResponse.
        stream.send_data(Bytes::from_static(&[0; 5]), false)?;
    }
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static(status));
    stream.send_trailers(trailers)
}

/// Reads and counts one message; the status to answer with.
async fn take(signal: Signal, mut body: RecvStream, received: &Received) -> Result<&'static str, h2::Error> {
    let mut message = Vec::new();
    while let Some(data) = body.data().await {
        let data = data?;
        body.flow_control().release_capacity(data.len())?;
        if message.len() + data.len() > MAX_MESSAGE {
            return Ok(RESOURCE_EXHAUSTED);
        }
        if message.is_empty() {
            message.reserve(announced(&data));
        }
        message.put_slice(&data);
    }
    let Some(items) = items(signal, &message) else {
        received.invalid.fetch_add(1, Relaxed);
        return Ok(INVALID_ARGUMENT);
    };
    received.add(items, message.len());
    Ok(OK)
}

/// The size of the message whose first bytes these are, as it says itself.
fn announced(start: &[u8]) -> usize {
    let length = start.get(1..5).and_then(|length| length.try_into().ok()).map_or(0, u32::from_be_bytes);
    usize::try_from(length).unwrap_or(MAX_MESSAGE).min(MAX_MESSAGE) + 5
}

fn items(signal: Signal, message: &[u8]) -> Option<u64> {
    let (head, body) = message.split_at_checked(5)?;
    match head[0] {
        0 => count(signal, body),
        1 => {
            let mut plain = Vec::with_capacity(body.len().saturating_mul(8).min(MAX_MESSAGE));
            let limit = u64::try_from(MAX_MESSAGE).unwrap_or(u64::MAX);
            GzDecoder::new(body).take(limit).read_to_end(&mut plain).ok()?;
            count(signal, &plain)
        }
        _ => None,
    }
}
