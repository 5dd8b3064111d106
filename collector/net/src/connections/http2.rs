//! HTTP/2 connections.
//!
//! The `h2` crate is used bare. What that gives a relay: the requests that one read of the socket brought are answered in
//! the connection's own task, all of them before their answers are written, so that most requests cost no task, no
//! wake-up and a share of a system call. Only an answer that has to wait (for the rest of its body, for a full queue) gets
//! a task of its own.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use h2::{
    Ping, PingPong, Reason, RecvStream,
    server::{self, SendResponse},
};
use http::{Request, Response};
use slimcol_service::{BoxFuture, Stop};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{MAX_HEAD, Manner, cut_off, last_call, turns::Turns};
use crate::{
    admission::{HANDSHAKE, pass_on_panic},
    exchange::{Answer, Counted, Inbound, Outbound, Peer},
    pieces::Pieces,
    stream::Stream,
};

/// What senders may have under way: enough for a fast link to never wait, and all that a connection can make us hold
/// beyond the requests that are being read.
const CONNECTION_WINDOW: u32 = 4 << 20;
const STREAM_WINDOW: u32 = 1 << 20;

/// The largest frame that senders may make. A request that comes in one frame is never copied; the price is that as much
/// is buffered for each connection.
const MAX_FRAME: u32 = 256 << 10;

/// Streams at a time where nothing else is configured. Go has no limit; senders queue what is beyond.
const MAX_STREAMS: u32 = 1024;

/// The numbers of HTTP/2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Http2 {
    /// Streams at a time; 0 for the default.
    pub(crate) max_streams: u32,
    /// The time between two pings, and how long to wait for the answer.
    pub(crate) ping: Duration,
    pub(crate) ping_timeout: Duration,
}

impl Default for Http2 {
    /// Go's gRPC pings every two hours and waits 20 s.
    fn default() -> Self {
        Self { max_streams: 0, ping: Duration::from_hours(2), ping_timeout: Duration::from_secs(20) }
    }
}

type Connection = server::Connection<Turns<Stream>, Pieces>;

pub(super) async fn run(
    stream: Stream,
    peer: Arc<Peer>,
    manner: Manner,
    answer: Arc<dyn Answer>,
    mut stop: Stop,
) {
    let mut builder = server::Builder::new();
    builder
        .initial_connection_window_size(CONNECTION_WINDOW)
        .initial_window_size(STREAM_WINDOW)
        .max_frame_size(MAX_FRAME)
        .max_header_list_size(MAX_HEAD)
        .max_concurrent_streams(if manner.http2.max_streams == 0 {
            MAX_STREAMS
        } else {
            manner.http2.max_streams
        });
    let Ok(Ok(mut connection)) = timeout(HANDSHAKE, builder.handshake(Turns::new(stream))).await else {
        return;
    };
    // Requests that wait end with the connection: nobody would get their answers.
    let mut waiting = JoinSet::new();
    let mut alive = pin!(keep_alive(connection.ping_pong(), manner.http2));
    let grace = tokio::select! {
        biased;
        () = exchanges(&mut connection, &peer, &*answer, &mut waiting) => return,
        grace = last_call(&peer, manner, &mut stop) => grace,
        () = &mut alive => return,
    };
    connection.graceful_shutdown();
    tokio::select! {
        () = exchanges(&mut connection, &peer, &*answer, &mut waiting) => {}
        () = cut_off(&peer, grace, &mut stop) => {}
        () = &mut alive => {}
    }
}

/// Serves a connection until its end.
async fn exchanges(
    connection: &mut Connection,
    peer: &Arc<Peer>,
    answer: &dyn Answer,
    waiting: &mut JoinSet<()>,
) {
    let mut arrived = Vec::new();
    loop {
        let next = poll_fn(|cx| {
            while let Poll::Ready(Some(ended)) = waiting.poll_join_next(cx) {
                pass_on_panic(ended);
            }
            poll_arrived(connection, &mut arrived, cx)
        });
        let more = next.await;
        for (request, respond) in arrived.drain(..) {
            let open = peer.opened();
            let answer = answer.answer(request.map(Inbound::H2), peer.clone());
            let mut exchange = Exchange { answer, respond, stream: None, _open: open };
            // Whatever wakes the exchange later wakes this task once too, for nothing but a look around.
            if poll_fn(|cx| Poll::Ready(Pin::new(&mut exchange).poll(cx).is_pending())).await {
                waiting.spawn(exchange);
            }
        }
        if !more {
            return;
        }
    }
}

/// Collects all requests that have arrived; whether there may be more.
fn poll_arrived(
    connection: &mut Connection,
    arrived: &mut Vec<(Request<RecvStream>, SendResponse<Pieces>)>,
    cx: &mut Context<'_>,
) -> Poll<bool> {
    loop {
        match connection.poll_accept(cx) {
            Poll::Ready(Some(Ok(exchange))) => arrived.push(exchange),
            // An error is the far end's: it is gone, or does not speak HTTP/2 and has been told so.
            Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(false),
            Poll::Pending if arrived.is_empty() => return Poll::Pending,
            Poll::Pending => return Poll::Ready(true),
        }
    }
}

/// One request whose answer is being made.
struct Exchange {
    answer: BoxFuture<'static, Option<Response<Outbound>>>,
    respond: SendResponse<Pieces>,
    /// What writes the answer's body, once its head has gone.
    stream: Option<BoxFuture<'static, ()>>,
    _open: Counted,
}

impl Future for Exchange {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(stream) = &mut self.stream {
            return stream.as_mut().poll(cx);
        }
        let Poll::Ready(outcome) = self.answer.as_mut().poll(cx) else {
            // Once the far end has gone or has lost interest nobody waits for the answer: dropping it stops the work on
            // it, as the end of a request's context does in Go.
            return self.respond.poll_reset(cx).map(drop);
        };
        match outcome {
            // An error is again that nobody waits any more.
            Some(response) => {
                if let Ok(Some(stream)) = send(response, &mut self.respond) {
                    self.stream = Some(stream);
                    return self.poll(cx);
                }
            }
            None => self.respond.send_reset(Reason::INTERNAL_ERROR),
        }
        Poll::Ready(())
    }
}

/// Hands an answer to the connection, which writes it when it is next polled; what writes the rest, if there is more to
/// come.
fn send(
    response: Response<Outbound>,
    respond: &mut SendResponse<Pieces>,
) -> Result<Option<BoxFuture<'static, ()>>, h2::Error> {
    let (head, body) = response.into_parts();
    let ends = body.data.is_empty() && body.trailers.is_none() && body.stream.is_none();
    let mut stream = respond.send_response(Response::from_parts(head, ()), ends)?;
    if !body.data.is_empty() {
        stream.send_data(body.data.into(), body.trailers.is_none())?;
    }
    if let Some(trailers) = body.trailers {
        stream.send_trailers(trailers)?;
    }
    Ok(body.stream.map(|streaming| (streaming.0)(stream)))
}

/// Returns when the far end does not answer a ping in time.
async fn keep_alive(pings: Option<PingPong>, numbers: Http2) {
    let Some(mut pings) = pings else { return std::future::pending().await };
    loop {
        sleep(numbers.ping).await;
        let Ok(Ok(_)) = timeout(numbers.ping_timeout, pings.ping(Ping::opaque())).await else { return };
    }
}
