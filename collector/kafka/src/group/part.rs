//! A partition that a member reads.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::SeqCst};

use tokio::sync::{Mutex, watch};

/// Topic and partition.
pub(super) type Place = (String, i32);

/// A partition, how far it has been read, and whether it still is.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) place: Place,
    /// The record to read next: all before it were taken.
    position: AtomicI64,
    /// What the coordinator knows of that; -1 is nothing.
    committed: AtomicI64,
    /// A record in it will not be taken, so nothing behind it is read.
    paused: AtomicBool,
    /// Held while records are being handed on.
    busy: Mutex<()>,
    state: watch::Sender<State>,
}

/// Whether a partition is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// The record that is being handed on is the last.
    Ending,
    /// Not even that one is waited for.
    Ended,
}

impl Part {
    /// A partition to be read from `position` on.
    pub(super) fn new(place: Place, position: i64, committed: i64) -> Self {
        Self {
            place,
            position: AtomicI64::new(position),
            committed: AtomicI64::new(committed),
            paused: AtomicBool::new(false),
            busy: Mutex::default(),
            state: watch::channel(State::Reading).0,
        }
    }

    pub(super) fn position(&self) -> i64 {
        self.position.load(SeqCst)
    }

    /// All records before `position` were taken.
    pub(super) fn advance(&self, position: i64) {
        self.position.store(position, SeqCst);
    }

    pub(super) fn committed(&self) -> i64 {
        self.committed.load(SeqCst)
    }

    pub(super) fn commit(&self, position: i64) {
        self.committed.store(position, SeqCst);
    }

    /// What is to be committed, if there is anything new.
    pub(super) fn uncommitted(&self) -> Option<i64> {
        let (position, committed) = (self.position(), self.committed());
        (position > committed && position > 0).then_some(position)
    }

    /// Nothing more is read until the partition is shared out again.
    pub(super) fn pause(&self) {
        self.paused.store(true, SeqCst);
    }

    pub(super) fn is_read(&self) -> bool {
        *self.state.borrow() == State::Reading && !self.paused.load(SeqCst)
    }

    /// Keeps others from handing on records of it.
    pub(super) fn begin(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        self.busy.try_lock().ok()
    }

    /// The record that is being handed on is the last; returns when it was.
    pub(super) async fn end(&self) {
        self.state.send_if_modified(|state| {
            let reading = *state == State::Reading;
            if reading {
                *state = State::Ending;
            }
            reading
        });
        drop(self.busy.lock().await);
    }

    /// Not even the record that is being handed on is waited for.
    pub(super) fn abandon(&self) {
        self.state.send_replace(State::Ended);
    }

    /// Returns when the record that is being handed on is the last.
    pub(super) async fn ending(&self) {
        self.until(|state| state != State::Reading).await;
    }

    /// Returns when the record that is being handed on is not waited for any more.
    pub(super) async fn abandoned(&self) {
        self.until(|state| state == State::Ended).await;
    }

    async fn until(&self, is: impl Fn(State) -> bool) {
        // The sender is this very partition's, so it is there.
        let _ = self.state.subscribe().wait_for(|state| is(*state)).await;
    }
}
