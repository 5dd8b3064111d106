//! A client's connection as it is, for protocols that are not HTTP.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use slimcol_service::BoxError;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{dial, handshake, stream::Stream, tls::Connector};

/// A connection that was opened from this side.
#[derive(Debug)]
pub struct Dialed(Stream);

/// Connects to `host`, which is also the name that its certificate has to bear unless the settings name another.
///
/// # Errors
/// Nobody answers there, or the handshake failed: Go's texts.
pub async fn dial(host: &str, port: u16, tls: Option<&Connector>) -> Result<Dialed, BoxError> {
    let stream = Stream::Tcp(dial::tcp(host, port).await?);
    let Some(tls) = tls else { return Ok(Dialed(stream)) };
    let name = tls.server_name().unwrap_or(host);
    Ok(Dialed(handshake::connect(stream, name, tls).await?))
}

/// A connection that broke, in Go's words.
pub fn broken(error: &io::Error) -> String {
    handshake::broken(error)
}

impl AsyncRead for Dialed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, to)
    }
}

impl AsyncWrite for Dialed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, from)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, from)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
