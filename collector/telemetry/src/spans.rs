//! Sending spans: what has ended waits for others, and is dropped rather than waited for if too much waits.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use slimcol_config::SpanProcessor;
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, Context, Log, Span, Stop, Tracing, Watch};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use crate::{encode, target::Target};

/// Sends what [`Waiting`] collects.
pub(crate) struct Spans {
    waiting: Arc<Waiting>,
    delay: Duration,
    target: Target,
    resource: Arc<[(String, String)]>,
    tracing: Arc<Tracing>,
    log: Log,
}

/// Spans that have ended and are not sent yet.
struct Waiting {
    spans: Mutex<VecDeque<Span>>,
    most: usize,
    /// As many as this are sent at a time, and before their time.
    batch: usize,
    full: Notify,
    dropped: AtomicUsize,
}

impl Waiting {
    fn spans(&self) -> MutexGuard<'_, VecDeque<Span>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch for Waiting {
    fn ended(&self, span: &Span) {
        if !span.place.sampled {
            return;
        }
        let mut spans = self.spans();
        if spans.len() >= self.most {
            self.dropped.fetch_add(1, Relaxed);
            return;
        }
        spans.push_back(span.clone());
        if spans.len() >= self.batch {
            self.full.notify_one();
        }
    }
}

impl Spans {
    /// Collects spans from now on.
    pub(crate) fn new(
        config: &SpanProcessor,
        resource: Arc<[(String, String)]>,
        cx: &Context,
    ) -> Result<Self, BoxError> {
        let target = Target::new(config.otlp.as_ref(), Signal::Traces, config.timeout, cx)?;
        let waiting = Arc::new(Waiting {
            spans: Mutex::default(),
            most: config.most,
            batch: config.batch,
            full: Notify::new(),
            dropped: AtomicUsize::new(0),
        });
        let (tracing, log) = (cx.tracing().clone(), cx.log().clone());
        tracing.add(waiting.clone());
        Ok(Self { waiting, delay: config.delay, target, resource, tracing, log })
    }

    /// Sends until told to stop, and then the rest.
    pub(crate) async fn run(self, mut stop: Stop) {
        let mut told = 0;
        loop {
            // Where nothing is to wait, what has ended says so.
            let due = (!self.delay.is_zero()).then(|| Instant::now() + self.delay);
            let stopping = tokio::select! {
                () = stop.wait() => true,
                () = self.waiting.full.notified() => false,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => false,
            };
            if stopping {
                self.tracing.remove(&self.waiting);
            }
            self.send(stopping).await;
            let dropped = self.waiting.dropped.load(Relaxed);
            if dropped > told && (stopping || told == 0) {
                // Once, and at the end how many there were: who has too many spans needs no line for each.
                told = dropped;
                let message = "Own spans are dropped as too many wait to be sent";
                self.log.warn(message, &[("dropped_spans", dropped.into())]);
            }
            if stopping {
                return;
            }
        }
    }

    /// Sends what waits, batch by batch: at the end all of it, else until less than a batch is left.
    async fn send(&self, all: bool) {
        loop {
            let spans: Vec<Span> = {
                let mut waiting = self.waiting.spans();
                let many = waiting.len().min(self.waiting.batch);
                waiting.drain(..many).collect()
            };
            if spans.is_empty() {
                return;
            }
            let request = encode::spans(&self.resource, &spans);
            if let Err(error) = self.target.send(request).await {
                self.log.error("failed to export spans", &[("error", error.to_string().into())]);
            }
            if !all && self.waiting.spans().len() < self.waiting.batch {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
