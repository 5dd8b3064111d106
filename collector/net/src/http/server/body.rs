//! Reading a request's body: bounded, decompressed, copied only when it comes in several parts.

use std::{fmt, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header::CONTENT_LENGTH};
use slimcol_service::{Held, MEMORY_IS_SHORT};
use tokio::time::timeout;

use slimcol_compression::{Compression, DecompressError, UNPACKED};

use crate::exchange::Inbound;

/// How much of a body that is too large is read and thrown away, so that the sender gets to read the answer, and how long
/// it may take.
const WASTE: usize = 64 << 20;
const WASTE_TIME: Duration = Duration::from_secs(5);

/// Where to begin with a body of unknown length; beyond it grows as it comes.
const FIRST: usize = 64 << 10;

/// What a body may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes, both as sent and decompressed.
    pub(super) size: usize,
    /// How long all of it may take; zero for any time.
    pub(super) time: Duration,
}

/// Why a body could not be read. The text is what the Go collector answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than `max_request_body_size`, as sent or decompressed.
    TooLarge,
    /// The sender went away in the midst of it.
    Cut,
    /// It took longer than `read_timeout`.
    Late,
    /// There is no memory for it. The sender may try again.
    Short,
    /// It is not compressed as it says.
    Corrupt(&'static str),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "http: request body too large",
            Self::Cut => "unexpected EOF",
            Self::Late => "i/o timeout",
            Self::Short => MEMORY_IS_SHORT,
            Self::Corrupt(why) => why,
        })
    }
}

impl std::error::Error for BodyError {}

impl From<DecompressError> for BodyError {
    fn from(error: DecompressError) -> Self {
        match error {
            DecompressError::TooLarge => Self::TooLarge,
            DecompressError::Corrupt(why) => Self::Corrupt(why),
        }
    }
}

impl Limits {
    pub(super) async fn read(
        self,
        body: &mut Inbound,
        headers: &HeaderMap,
        compression: Compression,
        mut held: Held<'_>,
    ) -> Result<Bytes, BodyError> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let collected = self.collect(body, announced, &mut held);
        let outcome = if self.time.is_zero() {
            collected.await
        } else {
            timeout(self.time, collected).await.unwrap_or(Err(BodyError::Late))
        };
        if matches!(outcome, Err(BodyError::TooLarge | BodyError::Short)) {
            drop(held);
            waste(body).await;
            return outcome;
        }
        let sent = outcome?;
        if !compression.is_on() {
            return Ok(sent);
        }
        if !held.add(sent.len() * UNPACKED) {
            return Err(BodyError::Short);
        }
        Ok(compression.decompress(&sent, self.size)?.into())
    }

    async fn collect(
        self,
        body: &mut Inbound,
        announced: Option<usize>,
        held: &mut Held<'_>,
    ) -> Result<Bytes, BodyError> {
        if announced.is_some_and(|length| length > self.size) {
            return Err(BodyError::TooLarge);
        }
        let Some(first) = next(body, held).await? else { return Ok(Bytes::new()) };
        if announced == Some(first.len()) {
            return Ok(first);
        }
        // An announcement is only a promise, so it is believed as far as something has come of it.
        let expected = announced.unwrap_or(FIRST).min(FIRST.max(first.len() * 64));
        let mut whole = BytesMut::with_capacity(expected);
        let mut part = Some(first);
        while let Some(data) = part {
            if data.len() > self.size - whole.len() {
                return Err(BodyError::TooLarge);
            }
            // Now that much has come, the rest is believed too: growing in steps would take twice the memory.
            if let Some(length) = announced
                && data.len() > whole.capacity() - whole.len()
            {
                whole.reserve(data.len().max(length.saturating_sub(whole.len())));
            }
            whole.extend_from_slice(&data);
            part = next(body, held).await?;
        }
        Ok(whole.freeze())
    }
}

async fn next(body: &mut Inbound, held: &mut Held<'_>) -> Result<Option<Bytes>, BodyError> {
    let part = body.next().await.map_err(|_| BodyError::Cut)?;
    if part.as_ref().is_none_or(|part| held.add(part.len())) { Ok(part) } else { Err(BodyError::Short) }
}

async fn waste(body: &mut Inbound) {
    let reading = async {
        let mut left = WASTE;
        while let Ok(Some(data)) = body.next().await {
            match left.checked_sub(data.len()) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    // When time is up the sender sees a broken connection instead of the answer.
    let _ = timeout(WASTE_TIME, reading).await;
}
