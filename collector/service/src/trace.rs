//! Spans of what the collector does, for those who watch them: a page that shows them, what exports them. Without any a payload
//! costs one look at a flag.

mod parent;

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU8, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime},
};

use crate::{BoxFuture, Context, Refused, context::locked};

tokio::task_local! {
    /// The span that a task is in.
    static CURRENT: Place;
}

/// A span's place among all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its trace's id.
    pub trace: u128,
    /// Its own.
    pub id: u64,
    /// Whether it is for export: the first of a trace decides for all.
    pub sampled: bool,
}

/// A span that has ended.
#[derive(Clone, Debug)]
pub struct Span {
    /// What was done.
    pub name: String,
    /// The Go package that makes such spans.
    pub scope: &'static str,
    /// Whether somebody else's request was answered.
    pub server: bool,
    /// Its ids.
    pub place: Place,
    /// The span in which it began.
    pub parent: Option<u64>,
    /// When it began.
    pub began: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// Why it failed.
    pub error: Option<String>,
}

/// Gets to know of spans.
pub trait Watch: Send + Sync {
    /// A span of this name has begun.
    fn began(&self, name: &str) {
        let _ = name;
    }

    /// A span has ended.
    fn ended(&self, span: &Span);
}

/// Who watches spans, if anybody does.
#[derive(Default)]
pub struct Tracing {
    on: AtomicBool,
    by: Mutex<Watchers>,
    /// The headers that tell of senders' spans, as bits.
    propagators: AtomicU8,
}

type Watchers = Arc<Vec<Arc<dyn Watch>>>;

impl Tracing {
    /// Whether anybody watches.
    pub fn is_on(&self) -> bool {
        self.on.load(Relaxed)
    }

    /// Handles a payload, in a span if anybody watches; then it is called what `name` says.
    pub fn span<'a>(
        &self,
        scope: &'static str,
        name: &dyn Fn() -> String,
        work: BoxFuture<'a, Result<(), Refused>>,
    ) -> BoxFuture<'a, Result<(), Refused>> {
        if !self.is_on() {
            return work;
        }
        let open = self.open(scope, name(), None);
        within(open, work, |outcome| outcome.as_ref().err().map(ToString::to_string))
    }

    /// Answers a request in a span, whose parent is the span that the request's headers tell of; `error` says how an
    /// answer failed.
    pub fn request<'a, T: Send + 'a>(
        &self,
        scope: &'static str,
        name: String,
        header: &dyn Fn(&str) -> Option<String>,
        work: BoxFuture<'a, T>,
        error: fn(&T) -> Option<String>,
    ) -> BoxFuture<'a, T> {
        let parent = parent::find(self.propagators.load(Relaxed), header);
        let mut open = self.open(scope, name, parent);
        open.span.server = true;
        within(open, work, error)
    }

    /// From now on `watcher` gets to know of spans.
    pub fn add(&self, watcher: Arc<dyn Watch>) {
        let mut by = locked(&self.by);
        Arc::make_mut(&mut by).push(watcher);
        self.on.store(true, Relaxed);
    }

    /// From now on `watcher` gets to know of no more spans.
    pub fn remove<T: Watch>(&self, watcher: &Arc<T>) {
        let mut by = locked(&self.by);
        let this = |one: &Arc<dyn Watch>| std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(watcher));
        Arc::make_mut(&mut by).retain(|one| !this(one));
        self.on.store(!by.is_empty(), Relaxed);
    }

    /// Takes senders' spans from the headers of these `propagators`.
    ///
    /// # Errors
    /// One that there is not: Go's text.
    pub(crate) fn propagate(&self, propagators: &[String]) -> Result<(), &'static str> {
        let mut bits = 0;
        for name in propagators {
            bits |= match name.as_str() {
                "tracecontext" => parent::TRACE_CONTEXT,
                "b3" => parent::B3,
                _ => return Err("unsupported trace propagator"),
            };
        }
        self.propagators.store(bits, Relaxed);
        Ok(())
    }

    fn open(&self, scope: &'static str, name: String, parent: Option<Place>) -> Open {
        let by = locked(&self.by).clone();
        for watcher in &*by {
            watcher.began(&name);
        }
        let parent = parent.or_else(|| CURRENT.try_with(|current| *current).ok());
        let place = if let Some(parent) = parent {
            Place { id: random(), ..parent }
        } else {
            let trace = u128::from(random()) << 64 | u128::from(random());
            Place { trace, id: random(), sampled: true }
        };
        let span = Span {
            name,
            scope,
            server: false,
            place,
            parent: parent.map(|parent| parent.id),
            began: SystemTime::now(),
            took: Duration::ZERO,
            // Unless it comes to its end.
            error: Some("context canceled".to_owned()),
        };
        Open { by, span, clock: Instant::now() }
    }
}

/// Does `work` in a span. What is begun in it, in the same task, belongs to the span.
fn within<'a, T: Send + 'a>(
    open: Open,
    work: BoxFuture<'a, T>,
    error: fn(&T) -> Option<String>,
) -> BoxFuture<'a, T> {
    Box::pin(async move {
        let outcome = CURRENT.scope(open.span.place, work).await;
        open.end(error(&outcome));
        outcome
    })
}

/// A span that has not ended; it ends with this.
struct Open {
    by: Watchers,
    span: Span,
    clock: Instant,
}

impl Open {
    /// The end of what was done to its end.
    fn end(mut self, error: Option<String>) {
        self.span.error = error;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.span.took = self.clock.elapsed();
        for watcher in &*self.by {
            watcher.ended(&self.span);
        }
    }
}

impl Context {
    /// Who watches spans.
    pub fn tracing(&self) -> &Arc<Tracing> {
        &self.process.tracing
    }
}

impl fmt::Debug for Tracing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracing").field("on", &self.on).finish_non_exhaustive()
    }
}

/// Random bits, of which not all are zero: those that the standard library gives its hash tables, scrambled.
fn random() -> u64 {
    RandomState::new().hash_one(0_u64).max(1)
}

#[cfg(test)]
mod tests;
