//! One question over plain HTTP. Host names are not looked up: a collector that can be asked listens on this machine.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// For the answer. Engines give up on the whole check after five seconds.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks at a URL, whose `http://` may be missing. A status of success is health.
pub(super) fn ask(url: &str) -> Result<&'static str, String> {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let (address, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let socket = socket(address)
        .ok_or_else(|| format!("{url}: needs an IP address or localhost, a port, and no TLS"))?;
    match status(socket, path) {
        Ok(status) if status.starts_with("HTTP/1.") && status[9..].starts_with('2') => Ok("healthy"),
        Ok(status) => Err(format!("unhealthy: {rest} answers {status}")),
        Err(e) => Err(format!("unhealthy: {rest} does not answer: {e}")),
    }
}

/// Where a server that listens at `address` is found.
fn socket(address: &str) -> Option<SocketAddr> {
    let (host, port) = address.rsplit_once(':')?;
    let host = match host {
        "" | "localhost" | "0.0.0.0" | "[::]" => "127.0.0.1",
        host => host,
    };
    format!("{host}:{port}").parse().ok()
}

/// The answer as far as the status (`HTTP/1.1 200`).
fn status(socket: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(
        format!("GET {path} HTTP/1.1\r\nHost: {socket}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status.escape_ascii().to_string())
}
