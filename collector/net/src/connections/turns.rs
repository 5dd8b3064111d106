//! Reading a connection no faster than it is written to.
//!
//! The `h2` crate reads as long as there is something to read, writes after that, and its buffer of what is to be written
//! grows with each answer whose head is longer than a few hundred bytes. Who sends without a pause would never get an
//! answer, and who reads none would fill the memory: what an answer repeats of its request (a method that does not exist)
//! is the sender's to choose.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So many reads at most before the layer above gets to write. Well below what the runtime lets a task do in one go (128):
/// beyond that no write succeeds either.
const READS: u32 = 32;

/// A connection that is not read while what is written to it cannot go out.
#[derive(Debug)]
pub(super) struct Turns<S> {
    stream: S,
    /// Reads since the last write.
    reads: u32,
    /// What was written last waits for the far end to read.
    full: bool,
    /// Somebody wanted to read meanwhile.
    waiting: bool,
}

impl<S> Turns<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, reads: 0, full: false, waiting: false }
    }

    /// Takes note of how a write or a flush ended.
    fn wrote<T>(&mut self, outcome: Poll<T>, cx: &Context<'_>) -> Poll<T> {
        self.reads = 0;
        self.full = outcome.is_pending();
        if !self.full && std::mem::take(&mut self.waiting) {
            cx.waker().wake_by_ref();
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Turns<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.full {
            self.waiting = true;
            return Poll::Pending;
        }
        if self.reads >= READS {
            self.reads = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.reads += u32::from(read.is_ready());
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Turns<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.wrote(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.wrote(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, pin::pin, time::Duration};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        time::timeout,
    };

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    async fn read(turns: &mut Turns<DuplexStream>, want: usize) -> Vec<u8> {
        let mut got = vec![0; want];
        timeout(PATIENCE, turns.read_exact(&mut got)).await.unwrap().unwrap();
        got
    }

    #[tokio::test]
    async fn nothing_is_read_while_nothing_can_be_written() {
        let (near, mut far) = duplex(10);
        let mut turns = Turns::new(near);
        far.write_all(b"more").await.unwrap();
        let mut buffer = [0; 4];
        assert_eq!(turns.write(&[1; 20]).await.unwrap(), 10);
        assert!(poll_fn(|cx| Poll::Ready(Pin::new(&mut turns).poll_write(cx, &[2]).is_pending())).await);
        assert!(
            poll_fn(|cx| {
                let mut into = ReadBuf::new(&mut buffer);
                Poll::Ready(Pin::new(&mut turns).poll_read(cx, &mut into).is_pending())
            })
            .await
        );
        far.read_exact(&mut [0; 10]).await.unwrap();
        assert_eq!(turns.write(&[2]).await.unwrap(), 1);
        assert_eq!(read(&mut turns, 4).await, b"more");
    }

    #[tokio::test]
    async fn who_waits_to_read_is_woken_by_the_write() {
        let (near, mut far) = duplex(10);
        let mut turns = Turns::new(near);
        far.write_all(b"more").await.unwrap();
        assert_eq!(turns.write(&[1; 10]).await.unwrap(), 10);
        assert!(poll_fn(|cx| Poll::Ready(Pin::new(&mut turns).poll_write(cx, &[2]).is_pending())).await);
        // As the layer above does it, in one task: read what there is, then write what is left.
        let mut left = true;
        let both = poll_fn(|cx| {
            let mut buffer = [0; 4];
            let mut into = ReadBuf::new(&mut buffer);
            if Pin::new(&mut turns).poll_read(cx, &mut into).is_ready() {
                return Poll::Ready(into.filled().to_vec());
            }
            left = left && Pin::new(&mut turns).poll_write(cx, &[2]).is_pending();
            Poll::Pending
        });
        let mut both = pin!(both);
        assert!(poll_fn(|cx| Poll::Ready(both.as_mut().poll(cx).is_pending())).await);
        let emptied = tokio::spawn(async move { far.read_exact(&mut [0; 10]).await.map(|_| far) });
        assert_eq!(timeout(PATIENCE, both).await.unwrap(), b"more");
        emptied.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn reads_pause_for_writes() {
        let (near, mut far) = duplex(1 << 10);
        let mut turns = Turns::new(near);
        far.write_all(&[1; 1 << 10]).await.unwrap();
        let in_a_row = poll_fn(|cx| {
            let reads = (0..1000).take_while(|_| {
                let mut one = [0; 1];
                Pin::new(&mut turns).poll_read(cx, &mut ReadBuf::new(&mut one)).is_ready()
            });
            Poll::Ready(reads.count())
        });
        assert_eq!(in_a_row.await, READS as usize);
        assert_eq!(read(&mut turns, 500).await, [1; 500]);
    }
}
