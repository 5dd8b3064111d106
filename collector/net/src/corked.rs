//! Writing to a connection in large pieces.
//!
//! HTTP/2 leaves in frames, and most servers allow 16 KiB for one. The `h2` crate writes, and flushes, each frame on its
//! own; for a relay these system calls, and the wake-ups that each causes at the far end, cost more than everything else
//! it does. So what the layer above writes and flushes is collected here, at the price of a copy within the processor's
//! cache, and goes out when there is enough of it or when that layer has nothing more to do.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much is collected, in bytes. Writes at least as large go out as they are.
const ENOUGH: usize = 64 << 10;

/// A connection whose writes wait until there is [`ENOUGH`] or [`Cork::poll_flush`] is called.
#[derive(Debug)]
pub(crate) struct Corked<S>(Arc<Mutex<Inner<S>>>);

/// What lets out the rest, for the task that runs the connection.
#[derive(Debug)]
pub(crate) struct Cork<S>(Arc<Mutex<Inner<S>>>);

#[derive(Debug)]
struct Inner<S> {
    stream: S,
    buffer: Vec<u8>,
    /// How much of the buffer has gone out.
    gone: usize,
}

/// Puts a cork on `stream`. Only one task may use both halves, or wake-ups get lost.
pub(crate) fn cork<S>(stream: S) -> (Corked<S>, Cork<S>) {
    let inner = Arc::new(Mutex::new(Inner { stream, buffer: Vec::new(), gone: 0 }));
    (Corked(inner.clone()), Cork(inner))
}

impl<S: AsyncWrite + Unpin> Cork<S> {
    /// Writes what has been collected. To be called whenever the layer above waits.
    pub(crate) fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.0).poll_flush(cx)
    }
}

impl<S: AsyncWrite + Unpin> Inner<S> {
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.gone < self.buffer.len() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &self.buffer[self.gone..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.gone += written,
            }
        }
        self.buffer.clear();
        self.gone = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let more: usize = bufs.iter().map(|buf| buf.len()).sum();
        if self.buffer.len() + more > ENOUGH {
            ready!(self.poll_drain(cx))?;
        }
        if more >= ENOUGH {
            return Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        }
        for buf in bufs {
            self.buffer.extend_from_slice(buf);
        }
        Poll::Ready(Ok(more))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Corked<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut lock(&self.0).stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Corked<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        lock(&self.0).poll_write(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        lock(&self.0).poll_write(cx, bufs)
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

fn lock<S>(inner: &Mutex<Inner<S>>) -> MutexGuard<'_, Inner<S>> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn writes_are_held_back_until_there_is_enough() {
        let (near, mut far) = duplex(1 << 20);
        let (mut corked, cork) = cork(near);
        corked.write_all(b"ab").await.unwrap();
        corked.flush().await.unwrap();
        let mut first = [0; 2];
        assert!(futures_pending(far.read(&mut first)).await, "nothing has gone out yet");
        poll_fn(|cx| cork.poll_flush(cx)).await.unwrap();
        far.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"ab");
        // The second write does not fit with the first: the first goes out, and the second waits.
        corked.write_all(&vec![1; 40 << 10]).await.unwrap();
        corked.write_all(&vec![2; 40 << 10]).await.unwrap();
        let mut all = vec![0; 40 << 10];
        far.read_exact(&mut all).await.unwrap();
        assert!(all.iter().all(|byte| *byte == 1));
        corked.shutdown().await.unwrap();
        all.clear();
        far.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, vec![2; 40 << 10]);
    }

    #[tokio::test]
    async fn large_writes_go_out_in_order_and_as_they_are() {
        // A far end that takes 1000 bytes at a time, so that every write is cut.
        let (near, mut far) = duplex(1000);
        let (mut corked, cork) = cork(near);
        let writing = tokio::spawn(async move {
            for (byte, len) in [(1, 10), (2, ENOUGH), (3, 5), (4, ENOUGH - 1), (5, 2 * ENOUGH)] {
                corked.write_all(&vec![byte; len]).await.unwrap();
            }
            poll_fn(|cx| cork.poll_flush(cx)).await.unwrap();
        });
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.unwrap();
        writing.await.unwrap();
        assert!(all.is_sorted() && all.len() == 10 + ENOUGH + 5 + ENOUGH - 1 + 2 * ENOUGH);
    }

    /// Whether `future` waits when it is first polled.
    async fn futures_pending<F: Future>(future: F) -> bool {
        let mut future = std::pin::pin!(future);
        poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
    }
}
