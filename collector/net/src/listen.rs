//! Listening, on the addresses and with the errors of Go's `net` package: users search for these texts.

use std::{
    fmt, fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
};

use rustix::process::{Resource, getrlimit, setrlimit};
use slimcol_config::{Duration, Leaf, Node, Section, Settings, Shape, Shown};
use slimcol_service::BoxFuture;
use tokio::net::{TcpListener, TcpSocket, UnixListener};

use crate::{dial::reason, resolve::resolve, stream::Stream};

/// How many connections may wait to be accepted; the kernel caps it at `net.core.somaxconn`.
const BACKLOG: u32 = 4096;

/// The `transport` key: what kind of address an endpoint is (Go's `confignet.TransportType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Transport {
    /// `tcp`: IPv4 or IPv6.
    #[default]
    Tcp,
    /// `tcp4`.
    Tcp4,
    /// `tcp6`.
    Tcp6,
    /// `unix`: the endpoint is a path.
    Unix,
    /// What Go knows but no stream server can listen on (`udp`, `ip`, …).
    Other(&'static str),
}

/// Why an endpoint cannot be listened on; the text is Go's (`listen tcp 127.0.0.1:1: bind: …`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListenError(String);

/// An open listening socket.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: Socket,
    local: String,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix { listener: UnixListener, _path: UnixPath },
}

/// The file of a Unix socket, which goes when nobody listens on it any more.
#[derive(Debug)]
struct UnixPath(PathBuf);

impl Transport {
    const OTHERS: [&str; 9] = ["udp", "udp4", "udp6", "ip", "ip4", "ip6", "unixgram", "unixpacket", "npipe"];

    const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tcp4 => "tcp4",
            Self::Tcp6 => "tcp6",
            Self::Unix => "unix",
            Self::Other(name) => name,
        }
    }
}

/// `dialer`, which a server has only because Go shares the keys of addresses with clients.
pub(crate) struct Dialer;

impl Settings for Dialer {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("timeout", Duration::default());
        Self
    }
}

impl Leaf for Transport {
    const SHAPE: Shape = Shape::Words(&["tcp", "tcp4", "tcp6", "unix"]);

    fn show(&self) -> Shown {
        Shown::text(self.name())
    }

    fn leaf(node: &Node) -> Result<Self, String> {
        let name = String::leaf(node)?;
        let known = [Self::Tcp, Self::Tcp4, Self::Tcp6, Self::Unix];
        let mut all = known.into_iter().chain(Self::OTHERS.map(Self::Other));
        all.find(|one| one.name() == name).ok_or_else(|| format!("unsupported transport type {name:?}"))
    }
}

impl Listener {
    /// Opens `endpoint`. Port 0 takes a free one.
    pub(crate) fn open(transport: Transport, endpoint: &str) -> BoxFuture<'_, Result<Self, ListenError>> {
        Box::pin(async move {
            allow_files();
            match transport {
                Transport::Tcp | Transport::Tcp4 | Transport::Tcp6 => open_tcp(transport, endpoint).await,
                Transport::Unix => open_unix(endpoint),
                Transport::Other(name) => Err(ListenError(format!(
                    "listen {name} {endpoint}: address {endpoint}: unexpected address type"
                ))),
            }
        })
    }

    /// The address that is listened on, with the port that was taken, as Go prints it (`127.0.0.1:4317`, `[::]:4317`).
    pub(crate) fn local(&self) -> &str {
        &self.local
    }

    /// The next connection and, for TCP, where it comes from.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, Option<SocketAddr>)> {
        match &self.socket {
            Socket::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Answers are written whole; waiting for more would only delay them.
                stream.set_nodelay(true)?;
                Ok((Stream::Tcp(stream), Some(SocketAddr::new(peer.ip().to_canonical(), peer.port()))))
            }
            Socket::Unix { listener, .. } => Ok((Stream::Unix(listener.accept().await?.0), None)),
        }
    }
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ListenError {}

impl Drop for UnixPath {
    fn drop(&mut self) {
        // Someone else may have removed it already, which is as good.
        let _ = fs::remove_file(&self.0);
    }
}

/// Lets the process have as many open files as it may ever have, as Go's runtime does: what is handed out at first is
/// mostly 1024, and a server that has run out takes no more connections.
fn allow_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // With fewer it works too.
    let _ = setrlimit(Resource::Nofile, limit);
}

