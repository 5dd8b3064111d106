//! Recent spans of the collector's own, by name: a few for each range of durations, and a few of those that failed. What is kept does not
//! grow with time.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use slimcol_service::{BoxFuture, Refused, Tracer};

/// Where the ranges begin, and what they are called.
pub(crate) const RANGES: [(Duration, &str); 9] = [
    (Duration::ZERO, ">0s"),
    (Duration::from_micros(10), ">10µs"),
    (Duration::from_micros(100), ">100µs"),
    (Duration::from_millis(1), ">1ms"),
    (Duration::from_millis(10), ">10ms"),
    (Duration::from_millis(100), ">100ms"),
    (Duration::from_secs(1), ">1s"),
    (Duration::from_secs(10), ">10s"),
    (Duration::from_secs(100), ">100s"),
];
/// As many spans are kept of each range, and of those that failed.
const MOST: usize = 10;
/// As many names are kept: components are few, but nothing may grow without bound.
const NAMES: usize = 512;

tokio::task_local! {
    /// The trace and the span that a task is in.
    static CURRENT: (u128, u64);
}

/// The spans.
#[derive(Default)]
pub(crate) struct Recent(Mutex<BTreeMap<String, Named>>);

/// The spans of one name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// How many have begun and not ended.
    pub(crate) running: usize,
    /// By range.
    pub(crate) taken: [Kept; RANGES.len()],
    pub(crate) failed: Kept,
}

/// The last few spans, and how many there were in all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) count: u64,
    pub(crate) last: VecDeque<Span>,
}

/// A span that has ended.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) trace: u128,
    pub(crate) id: u64,
    pub(crate) parent: Option<u64>,
    pub(crate) began: SystemTime,
    pub(crate) took: Duration,
    pub(crate) error: Option<String>,
}

/// A span that has not ended; it ends with this.
struct Open {
    of: Arc<Recent>,
    name: String,
    span: Span,
    clock: Instant,
}

impl Recent {
    /// Everything that is kept, by name.
    pub(crate) fn all(&self) -> BTreeMap<String, Named> {
        self.names().clone()
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, Named>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(self: Arc<Self>, name: String) -> Open {
        let parent = CURRENT.try_with(|current| *current).ok();
        let trace =
            parent.map_or_else(|| u128::from(random()) << 64 | u128::from(random()), |parent| parent.0);
        let span = Span {
            trace,
            id: random(),
            parent: parent.map(|parent| parent.1),
            began: SystemTime::now(),
            took: Duration::ZERO,
            // Unless it comes to its end.
            error: Some("context canceled".to_owned()),
        };
        let mut names = self.names();
        if names.contains_key(&name) || names.len() < NAMES {
            names.entry(name.clone()).or_default().running += 1;
        }
        drop(names);
        Open { of: self, name, span, clock: Instant::now() }
    }
}

impl Tracer for Recent {
    fn span(
        self: Arc<Self>,
        name: String,
        work: BoxFuture<'_, Result<(), Refused>>,
    ) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(async move {
            let mut open = self.open(name);
            let outcome = CURRENT.scope((open.span.trace, open.span.id), work).await;
            open.span.error = outcome.as_ref().err().map(ToString::to_string);
            outcome
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut all = self.of.names();
        // Those beyond the bound are not there.
        let Some(named) = all.get_mut(&self.name) else { return };
        named.running = named.running.saturating_sub(1);
        self.span.took = self.clock.elapsed();
        let range = RANGES.iter().rposition(|(least, _)| self.span.took > *least).unwrap_or_default();
        let kept = if self.span.error.is_some() { &mut named.failed } else { &mut named.taken[range] };
        kept.count += 1;
        if kept.last.len() == MOST {
            kept.last.pop_front();
        }
        kept.last.push_back(self.span.clone());
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent")
    }
}

/// Random bits: those that the standard library gives its hash tables, scrambled.
fn random() -> u64 {
    RandomState::new().hash_one(0_u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn span(recent: &Arc<Recent>, name: &str, work: BoxFuture<'_, Result<(), Refused>>) {
        let _ = recent.clone().span(name.to_owned(), work).await;
    }

    #[tokio::test]
    async fn spans_belong_to_those_that_they_begin_in() {
        let recent = Arc::<Recent>::default();
        let inner = Box::pin(async {
            span(&recent, "inner", Box::pin(async { Err(Refused::permanent("no")) })).await;
            assert_eq!(recent.all()["outer"].running, 1);
            Ok(())
        });
        span(&recent, "outer", inner).await;
        let all = recent.all();
        let (outer, inner) = (&all["outer"], &all["inner"].failed.last[0]);
        assert_eq!((outer.running, all["inner"].failed.count), (0, 1));
        let outer = outer.taken.iter().find_map(|range| range.last.front()).unwrap();
        assert_eq!((outer.parent, outer.error.as_deref()), (None, None));
        assert_eq!((inner.parent, inner.trace), (Some(outer.id), outer.trace));
        assert!(inner.error.as_deref().unwrap().contains("no") && inner.took <= outer.took);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let recent = Arc::<Recent>::default();
        for _ in 0..100 {
            span(&recent, "quick", Box::pin(async { Ok(()) })).await;
        }
        let quick = &recent.all()["quick"];
        assert_eq!(quick.taken.iter().map(|range| range.count).sum::<u64>(), 100);
        assert!(quick.taken.iter().all(|range| range.last.len() <= MOST));
        for i in 0..NAMES + 5 {
            span(&recent, &format!("name {i}"), Box::pin(async { Ok(()) })).await;
        }
        assert_eq!(recent.all().len(), NAMES);
    }

    #[tokio::test]
    async fn what_is_dropped_on_the_way_has_failed() {
        let recent = Arc::<Recent>::default();
        let never = recent.clone().span("never".to_owned(), Box::pin(std::future::pending()));
        assert!(tokio::time::timeout(Duration::from_millis(1), never).await.is_err());
        let never = &recent.all()["never"];
        assert_eq!((never.running, never.failed.count), (0, 1));
        assert_eq!(never.failed.last[0].error.as_deref(), Some("context canceled"));
    }
}
