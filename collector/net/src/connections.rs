//! Accepting connections, running them, and draining them when the collector stops.

mod http1;
mod http2;
mod turns;

use std::{sync::Arc, time::Duration};

use slimcol_service::{BoxFuture, Log, Stop};
use tokio::time::sleep;

use crate::{
    admission::{Admission, secured},
    exchange::{Answer, Peer},
    listen::Listener,
    stream::Stream,
    tls::Acceptor,
};

pub(crate) use self::http2::Http2;

/// Request heads larger than this, in bytes, are refused. Go's gRPC allows 16 MiB and its HTTP 1 MiB; no telemetry needs
/// more than this.
const MAX_HEAD: u32 = 64 << 10;

/// After stopping has begun, how long a connection is kept that has no answer in the making: time for a request on its
/// way to arrive, and the end for a sender that stalls in the midst of one.
const GRACE: Duration = Duration::from_secs(5);

/// What connections speak and how long they may do nothing. Zero means no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// HTTP/1, or HTTP/2 where TLS chose it; otherwise HTTP/2 from the first byte.
    pub(crate) http1: bool,
    /// How many connections at a time; this is never without limit.
    pub(crate) max_connections: usize,
    pub(crate) http2: Http2,
    pub(crate) header_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    /// How long the far end may take over an answer; HTTP/1 only.
    pub(crate) write_timeout: Duration,
    pub(crate) keep_alive: bool,
    /// After how long to ask a sender to connect anew, and how long to wait for what it has under way.
    pub(crate) max_age: Duration,
    pub(crate) max_age_grace: Duration,
}

/// Serves connections to `listener` until told to stop, then until those that are open have ended.
///
/// Boxed, so that this is compiled here, once: what is `async` is otherwise compiled by each crate that awaits it.
pub(crate) fn serve(
    listener: Listener,
    tls: Option<Acceptor>,
    manner: Manner,
    answer: Arc<dyn Answer>,
    log: Log,
    mut stop: Stop,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let tls = tls.map(Arc::new);
        let mut admission = Admission::new(listener, manner.max_connections);
        while let Some(accepted) = admission.next(&mut stop).await {
            match accepted {
                Ok((stream, addr)) => {
                    let (tls, answer, log, stop) = (tls.clone(), answer.clone(), log.clone(), stop.clone());
                    let peer = Peer::new(addr, !manner.http1);
                    admission.run(connection(stream, peer, tls, manner, answer, log, stop));
                }
                Err(error) => {
                    let reason = crate::dial::reason(&error);
                    log.warn("Failed to accept a connection", &[("error", reason.into())]);
                }
            }
        }
        admission.drain().await;
    })
}

async fn connection(
    stream: Stream,
    peer: Arc<Peer>,
    tls: Option<Arc<Acceptor>>,
    manner: Manner,
    answer: Arc<dyn Answer>,
    log: Log,
    stop: Stop,
) {
    let from = peer.client.addr();
    let Some(stream) = secured(stream, tls.as_deref(), from, &log).await else { return };
    if manner.http1 && !stream.chose_h2() {
        http1::run(stream, peer, manner, answer, stop).await;
    } else {
        http2::run(stream, peer, manner, answer, stop).await;
    }
}

/// Returns when a connection should take no new requests: the collector stops, or the connection is old or idle. It is
/// cut when the time returned has passed, zero for never.
async fn last_call(peer: &Peer, manner: Manner, stop: &mut Stop) -> Duration {
    tokio::select! {
        () = stop.wait() => Duration::ZERO,
        () = after(manner.max_age) => manner.max_age_grace,
        () = peer.idle(manner.idle_timeout), if !manner.idle_timeout.is_zero() => GRACE,
    }
}

/// Returns when a connection that takes no new requests should be cut: it stalls while the collector stops, or `grace`
/// has passed.
async fn cut_off(peer: &Peer, grace: Duration, stop: &mut Stop) {
    let stalled = async {
        stop.wait().await;
        peer.unanswering(GRACE).await;
    };
    tokio::select! {
        () = stalled => {}
        () = after(grace) => {}
    }
}

/// Sleeps; for ever if `time` is zero.
async fn after(time: Duration) {
    if time.is_zero() {
        std::future::pending::<()>().await;
    }
    sleep(time).await;
}

#[cfg(test)]
mod tests;
