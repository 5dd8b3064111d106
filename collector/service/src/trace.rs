//! Spans of what the collector does, for an extension that keeps them. Without one a payload costs one look at a flag.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use crate::{BoxFuture, Context, Refused, context::locked};

/// Makes spans.
pub trait Tracer: Send + Sync {
    /// Does `work` in a span called `name`. What is begun in it, in the same task, belongs to it.
    fn span(
        self: Arc<Self>,
        name: String,
        work: BoxFuture<'_, Result<(), Refused>>,
    ) -> BoxFuture<'_, Result<(), Refused>>;
}

/// Who makes spans, if anybody does.
#[derive(Default)]
pub struct Tracing {
    on: AtomicBool,
    by: Mutex<Option<Arc<dyn Tracer>>>,
}

impl Tracing {
    /// Does `work`, in a span if anybody wants it; then it is called what `name` says.
    pub fn span<'a>(
        &self,
        name: &dyn Fn() -> String,
        work: BoxFuture<'a, Result<(), Refused>>,
    ) -> BoxFuture<'a, Result<(), Refused>> {
        if !self.on.load(Relaxed) {
            return work;
        }
        match locked(&self.by).clone() {
            Some(tracer) => tracer.span(name(), work),
            None => work,
        }
    }

    /// Spans are made by `tracer` from now on.
    pub fn set(&self, tracer: Arc<dyn Tracer>) {
        let mut by = locked(&self.by);
        *by = Some(tracer);
        self.on.store(true, Relaxed);
    }

    /// Spans are made by nobody from now on, if they are made by `tracer` now.
    pub fn unset<T: Tracer>(&self, tracer: &Arc<T>) {
        let mut by = locked(&self.by);
        if by.as_ref().is_some_and(|by| std::ptr::addr_eq(Arc::as_ptr(by), Arc::as_ptr(tracer))) {
            *by = None;
            self.on.store(false, Relaxed);
        }
    }
}

impl Context {
    /// Who makes spans.
    pub fn tracing(&self) -> &Arc<Tracing> {
        &self.process.tracing
    }
}

impl fmt::Debug for Tracing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracing").field("on", &self.on).finish_non_exhaustive()
    }
}
