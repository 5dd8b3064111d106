//! Sending what waits: spans and lines of the log.

use std::{sync::Arc, time::Duration};

use slimcol_config::TelemetryProcessor;
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, Context, Log, Stop, Waiting};
use tokio::time::{Instant, sleep_until};

use crate::{encode, target::Target};

/// Sends what waits.
pub(crate) struct Export {
    waiting: Arc<Waiting>,
    /// What it is, in messages.
    what: &'static str,
    delay: Duration,
    target: Target,
    resource: Arc<[(String, String)]>,
    log: Log,
}

impl Export {
    /// What sends what is `waiting` to where `config` says; `log` gets to know what goes wrong.
    pub(crate) fn new(
        config: &TelemetryProcessor,
        signal: Signal,
        waiting: Arc<Waiting>,
        resource: Arc<[(String, String)]>,
        cx: &Context,
        log: Log,
    ) -> Result<Self, BoxError> {
        let target = Target::new(config.otlp.as_ref(), signal, config.timeout, cx)?;
        let what = if signal == Signal::Traces { "spans" } else { "logs" };
        Ok(Self { waiting, what, delay: config.delay, target, resource, log })
    }

    /// Sends until told to stop, and then the rest.
    pub(crate) async fn run(self, mut stop: Stop) {
        let mut told = 0;
        loop {
            // Where nothing is to wait, what has come says so.
            let due = (!self.delay.is_zero()).then(|| Instant::now() + self.delay);
            let stopping = tokio::select! {
                () = stop.wait() => true,
                () = self.waiting.full() => false,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => false,
            };
            self.send(stopping).await;
            let dropped = self.waiting.dropped();
            if dropped > told && (stopping || told == 0) {
                // Once, and at the end how many there were: who has too much needs no line for each.
                told = dropped;
                let message = format!("Own {} are dropped as too many wait to be sent", self.what);
                self.log.warn(&message, &[("dropped", dropped.into())]);
            }
            if stopping {
                return;
            }
        }
    }

    /// Sends what waits, batch by batch: at the end all of it, else until less than a batch is left.
    async fn send(&self, all: bool) {
        loop {
            let records = self.waiting.take();
            if records.is_empty() {
                return;
            }
            let request = encode::export(&self.resource, &records);
            if let Err(error) = self.target.send(request).await {
                let message = format!("failed to export {}", self.what);
                self.log.error(&message, &[("error", error.to_string().into())]);
            }
            if !all && !self.waiting.is_full() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
