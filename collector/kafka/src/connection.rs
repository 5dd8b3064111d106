//! One connection to one broker: a request at a time.

use std::{
    io::{self, IoSlice},
    sync::Arc,
    time::Duration,
};

use bytes::{Buf as _, Bytes, BytesMut};
use slimcol_net::{
    tcp::{self, Dialed},
    tls::Connector,
};
use slimcol_service::BoxFuture;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, timeout},
};

use crate::{
    Error,
    config::Auth,
    counts::{Link, Tally},
    message::{
        Asked, Exchange, Request,
        api_versions::{ApiVersions, Ranges},
        frame,
    },
    sasl::{self, TokenSource},
    wire::Reader,
};

/// The largest answer that is read, what Kafka's own clients take too.
const LARGEST: usize = 100 << 20;

/// How long a broker may take for an answer, beyond what the request lets it wait.
const PATIENCE: Duration = Duration::from_secs(15);

/// What it takes to connect.
#[derive(Debug)]
pub(crate) struct Dialer {
    pub(crate) tls: Option<Connector>,
    pub(crate) auth: Auth,
    /// For mechanisms that show tokens.
    pub(crate) tokens: Option<TokenSource>,
    pub(crate) client_id: String,
}

/// An open connection. A request that is not awaited to its end leaves it in the midst of something: drop it then.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Dialed,
    client_id: String,
    number: i32,
    versions: Vec<(i16, i16, i16)>,
    /// When the broker will not take requests on it any more.
    until: Option<Instant>,
    used: Instant,
    /// What the last answer says of how long the broker wants to be left alone, milliseconds.
    throttled: i32,
    _link: Link,
}

