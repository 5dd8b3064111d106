//! Opening one connection of a gRPC client: socket, proxy, TLS, HTTP/2.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use tokio::{sync::Notify, time::timeout};

use crate::{
    dial::{self, DialError},
    grpc::client::target::Place,
    handshake,
    http::client::proxy::Proxy,
    http2::{Connection, KeepAlive},
    resolve::resolve,
    stream::Stream,
    tls::Connector,
};

/// How long one attempt may take in all; gRPC's own minimum.
const ATTEMPT: Duration = Duration::from_secs(20);

/// What it takes to connect.
#[derive(Debug)]
pub(crate) struct Dialer {
    pub(crate) place: Place,
    /// The settings and the name that the certificate must bear.
    pub(crate) tls: Option<(Connector, String)>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) keep_alive: Option<KeepAlive>,
}

/// One of the places that a client connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Socket(SocketAddr),
    Unix(PathBuf),
    /// A host and a port that only the proxy resolves.
    Proxied(String, u16),
}

impl Dialer {
    /// The places to connect to, never none. The error is the whole text that calls fail with.
    pub(crate) async fn addresses(&self) -> Result<Vec<Address>, String> {
        match &self.place {
            Place::Unix(path) => Ok(vec![Address::Unix(path.clone())]),
            Place::Host { host, port } if self.proxy.is_some() => {
                Ok(vec![Address::Proxied(host.clone(), *port)])
            }
            Place::Host { host, port } => match resolve(host, *port).await {
                Ok(found) => Ok(found.into_iter().map(Address::Socket).collect()),
                Err(error) => Err(format!("name resolver error: produced zero addresses: {error}")),
            },
        }
    }

    /// Connects to `address`. The error is the whole text that calls fail with.
    pub(crate) async fn connect(
        &self,
        address: &Address,
        on_close: Arc<Notify>,
    ) -> Result<Connection, String> {
        match timeout(ATTEMPT, self.attempt(address, on_close)).await {
            Ok(outcome) => outcome.map_err(|reason| format!("connection error: desc = {reason:?}")),
            Err(_) => {
                Err("connection error: desc = \"transport: Error while dialing: i/o timeout\"".to_owned())
            }
        }
    }

    async fn attempt(&self, address: &Address, on_close: Arc<Notify>) -> Result<Connection, String> {
        let dialing = |error: DialError| format!("transport: Error while dialing: {error}");
        let mut stream = match address {
            Address::Socket(addr) => Stream::Tcp(dial::tcp_addr(*addr).await.map_err(dialing)?),
            Address::Unix(path) => Stream::Unix(dial::unix(path).await.map_err(dialing)?),
            Address::Proxied(host, port) => match &self.proxy {
                Some(proxy) => proxy.tunnel(host, *port, None).await.map_err(dialing)?,
                None => Stream::Tcp(dial::tcp(host, *port).await.map_err(dialing)?),
            },
        };
        if let Some((connector, name)) = &self.tls {
            stream = handshake::connect(stream, name, connector)
                .await
                .map_err(|error| format!("transport: authentication handshake failed: {error}"))?;
        }
        let failed = |error| format!("transport: {error}");
        let remote = match address {
            Address::Socket(addr) => addr.to_string(),
            Address::Unix(path) => path.to_string_lossy().into_owned(),
            Address::Proxied(..) => String::new(),
        };
        Connection::open(stream, self.keep_alive, on_close, remote).await.map_err(failed)
    }
}
