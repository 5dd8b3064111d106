//! A queued payload's share of its queue, and the way back to a caller who waits for the outcome.

use std::sync::{Arc, Mutex, PoisonError};

use slimcol_service::Refused;
use tokio::sync::oneshot;

use super::Queue;
use crate::failure::copied;

/// Who wants to know how sending went.
pub(crate) trait Settle {
    /// Tells how it went.
    fn settle(self, outcome: &Result<(), Refused>);
}

/// Dropping it frees the payload's room in the queue and answers the caller, if one waits.
#[derive(Debug)]
pub(crate) struct Ticket {
    queue: Arc<Queue>,
    share: Share,
    reply: Option<Reply>,
}

/// How much of a queue a payload takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// In the unit of the queue's sizer.
    pub(super) size: usize,
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
        (Self { queue, share, reply }, outcome)
    }

    /// Notes how a part of the payload, or all of it, fared.
    fn note(&self, outcome: &Result<(), Refused>) {
        if let Some(reply) = &self.reply {
            let mut refusals = reply.refusals.lock().unwrap_or_else(PoisonError::into_inner);
            refusals.get_or_insert_default().extend(outcome.as_ref().err().map(copied));
        }
    }
}

impl Settle for Ticket {
    fn settle(self, outcome: &Result<(), Refused>) {
        self.note(outcome);
    }
}

/// Several payloads in a batch; one may have gone to several batches.
impl Settle for Vec<Arc<Ticket>> {
    fn settle(self, outcome: &Result<(), Refused>) {
        for ticket in &self {
            ticket.note(outcome);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue.release(self.share);
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
