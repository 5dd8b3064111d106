//! What of a queue is in a storage: each payload under a key of its own, which also says how large it is. The keys are all
//! that there is to know, so nothing else is kept.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use bytes::Bytes;
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, Change, Context, Field, Log, Owner, Payload, Refused, Storage, Store};

use super::{Queue, ticket::Share};
use crate::{
    delivery::Sizer,
    envelope::{self, Opened},
};

/// A queue's store.
pub(super) struct Kept {
    store: Arc<dyn Store>,
    signal: Signal,
    log: Log,
    /// The number of the next payload.
    next: AtomicU64,
}

/// Where a payload is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Its place in the queue.
    number: u64,
    items: u32,
    bytes: u32,
}

/// Why a payload cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It may be at the next start.
    Now,
    /// It is no payload.
    Ever,
}

impl Key {
    /// Big-endian, so that keys sort as they were queued.
    fn encode(self) -> Bytes {
        let Self { number, items, bytes } = self;
        Bytes::from([&number.to_be_bytes()[..], &items.to_be_bytes(), &bytes.to_be_bytes()].concat())
    }

    /// `None` if it is something else's key.
    fn decode(key: &[u8]) -> Option<Self> {
        let (number, rest) = key.split_first_chunk()?;
        let (items, rest) = rest.split_first_chunk()?;
        let (bytes, []) = rest.split_first_chunk()? else { return None };
        let (items, bytes) = (u32::from_be_bytes(*items), u32::from_be_bytes(*bytes));
        Some(Self { number: u64::from_be_bytes(*number), items, bytes })
    }

    /// How much of a queue the payload takes.
    pub(super) fn share(self, sizer: Sizer) -> Share {
        let (items, bytes) = (self.items as usize, self.bytes as usize);
        let size = match sizer {
            Sizer::Requests => 1,
            Sizer::Items => items,
            Sizer::Bytes => bytes,
        };
        Share { size, items, bytes }
    }
}

impl Kept {
    /// Keeps `payload` behind all others; where.
    pub(super) async fn put(&self, payload: &Payload) -> Result<Key, Refused> {
        let key = Key {
            number: self.next.fetch_add(1, Relaxed),
            items: u32::try_from(payload.data.items()).unwrap_or(u32::MAX),
            bytes: u32::try_from(payload.data.byte_len()).unwrap_or(u32::MAX),
        };
        let change = Change::Set(key.encode(), envelope::seal(payload));
        self.store.apply(vec![change]).await.map_err(Refused::retryable)?;
        Ok(key)
    }

    /// The payload under `key`. If it cannot be read, that was logged.
    pub(super) async fn get(&self, key: Key) -> Result<Payload, Unreadable> {
        let read = match self.store.get(&key.encode()).await {
            Ok(Some(sealed)) => envelope::open(self.signal, &sealed),
            Ok(None) => Opened::Invalid("it is not in the storage".into()),
            Err(error) => Opened::Unknown(error),
        };
        let (error, unreadable) = match read {
            Opened::Payload(payload) => return Ok(payload),
            Opened::Invalid(error) => (error, Unreadable::Ever),
            Opened::Unknown(error) => (error, Unreadable::Now),
        };
        let fields =
            [("error", Field::from(error.to_string())), ("skipped_items", (key.items as usize).into())];
        self.log.error("An item of the persistent queue cannot be read. It was skipped.", &fields);
        Err(unreadable)
    }

    /// Forgets payloads. If the storage does not, they are sent again after the next start.
    pub(super) async fn forget(&self, keys: Vec<Key>) {
        if keys.is_empty() {
            return;
        }
        let changes = keys.into_iter().map(|key| Change::Delete(key.encode())).collect();
        if let Err(error) = self.store.apply(changes).await {
            self.log.error(
                "What was sent cannot be removed from the persistent queue.",
                &[("error", error.to_string().into())],
            );
        }
    }

    pub(super) async fn close(&self) {
        self.store.close().await;
    }
}

/// Opens the stores of all `queues` in `storage` and queues what is in them.
///
/// # Errors
/// It does not open.
pub(crate) async fn restore(
    storage: &dyn Storage,
    cx: &Context,
    queues: &[Option<Arc<Queue>>; 3],
) -> Result<(), BoxError> {
    for signal in Signal::ALL {
        let Some(queue) = &queues[signal as usize] else { continue };
        let part = signal.as_str().to_owned();
        let store = storage.open(Owner { kind: "exporter", id: cx.id().to_owned(), part }).await?;
        let keys: Vec<Key> = store.keys().await?.iter().filter_map(|(key, _)| Key::decode(key)).collect();
        let next = keys.last().map_or(0, |last| last.number.saturating_add(1));
        let log = cx.log_for(signal);
        match keys.first() {
            None => log.info("Initializing new persistent queue", &[]),
            Some(_) => log.info("Loaded queue metadata", &[("requests", keys.len().into())]),
        }
        queue.restore(Kept { store, signal, log, next: AtomicU64::new(next) }, keys);
    }
    Ok(())
}
