//! How one component is, and what was measured of it.

use slimcol_service::{
    Context, Instance, Kind, Status, StatusEvent,
    meter::{Labels, Point, Value},
};

use super::service::moment;
use crate::html::Html;

/// Everything that is known of the component.
pub(super) fn all(cx: &Context, kind: Kind, id: &str) -> Html {
    let rows = statuses(cx, kind, id).into_iter().map(|(instance, event)| {
        vec![
            Html::text(instance.pipelines.join(", ")),
            badge(event.status),
            Html::text(moment(event.at)),
            Html::text(event.error.as_deref().unwrap_or_default()),
        ]
    });
    Html::table(&["Pipelines", "Status", "Since", "Error"], rows.collect()).and(&measured(cx, kind, id))
}

/// How it is: the worst of what it said for its signals and pipelines.
pub(super) fn health(cx: &Context, kind: Kind, id: &str) -> Html {
    worst(cx, kind, id).map_or_else(|| Html::text("–"), badge)
}

/// How it is, if something is wrong.
pub(super) fn complaint(cx: &Context, kind: Kind, id: &str) -> Html {
    let wrong = worst(cx, kind, id).filter(|status| status.is_error());
    wrong.map_or_else(Html::default, |status| Html::text(" ").and(&badge(status)))
}

fn worst(cx: &Context, kind: Kind, id: &str) -> Option<Status> {
    let all = statuses(cx, kind, id).into_iter().map(|(_, event)| event.status);
    all.max_by_key(|status| (status.is_error(), *status as u8))
}

fn statuses(cx: &Context, kind: Kind, id: &str) -> Vec<(Instance, StatusEvent)> {
    let mut all = cx.statuses().all();
    all.retain(|(instance, _)| instance.kind == kind && *instance.id == *id);
    all
}

fn badge(status: Status) -> Html {
    let class = match status {
        Status::Ok => "ok",
        status if status.is_error() => "bad",
        _ => "wait",
    };
    Html::badge(class, status.as_str().trim_start_matches("Status"))
}

/// The instruments that carry the component's id.
fn measured(cx: &Context, kind: Kind, id: &str) -> Html {
    let mut rows = Vec::new();
    let owner = |(name, value): &(&'static str, String)| *name == kind.as_str() && value == id;
    for metric in cx.meters().snapshot() {
        for Point { labels, value } in metric.points.iter().filter(|point| point.labels.iter().any(owner)) {
            let others = labels.iter().filter(|label| !owner(label)).cloned().collect();
            rows.push(vec![Html::text(&metric.name), Html::text(shown(&others)), Html::text(number(value))]);
        }
    }
    if rows.is_empty() {
        return Html::paragraph("Nothing was measured of it yet.");
    }
    Html::table(&["Metric", "Labels", "Value"], rows)
}

/// Labels as Prometheus writes them, without the quotes.
pub(crate) fn shown(labels: &Labels) -> String {
    labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ")
}

fn number(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Buckets(counts, sum) => format!("{} in {}", sum, counts.iter().sum::<u64>()),
    }
}
