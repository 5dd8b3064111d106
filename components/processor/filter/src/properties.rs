//! Items chosen by their properties, as older configurations have it.

mod expressions;

use slimcol_actions::{Chosen, Logs, MatchConfig, Metrics, Selection, Spans};
use slimcol_pdata::{
    self as pdata,
    edit::{ScopeEntryMut, Tree},
    view::{ResourceRef, ScopeRef},
};

use self::expressions::Expressions;
use crate::config::{Config, MetricMatch};

/// Drops the spans that are not chosen.
pub(crate) fn spans(traces: &mut pdata::Traces, selection: &Selection<Spans>) {
    let looks = (Spans::resource as _, Spans::scope as _);
    traces.edit(|tree| {
        sift(tree, selection, looks, |chosen, scope| {
            scope.retain_split_spans(|_, span| selection.ends(chosen, |wanted| wanted.span(span.view())))
        });
    });
}

/// Drops the log records that are not chosen.
pub(crate) fn logs(logs: &mut pdata::Logs, selection: &Selection<Logs>) {
    let looks = (Logs::resource as _, Logs::scope as _);
    logs.edit(|tree| {
        sift(tree, selection, looks, |chosen, scope| {
            scope.retain_split_log_records(|_, record| {
                selection.ends(chosen, |wanted| wanted.record(record.view()))
            })
        });
    });
}

/// How a resource and a scope are looked at.
type Looks<M> = (fn(&M, ResourceRef<'_>) -> bool, fn(&M, ScopeRef<'_>) -> bool);

/// Drops what is not chosen by its resource or its scope, and that of which `items` leaves nothing.
fn sift<S: pdata::Of, M>(
    tree: &mut Tree<S>,
    selection: &Selection<M>,
    (resource, scope): Looks<M>,
    items: impl Fn(Chosen, &mut ScopeEntryMut<'_, S>) -> usize,
) {
    tree.retain_entries(|entry| {
        let chosen = selection.narrow(selection.begin(), |wanted| resource(wanted, entry.resource()));
        !chosen.nothing()
            && entry.retain_split(|_, within| {
                let chosen = selection.narrow(chosen, |wanted| scope(wanted, within.scope()));
                !chosen.nothing() && items(chosen, within) > 0
            }) > 0
    });
}

/// Which metrics are chosen: by the resource, by the name, by what their points say.
#[derive(Debug)]
pub(crate) struct MetricRules {
    resources: Selection<Metrics>,
    names: Selection<Metrics>,
    include: Expressions,
    exclude: Expressions,
}

impl MetricRules {
    /// The rules, if there are any.
    pub(crate) fn new(config: &Config) -> Result<Option<Self>, String> {
        let (include, exclude) = (config.metrics.include.as_ref(), config.metrics.exclude.as_ref());
        let select = |of: fn(&MetricMatch) -> Option<MatchConfig>| {
            let (include, exclude) = (include.and_then(of), exclude.and_then(of));
            Selection::new(include.as_ref(), exclude.as_ref(), Metrics::new)
        };
        let expressions =
            |of: Option<&MetricMatch>| Expressions::new(of.map_or(&[], MetricMatch::expressions));
        let rules = Self {
            resources: select(MetricMatch::resources)?,
            names: select(MetricMatch::names)?,
            include: expressions(include)?,
            exclude: expressions(exclude)?,
        };
        let any = !(rules.resources.all()
            && rules.names.all()
            && rules.include.is_empty()
            && rules.exclude.is_empty());
        Ok(any.then_some(rules))
    }

    /// Drops the metrics that are not chosen. Where an expression fails the metric stays, and the error is told.
    pub(crate) fn run(&self, metrics: &mut pdata::Metrics) -> Result<(), String> {
        let mut failed = Vec::new();
        metrics.edit(|tree| {
            tree.retain_entries(|entry| {
                let resource = |wanted: &Metrics| wanted.resource(entry.resource());
                if !self.resources.ends(self.resources.begin(), resource) {
                    return false;
                }
                entry.retain_split(|_, scope| {
                    scope.retain_split_metrics(|_, metric| {
                        if !self.names.ends(self.names.begin(), |wanted| wanted.metric(metric.name())) {
                            return false;
                        }
                        let kept = self
                            .include
                            .keep(metric, true)
                            .and_then(|kept| Ok(kept && self.exclude.keep(metric, false)?));
                        kept.unwrap_or_else(|error| {
                            failed.push(error);
                            true
                        })
                    }) > 0
                }) > 0
            });
        });
        failed.truncate(100);
        if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
    }
}
