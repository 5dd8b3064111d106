//! `/debug/tracez`: recent spans by name, how long they took and which failed.

use slimcol_net::http::server::HttpRequest;
use slimcol_service::Span;

use super::service::moment;
use crate::{
    html::{Html, query},
    site::TRACES,
    traces::{Kept, RANGES, Recent},
};

/// Go's numbers for what can be asked for.
const TAKEN: &str = "1";
const FAILED: &str = "2";

/// The page; some of the spans if they are asked for.
pub(crate) fn traces(recent: &Recent, request: &HttpRequest) -> Html {
    let all = recent.all();
    if all.is_empty() {
        return Html::paragraph("Nothing came through the pipelines yet.");
    }
    let mut columns = vec!["Span Name", "Running"];
    columns.extend(RANGES.iter().map(|range| range.1));
    columns.push("Errors");
    let rows = all.iter().map(|(name, named)| {
        let count = |kept: &Kept, kind: &str, range: usize| match kept.count {
            0 => Html::text(0),
            count => {
                let name = query(name);
                let to = format!("{TRACES}?zspanname={name}&ztype={kind}&zlatencybucket={range}");
                Html::link(&to, count)
            }
        };
        let mut row = vec![Html::text(name), Html::text(named.running)];
        row.extend(named.taken.iter().enumerate().map(|(range, kept)| count(kept, TAKEN, range)));
        row.push(count(&named.failed, FAILED, 0));
        row
    });
    let table = Html::table(&columns, rows.collect());
    // Go's names.
    let [name, kind, range] = ["zspanname", "ztype", "zlatencybucket"].map(|name| request.query(name));
    let name = name.unwrap_or_default();
    let Some(named) = all.get(&name) else { return table };
    let range = range.and_then(|range| range.parse::<usize>().ok()).unwrap_or_default();
    let (what, kept) = match kind.as_deref() {
        Some(FAILED) => ("errors", &named.failed),
        _ => match named.taken.get(range) {
            Some(kept) => (RANGES[range].1, kept),
            None => return table,
        },
    };
    let columns = ["When", "Took", "Trace", "Span", "Parent", "Error"];
    table
        .and(&Html::heading(format_args!("{name}: {what}")))
        .and(&Html::table(&columns, kept.last.iter().rev().map(row).collect()))
}

fn row(span: &Span) -> Vec<Html> {
    vec![
        Html::text(moment(span.began)),
        Html::text(format_args!("{:?}", span.took)),
        Html::text(format_args!("{:032x}", span.place.trace)),
        Html::text(format_args!("{:016x}", span.place.id)),
        Html::text(span.parent.map(|parent| format!("{parent:016x}")).unwrap_or_default()),
        Html::text(span.error.as_deref().unwrap_or_default()),
    ]
}
