//! The queue in memory: bounded by a size that counts what waits and what is being sent.

mod batcher;
mod pace;
mod ticket;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use slimcol_service::{Payload, Refused};
use tokio::sync::{Notify, Semaphore};

pub(crate) use self::{
    batcher::Batcher,
    ticket::{Settle, Ticket},
};
use self::{
    pace::Pace,
    ticket::{Outcome, Share},
};
use crate::delivery::{SendingQueue, Sizer};

/// The queue of one signal.
#[derive(Debug)]
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
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<Item>,
    /// Of what waits and of what is being sent.
    size: usize,
    closed: bool,
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
        let share = Share { size, bytes: payload.data.byte_len() };
        self.pace.ease().await;
        let mut payload = Some(payload);
        let outcome = loop {
            match self.add(&mut payload, share) {
                Ok(outcome) => break outcome,
                Err(Full) if self.block_on_overflow && !self.lock().closed => self.room.notified().await,
                Err(Full) => return Err(Refused::retryable("sending queue is full")),
            }
        };
        match outcome {
            Some(outcome) => outcome.wait().await,
            None => Ok(()),
        }
    }

    /// The payload that has waited longest, as soon as there is one; `None` once the queue is closed and empty. Nothing
    /// is lost if the future is dropped.
    pub(crate) async fn next(&self) -> Option<Item> {
        if let Ok(permit) = self.waiting.acquire().await {
            permit.forget();
        }
        self.lock().items.pop_front()
    }

    /// Takes nothing more; what is held can still be had from [`Queue::next`].
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.waiting.close();
        self.room.notify_one();
    }

    /// Adds what `payload` holds, if there is room.
    fn add(self: &Arc<Self>, payload: &mut Option<Payload>, share: Share) -> Result<Option<Outcome>, Full> {
        let mut state = self.lock();
        let fits = !state.closed && share.size <= self.capacity.saturating_sub(state.size);
        // One waiter is woken at a time. It wakes the next one if there may be room for both, or if the queue is closed.
        if self.block_on_overflow && (fits || state.closed) {
            self.room.notify_one();
        }
        if !fits {
            return Err(Full);
        }
        let Some(payload) = payload.take() else { return Ok(None) };
        let (ticket, outcome) = Ticket::new(self.clone(), share, self.wait_for_result);
        state.size += share.size;
        self.pace.add(share.bytes);
        state.items.push_back(Item { payload, ticket });
        drop(state);
        self.waiting.add_permits(1);
        Ok(outcome)
    }

    /// Frees the room that a sent or given up payload took.
    fn release(&self, share: Share) {
        self.lock().size -= share.size;
        self.pace.free(share.bytes);
        if self.block_on_overflow {
            self.room.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// There is no room now.
struct Full;
