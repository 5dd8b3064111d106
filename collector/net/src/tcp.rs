//! A server and a client of connections as they are, for protocols that are not HTTP.

mod client;

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use bytes::BytesMut;
use slimcol_service::{BoxError, Log, Stop};
use tokio::io::AsyncReadExt as _;

pub use self::client::{Dialed, broken, dial};
use crate::{
    admission::{Admission, MAX_CONNECTIONS, secured},
    listen::{Listener, Transport},
    stream::Stream,
    tls::{Acceptor, ServerTls},
};

/// A socket that is listened on.
#[derive(Debug)]
pub struct TcpServer {
    listener: Listener,
    tls: Option<Arc<Acceptor>>,
}

/// An open connection.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    peer: SocketAddr,
    local: SocketAddr,
}

/// Who talks on connections.
pub trait Converse: Send + Sync + 'static {
    /// Whether a further connection is talked on, beside so many. It is closed at once otherwise.
    fn admit(&self, open: usize) -> bool;

    /// Talks on a connection until it ends, or the receiver stops.
    fn converse(&self, connection: Connection) -> impl Future<Output = ()> + Send;
}

impl TcpServer {
    /// Listens on `endpoint`. Port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be listened on, or the certificate cannot be loaded: Go's texts.
    pub async fn bind(endpoint: &str, tls: Option<&ServerTls>) -> Result<Self, BoxError> {
        let tls = tls.map(|tls| tls.acceptor(&[])).transpose()?.map(Arc::new);
        Ok(Self { listener: Listener::open(Transport::Tcp, endpoint).await?, tls })
    }

    /// The address that is listened on, with the port that was taken.
    pub fn endpoint(&self) -> &str {
        self.listener.local()
    }

    /// Takes connections until told to stop, and returns when the last of them has ended. Those beyond a limit, which keeps a
    /// flood from eating the memory of what is being served, wait in the kernel.
    pub async fn serve(self, with: Arc<impl Converse>, log: Log, mut stop: Stop) {
        let Self { listener, tls } = self;
        let mut admission = Admission::new(listener, MAX_CONNECTIONS);
        while let Some(accepted) = admission.next(&mut stop).await {
            match accepted {
                Ok((stream, peer)) => {
                    if with.admit(admission.open()) {
                        admission.run(connection(stream, peer, tls.clone(), with.clone(), log.clone()));
                    }
                }
                Err(error) => {
                    log.debug("Listener accept error", &[("error", crate::dial::reason(&error).into())]);
                }
            }
        }
        admission.drain().await;
    }
}

async fn connection(
    stream: Stream,
    peer: Option<SocketAddr>,
    tls: Option<Arc<Acceptor>>,
    with: Arc<impl Converse>,
    log: Log,
) {
    let nowhere = || SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
    let local = stream.local_addr().unwrap_or_else(nowhere);
    let Some(stream) = secured(stream, tls.as_deref(), peer, &log).await else { return };
    let peer = peer.unwrap_or_else(nowhere);
    with.converse(Connection { stream, peer, local }).await;
}

impl Connection {
    /// Where it comes from.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// The address of this side.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Reads what there is into the room that `to` has, and says how much that was; 0 is the end.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn read(&mut self, to: &mut BytesMut) -> io::Result<usize> {
        self.stream.read_buf(to).await
    }
}

impl Stream {
    /// The address of this side, if it is one of IP.
    fn local_addr(&self) -> Option<SocketAddr> {
        let Self::Tcp(stream) = self else { return None };
        let local = stream.local_addr().ok()?;
        Some(SocketAddr::new(IpAddr::to_canonical(&local.ip()), local.port()))
    }
}
