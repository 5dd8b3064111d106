//! Going through a request.

use slimcol_actions::{Logs, Metrics, Selection, Spans};
use slimcol_pdata as pdata;
use slimcol_service::Client;

use crate::Attributes;

impl Attributes {
    pub(crate) fn change_spans(
        &self,
        data: &mut pdata::Traces,
        selection: &Selection<Spans>,
        client: &Client,
    ) {
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
                    for mut span in scope.spans_mut() {
                        if !selection.ends(by_scope, |wanted| wanted.span(span.view())) {
                            continue;
                        }
                        if let Some(first) = self.actions.first_change(span.view().attributes(), client) {
                            self.actions.apply(first, &mut span.attributes_mut(), client, &self.log);
                        }
                    }
                }
            }
        });
    }

    pub(crate) fn change_logs(&self, data: &mut pdata::Logs, selection: &Selection<Logs>, client: &Client) {
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
                    for mut record in scope.log_records_mut() {
                        if !selection.ends(by_scope, |wanted| wanted.record(record.view())) {
                            continue;
                        }
                        if let Some(first) = self.actions.first_change(record.view().attributes(), client) {
                            self.actions.apply(first, &mut record.attributes_mut(), client, &self.log);
                        }
                    }
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
                            if let Some(first) = self.actions.first_change(point.attributes(), client) {
                                self.actions.apply(first, &mut point.attributes_mut(), client, &self.log);
                            }
                        }
                    }
                }
            }
        });
    }
}
