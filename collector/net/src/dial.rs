//! Opening connections, with the errors worded as Go's `net` package words them: users search for these texts.

use std::{fmt, io, net::SocketAddr, path::Path, time::Duration};

use tokio::{
    net::{TcpStream, UnixStream},
    time::timeout,
};

use crate::resolve::resolve;

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
}
