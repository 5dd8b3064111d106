//! An exporter with the helper's stages around it.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
};

use slimcol_config::{Optional, Problems, Section, Settings};
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, BoxFuture, Component, Context, Exporter, Info, Payload, Refused, Storage};
use tokio::task::JoinSet;

use crate::{
    Delivery, Push,
    counts::watch_queue,
    delivery::{Keeper, NO_STORAGE, SendingQueue},
    push::AnyPush,
    queue::{Batcher, Item, Queue, restore},
    sender::Sender,
};

/// `P` with queue, batching, retries and timeout as its [`Delivery`] says:
/// `pub static FACTORY: Factory = Factory::exporter::<Queued<OtlpGrpc>>();`
pub struct Queued<P> {
    stages: Stages,
    of: PhantomData<fn() -> P>,
}

/// The same without the exporter's type. What it does is boxed, so that it is compiled here, once: what is `async` is otherwise
/// compiled by each crate that awaits it.
struct Stages {
    sender: Arc<Sender>,
    queueing: Option<Queueing>,
}

struct Queueing {
    config: SendingQueue,
    cx: Context,
    /// By signal; `None` for signals that no pipeline sends.
    queues: [Option<Arc<Queue>>; 3],
    consumers: Mutex<JoinSet<()>>,
}

impl<P> fmt::Debug for Queued<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Queued")
    }
}

/// The exporter's own configuration and that of the stages around it, which stand in one section.
pub struct QueuedConfig<P: Push> {
    delivery: Delivery,
    own: P::Config,
}

impl<P: Push> fmt::Debug for QueuedConfig<P> {
    /// Without the exporter's own keys, some of which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuedConfig").field("delivery", &self.delivery).finish_non_exhaustive()
    }
}

impl<P: Push> Settings for QueuedConfig<P> {
    fn read(from: &mut Section<'_>) -> Self {
        Self { delivery: P::delivery(from), own: P::Config::read(from) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.own.validate(problems);
        self.delivery.validate(problems);
    }
}

impl<P: Push> Component for Queued<P> {
    type Config = QueuedConfig<P>;
    const INFO: Info = P::INFO;

    fn new(config: Self::Config, cx: &Context) -> Result<Self, BoxError> {
        let QueuedConfig { delivery, own } = config;
        let exporter = Box::new(P::new(own, cx)?);
        Ok(Self { stages: Stages::new(exporter, delivery, cx), of: PhantomData })
    }
}

impl<P: Push> Exporter for Queued<P> {
    fn start(&self) -> impl Future<Output = Result<(), BoxError>> + Send {
        self.stages.start()
    }

    fn export(&self, payload: Payload) -> impl Future<Output = Result<(), Refused>> + Send {
        self.stages.export(payload)
    }

    fn stop(&self) -> impl Future<Output = ()> + Send {
        self.stages.stop()
    }

    fn overlaps(&self) -> bool {
        P::OVERLAPS && !self.stages.persists()
    }

    fn held(&self) -> usize {
        self.stages.held()
    }
}

impl Stages {
    fn new(exporter: Box<dyn AnyPush>, delivery: Delivery, cx: &Context) -> Self {
        let sender = Arc::new(Sender::new(exporter, &delivery, cx));
        let queueing = match delivery.queue {
            Some(Optional::On(config)) => Some(Queueing::new(config, cx)),
            _ => None,
        };
        Self { sender, queueing }
    }

    fn start(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move {
            self.sender.exporter.start_any().await?;
            if let Some(queueing) = &self.queueing {
                if let Some(keeper) = &queueing.config.storage {
                    let storage = match keeper {
                        Keeper::Extension(id) => offered(id, &queueing.cx)?,
                        Keeper::Exporter => {
                            self.sender.exporter.storage_any().ok_or("the exporter has no storage")?
                        }
                    };
                    restore(&*storage, &queueing.cx, &queueing.queues).await?;
                }
                queueing.start(&self.sender);
            }
            Ok(())
        })
    }

