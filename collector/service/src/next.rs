//! The way onward: what a component holds of those behind it.
//!
//! A pipeline is a chain of calls, not of tasks: back-pressure is `await`, the outcome is the return value, and a task
//! or a channel stands only where a component needs one (batch, queues).

use std::{fmt, sync::Arc};

use slimcol_pdata::Signal;

use crate::{BoxFuture, Payload, Refused, Signals};

/// The one boxed step; private, so that authors write plain `async fn`.
pub(crate) trait Consume: Send + Sync {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>>;
}

/// The next step of a pipeline.
#[derive(Clone)]
pub struct Next(pub(crate) Arc<dyn Consume>);

impl Next {
    /// Hands `payload` on and waits until it is taken or refused.
    ///
    /// # Errors
    /// [`Refused`] by any component further on that answers for it.
    pub async fn consume(&self, payload: Payload) -> Result<(), Refused> {
        self.0.consume(payload).await
    }

    /// A step that calls `f`: for tests and for components that are made of functions.
    pub fn from_fn<F, Fut>(f: F) -> Self
    where
        F: Fn(Payload) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        struct Call<F>(F);
        impl<F, Fut> Consume for Call<F>
        where
            F: Fn(Payload) -> Fut + Send + Sync,
            Fut: Future<Output = Result<(), Refused>> + Send + 'static,
        {
            fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
                Box::pin((self.0)(payload))
            }
        }
        Self(Arc::new(Call(f)))
    }

    /// One step that hands the same payload to each of `all`. All are called even if an earlier one refuses; their
    /// refusals are joined. Data is shared, and copied only by a consumer that changes it.
    pub fn fan_out(mut all: Vec<Self>) -> Self {
        if all.len() == 1 {
            return all.remove(0);
        }
        Self(Arc::new(FanOut(all)))
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Next")
    }
}

struct FanOut(Vec<Next>);

impl Consume for FanOut {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(async move {
            let mut refusals = Vec::new();
            if let Some((last, others)) = self.0.split_last() {
                for next in others {
                    refusals.extend(next.consume(payload.clone()).await.err());
                }
                // The last one gets the original, so that it can change the data without copying it.
                refusals.extend(last.consume(payload).await.err());
            }
            Refused::join(refusals).map_or(Ok(()), Err)
        })
    }
}

/// Where a receiver sends each signal: the pipelines that name the receiver.
#[derive(Clone, Debug, Default)]
pub struct Outputs([Option<Next>; 3]);

impl Outputs {
    /// The same outputs with `next` for `signal`.
    #[must_use]
    pub fn with(mut self, signal: Signal, next: Next) -> Self {
        self.0[signal as usize] = Some(next);
        self
    }

    /// Where `signal` goes; `None` if no pipeline of that signal names the receiver.
    pub fn get(&self, signal: Signal) -> Option<&Next> {
        self.0[signal as usize].as_ref()
    }

    /// The signals that go anywhere.
    pub fn signals(&self) -> Signals {
        Signal::ALL
            .into_iter()
            .filter(|s| self.get(*s).is_some())
            .fold(Signals::NONE, |all, s| all.or(Signals::only(s)))
    }
}

/// Where a connector sends data: the pipelines that name it as a receiver, by signal and by pipeline id.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    outputs: Outputs,
    pipelines: Vec<(Signal, String, Next)>,
}

impl Routes {
    /// Routes to `pipelines`: the signal, the id as users write it (`traces/backend`) and the first step of each.
    pub fn new(pipelines: Vec<(Signal, String, Next)>) -> Self {
        let outputs = Signal::ALL.into_iter().fold(Outputs::default(), |outputs, signal| {
            let all: Vec<Next> = pipelines.iter().filter(|p| p.0 == signal).map(|p| p.2.clone()).collect();
            if all.is_empty() { outputs } else { outputs.with(signal, Next::fan_out(all)) }
        });
        Self { outputs, pipelines }
    }

    /// All pipelines of `signal`, as one step.
    pub fn all(&self, signal: Signal) -> Option<&Next> {
        self.outputs.get(signal)
    }

    /// The pipeline with this id.
    pub fn pipeline(&self, id: &str) -> Option<&Next> {
        self.pipelines.iter().find(|p| p.1 == id).map(|p| &p.2)
    }
}
