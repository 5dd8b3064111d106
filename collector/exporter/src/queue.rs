//! The queue: bounded by a size that counts what waits and what is being sent. With a storage everything in it is kept there
//! as well, and in memory only as much as is soon to be sent.

mod batcher;
mod kept;
mod pace;
mod ticket;

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use slimcol_service::{Payload, Refused};
use tokio::sync::{Notify, Semaphore};

pub(crate) use self::{
    batcher::Batcher,
    kept::restore,
    ticket::{Settle, Ticket},
};
use self::{
    kept::{Kept, Key, Unreadable},
    pace::Pace,
    ticket::{Outcome, Share},
};
use crate::delivery::{SendingQueue, Sizer};

/// The queue of one signal.
pub(crate) struct Queue {
    sizer: Sizer,
    capacity: usize,
    block_on_overflow: bool,
    wait_for_result: bool,
    state: Mutex<State>,
    /// One permit per payload that waits; closed with the queue.
    waiting: Semaphore,
    /// Told when there may be room again; used with `block_on_overflow` only.
    room: Notify,
    pace: Pace,
    /// The storage, once there is one.
    kept: OnceLock<Kept>,
    /// Held by who makes the storage forget.
    forgetting: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<Waiting>,
    /// Of what waits and of what is being sent.
    size: usize,
    closed: bool,
    /// The same in items.
    held: usize,
    /// How many of `items` are only in the storage.
    away: usize,
    /// What the storage is to forget.
    done: Vec<Key>,
}

/// A payload that waits; without it, one that is in the storage only.
#[derive(Debug)]
pub(crate) struct Waiting {
    payload: Option<Payload>,
    ticket: Ticket,
}

/// A queued payload. Its share of the queue is free again once the ticket is dropped.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) payload: Payload,
    pub(crate) ticket: Ticket,
}

impl Queue {
    pub(crate) fn new(config: &SendingQueue) -> Arc<Self> {
        Arc::new(Self {
            sizer: config.sizer,
            capacity: usize::try_from(config.queue_size).unwrap_or_default(),
            block_on_overflow: config.block_on_overflow,
            wait_for_result: config.wait_for_result,
            state: Mutex::default(),
            waiting: Semaphore::new(0),
            room: Notify::new(),
            pace: Pace::default(),
            kept: OnceLock::new(),
            forgetting: tokio::sync::Mutex::default(),
        })
    }

    /// Takes `payload` off the caller's hands, or says why not. With `wait_for_result` the answer is the exporter's.
    pub(crate) async fn offer(self: &Arc<Self>, payload: Payload) -> Result<(), Refused> {
        let size = self.sizer.size(&payload.data);
        if size == 0 {
            return Ok(());
        }
        if size > self.capacity {
            return Err(Refused::retryable("element size too large"));
        }
        let share = Share { size, items: payload.data.items(), bytes: payload.data.byte_len() };
        if self.is_persistent() {
            return self.keep(payload, share).await;
        }
        self.pace.ease().await;
        let mut payload = Some(payload);
        let ((), outcome) = self
            .when_room(share, |state, ticket| {
                state.items.push_back(Waiting { payload: payload.take(), ticket });
                self.waiting.add_permits(1);
            })
            .await?;
        match outcome {
            Some(outcome) => outcome.wait().await,
            None => Ok(()),
        }
    }

    /// Puts `payload` into the storage, and in memory too if there is little.
    async fn keep(self: &Arc<Self>, payload: Payload, share: Share) -> Result<(), Refused> {
        let here = self.lock().away == 0 && self.pace.ease_briefly().await;
        let (ticket, _) = self.when_room(share, |_, ticket| ticket).await?;
        let queue = self.clone();
        // In a task of its own: a caller who goes away must not leave something in the storage that is not in the queue.
        let kept = tokio::spawn(async move {
            let Some(kept) = queue.kept.get() else { return Ok(()) };
            let key = kept.put(&payload).await?;
            let waiting = Waiting { payload: here.then_some(payload), ticket: ticket.kept(key) };
            let mut state = queue.lock();
            state.away += usize::from(!here);
            state.items.push_back(waiting);
            drop(state);
            queue.waiting.add_permits(1);
            Ok(())
        });
        kept.await.unwrap_or_else(|error| Err(Refused::retryable(error)))
    }

