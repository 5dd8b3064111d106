//! The door of the pipelines: a panic behind it is an answer to the receiver and the end of the collector, in order.

use std::sync::Arc;

use crate::{
    BoxFuture, Code, Log, Next, Payload, Refused, StatusReporter, contain, failure::Failures, next::Consume,
};

/// `next` for a receiver whose log is `log` and who reports to `status`.
pub(super) fn guard(next: Next, log: &Log, status: StatusReporter, failures: &Failures) -> Next {
    Next(Arc::new(Guard { next, log: log.clone(), status, failures: failures.clone() }))
}

struct Guard {
    next: Next,
    log: Log,
    status: StatusReporter,
    failures: Failures,
}

impl Consume for Guard {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(async move {
            match contain(self.next.consume(payload)).await {
                Ok(outcome) => outcome,
                Err(panicked) => {
                    let text = panicked.to_string();
                    self.status.fatal(&panicked);
                    self.failures.report(&self.log, panicked.into());
                    // What panicked once panics again on the same data.
                    Err(Refused::permanent(text).with_code(Code::Internal))
                }
            }
        })
    }
}
