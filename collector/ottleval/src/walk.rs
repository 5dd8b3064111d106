//! Going through a request: to every record of a kind in turn, or to all kinds from the outermost inwards.

use slimcol_pdata::{
    Data, Logs, Metrics, Of, Otlp, Traces,
    edit::{EntryHeadMut, EntryMut, MetricMut, ScopeEntryMut, ScopeHeadMut, SpanMut},
};
use slimcol_service::Client;

use crate::{
    context::{
        Context, EventContext, ExemplarContext, Kind, LogContext, MetricContext, PointContext,
        ResourceContext, ScopeContext, Scratch, SpanContext,
    },
    fault::Fault,
};

/// So many metrics may statements add to one scope of a request: one that copies its copies would never end.
const MOST_ADDED: usize = 100_000;

/// What is done with a record.
type Run<'r> = &'r mut dyn FnMut(&mut dyn Context) -> Result<(), Fault>;

/// Runs `run` on every record of that kind, in order. Of kinds that the signal does not have there are none.
pub fn each(data: &mut Data, kind: Kind, run: Run<'_>) -> Result<(), Fault> {
    each_from(&Client::default(), data, kind, run)
}

/// As [`each`], of a request that `sender` sent.
pub fn each_from(sender: &Client, data: &mut Data, kind: Kind, run: Run<'_>) -> Result<(), Fault> {
    let scratch = &mut Scratch::of(sender);
    match (kind, data) {
        (Kind::Resource | Kind::Scope, Data::Traces(traces)) => outer(traces, kind, scratch, run),
        (Kind::Resource | Kind::Scope, Data::Metrics(metrics)) => outer(metrics, kind, scratch, run),
        (Kind::Resource | Kind::Scope, Data::Logs(logs)) => outer(logs, kind, scratch, run),
        (Kind::Span | Kind::SpanEvent, Data::Traces(traces)) => spans(traces, kind, scratch, run),
        (Kind::Log, Data::Logs(logs)) => records(logs, scratch, run),
        (Kind::Metric, Data::Metrics(all)) => metrics(all, scratch, run),
        (Kind::DataPoint | Kind::Exemplar, Data::Metrics(metrics)) => points(metrics, kind, scratch, run),
        _ => Ok(()),
    }
}

/// Runs `run` on each scope with its resource.
fn scopes<S: Of>(
    data: &mut Otlp<S>,
    scratch: &mut Scratch,
    mut run: impl FnMut(&mut EntryHeadMut<'_>, ScopeEntryMut<'_, S>, &mut Scratch) -> Result<(), Fault>,
) -> Result<(), Fault> {
    data.edit(|tree| {
        tree.entries_mut().try_for_each(|mut entry| {
            scratch.next_resource();
            let (mut resource, mut scopes) = entry.split();
            scopes.try_for_each(|scope| {
                scratch.next_scope();
                run(&mut resource, scope, scratch)
            })
        })
    })
}

fn outer<S: Of>(data: &mut Otlp<S>, kind: Kind, scratch: &mut Scratch, run: Run<'_>) -> Result<(), Fault> {
    if kind == Kind::Scope {
        return scopes(data, scratch, |resource, mut entry, scratch| {
            run(&mut ScopeContext::new(resource, &mut entry.head(), scratch))
        });
    }
    data.edit(|tree| {
        tree.entries_mut().try_for_each(|mut entry| {
            scratch.next_resource();
            run(&mut ResourceContext::new(&mut entry.split().0, scratch))
        })
    })
}

fn records(logs: &mut Logs, scratch: &mut Scratch, run: Run<'_>) -> Result<(), Fault> {
    scopes(logs, scratch, |resource, mut entry, scratch| {
        let mut result = Ok(());
        entry.each_log_record(|scope, mut record| {
            if result.is_ok() {
                result = run(&mut LogContext::new(resource, scope, &mut record, scratch));
            }
        });
        result
    })
}

