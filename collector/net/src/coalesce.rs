//! A connection that gathers what is written to it.
//!
//! HTTP/2 servers take data in frames of 16 KiB unless they say otherwise, and the HTTP/2 layer writes and flushes each
//! frame by itself. Every such write is a system call that wakes the far end for one frame; on a busy relay that is most
//! of the cost of a request. Copying the frames together first is far cheaper than those calls.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much is gathered before it is written.
const FULL: usize = 128 << 10;

/// The connection for the protocol above: writes are gathered, and flushing writes nothing.
#[derive(Debug)]
pub(crate) struct Coalesced<S>(Arc<Mutex<Inner<S>>>);

/// The other handle to the connection, for the task that drives the protocol: writes what has been gathered, once the
/// protocol has nothing more to say for now.
#[derive(Debug)]
pub(crate) struct Flusher<S>(Arc<Mutex<Inner<S>>>);

#[derive(Debug)]
struct Inner<S> {
    stream: S,
    gathered: Vec<u8>,
    /// How much of it has been written.
    written: usize,
}

/// Gathers what is written to `stream`.
pub(crate) fn coalesce<S>(stream: S) -> (Coalesced<S>, Flusher<S>) {
    let inner = Arc::new(Mutex::new(Inner { stream, gathered: Vec::new(), written: 0 }));
    (Coalesced(Arc::clone(&inner)), Flusher(inner))
}

fn lock<S>(inner: &Mutex<Inner<S>>) -> MutexGuard<'_, Inner<S>> {
    // Both handles live in one task: nobody else can have panicked half-way.
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: AsyncWrite + Unpin> Flusher<S> {
    /// Writes all that has been gathered.
    pub(crate) fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = lock(&self.0);
        ready!(inner.poll_drain(cx))?;
        Pin::new(&mut inner.stream).poll_flush(cx)
    }
}

impl<S: AsyncWrite + Unpin> Inner<S> {
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.gathered.len() {
            let wrote = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.gathered[self.written..]))?;
            if wrote == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += wrote;
        }
        self.gathered.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Coalesced<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut lock(&self.0).stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Coalesced<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut inner = lock(&self.0);
        let len: usize = bufs.iter().map(|buf| buf.len()).sum();
        if inner.gathered.len() + len > FULL {
            ready!(inner.poll_drain(cx))?;
            if len > FULL {
                return Pin::new(&mut inner.stream).poll_write_vectored(cx, bufs);
            }
        }
        for buf in bufs {
            inner.gathered.extend_from_slice(buf);
        }
        Poll::Ready(Ok(len))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = lock(&self.0);
        ready!(inner.poll_drain(cx))?;
        Pin::new(&mut inner.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn keeps_order_and_loses_nothing() {
        let (near, mut far) = tokio::io::duplex(1000);
        let (mut writer, flusher) = coalesce(near);
        let reader = tokio::spawn(async move {
            let mut all = Vec::new();
            far.read_to_end(&mut all).await.unwrap();
            all
        });
        let mut expected = Vec::new();
        for size in [1, 10_000, FULL - 1, FULL, FULL + 1, 3 * FULL, 5] {
            let piece = vec![u8::try_from(size % 251).unwrap(); size];
            writer.write_all(&piece).await.unwrap();
            expected.extend(piece);
        }
        std::future::poll_fn(|cx| flusher.poll_flush(cx)).await.unwrap();
        writer.write_all(b"last").await.unwrap();
        expected.extend(b"last");
        writer.shutdown().await.unwrap();
        drop((writer, flusher));
        assert!(reader.await.unwrap() == expected);
    }

    #[tokio::test]
    async fn writes_once_for_many_frames() {
        let (near, mut far) = tokio::io::duplex(FULL);
        let (mut writer, flusher) = coalesce(near);
        for _ in 0..7 {
            writer.write_all(&[7; 16 << 10]).await.unwrap();
            writer.flush().await.unwrap();
        }
        let mut seen = vec![0; FULL];
        assert!(std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut far).poll_read(cx, &mut ReadBuf::new(&mut seen)).is_pending())).await);
        std::future::poll_fn(|cx| flusher.poll_flush(cx)).await.unwrap();
        assert_eq!(far.read(&mut seen).await.unwrap(), 7 * (16 << 10));
    }
}
