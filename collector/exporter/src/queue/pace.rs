//! Easing off: who fills a queue faster than it empties waits for it, so that memory holds what is on its way and not what
//! piles up behind it.
//!
//! A queue of a thousand batches is gigabytes. It is there for a far end that is gone; while the far end takes data,
//! only slower than data arrives, making the senders wait costs them nothing and keeps the process small.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// What may be queued and on its way, in bytes, before callers wait.
const EASY: usize = 6 << 20;

/// A queue that nothing leaves for so long is stalled, and is filled without waiting until something leaves it.
const PATIENCE: Duration = Duration::from_millis(100);

/// How much a queue holds and whether it moves.
#[derive(Debug, Default)]
pub(super) struct Pace {
    state: Mutex<State>,
    left: Notify,
}

#[derive(Debug, Default)]
struct State {
    bytes: usize,
    stalled: bool,
}

impl Pace {
    /// Returns once the queue holds little (true) or turns out not to move (false).
    pub(super) async fn ease(&self) -> bool {
        loop {
            // Made before looking, so that what leaves in between is not missed.
            let left = self.left.notified();
            {
                let state = self.lock();
                if state.bytes < EASY {
                    drop(state);
                    // One waiter is woken at a time; it wakes the next one, as there may be room for both.
                    self.left.notify_one();
                    return true;
                }
                if state.stalled {
                    return false;
                }
            }
            if timeout(PATIENCE, left).await.is_err() {
                self.lock().stalled = true;
                return false;
            }
        }
    }

    /// The same for a caller who has somewhere else to put things: it waits no longer than a moment, whether the queue
    /// moves or not.
    pub(super) async fn ease_briefly(&self) -> bool {
        timeout(PATIENCE, self.ease()).await.unwrap_or(false)
    }

    /// So many bytes were queued.
    pub(super) fn add(&self, bytes: usize) {
        self.lock().bytes += bytes;
    }

    /// So many bytes were sent or given up.
    pub(super) fn free(&self, bytes: usize) {
        let mut state = self.lock();
        state.bytes -= bytes;
        state.stalled = false;
        drop(state);
        self.left.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn callers_wait_only_for_a_queue_that_moves() {
        let pace = Arc::new(Pace::default());
        let begun = Instant::now();
        pace.ease().await;
        pace.add(EASY);
        assert_eq!(begun.elapsed(), Duration::ZERO);
        // It is full, and moves after a while: the caller waits so long.
        let caller = tokio::spawn({
            let pace = pace.clone();
            async move { pace.ease().await }
        });
        tokio::time::sleep(PATIENCE / 2).await;
        assert!(!caller.is_finished());
        pace.free(1);
        caller.await.unwrap();
        assert_eq!(begun.elapsed(), PATIENCE / 2);
        // It is full and stalled: the first caller finds out, the next ones need not wait.
        pace.add(1);
        pace.ease().await;
        assert!(begun.elapsed() >= PATIENCE && begun.elapsed() <= PATIENCE * 2);
        let found = Instant::now();
        for _ in 0..1000 {
            pace.ease().await;
        }
        assert_eq!(found.elapsed(), Duration::ZERO);
    }
}
