//! Listening for packets, with the errors of Go's `net` package.

use std::{
    io,
    net::{self, SocketAddr},
};

use slimcol_service::{BoxError, BoxFuture};
use socket2::SockRef;
use tokio::net::UdpSocket;

use crate::listen::{Transport, bound};

/// Listens on `endpoint` for UDP packets. Port 0 takes a free one; no host is every address of the machine.
///
/// # Errors
/// The address cannot be listened on: Go's text.
pub fn open(endpoint: &str) -> BoxFuture<'_, Result<UdpSocket, BoxError>> {
    Box::pin(async move {
        let bind = |addr: SocketAddr| {
            let socket = net::UdpSocket::bind(addr)?;
            socket.set_nonblocking(true)?;
            UdpSocket::from_std(socket)
        };
        Ok(bound(Transport::Other("udp"), endpoint, bind).await?)
    })
}

/// Asks the kernel to keep up to `size` bytes of packets that were not read yet.
///
/// # Errors
/// It does not.
pub fn set_receive_buffer(socket: &UdpSocket, size: usize) -> io::Result<()> {
    SockRef::from(socket).set_recv_buffer_size(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listens_where_it_shall() {
        for endpoint in ["127.0.0.1:0", "localhost:0", ":0", "[::1]:0", "0.0.0.0:0"] {
            let socket = open(endpoint).await.unwrap();
            set_receive_buffer(&socket, 100_000).unwrap();
            let port = socket.local_addr().unwrap().port();
            let sender =
                open(if endpoint.starts_with("[::1]") { "[::1]:0" } else { "127.0.0.1:0" }).await.unwrap();
            sender.send_to(b"hello", (sender.local_addr().unwrap().ip(), port)).await.unwrap();
            let mut buffer = [0; 10];
            assert_eq!(socket.recv(&mut buffer).await.unwrap(), 5, "{endpoint}");
        }
        let taken = open("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let _held = open(&taken.to_string()).await.unwrap();
        for (endpoint, why) in [
            (&*taken.to_string(), format!("listen udp {taken}: bind: address already in use")),
            ("localhost", "listen udp: address localhost: missing port in address".to_owned()),
            ("localhost:x", "listen udp: lookup udp/x: unknown port".to_owned()),
        ] {
            assert_eq!(open(endpoint).await.unwrap_err().to_string(), why);
        }
    }
}
