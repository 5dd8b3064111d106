//! Going through a request.

use slimcol_actions::{Logs, Metrics, Selection, Spans};
use slimcol_pdata::{self as pdata, view::Index};
use slimcol_service::Client;

use crate::Attributes;

impl Attributes {
    pub(crate) fn change_spans(
        &self,
        data: &mut pdata::Traces,
        selection: &Selection<Spans>,
        client: &Client,
    ) {
        let mut index = Index::new(0);
        data.edit(|tree| {
            for mut entry in tree.entries_mut() {
                let by_resource =
                    selection.narrow(selection.begin(), |wanted| wanted.resource(entry.resource()));
                if by_resource.nothing() {
                    continue;
                }
                for mut scope in entry.scopes_mut() {
                    let by_scope = selection.narrow(by_resource, |wanted| wanted.scope(scope.scope()));
                    if by_scope.nothing() {
                        continue;
                    }
                    scope.each_span(|_, mut span| {
                        if selection.ends(by_scope, |wanted| wanted.span(span.view())) {
                            self.actions.apply(&mut span.attributes_mut(), &mut index, client, &self.log);
                        }
                    });
                }
            }
        });
    }

    pub(crate) fn change_logs(&self, data: &mut pdata::Logs, selection: &Selection<Logs>, client: &Client) {
        let mut index = Index::new(0);
        data.edit(|tree| {
            for mut entry in tree.entries_mut() {
                let by_resource =
                    selection.narrow(selection.begin(), |wanted| wanted.resource(entry.resource()));
                if by_resource.nothing() {
                    continue;
                }
                for mut scope in entry.scopes_mut() {
                    let by_scope = selection.narrow(by_resource, |wanted| wanted.scope(scope.scope()));
                    if by_scope.nothing() {
                        continue;
                    }
                    scope.each_log_record(|_, mut record| {
                        if selection.ends(by_scope, |wanted| wanted.record(record.view())) {
                            self.actions.apply(&mut record.attributes_mut(), &mut index, client, &self.log);
                        }
                    });
                }
            }
        });
    }

    pub(crate) fn change_points(
        &self,
        data: &mut pdata::Metrics,
        selection: &Selection<Metrics>,
        client: &Client,
    ) {
        let mut index = Index::new(0);
        data.edit(|tree| {
            for mut entry in tree.entries_mut() {
                let by_resource =
                    selection.narrow(selection.begin(), |wanted| wanted.resource(entry.resource()));
                if by_resource.nothing() {
                    continue;
                }
                for mut scope in entry.scopes_mut() {
                    for mut metric in scope.metrics_mut() {
                        if !selection.ends(by_resource, |wanted| wanted.metric(metric.name())) {
                            continue;
                        }
                        for mut point in metric.points_mut() {
                            self.actions.apply(&mut point.attributes_mut(), &mut index, client, &self.log);
                        }
                    }
                }
            }
        });
    }
}
