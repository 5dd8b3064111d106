//! The load generator: a closed loop over several HTTP/2 connections on one thread.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use bytes::Bytes;
use h2::client::SendRequest;
use http::Request;
use slimcol_pdata::Signal;
use tokio::{net::TcpStream, task::JoinSet};

use crate::{
    Error,
    process::go_first,
    request::{Requests, method},
};

/// After a refusal a sender waits this long, lest a collector that refuses at once be flooded.
const AFTER_REFUSAL: Duration = Duration::from_millis(5);

/// How hard to push.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// TCP connections.
    pub connections: usize,
    /// Requests in flight on each.
    pub in_flight: usize,
    /// Items a second over all connections; as fast as answers come if `None`.
    pub rate: Option<f64>,
}

/// What became of the requests.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Items in requests answered OK.
    pub acknowledged: u64,
    /// Requests answered otherwise, or not at all.
    pub refused: u64,
    /// The first answer that was not OK.
    pub first_refusal: Option<String>,
    /// Round-trip times of acknowledged requests in microseconds, sorted.
    pub latencies: Vec<u32>,
}

/// A load that is running.
#[derive(Debug)]
pub struct Load {
    state: Arc<State>,
    thread: Option<JoinHandle<Result<Outcome, Error>>>,
}

#[derive(Debug)]
struct State {
    to: SocketAddr,
    requests: Requests,
    pace: Pace,
    start: Instant,
    stop: AtomicBool,
    /// Set while latencies are kept: those of the warm-up are not.
    measuring: AtomicBool,
    acknowledged: AtomicU64,
    sent: AtomicU64,
}

impl Load {
    /// Starts to send `requests` to a gRPC receiver until told to stop.
    pub fn start(to: SocketAddr, requests: Requests, pace: Pace) -> Self {
        let state = Arc::new(State {
            to,
            requests,
            pace,
            start: Instant::now(),
            stop: AtomicBool::new(false),
            measuring: AtomicBool::new(false),
            acknowledged: AtomicU64::new(0),
            sent: AtomicU64::new(0),
        });
        let shared = state.clone();
        let thread = std::thread::spawn(move || {
            go_first();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(drive(shared))
        });
        Self { state, thread: Some(thread) }
    }

    /// Items acknowledged so far.
    pub fn acknowledged(&self) -> u64 {
        self.state.acknowledged.load(Relaxed)
    }

    /// Ends the warm-up: from now on latencies are kept.
    pub fn measure(&self) {
        self.state.measuring.store(true, Relaxed);
    }

    /// Sends no more, waits for what is in flight and tells what became of everything.
    pub fn finish(mut self) -> Result<Outcome, Error> {
        self.state.stop.store(true, Relaxed);
        let Some(thread) = self.thread.take() else { return Err("the load has ended before".into()) };
        thread.join().map_err(|_| "the load generator panicked")?
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.state.stop.store(true, Relaxed);
    }
}

async fn drive(state: Arc<State>) -> Result<Outcome, Error> {
    let mut senders = JoinSet::new();
    for connection in 0..state.pace.connections {
        let stream = TcpStream::connect(state.to).await?;
        stream.set_nodelay(true)?;
        let (client, driver) =
            h2::client::Builder::new().max_send_buffer_size(4 << 20).handshake::<_, Bytes>(stream).await?;
        // Its errors reach the senders through their requests.
        tokio::spawn(driver);
        for slot in 0..state.pace.in_flight {
            senders.spawn(send(state.clone(), client.clone(), connection * 7 + slot));
        }
    }
    let mut all = Outcome::default();
    while let Some(part) = senders.join_next().await {
        let part = part?;
        all.refused += part.refused;
        all.first_refusal = all.first_refusal.or(part.first_refusal);
        all.latencies.extend(part.latencies);
    }
    all.acknowledged = state.acknowledged.load(Relaxed);
    all.latencies.sort_unstable();
    Ok(all)
}

/// One slot of a connection: a request, its answer, the next request, until stopped or disconnected.
async fn send(state: Arc<State>, client: SendRequest<Bytes>, mut turn: usize) -> Outcome {
    let mut outcome = Outcome::default();
    let items = u64::try_from(state.requests.items).unwrap_or(u64::MAX);
    let head = match head(state.to, state.requests.signal, state.requests.gzip) {
        Ok(head) => head,
        Err(error) => return Outcome { refused: 1, first_refusal: Some(error.to_string()), ..outcome },
    };
    while !state.stop.load(Relaxed) {
        if let Some(due) = due(&state, items) {
            tokio::time::sleep_until(due.into()).await;
        }
        let Ok(ready) = client.clone().ready().await else {
            outcome.refused += 1;
            outcome.first_refusal.get_or_insert_with(|| "the connection was closed".to_owned());
            break;
        };
        let begin = Instant::now();
        match exchange(ready, head.clone(), state.requests.message(turn)).await {
            Ok(()) => {
                state.acknowledged.fetch_add(items, Relaxed);
                if state.measuring.load(Relaxed) {
                    outcome.latencies.push(u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX));
                }
            }
            Err(refusal) => {
                outcome.refused += 1;
                outcome.first_refusal.get_or_insert(refusal);
                tokio::time::sleep(AFTER_REFUSAL).await;
            }
        }
        turn += 1;
    }
    outcome
}

/// When the next request is due if the load is paced.
fn due(state: &State, items: u64) -> Option<Instant> {
    let rate = state.pace.rate?;
    let before = state.sent.fetch_add(items, Relaxed);
    let offset = Duration::try_from_secs_f64(crate::stats::ratio(crate::stats::float(before), rate)).ok()?;
    state.start.checked_add(offset)
}

fn head(to: SocketAddr, signal: Signal, gzip: bool) -> http::Result<Request<()>> {
    let mut head = Request::post(format!("http://{to}{}", method(signal)))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    if gzip {
        head = head.header("grpc-encoding", "gzip");
    }
    head.body(())
}

/// One unary call; the error is what the caller was told.
async fn exchange(mut client: SendRequest<Bytes>, head: Request<()>, message: Bytes) -> Result<(), String> {
    let call = async {
        let (response, mut body) = client.send_request(head, false)?;
        body.send_data(message, true)?;
        let (parts, mut body) = response.await?.into_parts();
        while let Some(data) = body.data().await {
            body.flow_control().release_capacity(data?.len())?;
        }
        Ok::<_, h2::Error>(body.trailers().await?.unwrap_or(parts.headers))
    };
    let trailers = call.await.map_err(|error| error.to_string())?;
    match trailers.get("grpc-status").map(http::HeaderValue::as_bytes) {
        Some(b"0") => Ok(()),
        status => Err(format!(
            "grpc-status {}: {}",
            String::from_utf8_lossy(status.unwrap_or(b"missing")),
            String::from_utf8_lossy(trailers.get("grpc-message").map_or(b"", http::HeaderValue::as_bytes))
        )),
    }
}
