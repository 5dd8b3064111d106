//! The door of the pipelines: what a receiver holds of them. Behind it the pipelines can be replaced by others while the
//! receiver runs on. A panic behind it is an answer to the receiver and the end of the collector, in order.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Notify;

use crate::{
    BoxFuture, Code, Log, Next, Payload, Refused, StatusReporter, Stop, StopHandle, Tracing, contain,
    failure::Failures, next::Consume,
};

/// The Go package that makes the spans of receivers.
const SCOPE: &str = "go.opentelemetry.io/collector/receiver/receiverhelper";

/// The way from a receiver to the pipelines of one signal that name it.
pub(super) struct Door {
    /// `None` while the door is shut. Who goes through takes a share of the way: nothing that has to wait for it holds the lock.
    way: RwLock<Option<(Arc<Way>, Stop)>>,
    opened: Notify,
    log: Log,
    status: StatusReporter,
    failures: Failures,
    /// What going through is called where it is traced.
    span: String,
    tracing: Arc<Tracing>,
}

/// What lies behind a door. When it is dropped nobody is on it any more, and the [`Stop`] that belongs to it says so.
struct Way {
    next: Next,
    _used: StopHandle,
}

impl Door {
    /// A door that is shut, for a receiver whose log is `log` and who reports to `status`.
    pub(super) fn new(
        span: String,
        log: &Log,
        status: StatusReporter,
        failures: &Failures,
        tracing: &Arc<Tracing>,
    ) -> Arc<Self> {
        let (log, failures, tracing) = (log.clone(), failures.clone(), tracing.clone());
        Arc::new(Self { way: RwLock::default(), opened: Notify::new(), log, status, failures, span, tracing })
    }

    /// From now on the door leads to `next`, or makes callers wait if there is none. What is returned ends once nobody is
    /// on the former way.
    pub(super) fn lead(&self, next: Option<Next>) -> Option<Stop> {
        let way = next.map(|next| {
            let (used, stop) = Stop::new();
            (Arc::new(Way { next, _used: used }), stop)
        });
        let former = {
            let mut here = self.way.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *here, way)
        };
        self.opened.notify_waiters();
        former.map(|(_, stop)| stop)
    }

    fn way(&self) -> Option<Arc<Way>> {
        self.way.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(way, _)| way.clone())
    }

    #[cold]
    async fn wait(&self) -> Arc<Way> {
        loop {
            // Made before looking, so that an opening in between is not missed.
            let opened = self.opened.notified();
            if let Some(way) = self.way() {
                return way;
            }
            opened.await;
        }
    }
}

impl Consume for Door {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        let work = Box::pin(async move {
            let way = match self.way() {
                Some(way) => way,
                None => Box::pin(self.wait()).await,
            };
            match contain(way.next.consume(payload)).await {
                Ok(outcome) => outcome,
                Err(panicked) => {
                    let text = panicked.to_string();
                    self.status.fatal(&panicked);
                    self.failures.report(&self.log, panicked.into());
                    // What panicked once panics again on the same data.
                    Err(Refused::permanent(text).with_code(Code::Internal))
                }
            }
        });
        self.tracing.span(SCOPE, &|| self.span.clone(), work)
    }
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::{Data, Signal};
    use tokio::sync::oneshot;

    use super::*;

    fn payload() -> Payload {
        Data::from_bytes(Signal::Logs, bytes::Bytes::new()).unwrap().into()
    }

    /// A step that answers `Ok` or refuses with `name` as soon as it is told to.
    fn gate(name: &'static str) -> (Next, oneshot::Sender<()>) {
        let (tell, told) = oneshot::channel();
        let told = std::sync::Mutex::new(Some(told));
        let next = Next::from_fn(move |_| {
            let told = told.lock().unwrap().take();
            async move {
                if let Some(told) = told {
                    told.await.unwrap();
                }
                Err(Refused::permanent(name))
            }
        });
        (next, tell)
    }

    #[tokio::test]
    async fn who_comes_while_it_is_shut_waits_and_who_is_inside_stays() {
        let door = Door::new(
            "way".to_owned(),
            &Log::none(),
            StatusReporter::default(),
            &Failures::new().0,
            &Arc::default(),
        );
        let send = || {
            let door = door.clone();
            tokio::spawn(async move { door.consume(payload()).await.unwrap_err().to_string() })
        };
        let (old, let_go) = gate("old");
        assert!(door.lead(Some(old)).is_none());
        let inside = send();
        tokio::task::yield_now().await;
        let mut left = door.lead(None).unwrap();
        let waiting = send();
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished() && !left.is_stopping());
        let (new, now) = gate("new");
        assert!(door.lead(Some(new)).is_none());
        now.send(()).unwrap();
        assert_eq!(waiting.await.unwrap(), "new");
        assert!(!inside.is_finished() && !left.is_stopping());
        let_go.send(()).unwrap();
        assert_eq!(inside.await.unwrap(), "old");
        left.wait().await;
    }
}
