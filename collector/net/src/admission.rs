//! Taking connections, whatever is spoken on them: so many at a time, until the server is told to stop.

use std::{io, net::SocketAddr, panic::resume_unwind, time::Duration};

use slimcol_service::{Field, Log, Stop};
use tokio::{
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

use crate::{listen::Listener, stream::Stream, tls::Acceptor};

/// How many connections a server serves at a time. Those beyond wait in the kernel: a flood must not eat the memory of
/// what is being served.
pub(crate) const MAX_CONNECTIONS: usize = 16_384;

/// How long a new connection may take over a handshake, of TLS and of HTTP/2.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long to wait after the system refused to give a connection (mostly: no file descriptors left).
const BREATH: Duration = Duration::from_millis(50);

/// The connections of a server.
#[derive(Debug)]
pub(crate) struct Admission {
    listener: Listener,
    limit: usize,
    open: JoinSet<()>,
}

impl Admission {
    /// Connections to `listener`, no more than `limit` at a time.
    pub(crate) fn new(listener: Listener, limit: usize) -> Self {
        Self { listener, limit, open: JoinSet::new() }
    }

    /// The next connection and, for TCP, where it comes from; `None` once told to stop. An error is none to give up for.
    pub(crate) async fn next(&mut self, stop: &mut Stop) -> Option<io::Result<(Stream, Option<SocketAddr>)>> {
        loop {
            tokio::select! {
                () = stop.wait() => return None,
                Some(ended) = self.open.join_next() => pass_on_panic(ended),
                accepted = self.listener.accept(), if self.open.len() < self.limit => {
                    if accepted.is_err() {
                        sleep(BREATH).await;
                    }
                    return Some(accepted);
                }
            }
        }
    }

    /// How many connections are open.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    /// Runs a connection.
    pub(crate) fn run(&mut self, connection: impl Future<Output = ()> + Send + 'static) {
        self.open.spawn(connection);
    }

    /// Returns when the last of the open connections has ended.
    pub(crate) async fn drain(self) {
        let Self { listener, mut open, .. } = self;
        // Whoever connects now should be refused rather than wait for a server that is gone.
        drop(listener);
        while let Some(ended) = open.join_next().await {
            pass_on_panic(ended);
        }
    }
}

/// The connection after the TLS handshake, if there is to be one. That it failed is logged, with where it came `from`.
pub(crate) async fn secured(
    stream: Stream,
    tls: Option<&Acceptor>,
    from: Option<SocketAddr>,
    log: &Log,
) -> Option<Stream> {
    let Some(tls) = tls else { return Some(stream) };
    match timeout(HANDSHAKE, tls.accept(stream)).await.ok()? {
        Ok(stream) => Some(Stream::Served(Box::new(stream))),
        Err(error) => {
            let from = from.map(|addr| addr.to_string()).unwrap_or_default();
            let fields: &[(&str, Field<'_>)] =
                &[("remote", from.into()), ("error", error.to_string().into())];
            log.warn("TLS handshake error", fields);
            None
        }
    }
}

/// A panic on a connection is the server's own failure: whoever runs the server reports it.
pub(crate) fn pass_on_panic(ended: Result<(), JoinError>) {
    if let Some(panic) = ended.err().and_then(|error| error.try_into_panic().ok()) {
        resume_unwind(panic);
    }
}
