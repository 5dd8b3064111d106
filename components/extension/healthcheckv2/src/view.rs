//! How things are now, and word of each change.

use std::{convert::Infallible, sync::Arc};

use slimcol_service::{Context, Phase, Status, Watcher};
use tokio::sync::watch;

use crate::{
    aggregate::{self, Aggregate},
    verdict::Verdict,
};

/// What requests look at.
pub(crate) struct View {
    pub(crate) cx: Context,
    pub(crate) verdict: Verdict,
    changed: Arc<watch::Sender<()>>,
    /// Held for as long as changes are to be told.
    _watcher: Arc<Watcher>,
}

impl View {
    pub(crate) fn new(cx: &Context, verdict: Verdict) -> Arc<Self> {
        let changed = Arc::new(watch::channel(()).0);
        let tell = Arc::clone(&changed);
        let watcher: Arc<Watcher> = Arc::new(move |_, _| {
            tell.send_replace(());
        });
        cx.statuses().watch(&watcher);
        Arc::new(Self { cx: cx.clone(), verdict, changed, _watcher: watcher })
    }

    /// How what `scope` names is: a pipeline, the extensions, or everything if it is empty. `None` if there is no such thing.
    pub(crate) fn now(&self, scope: &str) -> Option<Aggregate> {
        let mut all = self.cx.statuses().all();
        if *self.cx.phase().borrow() == Phase::Starting {
            // Going to and fro while one component after the other starts would tell nobody anything.
            for (_, event) in &mut all {
                (event.status, event.error) = (Status::Starting, None);
            }
        }
        aggregate::collector(all, self.verdict.priority()).within(scope)
    }

    /// Woken after each change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Makes a change of the collector's phase one of how things are.
    pub(crate) async fn follow(&self) -> Infallible {
        let mut phase = self.cx.phase();
        while phase.changed().await.is_ok() {
            self.changed.send_replace(());
        }
        std::future::pending().await
    }
}
