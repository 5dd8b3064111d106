//! Recent spans of the collector's own, by name: a few for each range of durations, and a few of those that failed. What is kept does not
//! grow with time.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slimcol_service::{Span, Watch};

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

impl Recent {
    /// Everything that is kept, by name.
    pub(crate) fn all(&self) -> BTreeMap<String, Named> {
        self.names().clone()
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, Named>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch for Recent {
    fn began(&self, name: &str) {
        let mut names = self.names();
        if let Some(named) = names.get_mut(name) {
            named.running += 1;
        } else if names.len() < NAMES {
            names.insert(name.to_owned(), Named { running: 1, ..Named::default() });
        }
    }

    fn ended(&self, span: &Span) {
        let mut all = self.names();
        // Those beyond the bound are not there.
        let Some(named) = all.get_mut(&span.name) else { return };
        named.running = named.running.saturating_sub(1);
        let range = RANGES.iter().rposition(|(least, _)| span.took > *least).unwrap_or_default();
        let kept = if span.error.is_some() { &mut named.failed } else { &mut named.taken[range] };
        kept.count += 1;
        if kept.last.len() == MOST {
            kept.last.pop_front();
        }
        kept.last.push_back(span.clone());
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use slimcol_service::{BoxFuture, Refused, Tracing};

    use super::*;

    async fn span(recent: &Arc<Recent>, name: &str, work: BoxFuture<'_, Result<(), Refused>>) {
        let tracing = Tracing::default();
        tracing.add(recent.clone());
        let _ = tracing.span("", &|| name.to_owned(), work).await;
    }

    #[tokio::test]
    async fn who_fails_is_kept_by_itself() {
        let recent = Arc::<Recent>::default();
        let work = Box::pin(async {
            assert_eq!(recent.all()["fails"].running, 1);
            Err(Refused::permanent("no"))
        });
        span(&recent, "fails", work).await;
        let named = &recent.all()["fails"];
        assert_eq!((named.running, named.failed.count), (0, 1));
        assert!(named.failed.last[0].error.as_deref().unwrap().contains("no"));
        assert!(named.taken.iter().all(|range| range.count == 0));
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
}
