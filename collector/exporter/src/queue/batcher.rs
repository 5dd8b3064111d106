//! Joining queued payloads before they are sent (Go's `partition_batcher.go`): one task that reads the queue, and as
//! many sending at a time as the queue has consumers.

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};

use slimcol_pdata::Data;
use slimcol_service::{Client, ClientInfo, Payload};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, timeout_at},
};

use super::{Item, Queue, Ticket};
use crate::{
    delivery::{Batching, SendingQueue, Sizer},
    sender::Sender,
};

/// What payloads must agree in to share a batch: the values of the configured metadata keys, in order.
type Key = Vec<Vec<String>>;

/// The task's state.
pub(crate) struct Batcher {
    sender: Arc<Sender>,
    sizer: Sizer,
    min: usize,
    max: Option<NonZeroUsize>,
    flush_timeout: Duration,
    keys: Vec<String>,
    most_partitions: usize,
    /// Batches that are not full yet.
    pending: HashMap<Key, Pending>,
    /// When each of `pending` is to be sent at the latest; the number tells batches of the same instant apart.
    due: BTreeMap<(Instant, u64), Key>,
    begun: u64,
    workers: Arc<Semaphore>,
    sending: JoinSet<()>,
}

/// A batch that is not full yet.
struct Pending {
    due: (Instant, u64),
    client: Client,
    parts: Vec<Data>,
    size: usize,
    tickets: Vec<Arc<Ticket>>,
}

impl Batcher {
    pub(crate) fn new(sender: Arc<Sender>, queue: &SendingQueue, batching: &Batching) -> Self {
        let workers = usize::try_from(queue.num_consumers).unwrap_or(1).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            sender,
            sizer: batching.sizer,
            min: usize::try_from(batching.min_size).unwrap_or_default(),
            max: usize::try_from(batching.max_size).ok().and_then(NonZeroUsize::new),
            flush_timeout: batching.flush_timeout.std(),
            keys: batching.partition.metadata_keys.clone(),
            most_partitions: usize::try_from(batching.partition.cache_size).unwrap_or(1),
            pending: HashMap::new(),
            due: BTreeMap::new(),
            begun: 0,
            workers: Arc::new(Semaphore::new(workers)),
            sending: JoinSet::new(),
        }
    }

    /// Batches what comes out of `queue` until that is closed and empty and everything was sent.
    pub(crate) async fn run(mut self, queue: Arc<Queue>) {
        loop {
            let item = match self.due.first_key_value() {
                // Asked before the queue is: a steady flow to one partition must not starve another.
                Some(((due, _), _)) if *due <= Instant::now() => {
                    self.flush_first().await;
                    continue;
                }
                Some(((due, _), _)) => match timeout_at(*due, queue.next()).await {
                    Ok(item) => item,
                    Err(_elapsed) => continue,
                },
                None => queue.next().await,
            };
            let Some(waiting) = item else { break };
            if let Some(item) = queue.load(waiting).await {
                self.add(item).await;
            }
        }
        // What is in a storage stays there.
        while !queue.is_persistent() && !self.due.is_empty() {
            self.flush_first().await;
        }
        while self.sending.join_next().await.is_some() {}
    }

    /// Puts a payload to its batch, and sends that if it is full.
    async fn add(&mut self, item: Item) {
        let Item { payload: Payload { data, client }, ticket } = item;
        let key: Key = self.keys.iter().map(|key| client.metadata(key).to_vec()).collect();
        let size = self.sizer.size(&data);
        let mut batch = match self.take(&key) {
            Some(mut batch) => {
                batch.client = self.client(&key);
                batch
            }
            None => self.begin(client),
        };
        batch.parts.push(data);
        batch.size = batch.size.saturating_add(size);
        batch.tickets.push(Arc::new(ticket));
        if batch.size >= self.min || self.max.is_some_and(|max| batch.size > max.get()) {
            self.flush(key, batch).await;
        } else {
            self.keep(key, batch);
            if self.pending.len() > self.most_partitions {
                self.flush_first().await;
            }
        }
    }

    /// Sends the batch that has waited longest.
    async fn flush_first(&mut self) {
        let Some((_, key)) = self.due.pop_first() else { return };
        if let Some(Pending { client, parts, tickets, .. }) = self.pending.remove(&key)
            && let Some(data) = Data::concat(parts)
        {
            // It is below the least size, hence below the largest too: nothing to cut.
            self.send(Payload { data, client }, tickets).await;
        }
    }

    /// Sends a full batch, cut to the largest size; what is left over begins the next one.
    async fn flush(&mut self, key: Key, batch: Pending) {
        let Pending { client, parts, mut tickets, .. } = batch;
        let Some(data) = Data::concat(parts) else { return };
        let mut cut = match self.max {
            Some(max) if self.sizer == Sizer::Bytes => data.split_bytes(max),
            Some(max) => data.split_items(max),
            None => vec![data],
        };
        // All payloads but the last fit in the first part: together they were less than the least size.
        let newest: Vec<Arc<Ticket>> = tickets.last().cloned().into_iter().collect();
        let left = if cut.len() > 1 { cut.pop_if(|last| self.sizer.size(last) < self.min) } else { None };
        let parts = cut.len() + usize::from(left.is_some());
        for ticket in &newest {
            ticket.more_parts(parts - 1);
        }
        for data in cut {
            let settled = std::mem::replace(&mut tickets, newest.clone());
            self.send(Payload { data, client: client.clone() }, settled).await;
        }
        if let Some(data) = left {
            let mut rest = self.begin(client);
            rest.size = self.sizer.size(&data);
            rest.parts.push(data);
            rest.tickets = newest;
            self.keep(key, rest);
        }
    }

    /// Sends on a task of its own, once fewer than `num_consumers` are sending.
    async fn send(&mut self, payload: Payload, tickets: Vec<Arc<Ticket>>) {
        while self.sending.try_join_next().is_some() {}
        // The semaphore is never closed.
        let Ok(permit) = self.workers.clone().acquire_owned().await else { return };
        let sender = self.sender.clone();
        sender.counts[payload.data.signal() as usize].batched(&payload.data);
        self.sending.spawn(async move {
            sender.deliver(payload, tickets).await;
            drop(permit);
        });
    }

    /// An empty batch.
    fn begin(&mut self, client: Client) -> Pending {
        self.begun += 1;
        let due = (Instant::now() + self.flush_timeout, self.begun);
        Pending { due, client, parts: Vec::new(), size: 0, tickets: Vec::new() }
    }

    fn keep(&mut self, key: Key, batch: Pending) {
        self.due.insert(batch.due, key.clone());
        self.pending.insert(key, batch);
    }

    fn take(&mut self, key: &Key) -> Option<Pending> {
        let batch = self.pending.remove(key)?;
        self.due.remove(&batch.due);
        Some(batch)
    }

    /// What is known of the senders of a joined batch: only what they must agree in.
    fn client(&self, key: &Key) -> Client {
        let metadata: Vec<_> = self
            .keys
            .iter()
            .cloned()
            .zip(key.iter().cloned())
            .filter(|(_, values)| !values.is_empty())
            .collect();
        if metadata.is_empty() {
            Client::default()
        } else {
            Client::new(ClientInfo { metadata, ..ClientInfo::default() })
        }
    }
}