impl Connection {
    /// Connects, asks what the broker can do, and says who this is.
    ///
    /// Boxed as what receivers and exporters have in common is here: what is `async` is otherwise compiled by each crate that
    /// awaits it.
    pub(crate) fn open<'a>(
        dialer: &'a Dialer,
        host: &'a str,
        port: u16,
        tally: &'a Arc<Tally>,
    ) -> BoxFuture<'a, Result<Self, Error>> {
        Box::pin(async move {
            let opened = timeout(PATIENCE, Self::attempt(dialer, host, port, tally.link())).await;
            opened.unwrap_or_else(|_| Err(Error::Connect(format!("{host}:{port}: i/o timeout"))))
        })
    }

    async fn attempt(dialer: &Dialer, host: &str, port: u16, mut link: Link) -> Result<Self, Error> {
        let stream = tcp::dial(host, port, dialer.tls.as_ref()).await;
        let stream = stream.map_err(|error| Error::Connect(error.to_string()))?;
        link.made();
        let mut connection = Self {
            stream,
            client_id: dialer.client_id.clone(),
            number: 0,
            versions: Vec::new(),
            until: None,
            used: Instant::now(),
            throttled: 0,
            _link: link,
        };
        let mut asked = Asked::new(&ApiVersions);
        connection.ask(&mut asked, 0).await?;
        let Ranges { error, apis } = asked.answer()?;
        Error::check(error)?;
        connection.versions = apis;
        if let Some(sasl) = &dialer.auth.sasl {
            sasl::authenticate(&mut connection, sasl, dialer.tokens.as_ref()).await?;
        }
        Ok(connection)
    }

    /// Asks, and waits for the answer.
    pub(crate) async fn call<R: Request>(&mut self, request: &R) -> Result<R::Answer, Error> {
        let mut asked = Asked::new(request);
        self.exchange(&mut asked, Duration::ZERO).await?;
        asked.answer()
    }

    /// The same for requests that the broker may sit on for a while.
    pub(crate) fn exchange<'a>(
        &'a mut self,
        asked: &'a mut dyn Exchange,
        wait: Duration,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let version = self.version(asked)?;
            match timeout(PATIENCE.saturating_add(wait), self.ask(asked, version)).await {
                Ok(answered) => answered,
                Err(_) => Err(Error::Broken(format!("no answer to a {} request", asked.name()))),
            }
        })
    }

    /// Sends a request that nobody answers.
    pub(crate) fn tell<'a>(&'a mut self, asked: &'a mut dyn Exchange) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let version = self.version(asked)?;
            match timeout(PATIENCE, self.send(asked, version)).await {
                Ok(sent) => sent.map(drop),
                Err(_) => Err(Error::Broken(format!("a {} request could not be sent", asked.name()))),
            }
        })
    }

    /// The broker will not answer any more after this time; 0 is never.
    pub(crate) fn expires_in(&mut self, milliseconds: i64) {
        let lifetime = u64::try_from(milliseconds).ok().filter(|ms| *ms > 0);
        // With some time in hand, and no more than a day: what is further off never comes.
        let lifetime = lifetime.map(|ms| Duration::from_millis((ms / 10 * 9).min(86_400_000)));
        self.until = lifetime.map(|lifetime| Instant::now() + lifetime);
    }

    /// How long the broker wants to be left alone, as the last answer says, milliseconds.
    pub(crate) const fn throttled(&self) -> i32 {
        self.throttled
    }

    /// Whether it can be used for another request, having been idle for at most `idle`.
    pub(crate) fn is_fresh(&self, idle: Duration) -> bool {
        let now = Instant::now();
        now.duration_since(self.used) < idle && self.until.is_none_or(|until| now < until)
    }

    /// Whether the broker knows the request in this version.
    fn version(&self, asked: &dyn Exchange) -> Result<i16, Error> {
        let (oldest, newest) = asked.versions();
        let range = self.versions.iter().find(|(key, ..)| *key == asked.key());
        let (_, low, high) = range.ok_or(Error::Unsupported(asked.name()))?;
        let version = newest.min(*high);
        if version < oldest.max(*low) { Err(Error::Unsupported(asked.name())) } else { Ok(version) }
    }

    async fn ask(&mut self, asked: &mut dyn Exchange, version: i16) -> Result<(), Error> {
        let number = self.send(asked, version).await?;
        let answer = self.receive().await?;
        let mut from = Reader::new(answer);
        if from.i32()? != number {
            return Err(Error::Malformed("the broker answers something that was not asked"));
        }
        asked.read(version, &mut from)?;
        self.throttled = from.throttled;
        self.used = Instant::now();
        Ok(())
    }

    async fn send(&mut self, asked: &mut dyn Exchange, version: i16) -> Result<i32, Error> {
        let number = self.number;
        self.number = number.wrapping_add(1) & i32::MAX;
        let parts = frame(asked, version, number, &self.client_id);
        let sent = async {
            write_all(&mut self.stream, parts).await?;
            self.stream.flush().await
        };
        sent.await.map_err(|error| Error::Broken(tcp::broken(&error)))?;
        Ok(number)
    }

    /// An answer without its length. The buffer grows as bytes come: the length is only the broker's word.
    async fn receive(&mut self) -> Result<Bytes, Error> {
        let lost = |error: io::Error| Error::Broken(tcp::broken(&error));
        let len = self.stream.read_i32().await.map_err(lost)?;
        let len = usize::try_from(len).ok().filter(|len| *len <= LARGEST);
        let len = len.ok_or(Error::Malformed("the broker's answer is larger than 100 MiB"))?;
        let mut answer = BytesMut::new();
        while answer.len() < len {
            let more = (len - answer.len()).min(answer.len().max(64 << 10));
            answer.reserve(more);
            let mut part = (&mut self.stream).take(more as u64);
            if part.read_buf(&mut answer).await.map_err(lost)? == 0 {
                return Err(Error::Broken("EOF".to_owned()));
            }
        }
        Ok(answer.freeze())
    }
}

/// Writes all of `parts`, several with one call.
async fn write_all(to: &mut Dialed, mut parts: Vec<Bytes>) -> io::Result<()> {
    let mut at = 0;
    while at < parts.len() {
        let slices: Vec<IoSlice<'_>> = parts[at..].iter().take(64).map(|part| IoSlice::new(part)).collect();
        let mut written = to.write_vectored(&slices).await?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        while written > 0 {
            let whole = written.min(parts[at].len());
            parts[at].advance(whole);
            written -= whole;
            if parts[at].is_empty() {
                at += 1;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
