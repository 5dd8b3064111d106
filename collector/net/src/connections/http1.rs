//! HTTP/1 connections.

use std::{io, pin::pin, sync::Arc};

use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use slimcol_service::Stop;

use super::{MAX_HEAD, Manner, cut_off, last_call};
use crate::{
    exchange::{Answer, Inbound, Outbound, Peer},
    stream::Stream,
};

/// The most that a piece of a request's body is buffered to.
const MAX_BUFFER: usize = 256 << 10;

pub(super) async fn run(
    stream: Stream,
    peer: Arc<Peer>,
    manner: Manner,
    answer: Arc<dyn Answer>,
    mut stop: Stop,
) {
    let service = service_fn(|request: Request<Incoming>| {
        let (answer, peer) = (answer.clone(), peer.clone());
        // At once: what comes behind the request is looked at before the answer is worked on.
        let open = peer.opened();
        async move {
            let outcome: Option<Response<Outbound>> = answer.answer(request.map(Inbound::H1), peer).await;
            drop(open);
            outcome.ok_or_else(|| io::Error::other("no answer"))
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).keep_alive(manner.keep_alive).half_close(false).max_buf_size(MAX_BUFFER);
    builder.max_header_size(MAX_HEAD as usize);
    builder.header_read_timeout((!manner.header_timeout.is_zero()).then_some(manner.header_timeout));
    // Who half-closes a connection after the request still gets the answer, as from Go.
    let stream = stream.patient(peer.clone(), manner.write_timeout);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let grace = tokio::select! {
        // Errors are the far end's: it is gone, or does not speak HTTP and has been told so.
        _ = connection.as_mut() => return,
        grace = last_call(&peer, manner, &mut stop) => grace,
    };
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = connection => {}
        () = cut_off(&peer, grace, &mut stop) => {}
    }
}