fn spans(traces: &mut Traces, kind: Kind, scratch: &mut Scratch, run: Run<'_>) -> Result<(), Fault> {
    scopes(traces, scratch, |resource, mut entry, scratch| {
        let mut result = Ok(());
        entry.each_span(|scope, mut span| {
            if kind == Kind::Span {
                if result.is_ok() {
                    result = run(&mut SpanContext::new(resource, scope, &mut span, scratch));
                }
                return;
            }
            let mut at = 0;
            span.retain_events(|span, event| {
                if result.is_ok() {
                    let event = (at, event);
                    result = run(&mut EventContext::new(resource, scope, span, event, scratch));
                }
                at += 1;
                true
            });
        });
        result
    })
}

/// What is added has its turn too, as in the Go collector.
fn metrics(metrics: &mut Metrics, scratch: &mut Scratch, run: Run<'_>) -> Result<(), Fault> {
    scopes(metrics, scratch, |resource, mut entry, scratch| {
        let (mut at, mut added) = (0, 0);
        while let Some((mut scope, mut metric)) = entry.split_metric(at) {
            let result = run(&mut MetricContext::new(resource, &mut scope, &mut metric, scratch));
            added += scratch.added.len();
            scratch.added.drain(..).for_each(|metric| entry.push_metric(metric));
            result?;
            if added > MOST_ADDED {
                return Err(Fault::new(format!("more than {MOST_ADDED} metrics were added to a scope")));
            }
            at += 1;
        }
        Ok(())
    })
}

fn points(metrics: &mut Metrics, kind: Kind, scratch: &mut Scratch, run: Run<'_>) -> Result<(), Fault> {
    scopes(metrics, scratch, |resource, mut entry, scratch| {
        let mut at = 0;
        while let Some((mut scope, mut metric)) = entry.split_metric(at) {
            let (mut head, mut points) = metric.split();
            let result = points.try_for_each(|mut point| {
                if kind == Kind::DataPoint {
                    return run(&mut PointContext::new(resource, &mut scope, &mut head, &mut point, scratch));
                }
                let mut result = Ok(());
                point.each_exemplar(&mut |point, exemplar| {
                    if result.is_ok() {
                        let around = ((&mut *resource, &mut scope), (&mut head, point));
                        result = run(&mut ExemplarContext::new(around.0, around.1, exemplar, scratch));
                    }
                });
                result
            });
            drop(points);
            scratch.added.drain(..).for_each(|metric| entry.push_metric(metric));
            result?;
            at += 1;
        }
        Ok(())
    })
}

/// Removes the records of a request that `sender` sent of which `drop` says so, of the kinds among `kinds`, from the outermost inwards. With them go
/// scopes and resources in which nothing is left, and metrics without points; spans stay without their events.
pub fn retain(sender: &Client, data: &mut Data, kinds: &[Kind], drop: Drop<'_>) {
    let mut sieve = Sieve { kinds, drop, scratch: Scratch::of(sender) };
    match data {
        Data::Traces(traces) => sieve.sift(traces, Sieve::spans),
        Data::Metrics(metrics) => sieve.sift(metrics, Sieve::metrics),
        Data::Logs(logs) => sieve.sift(logs, Sieve::records),
    }
}

/// Whether a record goes.
type Drop<'d> = &'d mut dyn FnMut(Kind, &dyn Context) -> bool;

struct Sieve<'s> {
    kinds: &'s [Kind],
    drop: Drop<'s>,
    scratch: Scratch,
}

