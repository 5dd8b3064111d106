//! Sending a payload for good: attempts and the waits between them, until it is taken or given up.

use std::{sync::Arc, time::Duration};

use slimcol_pdata::Signal;
use slimcol_service::{
    Code, Context, Field, Log, Payload, Refused, Retry, StatusReporter, Stop, StopHandle, Tracing,
};
use tokio::time::{Instant, sleep};

use crate::{
    Delivery,
    attempt::attempt,
    counts::Counts,
    delivery::RetryOnFailure,
    failure::{INTERRUPTED, interrupted, prefixed},
    push::AnyPush,
    queue::Settle,
};

/// The Go package that makes the spans of exporters.
const SCOPE: &str = "go.opentelemetry.io/collector/exporter/exporterhelper";

/// The exporter with what stands around each of its attempts.
pub(crate) struct Sender {
    pub(crate) exporter: Box<dyn AnyPush>,
    timeout: Option<Duration>,
    retry: Option<RetryOnFailure>,
    /// Appended to failure messages.
    hint: String,
    /// Whether what is queued is in a storage as well.
    persistent: bool,
    /// By signal.
    logs: [Log; 3],
    /// By signal.
    pub(crate) counts: [Counts; 3],
    /// By signal.
    statuses: [StatusReporter; 3],
    id: Box<str>,
    tracing: Arc<Tracing>,
    stop: Stop,
    stopping: StopHandle,
}

impl Sender {
    pub(crate) fn new(exporter: Box<dyn AnyPush>, delivery: &Delivery, cx: &Context) -> Self {
        let (stopping, stop) = Stop::new();
        let counts = Signal::ALL.map(|signal| Counts::new(signal, exporter.labels_any(signal), cx));
        Self {
            exporter,
            timeout: Some(delivery.timeout.std()).filter(|timeout| !timeout.is_zero()),
            retry: delivery.retry().cloned(),
            hint: delivery.hint(),
            persistent: delivery.queue().is_some_and(|queue| queue.storage.is_some()),
            logs: Signal::ALL.map(|signal| cx.log_for(signal)),
            counts,
            statuses: Signal::ALL.map(|signal| cx.status().of(signal)),
            id: cx.id().into(),
            tracing: cx.tracing().clone(),
            stop,
            stopping,
        }
    }

    /// Ends all waits between attempts, now and from now on: what is still to be sent gets one attempt.
    pub(crate) fn stop(&self) {
        self.stopping.stop();
    }

    /// Sends what came out of a queue: a failure is the end of it, so it is logged and `settle` is told.
    pub(crate) async fn deliver(&self, payload: Payload, settle: impl Settle) {
        let (signal, items) = (payload.data.signal(), payload.data.items());
        let outcome = self.send(payload).await;
        if let Err(refused) = &outcome {
            if self.persistent && interrupted(refused) {
                let fields = [("error", Field::from(refused.to_string())), ("kept_items", items.into())];
                self.logs[signal as usize]
                    .info("Exporting failed. Keeping data for the next start.", &fields);
            } else {
                self.log_failure(signal, "Dropping data.", refused, ("dropped_items", items));
            }
        }
        settle.settle(&outcome).await;
    }

    /// Logs what becomes of data that could not be sent.
    pub(crate) fn log_failure(&self, signal: Signal, fate: &str, refused: &Refused, items: (&str, usize)) {
        let message = format!("Exporting failed. {fate}{}", self.hint);
        let fields = [("error", Field::from(refused.to_string())), (items.0, Field::from(items.1))];
        self.logs[signal as usize].error(&message, &fields);
    }

    /// The same for a caller who waits, and who may go away before it is done.
    pub(crate) async fn send_for_caller(&self, payload: Payload) -> Result<(), Refused> {
        let mut given_up =
            GivenUp { sender: self, signal: payload.data.signal(), items: payload.data.items() };
        let outcome = self.send(payload).await;
        given_up.items = 0;
        outcome
    }

    /// Sends for good: an item is counted once, as sent or as failed.
    pub(crate) async fn send(&self, payload: Payload) -> Result<(), Refused> {
        let (signal, items) = (payload.data.signal(), payload.data.items());
        let counts = &self.counts[signal as usize];
        let _under_way = counts.begin();
        let name = || format!("exporter/{}/{signal}", self.id);
        let outcome = self.tracing.span(SCOPE, &name, Box::pin(self.attempts(payload))).await;
        counts.ended(items, &outcome);
        match &outcome {
            Ok(()) => self.statuses[signal as usize].ok(),
            Err(refused) => self.complain(signal, refused),
        }
        outcome
    }

    /// Attempts until one succeeds or another is of no use (Go's `retry_sender.go`).
    async fn attempts(&self, payload: Payload) -> Result<(), Refused> {
        let Some(retry) = &self.retry else { return attempt(&*self.exporter, self.timeout, payload).await };
        let signal = payload.data.signal();
        let begun = Instant::now();
        let budget = Some(retry.max_elapsed_time.std()).filter(|budget| !budget.is_zero());
        let mut backoff = retry.backoff();
        loop {
            let Err(refused) = attempt(&*self.exporter, self.timeout, payload.clone()).await else {
                return Ok(());
            };
            let least = match refused.retry {
                Retry::Never => return Err(prefixed("not retryable error", refused)),
                Retry::Later => Duration::ZERO,
                Retry::After(least) => least,
            };
            let wait = backoff.wait().max(least);
            if budget.is_some_and(|budget| begun.elapsed().saturating_add(wait) > budget) {
                return Err(prefixed("no more retries left", refused));
            }
            self.complain(signal, &refused);
            self.log_retry(signal, &refused, wait);
            let mut stop = self.stop.clone();
            tokio::select! {
                biased;
                () = stop.wait() => return Err(prefixed(INTERRUPTED, refused)),
                () = sleep(wait) => {}
            }
        }
    }

    /// Reports that sending fails; on the way to its end an exporter is ending, whatever becomes of what it still has.
    fn complain(&self, signal: Signal, refused: &Refused) {
        if !self.stop.is_stopping() {
            self.statuses[signal as usize].recoverable(refused);
        }
    }

    fn log_retry(&self, signal: Signal, refused: &Refused, wait: Duration) {
        let interval = slimcol_config::Duration::nanos(i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX));
        self.logs[signal as usize].info(
            "Exporting failed. Will retry the request after interval.",
            &[("error", Field::from(refused.to_string())), ("interval", Field::from(interval.to_string()))],
        );
    }
}

/// Counts and logs what a caller who has gone away leaves unsent: nobody else will.
struct GivenUp<'a> {
    sender: &'a Sender,
    signal: Signal,
    /// None once it was sent or refused.
    items: usize,
}

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        if self.items > 0 {
            let refused = Refused::retryable("request is cancelled or timed out: context canceled");
            let refused = refused.with_code(Code::Canceled);
            let items = ("rejected_items", self.items);
            self.sender.log_failure(self.signal, "Rejecting data.", &refused, items);
            self.sender.counts[self.signal as usize].ended(self.items, &Err(refused));
        }
    }
}