async fn open_tcp(transport: Transport, endpoint: &str) -> Result<Listener, ListenError> {
    bound(transport, endpoint, |addr| bind(addr).and_then(Listener::tcp)).await
}

/// What `bind` makes of the address that an endpoint is.
pub(crate) async fn bound<T>(
    transport: Transport,
    endpoint: &str,
    bind: impl Fn(SocketAddr) -> io::Result<T>,
) -> Result<T, ListenError> {
    let network = transport.name();
    let (host, port) = split_endpoint(endpoint)
        .map_err(|why| ListenError(format!("listen {network}: address {endpoint}: {why}")))?;
    let port: u16 = match port.parse::<i64>() {
        _ if port.is_empty() => 0,
        Ok(port) => port
            .try_into()
            .map_err(|_| ListenError(format!("listen {network}: address {port}: invalid port")))?,
        Err(_) => {
            return Err(ListenError(format!("listen {network}: lookup {network}/{port}: unknown port")));
        }
    };
    // What Go shows of a wildcard without a host is only the port.
    let shown = |addr: SocketAddr| if host.is_empty() { format!(":{port}") } else { addr.to_string() };
    let failed = |addr: SocketAddr, why: &io::Error| {
        ListenError(format!("listen {network} {}: bind: {}", shown(addr), reason(why)))
    };
    let mut addr = address(transport, host, port).await?;
    if addr.ip().is_unspecified() && !matches!(transport, Transport::Tcp4 | Transport::Tcp6) {
        // Go takes any wildcard for both families, as far as the machine has both.
        match bind(SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), port)) {
            Err(why) if no_ipv6(&why) => addr = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port),
            outcome => return outcome.map_err(|why| failed(addr, &why)),
        }
    }
    bind(addr).map_err(|why| failed(addr, &why))
}

impl Listener {
    fn tcp(listener: TcpListener) -> io::Result<Self> {
        let local = listener.local_addr()?.to_string();
        Ok(Self { socket: Socket::Tcp(listener), local })
    }
}

/// The address to bind: of several, Go prefers IPv4.
async fn address(transport: Transport, host: &str, port: u16) -> Result<SocketAddr, ListenError> {
    if host.is_empty() {
        let any: IpAddr = if transport == Transport::Tcp4 {
            Ipv4Addr::UNSPECIFIED.into()
        } else {
            Ipv6Addr::UNSPECIFIED.into()
        };
        return Ok(SocketAddr::new(any, port));
    }
    let network = transport.name();
    let found = resolve(host, port).await.map_err(|e| ListenError(format!("listen {network}: {e}")))?;
    let fits = |addr: &&SocketAddr| match transport {
        Transport::Tcp4 => addr.is_ipv4(),
        Transport::Tcp6 => addr.is_ipv6(),
        _ => true,
    };
    let preferred = found.iter().filter(fits).find(|addr| addr.is_ipv4());
    preferred
        .or_else(|| found.iter().find(fits))
        .copied()
        .ok_or_else(|| ListenError(format!("listen {network}: address {host}: no suitable address found")))
}

fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not wait for the last life's connections.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

fn no_ipv6(why: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = 97;
    why.raw_os_error() == Some(EAFNOSUPPORT) || why.kind() == io::ErrorKind::AddrNotAvailable
}

fn open_unix(path: &str) -> Result<Listener, ListenError> {
    let listener = UnixListener::bind(path)
        .map_err(|why| ListenError(format!("listen unix {path}: bind: {}", reason(&why))))?;
    Ok(Listener { socket: Socket::Unix { listener, _path: UnixPath(path.into()) }, local: path.to_owned() })
}

/// Host and port of an endpoint, with the errors of Go's `net.SplitHostPort`.
pub fn split_endpoint(endpoint: &str) -> Result<(&str, &str), &'static str> {
    const MISSING: &str = "missing port in address";
    if let Some(bracketed) = endpoint.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']').ok_or("missing ']' in address")?;
        return rest.strip_prefix(':').map(|port| (host, port)).ok_or(MISSING);
    }
    let (host, port) = endpoint.rsplit_once(':').ok_or(MISSING)?;
    if host.contains(':') { Err("too many colons in address") } else { Ok((host, port)) }
}

#[cfg(test)]
mod tests;
