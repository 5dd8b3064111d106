//! Opening connections, with the errors worded as Go's `net` package words them: users search for these texts.

use std::{fmt, io, net::SocketAddr, path::Path, time::Duration};

use tokio::{
    net::{TcpStream, UnixStream, lookup_host},
    time::timeout,
};

/// How long one attempt to connect may take, like Go's default dialer.
const ATTEMPT: Duration = Duration::from_secs(30);

/// Why a connection could not be opened; the text is Go's (`dial tcp 127.0.0.1:1: connect: connection refused`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DialError(pub(crate) String);

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DialError {}

/// The addresses of `host`, never none. The error says `lookup …` without who was doing what.
pub(crate) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, DialError> {
    // Go takes an empty host for the local one.
    let name = if host.is_empty() { "localhost" } else { host };
    let found: io::Result<Vec<_>> = lookup_host((name, port)).await.map(Iterator::collect);
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(DialError(format!("lookup {name}: no such host"))),
        Err(error) => Err(DialError(format!("lookup {name}: {}", lookup_reason(&error)))),
    }
}

/// A TCP connection to the first of `host`'s addresses that answers; the error is the first one met, as in Go.
pub(crate) async fn tcp(host: &str, port: u16) -> Result<TcpStream, DialError> {
    let mut first = None;
    for addr in resolve(host, port).await.map_err(|e| DialError(format!("dial tcp: {e}")))? {
        match tcp_addr(addr).await {
            Ok(stream) => return Ok(stream),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_else(|| DialError(format!("dial tcp: lookup {host}: no such host"))))
}

/// A TCP connection to `addr`.
pub(crate) async fn tcp_addr(addr: SocketAddr) -> Result<TcpStream, DialError> {
    let connected = async {
        let stream = TcpStream::connect(addr).await?;
        // Requests are written whole; waiting for more would only delay them.
        stream.set_nodelay(true)?;
        Ok(stream)
    };
    match timeout(ATTEMPT, connected).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(DialError(format!("dial tcp {addr}: connect: {}", reason(&error)))),
        Err(_) => Err(DialError(format!("dial tcp {addr}: i/o timeout"))),
    }
}

/// A connection to the Unix socket at `path`.
pub(crate) async fn unix(path: &Path) -> Result<UnixStream, DialError> {
    let path_text = path.display();
    match timeout(ATTEMPT, UnixStream::connect(path)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(DialError(format!("dial unix {path_text}: connect: {}", reason(&error)))),
        Err(_) => Err(DialError(format!("dial unix {path_text}: i/o timeout"))),
    }
}

/// An operating system's error as Go prints it: `connection refused`, not `Connection refused (os error 111)`.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    if error.raw_os_error().is_some() { text.to_lowercase() } else { text.to_owned() }
}

fn lookup_reason(error: &io::Error) -> String {
    let text = error.to_string();
    let detail = text.rsplit(": ").next().unwrap_or(&text);
    // What the C library says for a name that does not exist, or exists without an address.
    if detail.starts_with("Name or service not known")
        || detail.starts_with("No address associated")
        || detail.starts_with("Name does not resolve")
    {
        return "no such host".to_owned();
    }
    detail.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn refusal_reads_as_in_go() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let error = tcp("127.0.0.1", port).await.unwrap_err();
        assert_eq!(error.to_string(), format!("dial tcp 127.0.0.1:{port}: connect: connection refused"));
        let error = unix(Path::new("/nowhere/x.sock")).await.unwrap_err();
        assert_eq!(error.to_string(), "dial unix /nowhere/x.sock: connect: no such file or directory");
    }

    #[tokio::test]
    async fn an_empty_host_is_the_local_one() {
        assert!(resolve("", 80).await.unwrap().iter().all(|a| a.ip().is_loopback() && a.port() == 80));
    }

    #[test]
    fn unknown_names_read_as_in_go() {
        let error = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(lookup_reason(&error), "no such host");
        let error =
            io::Error::other("failed to lookup address information: Temporary failure in name resolution");
        assert_eq!(lookup_reason(&error), "temporary failure in name resolution");
    }
}
