//! The end of a pipeline in a test.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slimcol_pdata::{Data, Signal};
use slimcol_service::{Next, Outputs, Payload, Refused, Routes};
use tokio::sync::watch;

/// How long a wait lasts before the test fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes payloads and keeps them; can be told to refuse them. Clones share what was taken.
#[derive(Clone, Debug)]
pub struct Sink(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Items taken so far, for waiting.
    items: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    payloads: Vec<Payload>,
    refuse: Option<fn() -> Refused>,
    refused: usize,
}

impl Default for Sink {
    fn default() -> Self {
        Self::new()
    }
}

impl Sink {
    /// A sink that takes everything.
    pub fn new() -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), items: watch::channel(0).0 }))
    }

    /// The way into it, to put behind a component.
    pub fn next(&self) -> Next {
        let sink = self.clone();
        Next::from_fn(move |payload| std::future::ready(sink.take(payload)))
    }

    /// The way into it for every signal, to put behind a receiver.
    pub fn outputs(&self) -> Outputs {
        Signal::ALL.into_iter().fold(Outputs::default(), |outputs, signal| outputs.with(signal, self.next()))
    }

    /// The way into it as one pipeline of each signal, to put behind a connector; the pipelines' ids are the signals.
    pub fn routes(&self) -> Routes {
        Routes::new(Signal::ALL.into_iter().map(|signal| (signal, signal.to_string(), self.next())).collect())
    }

    fn take(&self, payload: Payload) -> Result<(), Refused> {
        let mut state = self.state();
        if let Some(refuse) = state.refuse {
            state.refused += 1;
            return Err(refuse());
        }
        let items = payload.data.items();
        state.payloads.push(payload);
        drop(state);
        self.0.items.send_modify(|all| *all += items);
        Ok(())
    }

    /// From now on each payload is refused with what `refusal` makes.
    pub fn refuse_with(&self, refusal: fn() -> Refused) {
        self.state().refuse = Some(refusal);
    }

    /// From now on payloads are taken again.
    pub fn accept(&self) {
        self.state().refuse = None;
    }

    /// How many payloads were refused.
    pub fn refused(&self) -> usize {
        self.state().refused
    }

    /// The payloads taken so far, in order.
    pub fn payloads(&self) -> Vec<Payload> {
        self.state().payloads.clone()
    }

    /// The data of the payloads taken so far, in order.
    pub fn data(&self) -> Vec<Data> {
        self.state().payloads.iter().map(|payload| payload.data.clone()).collect()
    }

    /// The items (spans, data points, log records) taken so far.
    pub fn items(&self) -> usize {
        *self.0.items.borrow()
    }

    /// Returns once `items` items were taken.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn wait_items(&self, items: usize) {
        let mut count = self.0.items.subscribe();
        let reached = tokio::time::timeout(PATIENCE, count.wait_for(|all| *all >= items)).await.is_ok();
        assert!(reached, "waited for {items} items, {} came", self.items());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
