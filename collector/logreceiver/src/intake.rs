//! The way from entries to the pipelines.

use std::{
    collections::BTreeMap,
    mem,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use slimcol_pdata::{Data, Signal};
use slimcol_service::{BoxError, Context, Log, Next, Outputs, Payload, Stop, meter::Received};
use slimcol_stanza::{Encoder, Entry, Input, Labels, Pipeline, Processed, Shared, Value};
use tokio::time::sleep;

use crate::{Common, RetryOnFailure};

/// How many entries go through the operators at once: few enough to stay in the processor's caches until they are encoded.
const STEP: usize = 6;

/// Takes entries through the operators and hands on what comes out.
#[derive(Debug)]
pub struct Intake {
    pipeline: Pipeline,
    attributes: Given,
    resource: Given,
    retry: RetryOnFailure,
    next: Option<Next>,
    received: Received,
    log: Log,
    stop: Stop,
}

impl Intake {
    /// Checks what [`Intake::new`] makes, for `validate`.
    ///
    /// # Errors
    /// As there.
    pub fn check(config: &Common, input: &str, log: &Log) -> Result<(), BoxError> {
        pipeline(config, input, log)?;
        Labels::new(&config.attributes)?;
        Labels::new(&config.resource)?;
        Ok(())
    }

    /// The way of the receiver `cx`, whose input is called `input` among the operators unless the configuration names it.
    ///
    /// # Errors
    /// What is wrong with operators, in Go's words.
    pub fn new(
        config: &Common,
        input: &str,
        to: &Outputs,
        cx: &Context,
        stop: Stop,
    ) -> Result<Self, BoxError> {
        Ok(Self {
            pipeline: pipeline(config, input, cx.log())?,
            attributes: Given::new(&config.attributes)?,
            resource: Given::new(&config.resource)?,
            retry: config.retry_on_failure,
            next: to.get(Signal::Logs).cloned(),
            received: Received::new(cx, ""),
            log: cx.log().clone(),
            stop,
        })
    }

    /// An entry that was read now, with the attributes that the configuration gives to all.
    ///
    /// # Errors
    /// An expression in one of them fails.
    pub fn entry(&self, body: Value, observed: i64) -> Result<Entry, String> {
        let attributes = self.attributes.constant();
        let resource = self.resource.constant();
        let mut entry = Entry { body, observed, attributes, resource, ..Entry::default() };
        if let Given::Each(labels) = &self.attributes {
            labels.label(&mut entry)?;
        }
        if let Given::Each(labels) = &self.resource {
            labels.label_resource(&mut entry)?;
        }
        Ok(entry)
    }

    /// Takes entries; returns once the pipelines took them or they were given up, which is logged. What waits for a further
    /// attempt when the receiver stops is given up as well: who reads again what was not taken gets the error.
    ///
    /// # Errors
    /// Why they were given up.
    pub async fn take(&self, entries: impl IntoIterator<Item = Entry>) -> Result<(), BoxError> {
        self.hand_on(self.encode(entries)).await
    }

    /// What the operators make of entries.
    fn encode(&self, entries: impl IntoIterator<Item = Entry>) -> Encoder {
        let mut request = Encoder::default();
        let mut step = Vec::with_capacity(STEP);
        let mut through = |step| add(&mut request, self.pipeline.process(step));
        for entry in entries {
            if step.len() == STEP {
                through(mem::replace(&mut step, Vec::with_capacity(STEP)));
            }
            step.push(entry);
        }
        through(step);
        request
    }

    async fn let_go(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_nanos()).unwrap_or(i64::MAX);
        // What is given up is logged, and nobody has it any more who could read it again.
        let _ = self.hand_on(encoded(self.pipeline.flush(now))).await;
    }

    /// Does work that takes entries, and beside it hands on in time what operators hold back; all of it once the work has ended.
    pub async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        let (ends, mut ended) = Stop::new();
        let work = async {
            let outcome = work.await;
            drop(ends);
            outcome
        };
        // What is on its way when the work ends is not let go of.
        let release = async {
            while let Some(period) = self.pipeline.period() {
                tokio::select! {
                    () = ended.wait() => return,
                    () = sleep(period.max(Duration::from_millis(1))) => self.let_go().await,
                }
            }
        };
        let (outcome, ()) = tokio::join!(work, release);
        self.finish().await;
        outcome
    }

    /// Hands on all that operators hold back: nothing more will come.
    async fn finish(&self) {
        let _ = self.hand_on(encoded(self.pipeline.finish())).await;
    }

    async fn hand_on(&self, request: Encoder) -> Result<(), BoxError> {
        let Some(next) = self.next.as_ref().filter(|_| !request.is_empty()) else { return Ok(()) };
        let data = Data::from(request.finish()?);
        let items = data.items();
        let outcome = self.send(next, data).await;
        self.received.count(Signal::Logs, items, outcome.is_ok());
        outcome
    }

    /// Whether the receiver stops: what is refused now should be read again after the next start.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_stopping()
    }

    async fn send(&self, next: &Next, data: Data) -> Result<(), BoxError> {
        let begun = Instant::now();
        let mut backoff = self.retry.backoff();
        loop {
            let Err(refused) = next.consume(Payload::from(data.clone())).await else { return Ok(()) };
            let message = refused.to_string();
            let ends = if !self.retry.enabled {
                Some("ConsumeLogs() failed")
            } else if refused.is_permanent() {
                Some("ConsumeLogs() failed. The error is not retryable. Dropping data.")
            } else if self.retry.gives_up(begun.elapsed()) {
                Some("Max elapsed time expired. Dropping data.")
            } else {
                None
            };
            if let Some(line) = ends {
                let dropped = ("dropped_items", data.items().into());
                self.log.error(line, &[("error", message.into()), dropped]);
                return Err(refused.into());
            }
            let wait = backoff.wait();
            let fields = [("error", message.into()), ("interval", format!("{wait:?}").into())];
            self.log.debug(
                "ConsumeLogs() failed. Enable retry_on_failure to slow down reading logs and avoid dropping.",
                &fields,
            );
            let mut stop = self.stop.clone();
            tokio::select! {
                () = sleep(wait) => {}
                () = stop.wait() => return Err(refused.into()),
            }
        }
    }
}

/// What the configuration gives to all entries.
#[derive(Debug)]
enum Given {
    Constant(Shared),
    /// An expression is in it.
    Each(Labels),
}

impl Given {
    fn new(config: &BTreeMap<String, String>) -> Result<Self, String> {
        let labels = Labels::new(config)?;
        Ok(labels.constant().map_or(Self::Each(labels), Self::Constant))
    }

    /// What needs no expression.
    fn constant(&self) -> Shared {
        match self {
            Self::Constant(given) => given.clone(),
            Self::Each(_) => Shared::default(),
        }
    }
}

fn encoded(done: Processed) -> Encoder {
    let mut request = Encoder::default();
    add(&mut request, done);
    request
}

fn add(request: &mut Encoder, done: Processed) {
    for entry in done.entries {
        request.add(&entry);
    }
}

/// The operators, put together.
fn pipeline(config: &Common, input: &str, log: &Log) -> Result<Pipeline, String> {
    let id = if config.id.is_empty() { input } else { &config.id };
    Pipeline::new(Input { id, outputs: &config.output }, &config.operators, log)
}
