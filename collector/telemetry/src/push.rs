//! Sending metrics now and then.

use std::time::{Duration, SystemTime};

use slimcol_config::Periodic;
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, Context, Log, Stop, wire::nanos};
use tokio::time::{Instant, sleep_until};

use crate::{
    Origin,
    encode::{self, Times},
    target::Target,
};

/// A reader that sends.
pub(crate) struct Push {
    interval: Duration,
    target: Target,
    origin: Origin,
    begun: u64,
    log: Log,
}

impl Push {
    pub(crate) fn new(config: &Periodic, origin: Origin, cx: &Context) -> Result<Self, BoxError> {
        let target = Target::new(config.otlp.as_ref(), Signal::Metrics, config.timeout, cx)?;
        // Not so often that it would be all the collector does.
        let interval = config.interval.max(Duration::from_millis(1));
        Ok(Self { interval, target, origin, begun: nanos(SystemTime::now()), log: cx.log().clone() })
    }

    /// Sends until told to stop, and then once more.
    pub(crate) async fn run(self, mut stop: Stop) {
        let mut due = Instant::now() + self.interval;
        loop {
            let stopping = tokio::select! {
                () = stop.wait() => true,
                () = sleep_until(due) => false,
            };
            let times = Times { begun: self.begun, now: nanos(SystemTime::now()) };
            let request = encode::request(&self.origin, &self.origin.metrics(), times);
            if let Err(error) = self.target.send(request).await {
                self.log.error("failed to upload metrics", &[("error", error.to_string().into())]);
            }
            if stopping {
                return;
            }
            // What took too long leaves times out rather than making up for them.
            due = Instant::now().max(due + self.interval);
        }
    }
}
