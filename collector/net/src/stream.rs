//! One type for every kind of connection, so that the protocols above are compiled once.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, UnixStream},
    time::{Sleep, sleep},
};
use tokio_rustls::client::TlsStream;

use crate::exchange::Peer;

/// How long who sends no more is taken to wait for answers.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
    /// TLS over any of these, also over TLS to a proxy.
    Tls(Box<TlsStream<Self>>),
    /// TLS whose server this is.
    Served(Box<tokio_rustls::server::TlsStream<Self>>),
    /// Any of these that ends only when who it is from has its answers.
    Patient(Box<Patient>),
}

/// A connection of which one direction may have ended. Whether the other one has too shows only when it is written to.
#[derive(Debug)]
pub(crate) struct Patient {
    stream: Stream,
    peer: Arc<Peer>,
    /// When the end is an end in any case, once it has come.
    until: Option<Pin<Box<Sleep>>>,
    /// How long the far end may take over an answer that does not go out at once; zero for any time.
    write_timeout: Duration,
    /// When that has passed.
    late: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// Ready when nobody waits for an answer, or has for too long: then nobody may be there.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.peer.is_idle() {
            return Poll::Ready(());
        }
        self.until.get_or_insert_with(|| Box::pin(sleep(PATIENCE))).as_mut().poll(cx)
    }

    /// What became of a write, unless the answer it belongs to has waited for too long.
    fn in_time<T>(&mut self, outcome: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() || self.write_timeout.is_zero() {
            return outcome;
        }
        let time = self.write_timeout;
        let late = self.late.get_or_insert_with(|| Box::pin(sleep(time)));
        late.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Stream {
    /// The same, ending only when `peer` has its answers, or takes longer than that over one; zero for any time.
    pub(crate) fn patient(self, peer: Arc<Peer>, write_timeout: Duration) -> Self {
        Self::Patient(Box::new(Patient { stream: self, peer, until: None, write_timeout, late: None }))
    }

    /// Whether HTTP/2 was chosen in the TLS handshake.
    pub(crate) fn chose_h2(&self) -> bool {
        let chosen = match self {
            Self::Tls(tls) => tls.get_ref().1.alpn_protocol(),
            Self::Served(tls) => tls.get_ref().1.alpn_protocol(),
            Self::Tcp(_) | Self::Unix(_) | Self::Patient(_) => None,
        };
        chosen == Some(b"h2")
    }
}

/// Calls the same method of whichever stream it is.
macro_rules! each {
    ($this:expr, $stream:ident => $call:expr) => {
        match $this.get_mut() {
            Stream::Tcp($stream) => {
                let $stream = Pin::new($stream);
                $call
            }
            Stream::Unix($stream) => {
                let $stream = Pin::new($stream);
                $call
            }
            Stream::Tls($stream) => {
                let $stream = Pin::new(&mut **$stream);
                $call
            }
            Stream::Served($stream) => {
                let $stream = Pin::new(&mut **$stream);
                $call
            }
            Stream::Patient($stream) => {
                let $stream = Pin::new(&mut $stream.stream);
                $call
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = each!(self.as_mut(), stream => stream.poll_read(cx, buf));
        match (self.get_mut(), &read) {
            (Self::Patient(patient), Poll::Ready(Ok(()))) if buf.filled().len() == before => {
                patient.poll_end(cx).map(Ok)
            }
            _ => read,
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = each!(self.as_mut(), stream => stream.poll_write(cx, buf));
        match self.get_mut() {
            Self::Patient(patient) => patient.in_time(outcome, cx),
            _ => outcome,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = each!(self.as_mut(), stream => stream.poll_write_vectored(cx, bufs));
        match self.get_mut() {
            Self::Patient(patient) => patient.in_time(outcome, cx),
            _ => outcome,
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = each!(self.as_mut(), stream => stream.poll_flush(cx));
        let Self::Patient(patient) = self.get_mut() else { return outcome };
        if outcome.is_ready() {
            // All of the answer has gone.
            patient.late = None;
        }
        patient.in_time(outcome, cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => stream.poll_shutdown(cx))
    }
}
