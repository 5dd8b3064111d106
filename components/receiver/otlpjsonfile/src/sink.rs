//! Requests of what was read.

use memchr::memmem;
use slimcol_fileconsumer::{Batch, Consume};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{BoxError, BoxFuture, Context, Log, Outputs, Payload, meter::Received};

/// The signals, and what requests of each have in them.
const KEYS: [(Signal, &str); 3] = [
    (Signal::Traces, "\"resourceSpans\""),
    (Signal::Metrics, "\"resourceMetrics\""),
    (Signal::Logs, "\"resourceLogs\""),
];

/// Makes a request of each line and hands it on.
#[derive(Debug)]
pub(crate) struct Sink {
    to: Outputs,
    received: Received,
    log: Log,
}

impl Sink {
    pub(crate) fn new(to: Outputs, cx: &Context) -> Self {
        Self { to, received: Received::new(cx, "file"), log: cx.log().clone() }
    }

    async fn line(&self, line: &[u8]) -> Result<(), BoxError> {
        for (signal, key) in KEYS {
            // One that is within a text only makes a request without items.
            let (Some(next), Some(_)) = (self.to.get(signal), memmem::find(line, key.as_bytes())) else {
                continue;
            };
            let data = match Data::from_json(signal, line) {
                Ok(data) if data.is_empty() => continue,
                Ok(data) => data,
                Err(error) => {
                    self.log.warn("Failed to read a line", &[("error", error.to_string().into())]);
                    continue;
                }
            };
            let items = data.items();
            let outcome = next.consume(Payload::from(data)).await;
            self.received.count(signal, items, outcome.is_ok());
            outcome?;
        }
        Ok(())
    }
}

impl Consume for Sink {
    fn consume<'a>(&'a self, batch: Batch<'a>) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut outcome = Ok(());
            for token in batch.tokens() {
                // One that is refused keeps nobody else from being taken.
                outcome = outcome.and(self.line(&batch.body(token)).await);
            }
            outcome
        })
    }
}
