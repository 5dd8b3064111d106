//! A queued payload's share of its queue, and the way back to a caller who waits for the outcome.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering::AcqRel, Ordering::Release},
};

use slimcol_service::Refused;
use tokio::sync::oneshot;

use super::{Key, Queue};
use crate::failure::{copied, interrupted};

/// Who wants to know how sending went.
pub(crate) trait Settle {
    /// Tells how it went; returns once a storage knows that the payloads are no longer needed.
    fn settle(self, outcome: &Result<(), Refused>) -> impl Future<Output = ()> + Send;
}

/// Dropping it frees the payload's room in the queue and answers the caller, if one waits. If the payload is in a storage
/// and all its parts were sent or given up, it is to be forgotten there.
#[derive(Debug)]
pub(crate) struct Ticket {
    queue: Arc<Queue>,
    share: Share,
    reply: Option<Reply>,
    /// Where the payload is kept.
    key: Option<Key>,
    /// How many parts of the payload are still to be sent.
    parts: AtomicUsize,
    /// Whether a part was left to the next life of the collector.
    left: AtomicBool,
}

/// How much of a queue a payload takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// In the unit of the queue's sizer.
    pub(super) size: usize,
    /// Spans, data points or records.
    pub(super) items: usize,
    /// Encoded.
    pub(super) bytes: usize,
}

#[derive(Debug)]
struct Reply {
    to: Option<oneshot::Sender<Result<(), Refused>>>,
    /// `None` until a part of the payload was sent or given up; then the refusals of all parts.
    refusals: Mutex<Option<Vec<Refused>>>,
}

/// The caller's end.
#[derive(Debug)]
pub(super) struct Outcome(oneshot::Receiver<Result<(), Refused>>);

impl Ticket {
    /// A ticket for a `share` of `queue`, and the caller's end if it `waits`.
    pub(super) fn new(queue: Arc<Queue>, share: Share, waits: bool) -> (Self, Option<Outcome>) {
        let (reply, outcome) = if waits {
            let (to, from) = oneshot::channel();
            (Some(Reply { to: Some(to), refusals: Mutex::default() }), Some(Outcome(from)))
        } else {
            (None, None)
        };
        let (parts, left) = (AtomicUsize::new(1), AtomicBool::new(false));
        (Self { queue, share, reply, key: None, parts, left }, outcome)
    }

    /// The same for a payload that is kept under `key`.
    pub(super) fn kept(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }

    /// Where the payload is kept.
    pub(super) fn key(&self) -> Option<Key> {
        self.key
    }

    /// The payload is sent in so many parts more than was known.
    pub(super) fn more_parts(&self, more: usize) {
        self.parts.fetch_add(more, AcqRel);
    }

    /// Notes how a part of the payload, or all of it, fared.
    pub(super) fn note(&self, outcome: &Result<(), Refused>) {
        if self.key.is_some() && outcome.as_ref().is_err_and(interrupted) {
            self.left.store(true, Release);
        }
        self.parts.fetch_sub(1, AcqRel);
        if let Some(reply) = &self.reply {
            let mut refusals = reply.refusals.lock().unwrap_or_else(PoisonError::into_inner);
            refusals.get_or_insert_default().extend(outcome.as_ref().err().map(copied));
        }
    }
}

impl Settle for Ticket {
    async fn settle(self, outcome: &Result<(), Refused>) {
        self.note(outcome);
        let queue = self.queue.clone();
        drop(self);
        queue.forget().await;
    }
}

/// Several payloads in a batch; one may have gone to several batches.
impl Settle for Vec<Arc<Ticket>> {
    async fn settle(self, outcome: &Result<(), Refused>) {
        for ticket in &self {
            ticket.note(outcome);
        }
        let Some(queue) = self.first().map(|ticket| ticket.queue.clone()) else { return };
        drop(self);
        queue.forget().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let done = *self.parts.get_mut() == 0 && !*self.left.get_mut();
        self.queue.release(self.share, self.key.filter(|_| done));
        if let Some(Reply { to, refusals }) = &mut self.reply
            && let Some(to) = to.take()
        {
            let outcome = match refusals.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
                Some(refusals) => Refused::join(refusals).map_or(Ok(()), Err),
                None => Err(Refused::retryable("sending was cut short")),
            };
            // The caller may have gone away meanwhile.
            let _ = to.send(outcome);
        }
    }
}

impl Outcome {
    pub(super) async fn wait(self) -> Result<(), Refused> {
        self.0.await.unwrap_or_else(|_| Err(Refused::retryable("sending was cut short")))
    }
}