    /// The payload that has waited longest, as soon as there is one; `None` once the queue is closed and empty, or closed
    /// and what is in it stays in the storage. Nothing is lost if the future is dropped.
    pub(crate) async fn next(&self) -> Option<Waiting> {
        if let Ok(permit) = self.waiting.acquire().await {
            permit.forget();
        }
        let mut state = self.lock();
        if state.closed && self.is_persistent() {
            return None;
        }
        let waiting = state.items.pop_front()?;
        state.away -= usize::from(waiting.payload.is_none());
        Some(waiting)
    }

    /// The payload itself, from the storage if it is only there; `None` if it cannot be read.
    pub(crate) async fn load(&self, waiting: Waiting) -> Option<Item> {
        let Waiting { payload, ticket } = waiting;
        if let Some(payload) = payload {
            return Some(Item { payload, ticket });
        }
        let read = self.kept.get()?.get(ticket.key()?).await;
        match read {
            Ok(payload) => Some(Item { payload, ticket }),
            Err(Unreadable::Now) => None,
            Err(Unreadable::Ever) => {
                ticket.settle(&Ok(())).await;
                None
            }
        }
    }

    /// Whether there is a storage.
    pub(crate) fn is_persistent(&self) -> bool {
        self.kept.get().is_some()
    }

    /// Makes `kept` the queue's storage and what is in it the queue's content, whatever its size.
    fn restore(self: &Arc<Self>, kept: Kept, keys: Vec<Key>) {
        let mut state = self.lock();
        for key in keys {
            let share = key.share(self.sizer);
            let (ticket, _) = Ticket::new(self.clone(), share, false);
            state.size += share.size;
            state.held += share.items;
            state.away += 1;
            self.pace.add(share.bytes);
            state.items.push_back(Waiting { payload: None, ticket: ticket.kept(key) });
            self.waiting.add_permits(1);
        }
        // A queue is started once.
        let _ = self.kept.set(kept);
    }

    /// Lets the storage forget what was sent or given up. Returns once it has, also what another caller is at, so that who
    /// goes on to the next payload leaves nothing behind.
    async fn forget(&self) {
        if let Some(kept) = self.kept.get() {
            let _turn = self.forgetting.lock().await;
            let done = std::mem::take(&mut self.lock().done);
            kept.forget(done).await;
        }
    }

    /// Ends the use of the storage.
    pub(crate) async fn close_storage(&self) {
        self.forget().await;
        if let Some(kept) = self.kept.get() {
            kept.close().await;
        }
    }

    /// Takes nothing more; what is held can still be had from [`Queue::next`].
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.waiting.close();
        self.room.notify_one();
    }

    /// How much of the queue is taken, by what waits and by what is being sent.
    pub(crate) fn size(&self) -> usize {
        self.lock().size
    }

    /// How many items of what waits and of what is being sent are nowhere but in memory.
    pub(crate) fn held(&self) -> usize {
        if self.is_persistent() { 0 } else { self.lock().held }
    }

    /// The most that it takes.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many payloads wait in memory.
    #[cfg(test)]
    pub(crate) fn in_memory(&self) -> usize {
        self.lock().items.iter().filter(|waiting| waiting.payload.is_some()).count()
    }

    /// Takes room for a `share` as soon as there is some, or says that there is none; `then` has the ticket for it.
    async fn when_room<T>(
        self: &Arc<Self>,
        share: Share,
        mut then: impl FnMut(&mut State, Ticket) -> T,
    ) -> Result<(T, Option<Outcome>), Refused> {
        loop {
            let room = self.room.notified();
            {
                let mut state = self.lock();
                let fits = !state.closed && share.size <= self.capacity.saturating_sub(state.size);
                // One waiter is woken at a time. It wakes the next one if there may be room for both, or if the queue is
                // closed.
                if self.block_on_overflow && (fits || state.closed) {
                    self.room.notify_one();
                }
                if fits {
                    let (ticket, outcome) = Ticket::new(self.clone(), share, self.wait_for_result);
                    state.size += share.size;
                    state.held += share.items;
                    self.pace.add(share.bytes);
                    return Ok((then(&mut state, ticket), outcome));
                }
                if !self.block_on_overflow || state.closed {
                    return Err(Refused::retryable("sending queue is full"));
                }
            }
            room.await;
        }
    }

    /// Frees the room that a sent or given up payload took; with a key, the storage is to forget it.
    fn release(&self, share: Share, done: Option<Key>) {
        let mut state = self.lock();
        state.size -= share.size;
        state.held -= share.items;
        state.done.extend(done);
        drop(state);
        self.pace.free(share.bytes);
        if self.block_on_overflow {
            self.room.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}
