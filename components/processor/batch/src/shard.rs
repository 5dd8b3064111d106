//! One line of batches: callers fill them, one task sends them one after the other.
//!
//! A caller only appends to a list under a lock. It wakes the task when a batch is full, or when the first data arrives
//! after a quiet time (so that the timer runs), but not for each request: at 100 spans a request that is one wake-up in
//! eighty, and it is what makes the processor cheap.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slimcol_pdata::Data;
use slimcol_service::{Client, Field, Log, Next, Payload, Refused, contain};
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::{
    Config,
    counts::{Counts, Trigger},
};

/// When to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// A batch of so many items is full.
    full: usize,
    /// A remainder of fewer items waits for the next batch.
    least: usize,
    /// No batch has more items.
    max: Option<NonZeroUsize>,
    timeout: Duration,
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        let at_once = config.timeout.is_zero() || config.send_batch_size == 0;
        let size = if at_once { 0 } else { config.send_batch_size as usize };
        Self {
            full: size.max(1),
            least: size,
            max: NonZeroUsize::new(config.send_batch_max_size as usize),
            timeout: config.timeout.std(),
        }
    }
}

/// What callers and the sending task share.
#[derive(Debug)]
pub(crate) struct Shard {
    limits: Limits,
    state: Mutex<State>,
    /// Tells the task that there is something to do.
    work: Notify,
    /// Tells callers that there is room again.
    room: Notify,
}

#[derive(Debug)]
struct State {
    filling: Filling,
    /// Full, and not yet taken by the task.
    full: Option<Vec<Data>>,
    /// The task's timer does not run.
    dormant: bool,
    closed: bool,
}

#[derive(Debug, Default)]
struct Filling {
    parts: Vec<Data>,
    items: usize,
}

impl Filling {
    /// What is there; the next one will need about as much space.
    fn take(&mut self) -> Vec<Data> {
        self.items = 0;
        let space = Vec::with_capacity(self.parts.len());
        std::mem::replace(&mut self.parts, space)
    }
}

/// What the task finds.
enum Work {
    /// A full batch.
    Full(Vec<Data>),
    /// Nothing that cannot wait.
    None,
    /// The last batch, perhaps empty.
    Last(Vec<Data>),
}

impl Shard {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        let state = State { filling: Filling::default(), full: None, dormant: true, closed: false };
        Arc::new(Self { limits, state: Mutex::new(state), work: Notify::new(), room: Notify::new() })
    }

    /// Puts `data` in a batch, once there is room.
    pub(crate) async fn push(&self, data: Data) -> Result<(), Refused> {
        let items = data.items();
        // Like Go, which would have nothing to trigger on.
        if items == 0 {
            return Ok(());
        }
        let mut data = Some(data);
        if self.try_push(&mut data, items)? {
            return Ok(());
        }
        loop {
            // Made before trying again, so that room made in between is not missed.
            let room = self.room.notified();
            if self.try_push(&mut data, items)? {
                return Ok(());
            }
            room.await;
        }
    }

    /// Takes nothing more; the task sends what is there and ends.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_one();
        self.room.notify_waiters();
    }

    /// Sends batches to `next` until the shard is closed and empty.
    pub(crate) async fn run(self: Arc<Self>, sender: Sender) {
        let mut due: Option<Instant> = None;
        loop {
            match self.work() {
                Work::Full(parts) => {
                    self.send_full(&sender, parts).await;
                    due = Some(Instant::now() + self.limits.timeout);
                }
                Work::Last(parts) => return sender.send_all(parts, self.limits.max).await,
                Work::None => match due {
                    None => {
                        self.work.notified().await;
                        due = Some(Instant::now() + self.limits.timeout);
                    }
                    Some(at) if timeout_at(at, self.work.notified()).await.is_ok() => {}
                    Some(_) => {
                        let parts = self.ripe();
                        due = (!parts.is_empty()).then(|| Instant::now() + self.limits.timeout);
                        sender.send_all(parts, self.limits.max).await;
                    }
                },
            }
        }
    }

    /// Whether what `data` held was added.
    fn try_push(&self, data: &mut Option<Data>, items: usize) -> Result<bool, Refused> {
        let mut state = self.lock();
        if state.closed {
            return Err(Refused::retryable("the batch processor has stopped"));
        }
        if state.filling.items >= self.limits.full {
            return Ok(false);
        }
        state.filling.parts.extend(data.take());
        state.filling.items += items;
        if self.advance(&mut state) || std::mem::take(&mut state.dormant) {
            drop(state);
            self.work.notify_one();
        }
        Ok(true)
    }

    /// Moves the filling batch to the full one's place, if it is full and that is free.
    fn advance(&self, state: &mut State) -> bool {
        let ready = state.full.is_none() && state.filling.items >= self.limits.full;
        if ready {
            state.full = Some(state.filling.take());
            state.dormant = false;
        }
        ready
    }

    fn work(&self) -> Work {
        let mut state = self.lock();
        if let Some(parts) = state.full.take() {
            self.advance(&mut state);
            drop(state);
            self.room.notify_waiters();
            return Work::Full(parts);
        }
        if state.closed { Work::Last(state.filling.take()) } else { Work::None }
    }

    /// What has waited long enough. If that is nothing, the timer need not run until there is something.
    fn ripe(&self) -> Vec<Data> {
        let mut state = self.lock();
        // A batch that was filled just now is sent as such.
        if state.full.is_some() {
            return Vec::new();
        }
        state.dormant = state.filling.items == 0;
        state.filling.take()
    }

    /// Sends a full batch; a remainder that is not worth sending goes before the next one.
    async fn send_full(&self, sender: &Sender, parts: Vec<Data>) {
        let mut cut = cut(parts, self.limits.max);
        let rest = if cut.len() > 1 { cut.pop_if(|last| last.items() < self.limits.least) } else { None };
        if let Some(rest) = rest {
            let mut state = self.lock();
            if let Some(next) = &mut state.full {
                next.insert(0, rest);
            } else {
                state.filling.items += rest.items();
                state.filling.parts.insert(0, rest);
                self.advance(&mut state);
            }
        }
        for data in cut {
            sender.send(data, Trigger::Full).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way onward from a shard.
pub(crate) struct Sender {
    pub(crate) client: Client,
    pub(crate) next: Next,
    pub(crate) log: Log,
    pub(crate) counts: Counts,
}

impl Sender {
    async fn send_all(&self, parts: Vec<Data>, max: Option<NonZeroUsize>) {
        for data in cut(parts, max) {
            self.send(data, Trigger::Late).await;
        }
    }

    /// Sends one batch. Those who sent its parts were answered long ago, so a failure is only logged.
    async fn send(&self, data: Data, trigger: Trigger) {
        let size = self.counts.size(&data);
        let payload = Payload { data, client: self.client.clone() };
        let failure = match contain(self.next.consume(payload)).await {
            Ok(Ok(())) => return self.counts.sent(trigger, size),
            Ok(Err(refused)) => refused.to_string(),
            Err(panicked) => panicked.to_string(),
        };
        self.log.warn("Sender failed", &[("error", Field::from(failure))]);
    }
}

/// `parts` as one batch, or as several of at most `max` items.
fn cut(parts: Vec<Data>, max: Option<NonZeroUsize>) -> Vec<Data> {
    match (Data::concat(parts), max) {
        (Some(data), Some(max)) if data.items() > max.get() => data.split_items(max),
        (data, _) => data.into_iter().collect(),
    }
}