    fn export(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(self.take(payload))
    }

    async fn take(&self, payload: Payload) -> Result<(), Refused> {
        let (signal, items) = (payload.data.signal(), payload.data.items());
        let outcome =
            match self.queueing.as_ref().and_then(|queueing| queueing.queues[signal as usize].as_ref()) {
                Some(queue) => {
                    let counts = &self.sender.counts[signal as usize];
                    let size = counts.size(&payload.data);
                    let outcome = queue.offer(payload).await;
                    match &outcome {
                        Ok(()) => counts.queued(size),
                        Err(_) => counts.refused(items),
                    }
                    outcome
                }
                None => self.sender.send_for_caller(payload).await,
            };
        if let Err(refused) = &outcome {
            self.sender.log_failure(signal, "Rejecting data.", refused, ("rejected_items", items));
        }
        outcome
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // First, so that what is queued gets one attempt each and no wait.
            self.sender.stop();
            if let Some(queueing) = &self.queueing {
                queueing.stop().await;
            }
            self.sender.exporter.stop_any().await;
        })
    }

    /// Whether it has a storage, which is the only one's that has it open.
    fn persists(&self) -> bool {
        self.queueing.as_ref().is_some_and(|queueing| queueing.config.storage.is_some())
    }

    fn held(&self) -> usize {
        let queues = self.queueing.iter().flat_map(|queueing| queueing.queues.iter().flatten());
        queues.map(|queue| queue.held()).sum()
    }
}

impl Queueing {
    fn new(config: SendingQueue, cx: &Context) -> Self {
        let queues = Signal::ALL.map(|signal| cx.signals().has(signal).then(|| Queue::new(&config)));
        for signal in Signal::ALL {
            if let Some(queue) = &queues[signal as usize] {
                watch_queue(signal, queue, cx);
            }
        }
        Self { config, cx: cx.clone(), queues, consumers: Mutex::default() }
    }

    /// Begins to send what is queued.
    fn start(&self, sender: &Arc<Sender>) {
        let mut consumers = self.consumers.lock().unwrap_or_else(PoisonError::into_inner);
        for queue in self.queues.iter().flatten() {
            if let Some(batching) = self.config.batch.as_ref() {
                let batcher = Batcher::new(sender.clone(), &self.config, batching);
                consumers.spawn(self.cx.contained(batcher.run(queue.clone())));
            } else {
                for _ in 0..self.config.num_consumers {
                    consumers.spawn(self.cx.contained(consume(queue.clone(), sender.clone())));
                }
            }
        }
    }

    /// Returns once everything queued was attempted, or is in a storage.
    async fn stop(&self) {
        for queue in self.queues.iter().flatten() {
            queue.close();
        }
        // They stay here: whoever gives up waiting still wants to know what they hold, so they must not be aborted by it.
        let consumers = || self.consumers.lock().unwrap_or_else(PoisonError::into_inner);
        while poll_fn(|cx| consumers().poll_join_next(cx)).await.is_some() {}
        for queue in self.queues.iter().flatten() {
            queue.close_storage().await;
        }
    }
}

/// The storage that the extension offers; the error is in Go's words.
fn offered(extension: &str, cx: &Context) -> Result<Arc<dyn Storage>, &'static str> {
    let offers = cx.extension(extension).ok_or(NO_STORAGE)?;
    offers.storage().cloned().ok_or("requested extension is not a storage extension")
}

/// Sends one queued payload after the other, until the queue is closed and empty.
async fn consume(queue: Arc<Queue>, sender: Arc<Sender>) {
    while let Some(waiting) = queue.next().await {
        if let Some(Item { payload, ticket }) = queue.load(waiting).await {
            sender.deliver(payload, ticket).await;
        }
    }
}

#[cfg(test)]
mod tests;