impl Sieve<'_> {
    fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Whether something is asked of what is none of these.
    fn below(&self, outer: &[Kind]) -> bool {
        self.kinds.iter().any(|kind| !outer.contains(kind))
    }

    /// Sifts a request, whose items `items` sifts and counts what is left.
    fn sift<S: Of>(
        &mut self,
        data: &mut Otlp<S>,
        items: fn(&mut Self, &mut EntryHeadMut<'_>, &mut ScopeEntryMut<'_, S>) -> usize,
    ) {
        let below = self.below(&[Kind::Resource]);
        data.edit(|tree| {
            tree.retain_entries(|entry| {
                self.scratch.next_resource();
                self.keeps_resource(entry)
                    && entry.retain_split(|resource, scope| {
                        self.scratch.next_scope();
                        !below || self.keeps_scope(resource, scope) && items(self, resource, scope) > 0
                    }) > 0
            });
        });
    }

    fn keeps_resource<S: Of>(&mut self, entry: &mut EntryMut<'_, S>) -> bool {
        if !self.has(Kind::Resource) {
            return true;
        }
        let mut resource = entry.split().0;
        !(self.drop)(Kind::Resource, &ResourceContext::new(&mut resource, &mut self.scratch))
    }

    fn keeps_scope<S: Of>(
        &mut self,
        resource: &mut EntryHeadMut<'_>,
        scope: &mut ScopeEntryMut<'_, S>,
    ) -> bool {
        if !self.has(Kind::Scope) {
            return true;
        }
        !(self.drop)(Kind::Scope, &ScopeContext::new(resource, &mut scope.head(), &mut self.scratch))
    }

    fn records(
        &mut self,
        resource: &mut EntryHeadMut<'_>,
        scope: &mut ScopeEntryMut<'_, slimcol_pdata::LogsKind>,
    ) -> usize {
        let asked = self.has(Kind::Log);
        scope.retain_split_log_records(|scope, record| {
            !asked || !(self.drop)(Kind::Log, &LogContext::new(resource, scope, record, &mut self.scratch))
        })
    }

    fn spans(
        &mut self,
        resource: &mut EntryHeadMut<'_>,
        scope: &mut ScopeEntryMut<'_, slimcol_pdata::TracesKind>,
    ) -> usize {
        let (spans, events) = (self.has(Kind::Span), self.has(Kind::SpanEvent));
        scope.retain_split_spans(|scope, span| {
            if spans && (self.drop)(Kind::Span, &SpanContext::new(resource, scope, span, &mut self.scratch)) {
                return false;
            }
            if events {
                self.events(resource, scope, span);
            }
            true
        })
    }

    fn events(
        &mut self,
        resource: &mut EntryHeadMut<'_>,
        scope: &mut ScopeHeadMut<'_>,
        span: &mut SpanMut<'_>,
    ) {
        let mut at = -1;
        span.retain_events(|span, event| {
            at += 1;
            let context = EventContext::new(resource, scope, span, (at, event), &mut self.scratch);
            !(self.drop)(Kind::SpanEvent, &context)
        });
    }

    fn metrics(
        &mut self,
        resource: &mut EntryHeadMut<'_>,
        scope: &mut ScopeEntryMut<'_, slimcol_pdata::MetricsKind>,
    ) -> usize {
        let (metrics, points) = (self.has(Kind::Metric), self.has(Kind::DataPoint));
        scope.retain_split_metrics(|scope, metric| {
            if metrics
                && (self.drop)(Kind::Metric, &MetricContext::new(resource, scope, metric, &mut self.scratch))
            {
                return false;
            }
            !points || self.points(resource, scope, metric)
        })
    }

    /// Whether points are left, or the metric has no data that could have any.
    fn points(
        &mut self,
        resource: &mut EntryHeadMut<'_>,
        scope: &mut ScopeHeadMut<'_>,
        metric: &mut MetricMut<'_>,
    ) -> bool {
        let untyped = matches!(metric.data(), slimcol_pdata::view::MetricData::Empty);
        let left = metric.retain_split(|head, point| {
            let context = PointContext::new(resource, scope, head, point, &mut self.scratch);
            !(self.drop)(Kind::DataPoint, &context)
        });
        untyped || left > 0
    }
}
